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
_PROCEDURE = "thu-tuc"


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
    """How the respondent of this start page came to it; 404 for a code that does not belong to it.

    Codes of single persons, which come with the drawing of samples, are read here as well. A poster hangs in
    public: what was begun through its procedure is never invited.
    """
    given = request.args.get(_CODE)
    if given is None:
        return "self_selected"
    questionnaire, unit = round_form.questionnaire, round_form.unit
    assert unit is not None
    place = (round_form.round_code, questionnaire.id, unit.code)
    if not has_invited_link(questionnaire) or not is_invited_code(given, _secret_key(), *place):
        abort(404)
    return "self_selected" if _PROCEDURE in request.args else "invited"


def poster_path(round_code: str, form_id: str, unit_code: str, procedure_code: str | None = None) -> str:
    """Where the poster of a unit leads to; the one of a procedure has it answered already."""
    query: dict[str, Any] = {_PROCEDURE: procedure_code} if procedure_code else {}
    place: dict[str, Any] = {"round_code": round_code, "form_id": form_id, "unit_code": unit_code}
    return url_for("respond.start", **place, **query)


def procedure_of_poster() -> str | None:
    """The code of the procedure whose poster led to this start page."""
    return request.args.get(_PROCEDURE) or None


def start_path() -> str:
    """The address of this start page, with the codes that it was opened with."""
    given = {name: request.args[name] for name in (_CODE, _PROCEDURE) if name in request.args}
    return f"{request.path}?{urlencode(given)}" if given else request.path


def _address(round_code: str, form_id: str, unit: UnitLine, with_invited: bool) -> FormAddress:
    place: dict[str, Any] = {"round_code": round_code, "form_id": form_id, "unit_code": unit.code}
    path = url_for("respond.start", **place)
    code = invited_code(_secret_key(), **place) if with_invited else None
    return FormAddress(
        unit, path, url_for("kiosk.start", **place), f"{path}?{_CODE}={code}" if code else None
    )


def _secret_key() -> str:
    return str(current_app.secret_key)
