"""How a respondent came to a start page: openly, by the link of those who were drawn, or with a code."""

from dataclasses import dataclass

from flask import current_app, request

from survey.services.invitations import CodePlace, find_place, has_invitations, personal_digest
from survey.services.invited_links import is_invited_code
from survey.services.problems import InvitationUnknown
from survey.services.round_forms import RoundForm
from survey.web import database, invited_limit
from survey.web.form_addresses import given_code, procedure_of_poster


@dataclass(frozen=True)
class Origin:
    """`selection` of the response, and the digest of the personal code, if it was one."""

    selection: str
    invitation_digest: str | None = None


OPEN = Origin("self_selected")


def read_origin(round_form: RoundForm) -> Origin:
    """`InvitationUnknown` for a code that does not belong to this page, or was used.

    A poster hangs in public: what was begun through its procedure is never invited.
    """
    code = given_code()
    if code is None:
        return OPEN
    questionnaire, unit = round_form.questionnaire, round_form.unit
    assert unit is not None
    if not has_invitations(questionnaire):
        raise InvitationUnknown
    place = CodePlace(round_form.round_code, questionnaire.id, unit.code)
    secret_key = str(current_app.secret_key)
    if is_invited_code(code, secret_key, place.round_code, place.form_id, place.unit_code):
        origin = Origin("invited")
    else:
        if find_code_place(code) != place:
            raise InvitationUnknown
        origin = Origin("invited", personal_digest(code))
    return OPEN if procedure_of_poster() else origin


def find_code_place(code: str) -> CodePlace:
    """Where a personal code leads to; wrong ones are counted, so that nobody can try them all."""
    try:
        with database.read() as session:
            return find_place(session, code)
    except InvitationUnknown:
        invited_limit.count_wrong(request.path)
        raise
