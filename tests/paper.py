"""Paper forms in tests: an open round with a batch, and people who key its forms."""

import io
from collections.abc import Mapping
from datetime import date

from openpyxl import load_workbook
from sqlalchemy import select

from questionnaires.model import AnswerValue, Questionnaire
from survey.models import Account, Response
from survey.reports.paper_template import render_template
from survey.services import paper_batches, paper_keying, paper_workbook
from survey.services.calendar import now
from survey.services.paper_batches import Batch
from survey.services.paper_codes import write_keyed
from survey.services.paper_comparison import KeyedForm
from survey.store.accounts import add_account
from survey.store.database import Session
from tests import factories

TODAY = date(2026, 9, 1)
FORM = "vi-du"
ANSWERS: Mapping[str, AnswerValue] = {
    "visited": "yes",
    "q01": 3,
    "q02": 1,
    "expected": 85,
    "channels": ("radio", "web"),
    "why": "Chờ lâu",
}


def make_batch(session: Session, *, form_id: str = FORM, printed: int = 5, **options: str) -> Batch:
    """A batch in the round that is open."""
    code = paper_batches.create_batch(
        session,
        round_code=factories.ROUND_CODE,
        form_id=form_id,
        unit_code=options.get("unit_code", factories.UNIT_CODE),
        selection=options.get("selection", "invited"),
        language=options.get("language", "vi"),
        printed_count=printed,
        account_id=None,
        today=TODAY,
    )
    return paper_batches.get_batch(session, factories.ROUND_CODE, code)


def add_people(session: Session, *names: str) -> list[int]:
    """Accounts without a password: people who key or decide."""
    return [
        add_account(
            session,
            Account(username=name, display_name=name, password_hash="", role="coordinator", created_at=now()),
        ).id
        for name in names
    ]


def keyed(questionnaire: Questionnaire, answers: Mapping[str, AnswerValue]) -> dict[str, str]:
    """What somebody keys from a form with these answers."""
    return {
        question.id: write_keyed(question, answers.get(question.id)) for question in questionnaire.questions
    }


def key(
    session: Session, batch: Batch, serial: int, person: int, answers: Mapping[str, AnswerValue] | None
) -> str:
    """One keying of a form; None for a spoilt one."""
    form = KeyedForm({}, is_spoilt=True) if answers is None else KeyedForm(answers)
    return paper_keying.key_form(session, batch, serial, form, account_id=person, today=TODAY)


def stored_responses(session: Session) -> list[Response]:
    """What is stored from paper, in no order that tells of a form."""
    return list(session.scalars(select(Response).where(Response.channel == "paper")))


def stored_response(session: Session) -> Response | None:
    """The only response that is stored from paper so far, if there is one."""
    found = stored_responses(session)
    assert len(found) < 2
    return found[0] if found else None


def workbook_with(batch: Batch, forms: Mapping[int, Mapping[str, AnswerValue] | None]) -> bytes:
    """The template of a batch with these forms filled in; None marks a spoilt one."""
    book = load_workbook(io.BytesIO(render_template(batch, {}, "vi")))
    sheet = book[paper_workbook.KEYING_SHEET]
    for serial, answers in forms.items():
        row = paper_workbook.FIRST_ROW + serial - 1
        if answers is None:
            sheet.cell(row, paper_workbook.SPOILT_COLUMN, paper_workbook.SPOILT_MARK)
            continue
        texts = keyed(batch.questionnaire, answers)
        for number, question in enumerate(batch.questionnaire.questions, 1):
            sheet.cell(row, paper_workbook.question_column(number), texts[question.id] or None)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
