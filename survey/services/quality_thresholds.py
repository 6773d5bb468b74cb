"""From when on something counts as worth a second look; a round may have its own thresholds."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from survey.models import QualityThresholdChange
from survey.services.accounts import SignedIn
from survey.services.round_forms import get_round
from survey.store import quality as store
from survey.store.database import Session


@dataclass(frozen=True)
class Thresholds:
    """The usual ones, each with its reason in `analysis.response_quality` or in docs/methodology.md."""

    minimum_items: float = 10
    seconds_per_item: float = 3
    burst_per_hour: float = 20
    burst_per_hour_short: float = 60
    burst_per_hour_phones: float = 60
    first_hour: float = 7
    last_hour: float = 18
    last_hour_interviewer: float = 21
    last_weekday: float = 6
    identical_count: float = 3
    distance: float = 3.5
    honest_percent: float = 2
    coverage_most_percent: float = 100
    coverage_least_percent_of_median: float = 20


@dataclass(frozen=True)
class Bounds:
    least: float
    most: float
    is_whole: bool = True


@dataclass(frozen=True)
class ThresholdFault:
    """`code` is `not_a_number`, `not_whole`, `out_of_bounds` or `hours_reversed`."""

    name: str
    code: str


@dataclass(frozen=True)
class ThresholdChange:
    name: str
    value_before: float
    value_after: float
    changed_by: str
    changed_on: date


USUAL = Thresholds()
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(\.\d{3})+")
BOUNDS: dict[str, Bounds] = {
    "minimum_items": Bounds(2, 100),
    "seconds_per_item": Bounds(0.5, 30, is_whole=False),
    "burst_per_hour": Bounds(2, 1000),
    "burst_per_hour_short": Bounds(2, 1000),
    "burst_per_hour_phones": Bounds(2, 1000),
    "first_hour": Bounds(0, 23),
    "last_hour": Bounds(1, 24),
    "last_hour_interviewer": Bounds(1, 24),
    "last_weekday": Bounds(5, 7),
    "identical_count": Bounds(2, 1000),
    "distance": Bounds(1, 20, is_whole=False),
    "honest_percent": Bounds(0.1, 50, is_whole=False),
    "coverage_most_percent": Bounds(1, 1000),
    "coverage_least_percent_of_median": Bounds(0, 100),
}


def fetch_thresholds(session: Session, round_id: int) -> Thresholds:
    """The round's own values, the usual ones for the rest."""
    own = store.fetch_thresholds(session, round_id)
    return replace(USUAL, **{name: value for name, value in own.items() if name in BOUNDS})


def get_thresholds(session: Session, round_code: str) -> Thresholds:
    return fetch_thresholds(session, get_round(session, round_code).id)


def check_thresholds(typed: Mapping[str, str]) -> tuple[Thresholds, list[ThresholdFault]]:
    """What was typed as values, and every fault of it; an empty field stands for the usual value."""
    values: dict[str, float] = {}
    faults: list[ThresholdFault] = []
    for name, bounds in BOUNDS.items():
        text = typed.get(name, "").strip()
        value = _number(text) if text else getattr(USUAL, name)
        code = _fault(value, bounds)
        if code or value is None:
            faults.append(ThresholdFault(name, code))
        else:
            values[name] = value
    thresholds = replace(USUAL, **values)
    for name in ("last_hour", "last_hour_interviewer"):
        if {name, "first_hour"} <= values.keys() and values[name] <= values["first_hour"]:
            faults.append(ThresholdFault(name, "hours_reversed"))
    return thresholds, faults


def change_thresholds(
    session: Session, round_code: str, thresholds: Thresholds, official: SignedIn, *, today: date
) -> tuple[ThresholdChange, ...]:
    """Let these hold from now on, and write down what was changed, by whom and on which day."""
    survey_round = get_round(session, round_code)
    store.lock_thresholds(session, survey_round.id)
    before, after = asdict(fetch_thresholds(session, survey_round.id)), asdict(thresholds)
    # A later release may find better usual ones: those that are the usual ones are not kept.
    usual = asdict(USUAL)
    own = {name: value for name, value in after.items() if value != usual[name]}
    store.replace_thresholds(session, survey_round.id, own)
    changed = [name for name in BOUNDS if before[name] != after[name]]
    store.add_threshold_changes(
        session,
        [
            QualityThresholdChange(
                round_id=survey_round.id,
                name=name,
                value_before=before[name],
                value_after=after[name],
                changed_by=official.account_id,
                changed_on=today,
            )
            for name in changed
        ],
    )
    return tuple(
        ThresholdChange(name, before[name], after[name], official.display_name, today) for name in changed
    )


def list_threshold_changes(session: Session, round_code: str) -> tuple[ThresholdChange, ...]:
    """What was changed in the round so far, the newest first."""
    return tuple(
        ThresholdChange(row.name, row.value_before, row.value_after, name, row.changed_on)
        for row, name in store.list_threshold_changes(session, get_round(session, round_code).id)
    )


def _number(text: str) -> float | None:
    """`3,5` and `3.5` are the same; `1.000` is a thousand, as it is written in Viet Nam."""
    if _THOUSANDS.fullmatch(text):
        return float(text.replace(".", ""))
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _fault(value: float | None, bounds: Bounds) -> str:
    if value is None:
        return "not_a_number"
    # Not a number and infinity are in no bounds either.
    if not bounds.least <= value <= bounds.most:
        return "out_of_bounds"
    return "not_whole" if bounds.is_whole and value != int(value) else ""
