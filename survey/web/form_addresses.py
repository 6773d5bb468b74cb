"""Where a questionnaire is answered at each unit: the address for phones, and the one for a kiosk."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request, url_for

from survey.services.rounds import UnitLine


@dataclass(frozen=True)
class FormAddress:
    """Paths lead there from this page; the full addresses are for posters and messages."""

    unit: UnitLine
    path: str
    kiosk_path: str

    @property
    def full(self) -> str:
        return request.host_url.rstrip("/") + self.path

    @property
    def kiosk_full(self) -> str:
        return request.host_url.rstrip("/") + self.kiosk_path


def list_addresses(round_code: str, form_id: str, units: Iterable[UnitLine]) -> list[FormAddress]:
    return [
        FormAddress(
            unit,
            url_for("respond.start", round_code=round_code, form_id=form_id, unit_code=unit.code),
            url_for("kiosk.start", round_code=round_code, form_id=form_id, unit_code=unit.code),
        )
        for unit in units
    ]
