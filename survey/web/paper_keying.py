"""Keying paper forms by keyboard alone, and deciding where two people keyed differently."""

import re
from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from questionnaires.problems import Problem
from survey.services import paper_keying
from survey.services.paper_batches import Batch
from survey.services.paper_codes import write_keyed
from survey.services.paper_comparison import KeyedForm
from survey.services.paper_keying import Disagreement
from survey.services.paper_problems import PaperRefused
from survey.web import clock, database, request_guard, signed_in
from survey.web.forms.answers import AnswersForm, KeyingForm, field_name
from survey.web.paper import load_batch
from survey.web.paper_key_pages import (
    SPOILT,
    back_to_choice,
    correction_page,
    get_correctable,
    is_only_checked,
    is_sector_unconfirmed,
    is_spoilt_unconfirmed,
    key_page,
    list_own_forms,
    outcome_words,
    read_keyed_form,
    require_keyer,
    sent_form,
    spoilt_page,
    to_next_form,
    typed_values,
    written_values,
)
from survey.web.paper_lines import decision_fields, key_fields
from survey.web.paper_sentences import problem_sentence, refusal_sentence

blueprint = Blueprint(
    "paper_keying", __name__, url_prefix="/quan-tri/dot/<round_code>/phieu-giay/<batch_code>"
)
request_guard.init_blueprint(blueprint)
blueprint.before_request(require_keyer)
blueprint.context_processor(signed_in.page_values)

_QR = re.compile(r"hailong:(?P<batch>[^:]+):(?P<serial>\d{1,6}):(?P<form>[^:]+):v(?P<version>\d+)")
_SERIAL = re.compile(r"(?:(?P<batch>[A-Za-z]+\d+)\s*-\s*)?(?P<serial>\d{1,6})")
_CHOICE = "choice_"


@blueprint.get("/nhap")
def choose_serial(round_code: str, batch_code: str) -> ResponseReturnValue:
    """The number of the next form: typed, or read from its QR code by a scanner that types."""
    batch = load_batch(round_code, batch_code)
    typed = request.args.get("so", "").strip()[:100]
    serial, error = _read_serial(batch, typed) if typed else (None, None)
    own = list_own_forms(batch)
    if serial is not None:
        try:
            _require_keyable(batch, serial)
        except PaperRefused as refusal:
            error = refusal_sentence(refusal)
        else:
            return redirect(url_for(".key", round_code=round_code, batch_code=batch_code, serial=serial), 303)
    return render_template(
        "paper/choose_serial.html",
        batch=batch,
        typed=typed,
        keyer=signed_in.get_account().account_id,
        errors=[("so", error)] if error else [],
        own=own,
        keyed_before=serial if serial in own.serials else None,
    ), 422 if error else 200


@blueprint.get("/nhap/<int:serial>")
def key(round_code: str, batch_code: str, serial: int) -> ResponseReturnValue:
    batch = load_batch(round_code, batch_code)
    try:
        turn = _require_keyable(batch, serial)
    except PaperRefused as refusal:
        return back_to_choice(batch, refusal)
    return key_page(batch, serial, {}, [], turn=turn)


@blueprint.post("/nhap/<int:serial>")
def save(round_code: str, batch_code: str, serial: int) -> ResponseReturnValue:
    """Keep what was keyed, or show it again with what is wrong."""
    batch = load_batch(round_code, batch_code)
    form = sent_form(batch)
    keyed = typed_values(form)
    try:
        turn = _require_keyable(batch, serial)
        if not form.has_token():
            return key_page(batch, serial, keyed, [], turn=turn, has_lost_token=True), 400
        if is_spoilt_unconfirmed(form):
            return spoilt_page(batch, serial), 422
        found, problems = read_keyed_form(batch, form)
        if is_only_checked(form):
            problems = [each for each in problems if each.path]
            return key_page(batch, serial, keyed, problems, turn=turn, is_checked=not problems), 422
        if problems:
            return key_page(batch, serial, keyed, problems, turn=turn), 422
        if is_sector_unconfirmed(batch, form, found):
            return key_page(batch, serial, keyed, [], turn=turn, is_without_sector=True), 422
        outcome = _save(batch, serial, found)
    except PaperRefused as refusal:
        return _refused(batch, serial, form, refusal)
    flash(outcome_words(batch.serial_text(serial), outcome), "success")
    return to_next_form(batch)


@blueprint.get("/quyet-dinh/<int:serial>")
def show_decision(round_code: str, batch_code: str, serial: int) -> ResponseReturnValue:
    batch = load_batch(round_code, batch_code)
    try:
        found = _require_decider(batch, serial)
    except PaperRefused as refusal:
        return _back_to_batch(batch, refusal)
    return _decision_page(batch, found, {}, [])


@blueprint.post("/quyet-dinh/<int:serial>")
def decide(round_code: str, batch_code: str, serial: int) -> ResponseReturnValue:
    batch = load_batch(round_code, batch_code)
    form = sent_form(batch)
    try:
        found = _require_decider(batch, serial)
        given = _given(form)
        if not form.has_token():
            return _decision_page(batch, found, given, [], has_lost_token=True), 400
        decided, problems = _decided_form(batch, found, given, form)
        if problems:
            return _decision_page(batch, found, given, problems), 422
        with database.write() as session:
            outcome = paper_keying.decide(
                session,
                batch,
                serial,
                decided,
                account_id=signed_in.get_account().account_id,
                today=clock.today(),
            )
    except PaperRefused as refusal:
        return _back_to_batch(batch, refusal)
    flash(outcome_words(batch.serial_text(serial), outcome), "success")
    return redirect(url_for("paper.show_batch", round_code=round_code, batch_code=batch_code), 303)


def _read_serial(batch: Batch, typed: str) -> tuple[int | None, str | None]:
    """The number that was typed or scanned, or the sentence that says why it is none of this batch."""
    match = _QR.fullmatch(typed) or _SERIAL.fullmatch(typed)
    if match is None:
        return None, _(
            "This is no form number. Please type the digits after the hyphen, or scan the QR code."
        )
    told = match.groupdict()
    if (told.get("batch") or batch.code).upper() != batch.code.upper():
        return None, _("This form belongs to batch %(code)s, not to this one.", code=told["batch"])
    wanted = (batch.questionnaire.id, str(batch.questionnaire.version))
    if "form" in told and (told["form"], told["version"]) != wanted:
        return None, _("This form is of another questionnaire or version than this batch.")
    return int(told["serial"]), None


def _require_keyable(batch: Batch, serial: int) -> int:
    with database.read() as session:
        return paper_keying.require_keyable(
            session, batch, serial, signed_in.get_account().account_id, clock.today()
        )


def _require_decider(batch: Batch, serial: int) -> Disagreement:
    with database.read() as session:
        return paper_keying.require_decider(session, batch, serial, signed_in.get_account().account_id)


def _save(batch: Batch, serial: int, form: KeyedForm) -> str:
    with database.write() as session:
        return paper_keying.key_form(
            session, batch, serial, form, account_id=signed_in.get_account().account_id, today=clock.today()
        )


def _refused(batch: Batch, serial: int, form: KeyingForm, refusal: PaperRefused) -> ResponseReturnValue:
    """A second press is no second keying; anything else that was typed stays on the screen."""
    keyed = typed_values(form)
    if refusal.reason == "serial_unknown":
        return back_to_choice(batch, refusal)
    found, problems = read_keyed_form(batch, form)
    outcome = None if problems or is_only_checked(form) else _repeated_outcome(batch, serial, found)
    if outcome:
        flash(outcome_words(batch.serial_text(serial), outcome), "success")
        return to_next_form(batch)
    if refusal.reason == "keyed_by_you":
        try:
            own = get_correctable(batch, serial)
        except PaperRefused as later:
            refusal = later
        else:
            return correction_page(batch, own, keyed, [], state=own.state, is_changed=True), 409
    return key_page(batch, serial, keyed, [], turn=None, refusal=refusal), 409


def _repeated_outcome(batch: Batch, serial: int, found: KeyedForm) -> str | None:
    """What became of the keying that is sent again; None where this account keyed something else."""
    account_id = signed_in.get_account().account_id
    with database.read() as session:
        if paper_keying.find_own_keying(session, batch, serial, account_id) != found:
            return None
        return paper_keying.outcome_of(session, batch, serial)


def _decision_page(
    batch: Batch,
    found: Disagreement,
    given: Mapping[str, tuple[str, str]],
    problems: Sequence[Problem],
    *,
    has_lost_token: bool = False,
) -> str:
    with database.read() as session:
        catalogue = paper_keying.list_choices(session, batch, clock.today())
    shown = {*found.comparison.differing, *(problem.path for problem in problems)}
    shown = set() if _is_spoilt_for_one(found) else shown
    both = (found.first.answers, found.second.answers)
    fields = decision_fields(batch.questionnaire, batch.language, shown, both, given, catalogue, problems)
    errors = [(f"{_CHOICE}{field.id}", field.error) for field in fields if field.error]
    own_places = {"not_compared": "compared", "wrong_serial": "typed_serial"}
    errors += [
        (own_places.get(problem.code, ""), problem_sentence(problem, 0))
        for problem in problems
        if not problem.path
    ]
    every = (
        key_fields(batch.questionnaire, _values_to_confirm(batch, found, given), catalogue, problems)
        if _is_spoilt_for_one(found)
        else []
    )
    errors += [(field.id, field.error) for field in every if field.error]
    return render_template(
        "paper/decide.html",
        every=every,
        batch=batch,
        found=found,
        fields=fields,
        errors=errors,
        has_lost_token=has_lost_token,
        keyer=signed_in.get_account().account_id,
    )


def _given(form: AnswersForm) -> dict[str, tuple[str, str]]:
    """Which value was chosen for each question, and what was typed beside it."""
    return {
        name: (request.form.get(_CHOICE + field_name(name), ""), text)
        for name, text in typed_values(form).items()
    }


def _decided_form(
    batch: Batch, found: Disagreement, given: Mapping[str, tuple[str, str]], form: KeyingForm
) -> tuple[KeyedForm, list[Problem]]:
    """Put the chosen values together; what both keyed alike stays unless it was changed on the page."""
    if form.move.data == SPOILT:
        text = batch.serial_text(found.serial)
        if (form.typed_serial.data or "").strip().casefold() != text.casefold():
            return KeyedForm({}), [Problem("wrong_serial", "", {"serial": text})]
        return KeyedForm({}, is_spoilt=True), []
    if _is_spoilt_for_one(found):
        return _confirmed_form(batch, given, form)
    keyed: dict[str, str] = {}
    problems: list[Problem] = []
    for question in batch.questionnaire.questions:
        choice, typed = given.get(question.id, ("", ""))
        sides = {"1": found.first, "2": found.second}
        if choice == "other":
            keyed[question.id] = typed
        elif choice in sides or question.id not in found.comparison.differing:
            answers = sides.get(choice, found.first).answers
            keyed[question.id] = write_keyed(question, answers.get(question.id))
        else:
            problems.append(Problem("undecided", question.id))
    if problems:
        return KeyedForm({}), problems
    with database.read() as session:
        decided, problems = paper_keying.read_form(session, batch, keyed, clock.today())
    if not decided and not problems:
        problems = [Problem("nothing_keyed", "")]
    return KeyedForm(decided), problems


def _is_spoilt_for_one(found: Disagreement) -> bool:
    return found.first.is_spoilt != found.second.is_spoilt


def _values_to_confirm(
    batch: Batch, found: Disagreement, given: Mapping[str, tuple[str, str]]
) -> dict[str, str]:
    """What was sent, or at first what the one person keyed who found the form usable."""
    if given:
        return {name: typed for name, (_choice, typed) in given.items()}
    return written_values(batch, found.second if found.first.is_spoilt else found.first)


def _confirmed_form(
    batch: Batch, given: Mapping[str, tuple[str, str]], form: KeyingForm
) -> tuple[KeyedForm, list[Problem]]:
    """Only one person keyed these answers: whoever decides looks at each of them, and says so."""
    keyed = {name: typed for name, (_choice, typed) in given.items()}
    with database.read() as session:
        decided, problems = paper_keying.read_form(session, batch, keyed, clock.today())
    if not problems and not decided:
        problems = [Problem("nothing_keyed", "")]
    if not problems and form.compared.data != "yes":
        problems = [Problem("not_compared", "")]
    return KeyedForm(decided), problems


def _back_to_batch(batch: Batch, refusal: PaperRefused) -> ResponseReturnValue:
    flash(refusal_sentence(refusal))
    return redirect(url_for("paper.show_batch", round_code=batch.round_code, batch_code=batch.code), 303)
