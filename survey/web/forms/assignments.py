"""Forms of the interviewers' list. What may be done is decided by the services."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, SelectMultipleField, StringField


def _plain(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()


class AssignmentFileForm(FlaskForm):
    file = FileField()


class GiveForm(FlaskForm):
    """Which assignments are given to which device; `-` stands for none."""

    number = SelectMultipleField(validate_choice=False)
    everything = BooleanField()
    device = StringField(filters=[_plain])
