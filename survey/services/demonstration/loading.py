"""Makes the demonstration round and lets its population answer."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from questionnaires.model import AnswerValue, Questionnaire, Text
from survey.models import FrameCell, Unit
from survey.services.calendar import now
from survey.services.catalogue import DEFAULT_TARGET_SET
from survey.services.demonstration import anomalies, plan
from survey.services.demonstration.answering import answer_form
from survey.services.demonstration.interviews import add_visits
from survey.services.demonstration.plan import DemonstrationForm
from survey.services.demonstration.population import Respondents, draw_ratings, logit
from survey.services.devices import create_device, find_device_by_code, pair_device
from survey.services.response_lookups import RememberedLookups
from survey.services.responses import NewResponse, submit_response
from survey.services.round_forms import get_round_form, list_procedure_choices
from survey.services.rounds import create_round, open_round
from survey.services.rounds import remove_demonstration as remove_round
from survey.store import catalogue, rounds
from survey.store.database import Database, Session

ROUND_CODE = "minh-hoa"
_BATCH = 500
_DAYS_OF_FIELDWORK = 60
_BANDS = (("1_to_3m", 0.2), ("3_to_10m", 0.6), ("10_to_30m", 0.15), ("over_30m", 0.05))


@dataclass(frozen=True)
class _Cells:
    """Where a form's respondents can come from: units with a sector, and how many transactions each has."""

    units: list[Unit]
    sectors: list[str]
    population: NDArray[np.int64]


def load_demonstration(
    database: Database,
    today: date,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    scale: float = 1.0,
) -> int:
    """Add the demonstration round, unless it is there; return how many responses were stored.

    One whose loading was broken off is replaced. `scale` makes all numbers of respondents smaller.
    """
    forms = [plan.scaled(form, scale) for form in plan.FORMS]
    total = sum(form.invited_count + form.self_selected_count for form in forms)
    with database.write() as session:
        stored = rounds.find_round(session, ROUND_CODE)
        if stored is not None:
            if rounds.count_responses_by_round(session).get(stored.id, 0) >= total:
                return 0
            remove_round(session, ROUND_CODE)
        units = {form.form_id: _units(session, form, today) for form in forms}
        create_round(
            session,
            code=ROUND_CODE,
            title=Text(
                vi=f"Khảo sát sự hài lòng năm {today.year} (dữ liệu minh họa)",
                en=f"Satisfaction survey {today.year} (demonstration data)",
            ),
            opens_on=today - timedelta(days=_DAYS_OF_FIELDWORK),
            closes_on=today + timedelta(days=365),
            target_set_code=DEFAULT_TARGET_SET,
            units={form_id: [unit.code for unit in listed] for form_id, listed in units.items()},
            is_demonstration=True,
        )
        open_round(session, ROUND_CODE)
    done, lookups = 0, RememberedLookups(database.read)
    for number, form in enumerate(forms):
        rng = np.random.default_rng([plan.SEED, number])
        with database.write() as session:
            cells = _frame(session, form, today, rng)
            responses = list(_responses(session, form, cells, rng, today))
            arrivals = anomalies.give_hours(responses, np.random.default_rng([plan.SEED, number, 1]))
            if form.form_id == anomalies.ANOMALOUS_FORM:
                questionnaire = get_round_form(session, ROUND_CODE, form.form_id).questionnaire
                arrivals = anomalies.plant(arrivals, questionnaire, today, _enrol_kiosk(session))
            visits = np.random.default_rng([plan.SEED, number, 2])
            add_visits(session, ROUND_CODE, form.form_id, arrivals, visits)
        for start in range(0, len(arrivals), _BATCH):
            with database.write() as session:
                for arrival in arrivals[start : start + _BATCH]:
                    submit_response(
                        session, arrival.new, today=arrival.on, hour=arrival.hour, lookups=lookups
                    )
            done += len(arrivals[start : start + _BATCH])
            progress(done, total)
    return done


def remove_demonstration(database: Database) -> None:
    """Delete the demonstration round with all its responses."""
    with database.write() as session:
        remove_round(session, ROUND_CODE)


def _enrol_kiosk(session: Session) -> int:
    """The device of the burst; nobody has its credential or its PIN."""
    line, pairing_code = create_device(
        session,
        round_code=ROUND_CODE,
        unit_code=anomalies.BURST_UNIT,
        kind="kiosk",
        name=anomalies.BURST_DEVICE_NAME,
        pin=f"{secrets.randbelow(10**6):06d}",
        now=now(),
    )
    pair_device(session, pairing_code, now())
    device = find_device_by_code(session, line.code)
    assert device is not None
    return device.id


def _units(session: Session, form: DemonstrationForm, today: date) -> list[Unit]:
    return [
        unit
        for unit in catalogue.list_units(session, today)
        if (unit.kind in form.unit_kinds and unit.code.startswith(form.unit_code_prefix))
        or unit.code in form.extra_units
    ]


def _frame(session: Session, form: DemonstrationForm, today: date, rng: np.random.Generator) -> _Cells:
    """Draw transaction counts a unit and sector, and store them as the round's frame."""
    named = get_round_form(session, ROUND_CODE, form.form_id)
    units = sorted(_units(session, form, today), key=lambda unit: unit.code)
    by_sector = named.questionnaire.question_with_role("sector") is not None
    cells: list[FrameCell] = []
    chosen: list[tuple[Unit, str]] = []
    for unit in units:
        size = max(40.0, form.population_per_unit * float(rng.lognormal(0, 0.5)) * _size_factor(unit))
        for sector, share in (_sector_mix(unit) if by_sector else {"": 1.0}).items():
            if share:
                chosen.append((unit, sector))
                cells.append(
                    FrameCell(
                        round_id=named.survey_round.id,
                        questionnaire_version_id=named.version_id,
                        unit_id=unit.id,
                        sector_code=sector,
                        stratum=_stratum(unit),
                        psu=unit.code,
                        population=max(8, round(size * share)),
                    )
                )
    populations = np.array([cell.population for cell in cells])
    if form.invited_count:
        rounds.replace_frame(session, named.survey_round.id, [named.version_id], cells)
    return _Cells([unit for unit, _ in chosen], [sector for _, sector in chosen], populations)


def _responses(
    session: Session, form: DemonstrationForm, cells: _Cells, rng: np.random.Generator, today: date
) -> Iterator[tuple[NewResponse, date]]:
    questionnaire = get_round_form(session, ROUND_CODE, form.form_id).questionnaire
    choices = {
        sector: {
            name: [code for code, _ in listed]
            for name, listed in list_procedure_choices(session, questionnaire, sector or None, today).items()
        }
        for sector in set(cells.sectors)
    }
    people = form.invited_count + form.self_selected_count
    invited = np.arange(people) < form.invited_count
    cell = _draw_cells(cells, invited, rng)
    unit_numbers = {unit.code: number for number, unit in enumerate(cells.units)}
    unit_of_cell = np.array([unit_numbers[unit.code] for unit in cells.units])
    shares = [plan.SECTOR_SATISFIED_SHARE.get(sector, form.satisfied_share) for sector in cells.sectors]
    base = np.array([logit(share) for share in shares])
    propensity = base[cell] + np.where(invited, 0.0, plan.SELF_SELECTED_SHIFT)
    respondents = Respondents(unit_of_cell[cell], propensity)
    ratings = draw_ratings(rng, questionnaire.rated, respondents, form.unit_spread)
    for person in range(people):
        unit, sector = cells.units[cell[person]], cells.sectors[cell[person]]
        channels = form.invited_channels if invited[person] else form.self_selected_channels
        new = NewResponse(
            response_id=UUID(bytes=rng.bytes(16), version=4),
            round_code=ROUND_CODE,
            form_id=form.form_id,
            unit_code=unit.code,
            channel=_draw(channels, rng),
            selection="invited" if invited[person] else "self_selected",
            answers=answer_form(
                questionnaire,
                ratings[person].tolist(),
                _given(questionnaire, unit, sector),
                choices[sector],
                rng,
            ),
            duration_band=_draw(_BANDS, rng),
        )
        yield new, today - timedelta(days=int(rng.integers(_DAYS_OF_FIELDWORK)))


def _draw_cells(cells: _Cells, invited: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
    """Invited respondents: every cell some, larger ones more, small sectors over-sampled."""
    weight = np.sqrt(cells.population.astype(float))
    weight *= np.array([plan.OVERSAMPLED.get(sector, 1.0) for sector in cells.sectors])
    drawn = rng.choice(len(weight), size=len(invited), p=weight / weight.sum())
    count = min(int(invited.sum()), 2 * len(weight))
    drawn[:count] = np.tile(np.arange(len(weight)), 2)[:count]
    return drawn


def _given(questionnaire: Questionnaire, unit: Unit, sector: str) -> dict[str, AnswerValue]:
    """What follows from where the respondent was drawn: the sector, and the level of a school."""
    given: dict[str, AnswerValue] = {}
    question = questionnaire.question_with_role("sector")
    if question is not None:
        given[question.id] = sector
    level = questionnaire.find_question("level")
    if level is not None:
        levels = {"MN": "preschool", "TH": "primary", "THCS": "lower_secondary", "THPT": "upper_secondary"}
        given["level"] = levels[unit.code.split("-")[1]]
    return given


def _sector_mix(unit: Unit) -> dict[str, float]:
    return plan.PROVINCE_SECTOR_MIX.get(unit.code, plan.COMMUNE_SECTOR_MIX)


def _size_factor(unit: Unit) -> float:
    return {"ward": 1.8, "special_zone": 0.05, "agency": 2.5, "department": 1.2}.get(unit.kind, 1.0)


def _stratum(unit: Unit) -> str:
    """Former province and type of place; the small special zone goes with the communes."""
    kind = {"special_zone": "commune", "agency": "province", "department": "province"}.get(
        unit.kind, unit.kind
    )
    return "/".join(filter(None, (kind, unit.former_province)))


def _draw(shares: tuple[tuple[str, float], ...], rng: np.random.Generator) -> str:
    return str(rng.choice([name for name, _ in shares], p=[share for _, share in shares]))
