"""A round with honest and other responses to `tthc`, and small looks at its quality report."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from random import Random
from uuid import UUID

from questionnaires.model import AnswerValue
from survey.services.devices import create_device, find_device_by_code
from survey.services.quality import build_quality_report
from survey.services.quality_values import EffectLine, QualityReport, UnitQuality
from survey.services.response_lookups import RememberedLookups
from survey.services.responses import DeviceStamp, NewResponse, submit_response
from survey.store.database import Session
from tests.factories import ROUND_CODE, shipped_form
from tests.rounds import NOW, TODAY, open_tthc_round, tthc_answers

UNITS = ("18880", "18859", "19147", "19093", "19207")
SUSPECT = UNITS[0]
RATED = tuple(question.id for question in shipped_form("tthc").rated)
Send = Callable[..., None]


def open_for_sending(session: Session) -> Send:
    """Open the round; what is given back sends responses to it."""
    open_tthc_round(session, UNITS)
    rng, lookups = Random(5), RememberedLookups(lambda: nullcontext(session))

    def send_some(count: int, unit: str = SUSPECT, **options: object) -> None:
        for _ in range(count):
            answers = options.get("answers") or tthc_answers(**varied(rng))
            device = options.get("device")
            new = NewResponse(
                UUID(int=rng.getrandbits(128), version=4),
                ROUND_CODE,
                "tthc",
                unit,
                str(options.get("channel", "phone")),
                str(options.get("selection", "invited")),
                answers=answers,  # type: ignore[arg-type]
                duration_band=str(options.get("band", "3_to_10m")),
                device=device if isinstance(device, DeviceStamp) else None,
            )
            hour = options.get("hour")
            day = options.get("on")
            submit_response(
                session,
                new,
                today=day if isinstance(day, date) else TODAY,
                hour=hour if isinstance(hour, int) else None,
                lookups=lookups,
            )

    return send_some


def varied(rng: Random) -> dict[str, AnswerValue]:
    return {question: rng.choice([1, 3, 4, 4, 5]) for question in RATED}


def all_on(level: int) -> dict[str, AnswerValue]:
    return tthc_answers(**dict.fromkeys(RATED, level))


def copied() -> dict[str, AnswerValue]:
    return tthc_answers(**{question: 1 + place % 5 for place, question in enumerate(RATED)})


def report_of(session: Session) -> QualityReport:
    return build_quality_report(session, ROUND_CODE, now=NOW)


def line_of(report: QualityReport, unit: str = SUSPECT) -> UnitQuality:
    (line,) = report.lines_of_unit(unit)
    return line


def flagged(report: QualityReport, rule: str, unit: str = SUSPECT) -> tuple[int, int]:
    share = line_of(report, unit).rule(rule)
    assert share is not None
    return share.flagged, share.base


def whole_effect(report: QualityReport) -> EffectLine:
    return next(line for line in report.effects if not line.sector_code)


def enrol(session: Session, unit: str = SUSPECT) -> tuple[int, str]:
    line, _ = create_device(
        session, round_code=ROUND_CODE, unit_code=unit, kind="kiosk", name="Sảnh", pin="2468", now=NOW
    )
    device = find_device_by_code(session, line.code)
    assert device is not None
    return device.id, line.code
