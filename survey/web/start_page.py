"""The page before the first question: it tells what is asked and why, and one press begins a response."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from flask import render_template
from flask.typing import ResponseReturnValue

from survey.services.round_forms import RoundForm
from survey.web.forms.answers import StartForm


def answer_start(
    template: str,
    round_form: RoundForm,
    begin: Callable[[UUID], ResponseReturnValue],
    *,
    response_id: UUID | None = None,
    **context: Any,
) -> ResponseReturnValue:
    """Show the page, or begin what it was pressed for. The id is made with the page: two presses are one."""
    form = StartForm()
    if form.validate_on_submit() and form.response_id.data:
        return begin(form.response_id.data)
    page = render_template(
        template,
        round_form=round_form,
        questionnaire=round_form.questionnaire,
        response_id=response_id or uuid4(),
        has_lost_token=form.is_submitted(),
        **context,
    )
    return page, 400 if form.is_submitted() else 200
