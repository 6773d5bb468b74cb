"""The forms on data quality. The values of thresholds are checked by the service, which has their bounds."""

from flask_wtf import FlaskForm


class ThresholdsForm(FlaskForm):
    """Guards against forged requests."""


class TryAgainForm(FlaskForm):
    """Guards against forged requests."""
