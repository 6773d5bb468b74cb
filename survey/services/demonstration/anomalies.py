"""What the demonstration has for the page on data quality: hours, a burst at a kiosk, forms sent too fast.

The index is not touched: the burst is of self-selected responses, and of the fast ones only the duration is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from questionnaires.model import AnswerValue, Questionnaire
from survey.services.responses import DeviceStamp, NewResponse

ANOMALOUS_FORM = "tthc"
BURST_UNIT = "18859"
BURST_DEVICE_NAME = "Kiosk sảnh (minh họa)"
FAST_UNIT = "TTPVHCC"
_BURST_DAYS_AGO = 20
_BURST_HOUR, _BURST_COUNT = 16, 30
_LATE_HOUR, _LATE_COUNT = 20, 6
_FAST_MEAN = 4.5
# When halls are visited, hour by hour from seven o'clock.
_FIRST_HOUR = 7
_VISITS = (0.06, 0.15, 0.17, 0.14, 0.04, 0.03, 0.12, 0.13, 0.11, 0.05)


@dataclass(frozen=True)
class Arrival:
    """A response with the day and hour on which it came."""

    new: NewResponse
    on: date
    hour: int


def give_hours(responses: Sequence[tuple[NewResponse, date]], rng: np.random.Generator) -> list[Arrival]:
    hours = _FIRST_HOUR + rng.choice(len(_VISITS), size=len(responses), p=_VISITS)
    return [Arrival(new, on, int(hour)) for (new, on), hour in zip(responses, hours, strict=True)]


def plant(
    arrivals: Sequence[Arrival], questionnaire: Questionnaire, today: date, device_id: int
) -> list[Arrival]:
    """The same number of responses, some of them as nobody should trust them.

    A demonstration that was made too small for a burst stays as it is.
    """
    kiosk = [
        place
        for place, arrival in enumerate(arrivals)
        if arrival.new.channel == "kiosk" and arrival.new.answers.get("sector") != "investment"
    ]
    if len(kiosk) < 2 * (_BURST_COUNT + _LATE_COUNT):
        return list(arrivals)
    day = today - timedelta(days=_BURST_DAYS_AGO)
    hours = [_BURST_HOUR] * _BURST_COUNT + [_LATE_HOUR] * _LATE_COUNT
    planted = {
        place: _pressed_through(arrivals[place], questionnaire, day, hour, device_id)
        for place, hour in zip(kiosk[-len(hours) :], hours, strict=True)
    }
    return [planted.get(place, _hurried(arrival, questionnaire)) for place, arrival in enumerate(arrivals)]


def _pressed_through(
    arrival: Arrival, questionnaire: Questionnaire, day: date, hour: int, device_id: int
) -> Arrival:
    """All on the highest level, within a minute, at one device."""
    best: Mapping[str, AnswerValue] = {
        question.id: 5 for question in questionnaire.rated if question.id in arrival.new.answers
    }
    new = replace(
        arrival.new,
        unit_code=BURST_UNIT,
        answers={**arrival.new.answers, **best},
        duration_band="under_1m",
        device=DeviceStamp(device_id, day, hour, "right"),
    )
    return Arrival(new, day, hour)


def _hurried(arrival: Arrival, questionnaire: Questionnaire) -> Arrival:
    """At one unit those who praise on the phone needed less than a minute."""
    new = arrival.new
    if (new.unit_code, new.channel, new.selection) != (FAST_UNIT, "phone", "invited"):
        return arrival
    ratings = (int(str(new.answers.get(question.id, 0))) for question in questionnaire.rated)
    valid = [rating for rating in ratings if rating > 0]
    if not valid or sum(valid) < _FAST_MEAN * len(valid):
        return arrival
    return replace(arrival, new=replace(new, duration_band="under_1m"))
