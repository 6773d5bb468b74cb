"""The form of the thresholds: its values are checked by the service, which has their bounds."""

from flask_wtf import FlaskForm


class ThresholdsForm(FlaskForm):
    """Guards against forged requests."""
