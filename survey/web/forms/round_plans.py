"""Forms of the pages on which a round is planned."""

import unicodedata
from datetime import date

from flask_wtf import FlaskForm
from wtforms import StringField

from survey.services.tables import CellFault, read_date


def _plain(text: str | None) -> str:
    """One line, one spelling of a Vietnamese letter, nothing that no database takes."""
    return unicodedata.normalize("NFC", (text or "").replace("\0", "")).strip()


class RoundChangeForm(FlaskForm):
    title = StringField(filters=[_plain])
    title_en = StringField(filters=[_plain])
    opens_on = StringField(filters=[_plain])
    closes_on = StringField(filters=[_plain])
    contact = StringField(filters=[_plain])
    contact_en = StringField(filters=[_plain])


class RoundPlanForm(RoundChangeForm):
    code = StringField(filters=[_plain])
    targets = StringField(filters=[_plain])


def read_day(text: str | None) -> date | None:
    """What a field of dates sends, or what somebody typed without one; None for anything else."""
    try:
        return read_date(text or "")
    except CellFault:
        return None
