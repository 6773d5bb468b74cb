"""Forms of the pages on devices and on what was set aside."""

import unicodedata

from flask_wtf import FlaskForm
from wtforms import FileField, StringField


def _plain(text: str | None) -> str:
    """One spelling of a Vietnamese letter, nothing that no database takes."""
    return unicodedata.normalize("NFC", (text or "").replace("\0", "")).strip()


class EnrolForm(FlaskForm):
    unit = StringField(filters=[_plain])
    kind = StringField(filters=[_plain])
    name = StringField(filters=[_plain])
    pin = StringField(filters=[_plain])
    again = StringField(filters=[_plain])


class DeviceDeedForm(FlaskForm):
    """Withdrawing is confirmed by the code of the device."""

    typed_code = StringField(filters=[_plain, str.upper])


class TokenForm(FlaskForm):
    """A deed without fields."""


class RescueForm(FlaskForm):
    file = FileField()
    device = StringField(filters=[_plain, str.upper])


class DecisionForm(FlaskForm):
    note = StringField(filters=[_plain])
