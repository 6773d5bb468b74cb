"""The time of day for views; a test can set it here."""

from datetime import date, datetime

from survey.services import calendar


def now() -> datetime:
    return calendar.now()


def hour() -> int:
    return calendar.local_hour(now())


def today() -> date:
    """The calendar day in Viet Nam."""
    return calendar.local_date(now())
