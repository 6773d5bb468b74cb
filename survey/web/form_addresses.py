"""Where a questionnaire is answered at each unit: for phones, for those who were invited, and at a kiosk."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for

from survey.services.invitations import CodePlace
from survey.services.invited_links import invited_code
from survey.services.rounds import UnitLine
from survey.services.typed_codes import in_two_groups, plain_code
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


def given_code() -> str | None:
    """The code that this start page was opened with, of all who were drawn or of one of them."""
    return request.args.get(_CODE)


def code_path(place: CodePlace, code: str) -> str:
    """The start page to which a personal code leads."""
    path = url_for(
        "respond.start",
        round_code=place.round_code,
        form_id=place.form_id,
        unit_code=place.unit_code,
    )
    return f"{path}?{code_query(code)}"


def code_query(code: str) -> str:
    """How the address of such a page ends."""
    return urlencode({_CODE: in_two_groups(plain_code(code))})


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
