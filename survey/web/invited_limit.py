"""How often forms may be begun and sent by those who were drawn into a sample, and wrong codes tried.

Their responses make the index, so that nobody may flood it. All drawn for a questionnaire at a unit share one
link, or each has a code of his own, which is counted by itself: the limit stops a program that sends hundreds
a minute, never the few dozen people who answer at once.
The open link has no limit, since a whole service hall shares its address.
"""

import math

from flask import Blueprint, Response, current_app, request, url_for

from survey.services.drafts import Draft
from survey.services.problems import SurveyError
from survey.services.round_forms import RoundForm
from survey.web.api import callers
from survey.web.errors import show_survey_error
from survey.web.form_addresses import start_path


class InvitationBusy(SurveyError):
    """Too many come through this link at the moment."""

    code = "invitation_busy"

    def __init__(self, wait: float, again_path: str | None = None) -> None:
        super().__init__()
        self.retry_after = math.ceil(wait)
        self.again_path = again_path


def init_blueprint(blueprint: Blueprint) -> None:
    blueprint.register_error_handler(InvitationBusy, _show_busy)


def count_start(round_form: RoundForm, selection: str, invitation_digest: str | None) -> None:
    """Under a name of its own: a flood of forms that are begun keeps nobody from sending one."""
    assert round_form.unit is not None
    if selection == "invited":
        place = (round_form.round_code, round_form.questionnaire.id, round_form.unit.code)
        _take(f"start {callers.invited_key(*place, invitation_digest)}")


def count_sending(draft: Draft) -> None:
    """Together with what comes by the interface for the same invitation."""
    if draft.selection == "invited" and draft.channel == "phone":
        place = (draft.round_code, draft.questionnaire.id, draft.unit_code)
        _take(callers.invited_key(*place, draft.invitation_digest))


def count_wrong(again_path: str) -> None:
    """Wrong codes, all together: right ones are taken however many wrong ones came."""
    _take(callers.WRONG_INVITATIONS, again_path)


def _take(key: str, again_path: str | None = None) -> None:
    wait = callers.shared(current_app).limits.take(key)
    if wait:
        raise InvitationBusy(wait, again_path)


def _show_busy(error: InvitationBusy) -> Response:
    response_id = (request.view_args or {}).get("response_id")
    review = url_for("respond.review", response_id=response_id) if response_id else None
    again = error.again_path or review or start_path()
    response = show_survey_error(error, "respond/busy.html", again_url=again)
    response.headers["Retry-After"] = str(error.retry_after)
    return response
