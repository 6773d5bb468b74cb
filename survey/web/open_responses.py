"""Responses that are being filled: fetched, saved, discarded and sent by the pages of phone and kiosk."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.model import AnswerValue, Question
from survey.i18n import current_language
from survey.services import drafts
from survey.services.drafts import Draft
from survey.services.problems import AnswersRefused
from survey.services.round_forms import RoundForm
from survey.web import clock, database, invited_limit
from survey.web.origins import OPEN, Origin
from survey.web.respondent_memory import remember_stored

# In the address of the page to which a refused sending leads, so that it says why it is there.
REFUSED = {"thieu": 1}


def begin(
    response_id: UUID,
    round_form: RoundForm,
    *,
    channel: str,
    layout: str,
    origin: Origin = OPEN,
    answers: Mapping[str, AnswerValue] | None = None,
) -> bool:
    """False where a response with this id was sent already."""
    assert round_form.unit is not None
    with database.write() as session:
        return drafts.start_draft(
            session,
            response_id,
            round_form.round_code,
            round_form.questionnaire.id,
            round_form.unit.code,
            channel=channel,
            selection=origin.selection,
            invitation_digest=origin.invitation_digest,
            layout=layout,
            answers=answers,
            now=clock.now(),
        )


def fetch(response_id: UUID) -> Draft:
    with database.read() as session:
        return drafts.get_draft(session, response_id, now=clock.now())


def save(draft: Draft, questions: Iterable[Question], given: Mapping[str, AnswerValue]) -> Draft:
    """The draft with what was given to these questions in place of what it said of them."""
    with database.write() as session:
        return drafts.save_page(session, draft.response_id, questions, given, now=clock.now())


def discard(draft: Draft) -> None:
    with database.write() as session:
        drafts.discard_draft(session, draft.response_id)


def send(response_id: UUID, refused_url: Callable[[Draft], str]) -> ResponseReturnValue:
    """Store the response and lead to the thanks; `refused_url` names where one that lacks an answer goes."""
    now = clock.now()
    try:
        with database.write() as session:
            drafts.submit_draft(
                session,
                response_id,
                language=current_language(),
                now=now,
                before_storing=invited_limit.count_sending,
            )
    except AnswersRefused:
        # Another tab has changed an answer that this one was built on.
        return redirect(refused_url(fetch(response_id)), 303)
    remember_stored(response_id, now)
    return redirect(url_for("respond.thanks", response_id=response_id), 303)


def was_refused() -> bool:
    """Whether this page was led to by a sending that was refused."""
    return request.method == "GET" and not REFUSED.keys().isdisjoint(request.args)
