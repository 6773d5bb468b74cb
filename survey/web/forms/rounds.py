"""Forms of the officials' deeds on a survey round."""

from flask_wtf import FlaskForm
from wtforms import StringField


class RoundDeedForm(FlaskForm):
    """A deed that cannot be taken back lightly is confirmed by typing the code of the round."""

    typed_code = StringField(filters=[lambda text: (text or "").strip()])
