"""Batches of paper forms: printed for a unit, handed out, returned, and closed once every form is settled."""

from dataclasses import dataclass
from datetime import date

from questionnaires.model import Questionnaire, Text
from survey.models import PaperBatch
from survey.services.duties import acts_for_one_unit
from survey.services.paper_problems import BatchUnknown, PaperRefused
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import contact_of, get_round, get_round_form
from survey.store import paper as store
from survey.store.database import Session

LARGEST_BATCH = 1000
# What every questionnaire is worded in.
LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Batch:
    """A batch with everything that printing and keying must know of it."""

    id: int
    code: str
    round_id: int
    round_code: str
    round_title: Text
    is_round_closed: bool
    is_demonstration: bool
    questionnaire: Questionnaire
    unit_code: str
    unit_name: Text
    selection: str
    language: str
    printed_count: int
    handed_out_count: int | None
    returned_count: int | None
    status: str
    created_on: date
    closed_on: date | None
    closed_by: str | None
    unsettled_count: int
    without_sector_count: int
    contact: Text | None = None

    def serial_text(self, serial: int) -> str:
        """A form's number as it is printed: `L0012-0007`."""
        return f"{self.code}-{serial:04d}"

    def qr_text(self, serial: int) -> str:
        """What the code on each page of a form says."""
        return f"hailong:{self.code}:{serial}:{self.questionnaire.id}:v{self.questionnaire.version}"


@dataclass(frozen=True)
class BatchLine:
    """A line of the list of batches."""

    batch: Batch
    stored_count: int
    spoilt_count: int


def create_batch(
    session: Session,
    *,
    round_code: str,
    form_id: str,
    unit_code: str,
    selection: str,
    language: str = "vi",
    printed_count: int,
    account_id: int | None,
    today: date,
) -> str:
    """Make a batch and return its code; a round that is over gets no more paper.

    `language` is what its forms are printed in; a form of each language needs a batch of its own, since the
    responses carry it. An official of one unit makes batches for whoever wants a form, never for the invited.
    """
    if selection == "invited" and acts_for_one_unit(session, account_id):
        raise PaperRefused("of_one_unit")
    form = get_round_form(session, round_code, form_id, unit_code)
    if form.unit is None:
        raise PaperRefused("unit_missing")
    if form.survey_round.status == "closed" or today > form.survey_round.closes_on:
        raise PaperRefused("round_over")
    if language not in LANGUAGES:
        raise PaperRefused("language_unknown")
    if not 1 <= printed_count <= LARGEST_BATCH:
        raise PaperRefused("printed_out_of_range", max=LARGEST_BATCH)
    batch = PaperBatch(
        round_id=form.survey_round.id,
        questionnaire_version_id=form.version_id,
        unit_id=form.unit.id,
        selection=selection,
        language=language,
        printed_count=printed_count,
        status="open",
        created_by=account_id,
        created_on=today,
    )
    return store.add_batch(session, batch).code


def get_batch(session: Session, round_code: str, batch_code: str) -> Batch:
    row = store.find_batch(session, batch_code)
    if row is None or row.survey_round.code != round_code:
        raise BatchUnknown(batch_code)
    return _batch(session, row)


def list_batches(session: Session, round_code: str, unit_code: str | None = None) -> list[BatchLine]:
    """The batches of a round, or of one of its units, in the order in which they were made."""
    survey_round = get_round(session, round_code)
    sums = store.sum_results(session, survey_round.id)
    lines = []
    for row in store.list_batches(session, survey_round.id, unit_code):
        found = sums.get(row.batch.id, store.ResultSums())
        lines.append(BatchLine(_batch(session, row), found.stored, found.spoilt))
    return lines


def count_open(session: Session, round_code: str) -> int:
    """Batches that are not closed yet; once their round is closed, none of their forms can be stored."""
    return store.count_open_batches(session, get_round(session, round_code).id)


def count_forms(
    session: Session, round_code: str, batch_code: str, *, handed_out: int | None, returned: int | None
) -> None:
    """Write down how many forms went out and came back, as far as that is known."""
    batch = lock_batch(session, round_code, batch_code)
    if batch.status == "closed":
        raise PaperRefused("batch_closed")
    if handed_out is not None and not 0 <= handed_out <= batch.printed_count:
        raise PaperRefused("handed_out_above_printed", max=batch.printed_count)
    if returned is not None and (handed_out is None or not 0 <= returned <= handed_out):
        raise PaperRefused("returned_above_handed_out", max=handed_out or 0)
    settled = store.count_results(session, batch.id)
    if returned is not None and returned < settled:
        raise PaperRefused("returned_below_settled", count=settled)
    batch.handed_out_count, batch.returned_count = handed_out, returned


def lock_batch(session: Session, round_code: str, batch_code: str) -> PaperBatch:
    """The row itself, held against everybody else who wants to change the batch or key a form of it."""
    row = store.find_batch(session, batch_code, for_change=True)
    if row is None or row.survey_round.code != round_code:
        raise BatchUnknown(batch_code)
    return row.batch


def _batch(session: Session, row: store.BatchRow) -> Batch:
    found, survey_round, unit = row.batch, row.survey_round, row.unit
    return Batch(
        id=found.id,
        code=found.code,
        round_id=survey_round.id,
        round_code=survey_round.code,
        round_title=Text(vi=survey_round.title, en=survey_round.title_en),
        is_round_closed=survey_round.status == "closed",
        is_demonstration=survey_round.is_demonstration,
        questionnaire=get_questionnaire(session, found.questionnaire_version_id, row.digest),
        unit_code=unit.code,
        unit_name=Text(vi=unit.name, en=unit.name_en),
        selection=found.selection,
        language=found.language,
        printed_count=found.printed_count,
        handed_out_count=found.handed_out_count,
        returned_count=found.returned_count,
        status=found.status,
        created_on=found.created_on,
        closed_on=found.closed_on,
        closed_by=found.closed_by,
        unsettled_count=found.unsettled_count,
        without_sector_count=found.without_sector_count,
        contact=contact_of(survey_round),
    )
