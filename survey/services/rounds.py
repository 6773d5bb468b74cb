"""Survey rounds: making, opening and closing them, and what comes in."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from questionnaires.model import Text
from survey.models import SurveyRound, Unit
from survey.models.catalogue import UNIT_KINDS
from survey.services.measure_forms import require_one_index_each
from survey.services.problems import QuestionnaireUnknown, RoundUnknown, SurveyError, UnitUnknown
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import RoundForm, get_round, get_round_form, require_open
from survey.services.tables import LONGEST_CODE, is_plain_line
from survey.store import catalogue, quarantine, questionnaires
from survey.store import rounds as store
from survey.store.database import Session

LONGEST_TITLE = 200
LONGEST_CONTACT = 300
_ROUND_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


@dataclass(frozen=True)
class OpenForm:
    """A questionnaire that can be answered now."""

    form_id: str
    title: Text
    short_title: Text
    duration: Text
    purpose: str
    unit_count: int


@dataclass(frozen=True)
class OpenRound:
    code: str
    title: Text
    is_demonstration: bool
    forms: tuple[OpenForm, ...]


@dataclass(frozen=True)
class RoundLine:
    """One line of the officials' list of rounds."""

    code: str
    title: Text
    opens_on: date
    closes_on: date
    status: str
    is_demonstration: bool
    response_count: int


@dataclass(frozen=True)
class UnitLine:
    code: str
    name: Text
    kind: str
    former_province: str


@dataclass(frozen=True)
class FormCount:
    form_id: str
    version: int
    title: Text
    purpose: str
    measure_code: str | None
    unit_count: int
    answering_unit_count: int
    response_count: int
    has_further_questions: bool = False


@dataclass(frozen=True)
class RoundOverview:
    """A round with its counts as they stand."""

    line: RoundLine
    target_set_code: str
    target_set_name: str
    target_year: int
    forms: tuple[FormCount, ...]
    by_unit: tuple[tuple[UnitLine, int], ...]
    by_channel: tuple[tuple[str, str, int], ...]  # channel, selection, count
    by_day: tuple[tuple[date, int], ...]
    frame_population: int
    quarantined_count: int
    late_count: int = 0


def list_open(session: Session, today: date) -> list[OpenRound]:
    """Rounds that can be answered on this day, with their questionnaires."""
    return [
        OpenRound(
            code=row.code,
            title=Text(vi=row.title, en=row.title_en),
            is_demonstration=row.is_demonstration,
            forms=tuple(_open_form(session, form) for form in store.list_forms(session, row.id)),
        )
        for row in store.list_open_rounds(session, today)
    ]


def get_open_form(
    session: Session, round_code: str, form_id: str, unit_code: str | None, today: date
) -> RoundForm:
    """What a citizen's link names, if it can be answered today."""
    form = get_round_form(session, round_code, form_id, unit_code)
    require_open(form.survey_round, today)
    return form


def list_units(session: Session, round_code: str, form_id: str, search: str = "") -> list[UnitLine]:
    """The units of a questionnaire in a round whose name or code holds the search words, marks ignored."""
    form = get_round_form(session, round_code, form_id)
    units = store.list_round_units(session, form.survey_round.id, form.version_id)
    words = plain_letters(search).split()
    lines = [_unit_line(unit) for unit in units]
    return [
        line for line in lines if all(word in plain_letters(f"{line.name.vi} {line.code}") for word in words)
    ]


def plain_letters(text: str) -> str:
    """Lower case without Vietnamese marks, for searching: 'Đồng Hới' → 'dong hoi'."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def round_title(vi: str, en: str | None = None) -> Text:
    """A title as somebody typed it; the English one is the Vietnamese where it is left out."""
    title, title_en = (" ".join(text.split()) for text in (vi, en or vi))
    if not all(is_plain_line(text, LONGEST_TITLE) for text in (title, title_en)):
        raise SurveyError(reason="title_malformed", most=LONGEST_TITLE)
    return Text(vi=title, en=title_en)


def round_contact(vi: str | None, en: str | None = None) -> Text | None:
    """Whom respondents can ask, as somebody typed it; None where nothing was."""
    contact, contact_en = (" ".join((text or "").split()) for text in (vi, en))
    if not contact and not contact_en:
        return None
    contact = contact or contact_en
    contact_en = contact_en or contact
    if not all(is_plain_line(text, LONGEST_CONTACT) for text in (contact, contact_en)):
        raise SurveyError(reason="contact_malformed", most=LONGEST_CONTACT)
    return Text(vi=contact, en=contact_en)


def create_round(
    session: Session,
    *,
    code: str,
    title: Text,
    opens_on: date,
    closes_on: date,
    target_set_code: str,
    units: dict[str, list[str]],
    target_year: int | None = None,
    contact: Text | None = None,
    is_demonstration: bool = False,
) -> SurveyRound:
    """Make a draft round. `units` maps each form id to the codes of the units where it is asked.

    Without a target year the newest one that has come by the last day is taken.
    """
    # The code stands in every address of the round.
    if not _ROUND_CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        shown = code[:LONGEST_CODE]
        raise SurveyError(reason="round_code_malformed", round_code=shown, most=LONGEST_CODE)
    title = round_title(title.vi, title.en)
    if closes_on < opens_on:
        raise SurveyError(reason="dates_reversed", opens_on=opens_on, closes_on=closes_on)
    if store.find_round(session, code):
        raise SurveyError(reason="round_exists", round_code=code)
    target_set = catalogue.find_target_set(session, target_set_code)
    if target_set is None:
        raise SurveyError(reason="target_set_unknown", target_set_code=target_set_code)
    years = {target.year for target in target_set.targets}
    if target_year is not None and target_year not in years:
        raise SurveyError(reason="target_year_unknown", year=target_year, known=_words(years))
    survey_round = store.add_round(
        session,
        SurveyRound(
            code=code,
            title=title.vi,
            title_en=title.en,
            opens_on=opens_on,
            closes_on=closes_on,
            status="draft",
            target_set_id=target_set.id,
            target_year=target_year or applicable_year(years, closes_on.year),
            is_demonstration=is_demonstration,
            contact=contact.vi if contact else None,
            contact_en=contact.en if contact else None,
        ),
    )
    newest = {version.form_id: version for version in questionnaires.list_newest_versions(session)}
    for form_id, unit_codes in units.items():
        if form_id not in newest:
            raise QuestionnaireUnknown(form_id)
        if not unit_codes:
            raise SurveyError(reason="units_missing", form_id=form_id)
        unit_ids = [_require_unit(session, unit_code, opens_on).id for unit_code in dict.fromkeys(unit_codes)]
        store.add_round_units(session, survey_round.id, newest[form_id].id, unit_ids)
    asked = [newest[form_id] for form_id in units]
    require_one_index_each(get_questionnaire(session, form.id, form.digest) for form in asked)
    return survey_round


def list_unit_codes(session: Session, kinds: Iterable[str], on: date) -> list[str]:
    """The codes of all units of these kinds that exist on a day."""
    wanted = set(kinds)
    for kind in sorted(wanted - set(UNIT_KINDS)):
        raise SurveyError(reason="unit_kind_unknown", kind=kind, known=", ".join(UNIT_KINDS))
    return [unit.code for unit in catalogue.list_units(session, on) if unit.kind in wanted]


def applicable_year(years: set[int], year: int) -> int:
    """The newest target year that has come; before the first one, the first."""
    past = [candidate for candidate in years if candidate <= year]
    return max(past) if past else min(years)


def open_round(session: Session, round_code: str) -> None:
    """Let a draft be answered; a closed round stays closed, its figures are final."""
    survey_round = get_round(session, round_code)
    if survey_round.status == "closed":
        raise SurveyError(reason="round_closed", round_code=round_code)
    survey_round.status = "open"


def close_round(session: Session, round_code: str) -> None:
    """End it for good: from now on its figures are final, and what comes is set aside."""
    get_round(session, round_code).status = "closed"


def remove_demonstration(session: Session, round_code: str) -> None:
    """Delete a demonstration round with everything in it; any other round is refused."""
    survey_round = get_round(session, round_code)
    if not survey_round.is_demonstration:
        raise SurveyError(reason="not_a_demonstration", round_code=round_code)
    store.delete_round(session, survey_round.id)


def list_rounds(session: Session) -> list[RoundLine]:
    counts = store.count_responses_by_round(session)
    return [_round_line(row, counts.get(row.id, 0)) for row in store.list_rounds(session)]


def get_line(session: Session, round_code: str) -> RoundLine:
    """The round by itself, for pages about a part of it."""
    survey_round = get_round(session, round_code)
    return _round_line(survey_round, store.count_responses_of(session, survey_round.id))


def get_overview(session: Session, round_code: str) -> RoundOverview:
    """The round with its counts by questionnaire, unit, channel and day."""
    survey_round = store.find_round(session, round_code)
    if survey_round is None:
        raise RoundUnknown(round_code)
    target_set = catalogue.fetch_target_set(session, survey_round.target_set_id)
    counts = store.count_responses(session, survey_round.id)
    by_version, by_unit = Counter[int](), Counter[int]()
    by_channel, by_day = Counter[tuple[str, str]](), Counter[date]()
    answering: dict[int, set[int]] = {}
    for version_id, unit_id, channel, selection, day, count in counts:
        by_version[version_id] += count
        by_unit[unit_id] += count
        by_channel[channel, selection] += count
        by_day[day] += count
        answering.setdefault(version_id, set()).add(unit_id)
    return RoundOverview(
        line=_round_line(survey_round, by_version.total()),
        target_set_code=target_set.code,
        target_set_name=target_set.name,
        target_year=survey_round.target_year,
        forms=tuple(
            _form_count(session, form, len(answering.get(form.version_id, ())), by_version[form.version_id])
            for form in store.list_forms(session, survey_round.id)
        ),
        by_unit=tuple(
            (_unit_line(unit), by_unit[unit.id])
            for unit in store.list_units_of_round(session, survey_round.id)
        ),
        by_channel=tuple(
            (channel, selection, count) for (channel, selection), count in by_channel.most_common()
        ),
        by_day=tuple(sorted(by_day.items())),
        frame_population=sum(cell.population for cell in store.list_frame_cells(session, survey_round.id)),
        quarantined_count=quarantine.count_quarantined(session, survey_round.id),
        late_count=quarantine.count_late(session, survey_round),
    )


def _open_form(session: Session, form: store.FormInRound) -> OpenForm:
    questionnaire = get_questionnaire(session, form.version_id, form.digest)
    return OpenForm(
        form_id=form.form_id,
        title=questionnaire.title,
        short_title=questionnaire.short_title,
        duration=questionnaire.introduction.duration,
        purpose=questionnaire.purpose,
        unit_count=form.unit_count,
    )


def _form_count(session: Session, form: store.FormInRound, answering: int, count: int) -> FormCount:
    questionnaire = get_questionnaire(session, form.version_id, form.digest)
    return FormCount(
        form_id=form.form_id,
        version=form.version,
        title=questionnaire.title,
        purpose=questionnaire.purpose,
        measure_code=form.measure_code,
        unit_count=form.unit_count,
        answering_unit_count=answering,
        response_count=count,
        has_further_questions=any(question.kind != "rating" for question in questionnaire.questions),
    )


def _round_line(row: SurveyRound, count: int) -> RoundLine:
    fields: dict[str, Any] = {
        name: getattr(row, name) for name in ("code", "opens_on", "closes_on", "status", "is_demonstration")
    }
    return RoundLine(title=Text(vi=row.title, en=row.title_en), response_count=count, **fields)


def _unit_line(unit: Unit) -> UnitLine:
    return UnitLine(unit.code, Text(vi=unit.name, en=unit.name_en), unit.kind, unit.former_province)


def _words(years: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(years)))


def _require_unit(session: Session, code: str, on: date) -> Unit:
    unit = catalogue.find_unit(session, code, on)
    if unit is None:
        raise UnitUnknown(code)
    return unit
