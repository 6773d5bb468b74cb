"""The screens on which a paper form is keyed for the first time, keyed again, or corrected."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from questionnaires.problems import Problem
from survey.services import paper_corrections, paper_keying
from survey.services.paper_batches import Batch
from survey.services.paper_codes import is_blank, number_questions, write_keyed
from survey.services.paper_comparison import KeyedForm
from survey.services.paper_corrections import OwnForms, OwnKeying
from survey.services.paper_problems import PaperRefused
from survey.web import clock, database, signed_in
from survey.web.forms.answers import AnswersForm, KeyingForm, build_answers_form
from survey.web.paper_lines import KeyField, key_fields
from survey.web.paper_sentences import problem_sentence, refusal_sentence

SAVE, SPOILT = "save", "spoilt"


def sent_form(batch: Batch) -> KeyingForm:
    """The form of the screen, as it was sent."""
    return build_answers_form(batch.questionnaire.questions, KeyingForm)()


def typed_values(form: AnswersForm) -> dict[str, str]:
    return {name: values[0] if values else "" for name, values in form.raw_answers().items()}


def read_keyed_form(batch: Batch, form: KeyingForm) -> tuple[KeyedForm, list[Problem]]:
    """What the screen says, with a problem for each field that says nothing printed on the form."""
    if form.move.data == SPOILT:
        return KeyedForm({}, is_spoilt=True), []
    with database.read() as session:
        answers, problems = paper_keying.read_form(session, batch, typed_values(form), clock.today())
    if not answers and not problems:
        problems = [Problem("nothing_keyed", "")]
    return KeyedForm(answers), problems


def is_only_checked(form: KeyingForm) -> bool:
    """Without JavaScript, Enter in a field presses the first button: it checks and saves nothing."""
    return form.move.data not in (SAVE, SPOILT)


def is_spoilt_unconfirmed(form: KeyingForm) -> bool:
    """One press must not throw away what was keyed."""
    is_keyed = any(not is_blank(text) for text in typed_values(form).values())
    return form.move.data == SPOILT and is_keyed and form.confirmed.data != "yes"


def spoilt_page(batch: Batch, serial: int) -> str:
    """Asks whether the form is spoilt although answers are keyed; they are sent again either way."""
    left_out = ("csrf_token", "move", "confirmed")
    kept = [pair for pair in request.form.items(multi=True) if pair[0] not in left_out]
    return render_template("paper/spoilt.html", batch=batch, serial=serial, kept=kept)


def is_sector_unconfirmed(batch: Batch, form: KeyingForm, found: KeyedForm) -> bool:
    return paper_keying.is_without_sector(batch, found) and form.blank_sector.data != "yes"


def list_own_forms(batch: Batch) -> OwnForms:
    with database.read() as session:
        return paper_corrections.list_correctable(session, batch, signed_in.get_account().account_id)


def get_correctable(batch: Batch, serial: int) -> OwnKeying:
    with database.read() as session:
        return paper_corrections.get_correctable(
            session, batch, serial, signed_in.get_account().account_id, clock.today()
        )


def key_page(
    batch: Batch,
    serial: int,
    keyed: Mapping[str, str],
    problems: Sequence[Problem],
    *,
    turn: int | None,
    has_lost_token: bool = False,
    is_checked: bool = False,
    is_without_sector: bool = False,
    refusal: PaperRefused | None = None,
) -> str:
    """The screen for a form that this account has not keyed; with `refusal` it can only be read."""
    fields = _fields(batch, keyed, problems)
    return render_template(
        "paper/key.html",
        batch=batch,
        serial=serial,
        turn=turn,
        fields=fields,
        errors=_errors(fields, problems),
        first_open=next((field.id for field in fields if not field.value), None),
        has_lost_token=has_lost_token,
        is_checked=is_checked,
        sector_number=_sector_number(batch) if is_without_sector else None,
        refusal=refusal_sentence(refusal) if refusal else None,
        keyer=signed_in.get_account().account_id,
        own=list_own_forms(batch),
    )


def correction_page(
    batch: Batch,
    own: OwnKeying,
    keyed: Mapping[str, str],
    problems: Sequence[Problem],
    *,
    state: str,
    is_changed: bool = False,
    has_lost_token: bool = False,
    is_checked: bool = False,
    is_without_sector: bool = False,
    wrong_number: str | None = None,
) -> str:
    """The screen for one's own keying. `is_changed`: what is saved by now is not what was corrected here."""
    saved = written_values(batch, own.form) if is_changed else None
    fields = _fields(batch, keyed, problems, saved)
    errors = _errors(fields, problems)
    return render_template(
        "paper/correct.html",
        batch=batch,
        own=own,
        state=state,
        fields=fields,
        errors=[*errors, *([("typed_serial", wrong_number)] if wrong_number else [])],
        wrong_number=wrong_number,
        first_open=next((field.id for field in fields if field.saved is not None), fields[0].id),
        has_lost_token=has_lost_token,
        is_checked=is_checked,
        sector_number=_sector_number(batch) if is_without_sector else None,
        is_changed=is_changed,
        keyer=signed_in.get_account().account_id,
    )


def written_values(batch: Batch, form: KeyedForm) -> dict[str, str]:
    """A keying as it is typed, field by field."""
    return {
        question.id: write_keyed(question, form.answers.get(question.id))
        for question in batch.questionnaire.questions
    }


def to_next_form(batch: Batch) -> ResponseReturnValue:
    return redirect(
        url_for("paper_keying.choose_serial", round_code=batch.round_code, batch_code=batch.code), 303
    )


def back_to_choice(batch: Batch, refusal: PaperRefused) -> ResponseReturnValue:
    flash(refusal_sentence(refusal))
    return to_next_form(batch)


def outcome_words(serial: str, outcome: str) -> str:
    sentences = {
        "first": _("Form %(serial)s is saved. Another person keys it a second time.", serial=serial),
        "stored": _("Form %(serial)s is settled and stored as a response.", serial=serial),
        "spoilt": _("Form %(serial)s is settled as spoilt.", serial=serial),
        "differs": _(
            "Form %(serial)s is saved. The two keyings differ; a third person decides.", serial=serial
        ),
        "corrected": _("The correction of form %(serial)s is saved.", serial=serial),
        "unchanged": _("Form %(serial)s stays as it was saved; nothing was changed.", serial=serial),
    }
    return sentences[outcome]


def require_keyer() -> ResponseReturnValue | None:
    """Before each page of keying: the account, and the same one as had the screen open.

    A session ends while a screen stays open; what was typed there is neither lost nor taken for the keying of
    whoever signs in next.
    """
    typed_by = request.form.get("keyer") if request.method == "POST" else None
    account = signed_in.current_account()
    if typed_by and (account is None or str(account.account_id) != typed_by):
        kept = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
        return render_template("paper/kept.html", kept=kept, is_other=account is not None), 403
    return signed_in.require_account()


def _sector_number(batch: Batch) -> int | None:
    """The number on paper of the question for the sector."""
    return next(
        (each.number for each in number_questions(batch.questionnaire) if each.question.role == "sector"),
        None,
    )


def _fields(
    batch: Batch,
    keyed: Mapping[str, str],
    problems: Sequence[Problem],
    saved: Mapping[str, str] | None = None,
) -> list[KeyField]:
    with database.read() as session:
        catalogue = paper_keying.list_choices(session, batch, clock.today())
    return key_fields(batch.questionnaire, keyed, catalogue, problems, saved)


def _errors(fields: Sequence[KeyField], problems: Sequence[Problem]) -> list[tuple[str, str]]:
    errors = [(field.id, field.error) for field in fields if field.error]
    return errors + [("", problem_sentence(problem, 0)) for problem in problems if not problem.path]
