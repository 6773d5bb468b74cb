"""From when on something counts as worth a second look; a round may have its own thresholds."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

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
    identical_count: float = 3
    distance: float = 3.5
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
    "identical_count": Bounds(2, 1000),
    "distance": Bounds(1, 20, is_whole=False),
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


def save_thresholds(session: Session, round_code: str, thresholds: Thresholds) -> None:
    """Keep those that differ from the usual; a later release may find better usual ones for the others."""
    usual = asdict(USUAL)
    own = {name: value for name, value in asdict(thresholds).items() if value != usual[name]}
    store.replace_thresholds(session, get_round(session, round_code).id, own)


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
