"""Time in which a service hall is open. A device that was switched off for the night is not silent."""

from datetime import date, datetime, time, timedelta

from survey.services.calendar import LOCAL_ZONE

# The usual office hours of the province's units, Monday to Friday.
OPENING_HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))
_WORKING_DAYS = range(5)
_LONGEST = timedelta(days=30)


def working_time(start: datetime, end: datetime) -> timedelta:
    """How much of the time between two moments lies within office hours; after 30 days no more is counted."""
    local_end = end.astimezone(LOCAL_ZONE)
    local_start = max(start.astimezone(LOCAL_ZONE), local_end - _LONGEST)
    total = timedelta()
    day = local_start.date()
    while day <= local_end.date():
        total += _of_a_day(day, local_start, local_end)
        day += timedelta(days=1)
    return total


def _of_a_day(day: date, start: datetime, end: datetime) -> timedelta:
    if day.weekday() not in _WORKING_DAYS:
        return timedelta()
    spans = (
        (datetime.combine(day, first, LOCAL_ZONE), datetime.combine(day, last, LOCAL_ZONE))
        for first, last in OPENING_HOURS
    )
    return sum((max(min(last, end) - max(first, start), timedelta()) for first, last in spans), timedelta())
