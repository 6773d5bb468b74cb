"""A questionnaire that is one screen: the page that explains it asks it, and one press sends it.

The id of the response is made with the page and remembered in the signed cookie, so that a reload, a second
press and the way back after sending mean the same response. Who comes back to the page of a sent response is
given its thanks again, on a phone for as long as a visit may last, and from there the way to one more form.
On a kiosk the thanks lead to a fresh start, which forgets the id, so that the next person has a new one.

An id that this browser was not given is never sent and never looked up: the page is shown again with an id of
its own. A stranger who knows the id of a stored response thus sees what one sees who made up an id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.answers import check_response, drop_off_path
from questionnaires.model import AnswerValue
from questionnaires.problems import Problem
from questionnaires.routing import visible_questions
from survey.i18n import LANGUAGES, current_language
from survey.services.calendar import local_date
from survey.services.drafts import KEPT_FOR
from survey.services.problems import RoundNotOpen
from survey.services.responses import NewResponse, find_receipt, submit_response
from survey.services.round_forms import RoundForm, list_procedure_choices, require_open
from survey.web import clock, database, respondent_memory
from survey.web.forms.answers import RawAnswers, SingleScreenForm, build_answers_form, read_answers
from survey.web.given_back import show_entered
from survey.web.language import show_in
from survey.web.question_fields import Labels, build_fields, list_errors, mark_problems

VISIT = timedelta(minutes=30)


@dataclass(frozen=True)
class SingleScreen:
    """One such page: what it asks, the channel and the address it stands at, and how it looks."""

    round_form: RoundForm
    channel: str
    path: str
    template: str
    context: dict[str, Any]

    def answer(self) -> ResponseReturnValue:
        """Show the page, or take what was sent from it."""
        labels = self._list_labels()
        if request.method == "POST":
            return self._take(labels)
        response_id = respondent_memory.find_newest_begun(self.path)
        if response_id and _is_sent(response_id):
            if _is_of_this_visit(response_id):
                return _lead_to_thanks(response_id)
            response_id = None
        self._require_open(None)
        return self._show(self._open_page(response_id), {}, {}, labels)

    def _take(self, labels: Labels) -> ResponseReturnValue:
        form = build_answers_form(self.round_form.questionnaire.questions, SingleScreenForm)()
        try:
            return self._take_form(form, labels)
        except RoundNotOpen as refusal:
            if self.channel == "kiosk":
                raise
            return show_entered(
                refusal,
                self.round_form.questionnaire,
                form.raw_answers(),
                {},
                labels,
                is_demonstration=self.round_form.is_demonstration,
                kept_id=None,
            )

    def _take_form(self, form: SingleScreenForm, labels: Labels) -> ResponseReturnValue:
        questionnaire = self.round_form.questionnaire
        own_id, raw = self._find_own_id(form.response_id.data), form.raw_answers()
        if own_id is None or not _is_sent(own_id):
            self._require_open(own_id)
        response_id = own_id or self._open_page(None)
        choices = {name: [code for code, _label in listed] for name, listed in labels.items()}
        given, problems = read_answers(questionnaire, questionnaire.questions, raw, choices)
        answers = drop_off_path(questionnaire, given)
        if form.move.data in LANGUAGES:
            return show_in(form.move.data, lambda: self._show(response_id, raw, answers, labels))
        if own_id is None or not form.has_token():
            return self._show(response_id, raw, answers, labels, has_lost_token=True), 400
        unreadable = {problem.path for problem in problems}
        problems += [
            problem
            for problem in check_response(questionnaire, answers, choices)
            if problem.path not in unreadable
        ]
        if problems:
            return self._show(response_id, raw, answers, labels, problems), 422
        return self._send(response_id, answers)

    def _send(self, response_id: UUID, answers: dict[str, AnswerValue]) -> ResponseReturnValue:
        assert self.round_form.unit is not None
        now = clock.now()
        new = NewResponse(
            response_id=response_id,
            round_code=self.round_form.round_code,
            form_id=self.round_form.questionnaire.id,
            unit_code=self.round_form.unit.code,
            channel=self.channel,
            selection="self_selected",
            answers=answers,
            language=current_language(),
            begun_on=_begun_on(response_id),
        )
        with database.write() as session:
            submit_response(session, new, today=clock.today(), hour=clock.hour())
        respondent_memory.remember_stored(response_id, now)
        return _lead_to_thanks(response_id)

    def _show(
        self,
        response_id: UUID,
        raw: RawAnswers,
        answers: dict[str, AnswerValue],
        labels: Labels,
        problems: Sequence[Problem] = (),
        *,
        has_lost_token: bool = False,
    ) -> str:
        questionnaire = self.round_form.questionnaire
        fields = build_fields(visible_questions(questionnaire, answers), raw, answers, labels)
        fields = mark_problems(
            fields, questionnaire.questions_by_id, problems, is_pupil=questionnaire.address == "em"
        )
        return render_template(
            self.template,
            round_form=self.round_form,
            questionnaire=questionnaire,
            response_id=response_id,
            fields=fields,
            errors=list_errors(fields),
            has_lost_token=has_lost_token,
            **self.context,
        )

    def _require_open(self, own_id: UUID | None) -> None:
        begun_on = _begun_on(own_id) if own_id else None
        require_open(self.round_form.survey_round, clock.today(), begun_on=begun_on)

    def _open_page(self, response_id: UUID | None) -> UUID:
        """The id of the page that is shown: a new one, unless this browser has one that is not sent."""
        if response_id is None:
            response_id = uuid4()
            respondent_memory.remember_begun(response_id, self.path)
        respondent_memory.remember_shown(response_id, clock.now())
        return response_id

    def _find_own_id(self, response_id: UUID | None) -> UUID | None:
        """The id that was sent, if this browser was given it on this page."""
        if response_id and respondent_memory.find_begun(response_id) == self.path:
            return response_id
        return None

    def _list_labels(self) -> Labels:
        with database.read() as session:
            return list_procedure_choices(session, self.round_form.questionnaire, None, clock.today())


def _is_sent(response_id: UUID) -> bool:
    with database.read() as session:
        return find_receipt(session, response_id) is not None


def _begun_on(response_id: UUID) -> date | None:
    """The day on which its page was opened here; of one that lay for as long as no draft lives, none."""
    shown_at = respondent_memory.find_shown(response_id)
    return local_date(shown_at) if shown_at and clock.now() - shown_at <= KEPT_FOR else None


def _is_of_this_visit(response_id: UUID) -> bool:
    """Whether it was sent a short while ago, or the answer that says when never arrived here."""
    stored_at = respondent_memory.find_stored(response_id)
    return stored_at is None or clock.now() - stored_at <= VISIT


def _lead_to_thanks(response_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("respond.thanks", response_id=response_id), 303)
