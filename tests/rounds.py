"""A small questionnaire, rounds that ask it, and short ways to answer it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from questionnaires.model import AnswerValue
from survey.services.index_report_values import IndexReport
from survey.services.index_reports import build_index_report
from survey.services.responses import NewResponse, Receipt, submit_response
from survey.store.database import Session
from tests.factories import (
    ROUND_CODE,
    UNIT_CODE,
    load_catalogue,
    open_round_with,
    publish_document,
    publish_shipped_forms,
    shipped_form,
)

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
SMALL = "phieu-nho"


def small_document(
    form_id: str = SMALL,
    measure: str = "sipas",
    sectors: Sequence[str] = (),
    composition: str = "pooled",
    version: int = 1,
) -> dict[str, Any]:
    """Three rated items in two elements, the third only for those who came; 0 is "not applicable"."""
    opening = [{"id": "came", "kind": "yes_no", "text": _text("came")}]
    if sectors:
        opening.append(_choice("sector", sectors, role="sector"))
    return {
        "format": 1,
        "id": form_id,
        "version": version,
        "measure": measure,
        "purpose": "index",
        "layout": "sections",
        "address": "ong_ba",
        **{name: _text(name) for name in ("title", "short_title", "consent", "source")},
        "introduction": {
            name: _text(name) for name in ("who", "why", "duration", "voluntary", "anonymous", "contact")
        },
        "scales": {"satisfaction": _scale()},
        "index": {
            "composition": composition,
            "satisfied": [4, 5],
            "elements": [{"id": name, "title": _text(name)} for name in ("access", "staff")],
        },
        "sections": [
            {"id": "opening", "title": _text("opening"), "questions": opening},
            {"id": "service", "title": _text("service"), "questions": _service_questions()},
        ],
    }


def open_small_round(session: Session, units: Sequence[str] = (UNIT_CODE,), **options: Any) -> None:
    """The catalogue, the small form with these options, and an open round that asks it."""
    load_catalogue(session)
    publish_document(session, small_document(**options))
    open_round_with(session, [options.get("form_id", SMALL)], units)


def open_tthc_round(session: Session, units: Sequence[str] = (UNIT_CODE,)) -> None:
    load_catalogue(session)
    publish_shipped_forms(session, ["tthc"])
    open_round_with(session, ["tthc"], units)


def tthc_answers(**changes: AnswerValue | None) -> dict[str, AnswerValue]:
    """A complete response to `tthc`; a change to None leaves an answer out."""
    rated = shipped_form("tthc").rated
    answers: dict[str, AnswerValue | None] = {
        "respondent_kind": "person",
        "sector": "land",
        "procedure": "VD-DD-01",
        "submission_way": "direct",
        "on_time": "on_time",
        **{question.id: 4 for question in rated},
        **changes,
    }
    return {name: value for name, value in answers.items() if value is not None}


def small_answers(*ratings: int | None, **others: AnswerValue) -> dict[str, AnswerValue]:
    """Answers to the small form: ratings of q1, q2, q3 in this order, None for no answer."""
    given = {f"q{number}": code for number, code in enumerate(ratings, start=1)}
    came = "yes" if given.get("q3") is not None else "no"
    return {"came": came, **{name: code for name, code in given.items() if code is not None}, **others}


def new_response(
    answers: Mapping[str, AnswerValue],
    *,
    response_id: UUID | None = None,
    form_id: str = SMALL,
    unit_code: str = UNIT_CODE,
    round_code: str = ROUND_CODE,
    channel: str = "paper",
    selection: str = "invited",
) -> NewResponse:
    return NewResponse(
        response_id or uuid4(), round_code, form_id, unit_code, channel, selection, answers=dict(answers)
    )


def send(session: Session, answers: Mapping[str, AnswerValue], **options: Any) -> Receipt:
    """Store a response of today."""
    return submit_response(session, new_response(answers, **options), today=TODAY)


def send_many(session: Session, ratings: Sequence[Sequence[int | None]], **options: Any) -> None:
    """Store one response to the small form for each row of ratings."""
    sector = options.pop("sector", None)
    others = {"sector": sector} if sector else {}
    for row in ratings:
        send(session, small_answers(*row, **others), **options)


def build_report(session: Session, round_code: str = ROUND_CODE) -> IndexReport:
    return build_index_report(session, round_code, now=NOW)


def _service_questions() -> list[dict[str, Any]]:
    rated = (("q1", "access"), ("q2", "access"), ("q3", "staff"))
    questions: list[dict[str, Any]] = [
        {
            "id": question_id,
            "kind": "rating",
            "scale": "satisfaction",
            "element": element,
            "text": _text(question_id),
            "required": False,
        }
        for question_id, element in rated
    ]
    questions[2]["show_if"] = {"question": "came", "in": ["yes"]}
    percentage = {"id": "expected", "kind": "percentage", "role": "expectation", "min": 0, "max": 200}
    return [
        *questions,
        {**percentage, "text": _text("expected")},
        {**_choice("ways", ("radio", "web")), "kind": "multiple"},
        {"id": "why", "kind": "long_text", "text": _text("why")},
    ]


def _scale() -> dict[str, Any]:
    codes = (1, 2, 3, 4, 5, 0)
    return {
        "kind": "five_level_na",
        "options": [{"code": code, "label": _text(f"level {code}")} for code in codes],
        "not_applicable": [0],
    }


def _choice(question_id: str, codes: Sequence[str], **fields: str) -> dict[str, Any]:
    options = [{"code": code, "label": _text(code)} for code in codes]
    return {"id": question_id, "kind": "single", "text": _text(question_id), "options": options, **fields}


def _text(words: str) -> dict[str, str]:
    return {"vi": f"{words} (vi)", "en": words}
