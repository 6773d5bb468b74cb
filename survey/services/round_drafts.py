"""Rounds that are planned: what a draft asks and by what it is judged, its changes and its end."""

from dataclasses import dataclass
from datetime import date

from questionnaires.model import Text
from survey.models import SurveyRound
from survey.models.catalogue import UNIT_KINDS as UNIT_KINDS
from survey.services.problems import SurveyError
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import contact_of, get_round
from survey.services.rounds import applicable_year, round_contact, round_title
from survey.store import catalogue, quarantine, questionnaires, rounds
from survey.store.database import Session


@dataclass(frozen=True)
class AskableForm:
    """A questionnaire that a new round can ask."""

    form_id: str
    version: int
    title: Text


@dataclass(frozen=True)
class TargetYear:
    """A target set and one of its years."""

    set_code: str
    set_name: str
    year: int


@dataclass(frozen=True)
class RoundDetails:
    """What can be changed of a round that was made."""

    status: str
    title: Text
    opens_on: date
    closes_on: date
    contact: Text | None


def list_askable_forms(session: Session) -> list[AskableForm]:
    """The newest version of every published questionnaire."""
    forms = []
    for version in questionnaires.list_newest_versions(session):
        questionnaire = get_questionnaire(session, version.id, version.digest)
        forms.append(AskableForm(version.form_id, version.version, questionnaire.title))
    return sorted(forms, key=lambda form: form.form_id)


def list_target_years(session: Session) -> list[TargetYear]:
    return [
        TargetYear(target_set.code, target_set.name, year)
        for target_set in catalogue.list_target_sets(session)
        for year in sorted({target.year for target in target_set.targets})
    ]


def count_units_by_kind(session: Session, on: date) -> dict[str, int]:
    counts: dict[str, int] = {}
    for unit in catalogue.list_units(session, on):
        counts[unit.kind] = counts.get(unit.kind, 0) + 1
    return counts


def get_details(session: Session, round_code: str) -> RoundDetails:
    row = get_round(session, round_code)
    title = Text(vi=row.title, en=row.title_en)
    return RoundDetails(row.status, title, row.opens_on, row.closes_on, contact_of(row))


def edit_round(
    session: Session,
    round_code: str,
    *,
    title: str | None = None,
    title_en: str | None = None,
    opens_on: date | None = None,
    closes_on: date | None = None,
    contact: str | None = None,
    contact_en: str | None = None,
) -> None:
    """Change what is given: titles and dates of a draft, the contact of any round that is not closed."""
    survey_round = get_round(session, round_code)
    if survey_round.status == "closed":
        raise SurveyError(reason="round_closed", round_code=round_code)
    given = (title, title_en, opens_on, closes_on)
    if survey_round.status != "draft" and any(value is not None for value in given):
        raise SurveyError(reason="round_not_draft", round_code=round_code)
    if title is not None or title_en is not None:
        named = round_title(
            survey_round.title if title is None else title,
            survey_round.title_en if title_en is None else title_en,
        )
        survey_round.title, survey_round.title_en = named.vi, named.en or named.vi
    if opens_on is not None or closes_on is not None:
        _move(session, survey_round, opens_on or survey_round.opens_on, closes_on or survey_round.closes_on)
    if contact is not None or contact_en is not None:
        whom = round_contact(
            survey_round.contact if contact is None else contact,
            contact_en,
        )
        survey_round.contact = whom.vi if whom else None
        survey_round.contact_en = whom.en if whom else None


def delete_draft(session: Session, round_code: str) -> None:
    """Delete a draft with all that was prepared for it; what people have sent to it is never deleted."""
    survey_round = get_round(session, round_code)
    if survey_round.status != "draft":
        raise SurveyError(reason="round_not_draft", round_code=round_code)
    kept = quarantine.count_quarantined(session, survey_round.id)
    if kept:
        raise SurveyError(reason="round_holds_responses", round_code=round_code, count=kept)
    rounds.delete_round(session, survey_round.id)


def _move(session: Session, survey_round: SurveyRound, opens_on: date, closes_on: date) -> None:
    """Give a draft other dates: its units must exist on the first, its targets follow the last one."""
    if closes_on < opens_on:
        raise SurveyError(reason="dates_reversed", opens_on=opens_on, closes_on=closes_on)
    for unit in rounds.list_units_of_round(session, survey_round.id):
        if unit.valid_from > opens_on or (unit.valid_to is not None and unit.valid_to < opens_on):
            raise SurveyError(reason="unit_not_valid", unit_code=unit.code, opens_on=opens_on)
    target_set = catalogue.fetch_target_set(session, survey_round.target_set_id)
    years = {target.year for target in target_set.targets}
    if survey_round.target_year == applicable_year(years, survey_round.closes_on.year):
        survey_round.target_year = applicable_year(years, closes_on.year)
    survey_round.opens_on, survey_round.closes_on = opens_on, closes_on
