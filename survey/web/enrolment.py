"""What must be filled in to enrol a device."""

from collections.abc import Iterable

from flask_babel import gettext as _

from survey.services.devices import NAME_LENGTH, PIN_LENGTHS
from survey.services.rounds import UnitLine
from survey.web.forms.devices import EnrolForm


def first_values(own: UnitLine | None) -> dict[str, str]:
    """What stands in the form when it is opened."""
    return {"unit": own.code if own else "", "kind": "kiosk", "name": ""}


def enrolment_errors(form: EnrolForm, units: Iterable[UnitLine]) -> list[tuple[str, str]]:
    if not form.validate():
        return [("", _("This page was open for too long or was opened twice. Please send it again."))]
    checks = (
        (
            "unit",
            form.unit.data in {unit.code for unit in units},
            _("Please choose the unit where the device will be."),
        ),
        ("kind", form.kind.data in ("kiosk", "interviewer"), _("Please choose what the device is for.")),
        ("name", _is_name(form.name.data), _("Please write a name, for example “Kiosk in the main hall”.")),
        ("pin", _is_pin(form.pin.data), _("Please choose a PIN of 4 to 8 digits.")),
        (
            "again",
            not _is_pin(form.pin.data) or form.again.data == form.pin.data,
            _("The two PINs differ. Please type the same one twice."),
        ),
    )
    return [(name, sentence) for name, is_right, sentence in checks if not is_right]


def _is_name(text: str | None) -> bool:
    words = " ".join((text or "").split())
    return 0 < len(words) <= NAME_LENGTH and words.isprintable()


def _is_pin(text: str | None) -> bool:
    pin = text or ""
    return pin.isascii() and pin.isdecimal() and len(pin) in PIN_LENGTHS
