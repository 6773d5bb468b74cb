"""Things that many tests need: published forms, an open round, answers as somebody might give them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from random import Random
from typing import TYPE_CHECKING, Any

from questionnaires import loader, routing
from questionnaires.examples import example_document
from questionnaires.model import Answers, AnswerValue, Question, Questionnaire, Text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from survey.models import SurveyRound

ROUND_CODE = "2026-h2"
UNIT_CODE = "18880"
OTHER_UNIT_CODE = "18859"
SHIPPED_FORMS = (
    "tthc",
    "sipas",
    "yte-noitru",
    "yte-ngoaitru",
    "giaoduc-phuhuynh",
    "giaoduc-hocsinh",
    "quay-motcua",
)
UNITS_OF_FORM = {
    "tthc": ("18880", "18859"),
    "sipas": ("18880", "18859"),
    "yte-noitru": ("VD-BV-01",),
    "yte-ngoaitru": ("VD-BV-01",),
    "giaoduc-phuhuynh": ("VD-MN-01", "VD-TH-01"),
    "giaoduc-hocsinh": ("VD-THPT-01",),
    "quay-motcua": ("18880", "18859"),
}


def load_catalogue(session: "Session") -> None:
    """The measures, sectors, units, procedures and targets that come with the product."""
    from survey.services.catalogue import import_shipped

    import_shipped(session)


def load_small_catalogue(session: "Session", unit_codes: Iterable[str]) -> None:
    """The same with these units only and without procedures, for tests that need no more."""
    from survey.services.catalogue import SHIPPED, import_file

    codes = tuple(f"{code}," for code in unit_codes)
    for shipped in SHIPPED:
        data = (files("survey") / "catalogue" / shipped.name).read_bytes()
        if shipped.kind == "units":
            heading, *rows = data.decode().splitlines()
            data = "\n".join([heading, *(row for row in rows if row.startswith(codes))]).encode()
        if shipped.kind != "procedures":
            import_file(session, shipped.kind, data)


def publish_shipped_forms(
    session: "Session", form_ids: Iterable[str] = SHIPPED_FORMS, today: date = date(2026, 1, 2)
) -> None:
    from survey.services.questionnaires import publish

    for form_id in form_ids:
        publish(session, shipped_form(form_id), today)


@cache
def shipped_form(form_id: str) -> Questionnaire:
    """The newest version, which new rounds ask."""
    paths = [path for path in loader.list_shipped_paths() if path.parent.name == form_id]
    return loader.load_questionnaire(paths[-1])


def publish_document(
    session: "Session", document: Mapping[str, Any], today: date = date(2026, 1, 2)
) -> Questionnaire:
    """Publish a questionnaire that a test wrote itself."""
    from survey.services.questionnaires import publish

    questionnaire = loader.parse_questionnaire(document)
    publish(session, questionnaire, today)
    return questionnaire


def open_round_with(
    session: "Session",
    form_ids: Iterable[str],
    unit_codes: Sequence[str] | None = None,
    *,
    code: str = ROUND_CODE,
    opens_on: date = date(2025, 7, 1),
    closes_on: date = date(2099, 12, 31),
    is_demonstration: bool = False,
) -> "SurveyRound":
    """An open round that asks these published forms, at these units or at fitting ones."""
    from survey.services.catalogue import DEFAULT_TARGET_SET
    from survey.services.rounds import create_round, open_round

    survey_round = create_round(
        session,
        code=code,
        title=Text(vi=f"Đợt khảo sát {code}", en=f"Survey round {code}"),
        opens_on=opens_on,
        closes_on=closes_on,
        target_set_code=DEFAULT_TARGET_SET,
        units={form_id: list(unit_codes or UNITS_OF_FORM[form_id]) for form_id in form_ids},
        is_demonstration=is_demonstration,
    )
    open_round(session, code)
    return survey_round


def open_shipped_round(session: "Session", form_ids: Iterable[str] = SHIPPED_FORMS, **options: Any) -> None:
    """Catalogue, shipped forms and one open round."""
    load_catalogue(session)
    publish_shipped_forms(session, form_ids)
    open_round_with(session, form_ids, **options)


def open_small_round(
    session: "Session",
    document: Mapping[str, Any] | None = None,
    unit_codes: Sequence[str] = (UNIT_CODE, OTHER_UNIT_CODE),
    **options: Any,
) -> None:
    """The small example form, or the given one, in one open round at two units."""
    load_small_catalogue(session, unit_codes)
    questionnaire = publish_document(session, document or example_document())
    open_round_with(session, [questionnaire.id], unit_codes, **options)


def fill_answers(
    questionnaire: Questionnaire,
    rng: Random,
    choices: Mapping[str, Sequence[str]] | None = None,
    *,
    optional_share: float = 0.5,
) -> dict[str, AnswerValue]:
    """Valid random answers along the respondent's path; an optional question is answered now and then."""
    answers: dict[str, AnswerValue] = {}
    for section in questionnaire.sections:
        if not routing.is_visible(section, answers):
            continue
        for question in section.questions:
            asked = routing.is_visible(question, answers)
            if asked and (question.required or rng.random() < optional_share):
                answers[question.id] = random_answer(question, rng, choices)
    return answers


def random_answer(
    question: Question, rng: Random, choices: Mapping[str, Sequence[str]] | None = None
) -> AnswerValue:
    if question.kind in ("number", "percentage"):
        return rng.randint(question.min or 0, question.max or 0)
    if question.kind in ("short_text", "long_text"):
        return rng.choice(["Cần thêm ghế ngồi chờ", "Nhân viên hướng dẫn tận tình", "Chờ lâu"])
    codes = [*(choices or {}).get(question.id, ()), *question.option_codes]
    if question.kind != "multiple":
        return rng.choice(codes)
    together = [str(code) for code in codes if code not in question.exclusive_codes]
    count = rng.randint(1, min(question.max_choices or len(together), len(together)))
    chosen = set(rng.sample(together, count))
    return tuple(code for code in together if code in chosen)


def required_answers(questionnaire: Questionnaire, answers: Answers) -> dict[str, AnswerValue]:
    """Of these answers, those that must be given."""
    required = {question.id for question in questionnaire.questions if question.required}
    return {name: value for name, value in answers.items() if name in required}
