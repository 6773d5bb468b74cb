"""Forms about personal codes. What may be done is decided by the services."""

from flask_wtf import FlaskForm
from wtforms import StringField


def _plain(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()


class IssueForm(FlaskForm):
    """`unit_code` is that of a unit, or `EVERY_UNIT`."""

    EVERY_UNIT = "*"

    unit_code = StringField(filters=[_plain])
    count = StringField(filters=[_plain])


class WithdrawForm(FlaskForm):
    """Withdrawing is confirmed by the code of the batch."""

    typed_code = StringField(filters=[_plain, str.upper])
