"""A questionnaire that is one screen: the page that explains it asks it, and one press sends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from questionnaires.answers import check_response, drop_off_path
from questionnaires.model import AnswerValue
from questionnaires.problems import Problem
from questionnaires.routing import visible_questions
from survey.i18n import LANGUAGES, current_language
from survey.services.responses import NewResponse, submit_response
from survey.services.round_forms import RoundForm, list_procedure_choices
from survey.web import clock, database
from survey.web.forms.answers import RawAnswers, SingleScreenForm, build_answers_form, read_answers
from survey.web.language import remember_language
from survey.web.question_fields import Labels, build_fields, list_errors, mark_problems
from survey.web.respondent_memory import remember_stored


@dataclass(frozen=True)
class SingleScreen:
    """One such page: what it asks, the channel it stands in, and how it looks."""

    round_form: RoundForm
    channel: str
    template: str
    context: dict[str, Any]

    def answer(self) -> ResponseReturnValue:
        """Show the page, or take what was sent from it."""
        labels = self._list_labels()
        if request.method == "GET":
            return self._show(uuid4(), {}, {}, labels)
        return self._take(labels)

    def _take(self, labels: Labels) -> ResponseReturnValue:
        questionnaire = self.round_form.questionnaire
        form = build_answers_form(questionnaire.questions, SingleScreenForm)()
        response_id, raw = form.response_id.data or uuid4(), form.raw_answers()
        choices = {name: [code for code, _label in listed] for name, listed in labels.items()}
        given, problems = read_answers(questionnaire, questionnaire.questions, raw, choices)
        answers = drop_off_path(questionnaire, given)
        if form.move.data in LANGUAGES:
            with force_locale(form.move.data):
                page = self._show(response_id, raw, answers, labels)
            return remember_language(page, form.move.data)
        if not form.has_token():
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
        )
        with database.write() as session:
            submit_response(session, new, today=clock.today())
        remember_stored(response_id, now)
        return redirect(url_for("respond.thanks", response_id=response_id), 303)

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

    def _list_labels(self) -> Labels:
        with database.read() as session:
            return list_procedure_choices(session, self.round_form.questionnaire, None, clock.today())
