"""Where a questionnaire is answered at each unit: for phones, for those who were invited, and at a kiosk."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, request, url_for

from questionnaires.model import Questionnaire
from survey.services.invited_links import invited_code, is_invited_code
from survey.services.round_forms import RoundForm
from survey.services.rounds import UnitLine
from survey.web.public_address import public_url

_CODE = "moi"


@dataclass(frozen=True)
class FormAddress:
    """Paths lead there from this page; the full addresses are for posters and messages."""

    unit: UnitLine
    path: str
    kiosk_path: str
    invited_path: str | None = None

    @property
    def full(self) -> str:
        return public_url(self.path)

    @property
    def kiosk_full(self) -> str:
        return public_url(self.kiosk_path)

    @property
    def invited_full(self) -> str | None:
        return public_url(self.invited_path) if self.invited_path else None


def list_addresses(
    round_code: str, form_id: str, units: Iterable[UnitLine], *, with_invited: bool = False
) -> list[FormAddress]:
    return [_address(round_code, form_id, unit, with_invited) for unit in units]


def has_invited_link(questionnaire: Questionnaire) -> bool:
    """A form of one screen is a pulse of whoever passes by: nobody is drawn for it."""
    return questionnaire.layout != "single_screen"


def read_selection(round_form: RoundForm) -> str:
    """How the respondent of this start page came to it; 404 for a code that does not belong to it."""
    given = request.args.get(_CODE)
    if given is None:
        return "self_selected"
    questionnaire, unit = round_form.questionnaire, round_form.unit
    assert unit is not None
    place = (round_form.round_code, questionnaire.id, unit.code)
    if not has_invited_link(questionnaire) or not is_invited_code(given, _secret_key(), *place):
        abort(404)
    return "invited"


def start_path() -> str:
    """The address of this start page, with the code that it was opened with."""
    given = request.args.get(_CODE)
    return request.path if given is None else f"{request.path}?{urlencode({_CODE: given})}"


def _address(round_code: str, form_id: str, unit: UnitLine, with_invited: bool) -> FormAddress:
    place: dict[str, Any] = {"round_code": round_code, "form_id": form_id, "unit_code": unit.code}
    path = url_for("respond.start", **place)
    code = invited_code(_secret_key(), **place) if with_invited else None
    return FormAddress(
        unit, path, url_for("kiosk.start", **place), f"{path}?{_CODE}={code}" if code else None
    )


def _secret_key() -> str:
    return str(current_app.secret_key)
