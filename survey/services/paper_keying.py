"""Keying paper forms: each form by two people, stored where they agree, decided by a third where not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from questionnaires.model import AnswerValue, Text
from questionnaires.problems import Problem
from survey.models import PaperKeying, PaperResult
from survey.services.paper_batches import Batch, get_batch, lock_batch
from survey.services.paper_codes import read_keyed
from survey.services.paper_comparison import Comparison, KeyedForm, compare
from survey.services.paper_problems import PaperRefused
from survey.services.problems import AnswersRefused, RoundNotOpen
from survey.services.procedures import list_procedures
from survey.services.responses import NewResponse, submit_response
from survey.services.round_forms import get_round, list_procedure_choices, require_open
from survey.store import paper as store
from survey.store.database import Session


@dataclass(frozen=True)
class Disagreement:
    """A form that two people keyed differently."""

    serial: int
    first: KeyedForm
    second: KeyedForm
    comparison: Comparison
    keyed_by: tuple[int, int]
    is_corrected: bool
    workbook_count: int | None


def list_choices(session: Session, batch: Batch, today: date) -> dict[str, list[tuple[str, Text]]]:
    """What the catalogue offers to questions without boxes, for instance procedures."""
    return list_procedure_choices(session, batch.questionnaire, None, today)


def read_form(
    session: Session, batch: Batch, keyed: Mapping[str, str], today: date
) -> tuple[dict[str, AnswerValue], list[Problem]]:
    """The answers behind what was keyed, and what is wrong with it, question by question."""
    questionnaire = batch.questionnaire
    choices = _codes(list_choices(session, batch, today))
    answers, problems = read_keyed(questionnaire, keyed, choices)
    sector = questionnaire.question_with_role("sector")
    procedure = questionnaire.question_with_role("procedure")
    if problems or sector is None or procedure is None:
        return answers, problems
    if sector.id not in answers:
        return _with_sector(session, batch, answers, procedure.id, today), problems
    sector_code, code = answers.get(sector.id), answers.get(procedure.id)
    if isinstance(sector_code, str) and code not in (None, *procedure.option_codes):
        fitting = _codes(list_procedure_choices(session, questionnaire, sector_code, today))
        if code not in fitting[procedure.id]:
            problems = [Problem("not_of_sector", procedure.id, {"value": code})]
    return answers, problems


def _with_sector(
    session: Session, batch: Batch, answers: dict[str, AnswerValue], procedure_id: str, today: date
) -> dict[str, AnswerValue]:
    """A procedure that was named belongs to one sector; without it the form would be in no index."""
    lines = list_procedures(session, batch.questionnaire, today)
    named = next((line for line in lines if line.code == answers.get(procedure_id)), None)
    return {**answers, **named.answers} if named else answers


def is_without_sector(batch: Batch, form: KeyedForm) -> bool:
    """Whether the index, which is of sectors, cannot count this form."""
    sector = batch.questionnaire.question_with_role("sector")
    return sector is not None and not form.is_spoilt and sector.id not in form.answers


def require_keyable(session: Session, batch: Batch, serial: int, account_id: int, today: date) -> int:
    """Raise unless this account may key the form now; return the turn, 1 or 2."""
    require_printed(batch, serial)
    require_round_open(session, batch, today)
    if store.find_result(session, batch.id, serial):
        raise PaperRefused("serial_settled", serial=serial)
    keyings = store.list_keyings(session, batch.id, serial)
    if any(keying.account_id == account_id for keying in keyings):
        raise PaperRefused("keyed_by_you", serial=serial)
    if len(keyings) > 1:
        raise PaperRefused("keyed_twice", serial=serial)
    return len(keyings) + 1


def key_form(
    session: Session,
    batch: Batch,
    serial: int,
    form: KeyedForm,
    *,
    account_id: int,
    today: date,
    came_by: str = "screen",
) -> str:
    """Keep what an account keyed. Returns `first`, `stored`, `spoilt` or `differs`.

    `came_by` is `screen` or `workbook`. The answers come from `read_form`. The second keying is compared at
    once; where both agree, the form is settled. The same keying sent again, by a second press of the button,
    changes nothing.
    """
    batch = hold_batch(session, batch)
    require_printed(batch, serial)
    if find_own_keying(session, batch, serial, account_id) == form:
        return outcome_of(session, batch, serial)
    turn = require_keyable(session, batch, serial, account_id, today)
    require_content(form)
    store.add_keying(
        session,
        PaperKeying(
            batch_id=batch.id,
            serial=serial,
            turn=turn,
            account_id=account_id,
            is_spoilt=form.is_spoilt,
            answers=answers_to_json(form.answers),
            keyed_on=today,
            came_by=came_by,
        ),
    )
    if turn == 1:
        return "first"
    found = get_disagreement(session, batch, serial)
    if not found.comparison.is_equal:
        return "differs"
    _settle(session, batch, found, found.first, None, today)
    return "spoilt" if found.first.is_spoilt else "stored"


def outcome_of(session: Session, batch: Batch, serial: int) -> str:
    """What became of a form that was keyed, as `key_form` says it."""
    result = store.find_result(session, batch.id, serial)
    if result is not None:
        return "spoilt" if result.is_spoilt else "stored"
    return "differs" if len(store.list_keyings(session, batch.id, serial)) > 1 else "first"


def find_own_keying(session: Session, batch: Batch, serial: int, account_id: int) -> KeyedForm | None:
    """What this account keyed from the form before; nobody is shown what somebody else keyed."""
    for keying in store.list_keyings(session, batch.id, serial):
        if keying.account_id == account_id:
            return keyed_form(keying)
    return None


def get_disagreement(session: Session, batch: Batch, serial: int) -> Disagreement:
    """Both keyings of a form; raises unless there are two."""
    keyings = store.list_keyings(session, batch.id, serial)
    if len(keyings) != 2:
        raise PaperRefused("not_keyed_twice", serial=serial)
    first, second = (keyed_form(keying) for keying in keyings)
    return Disagreement(
        serial=serial,
        first=first,
        second=second,
        comparison=compare(batch.questionnaire, first, second),
        keyed_by=(keyings[0].account_id, keyings[1].account_id),
        is_corrected=any(keying.corrected_on is not None for keying in keyings),
        workbook_count=_count_workbooks([keying.came_by for keying in keyings]),
    )


def require_decider(session: Session, batch: Batch, serial: int, account_id: int) -> Disagreement:
    """The form to decide on. Who keyed it does not decide: a third person looks at the paper."""
    require_printed(batch, serial)
    if store.find_result(session, batch.id, serial):
        raise PaperRefused("serial_settled", serial=serial)
    found = get_disagreement(session, batch, serial)
    if account_id in found.keyed_by:
        raise PaperRefused("decided_by_keyer", serial=serial)
    return found


def decide(
    session: Session, batch: Batch, serial: int, form: KeyedForm, *, account_id: int, today: date
) -> str:
    """Settle a form that was keyed differently; `stored` or `spoilt`. Who decided is kept."""
    batch = hold_batch(session, batch)
    found = require_decider(session, batch, serial, account_id)
    require_content(form)
    _settle(session, batch, found, form, account_id, today)
    return "spoilt" if form.is_spoilt else "stored"


def keyed_form(keying: PaperKeying) -> KeyedForm:
    answers = {
        name: tuple(value) if isinstance(value, list) else value for name, value in keying.answers.items()
    }
    return KeyedForm(answers, keying.is_spoilt)


def require_printed(batch: Batch, serial: int) -> None:
    """Raise unless the batch has a form with this number and is open."""
    # The number first: no database is asked for one that its column cannot hold.
    if not 1 <= serial <= batch.printed_count:
        raise PaperRefused("serial_unknown", serial=serial, max=batch.printed_count)
    if batch.status == "closed":
        raise PaperRefused("batch_closed")


def require_round_open(session: Session, batch: Batch, today: date) -> None:
    """Paper printed while the round ran is taken until the round is closed, like a form begun in time."""
    try:
        require_open(get_round(session, batch.round_code), today, begun_on=batch.created_on)
    except RoundNotOpen as refusal:
        raise PaperRefused("round_not_open") from refusal


def hold_batch(session: Session, batch: Batch) -> Batch:
    """The batch as it is now, and nobody else can change it until this transaction ends."""
    lock_batch(session, batch.round_code, batch.code)
    return get_batch(session, batch.round_code, batch.code)


def _settle(
    session: Session,
    batch: Batch,
    found: Disagreement,
    form: KeyedForm,
    decided_by: int | None,
    today: date,
) -> None:
    """Store the response and that its form is settled, both or neither.

    The key of `paper_result` and the lock on the batch settle a form once. So the response needs no id that
    follows from its form: nobody can take it first, and nobody can find the form of a response.
    """
    if batch.returned_count is not None and store.count_results(session, batch.id) >= batch.returned_count:
        raise PaperRefused("all_returned_settled", count=batch.returned_count)
    if not form.is_spoilt:
        _submit(session, batch, form, today)
        if is_without_sector(batch, form):
            lock_batch(session, batch.round_code, batch.code).without_sector_count += 1
    store.add_result(
        session,
        PaperResult(
            batch_id=batch.id,
            serial=found.serial,
            is_spoilt=form.is_spoilt,
            compared_count=found.comparison.compared_count,
            difference_count=found.comparison.difference_count,
            is_corrected=found.is_corrected,
            workbook_count=found.workbook_count,
            decided_by=decided_by,
        ),
    )


def _count_workbooks(came_by: Sequence[str | None]) -> int | None:
    """None where it was not kept for each keying."""
    return None if None in came_by else sum(each == "workbook" for each in came_by)


def _submit(session: Session, batch: Batch, form: KeyedForm, today: date) -> None:
    require_round_open(session, batch, today)
    new = NewResponse(
        response_id=uuid4(),
        round_code=batch.round_code,
        form_id=batch.questionnaire.id,
        unit_code=batch.unit_code,
        channel="paper",
        selection=batch.selection,
        answers=form.answers,
        language=batch.language,
        version=batch.questionnaire.version,
        begun_on=batch.created_on,
    )
    submit_response(session, new, today=today)


def require_content(form: KeyedForm) -> None:
    """Raise for a spoilt form with answers and for a form with none."""
    if form.is_spoilt and form.answers:
        raise PaperRefused("spoilt_with_answers")
    if not form.is_spoilt and not form.answers:
        raise AnswersRefused([Problem("nothing_keyed", "")])


def _codes(choices: Mapping[str, list[tuple[str, Text]]]) -> dict[str, list[str]]:
    return {name: [code for code, _label in listed] for name, listed in choices.items()}


def answers_to_json(answers: Mapping[str, AnswerValue]) -> dict[str, Any]:
    """Answers in the shape in which a keying keeps them; `keyed_form` reads it back."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in answers.items()}
