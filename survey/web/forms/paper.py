"""Forms about batches of paper forms. What may be done is decided by the services."""

from flask_wtf import FlaskForm
from wtforms import FileField, StringField


def _plain(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()


class NewBatchForm(FlaskForm):
    form_id = StringField(filters=[_plain])
    unit_code = StringField(filters=[_plain])
    selection = StringField(filters=[_plain])
    language = StringField(filters=[_plain])
    printed_count = StringField(filters=[_plain])


class CountsForm(FlaskForm):
    handed_out = StringField(filters=[_plain])
    returned = StringField(filters=[_plain])


class CloseBatchForm(FlaskForm):
    """Closing deletes what each person keyed, so it is confirmed by typing the code of the batch."""

    typed_code = StringField(filters=[_plain])


class TakeBackForm(FlaskForm):
    """Taking back one's own keying deletes it, so it is confirmed by typing the number of the form."""

    typed_serial = StringField(filters=[_plain])


class DiscardForm(FlaskForm):
    """Somebody else's keying is named by the whole number of its form, which confirms the deed at once."""

    wrong_serial = StringField(filters=[_plain])


class KeyedFileForm(FlaskForm):
    file = FileField()
