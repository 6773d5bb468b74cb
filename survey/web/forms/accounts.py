"""Forms of officials' accounts. What a password must be is decided by `services.accounts`."""

import unicodedata

from flask_wtf import FlaskForm
from wtforms import Field, StringField


def _composed(text: str | None) -> str:
    """One spelling of a Vietnamese letter, however the keyboard made it."""
    return unicodedata.normalize("NFC", (text or "").replace("\0", ""))


class SignInForm(FlaskForm):
    username = StringField(filters=[_composed, str.strip])
    password = StringField(filters=[_composed])

    def missing(self) -> list[str]:
        """The names of the fields that were left empty."""
        return _missing(self.username, self.password)


class PasswordForm(FlaskForm):
    current = StringField(filters=[_composed])
    new = StringField(filters=[_composed])
    again = StringField(filters=[_composed])

    def missing(self) -> list[str]:
        return _missing(self.current, self.new, self.again)


class SignOutForm(FlaskForm):
    """Nothing but the token."""


def _missing(*fields: Field) -> list[str]:
    return [field.name for field in fields if not field.data]
