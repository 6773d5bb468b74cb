"""When an official should look after a device."""

from datetime import datetime, timedelta

from survey.models import Device, SurveyRound
from survey.services.calendar import local_date
from survey.services.working_time import working_time

# In the order of their weight: what loses answers, what stops new ones, what should be put right some time.
ALARMS = (
    "lost",
    "storage",
    "former",
    "held",
    "unsent_silent",
    "silent",
    "clock",
    "old_version",
    "not_kept",
)
WRONG_CLOCK_SECONDS = 120
# An interviewer is in villages without a network all day and comes back in the evening.
INTERVIEWER_SILENCE = timedelta(hours=7, minutes=30)


def find_alarms(
    device: Device,
    survey_round: SurveyRound,
    *,
    now: datetime,
    silence: timedelta,
    app_version: str | None = None,
    former_count: int = 0,
) -> tuple[str, ...]:
    """The codes of a device's alarms, the most serious first; none once it has been withdrawn.

    `former_count`: what the hardware still holds that was this device before.
    """
    if device.status != "active":
        return ()
    is_silent = _is_silent(device, now, silence)
    found = {
        "lost": device.lost_count > device.lost_noted_count,
        "former": former_count > 0,
        "not_kept": device.is_storage_kept is False,
        "storage": device.storage_state != "ok",
        "held": device.held_count > 0,
        "unsent_silent": device.unsent_count > 0 and is_silent,
        "silent": device.unsent_count == 0 and is_silent and _is_running(survey_round, now),
        "clock": abs(device.clock_skew_seconds or 0) > WRONG_CLOCK_SECONDS,
        "old_version": _is_old(device, app_version),
    }
    return tuple(alarm for alarm in ALARMS if found[alarm])


def _is_silent(device: Device, now: datetime, silence: timedelta) -> bool:
    """Whether it said nothing for longer than it may, nights, weekends and noon left out."""
    last = device.last_contact_at or device.paired_at
    longest = max(silence, INTERVIEWER_SILENCE) if device.kind == "interviewer" else silence
    return last is not None and working_time(last, now) > longest


def _is_running(survey_round: SurveyRound, now: datetime) -> bool:
    day = local_date(now)
    return survey_round.status == "open" and survey_round.opens_on <= day <= survey_round.closes_on


def _is_old(device: Device, app_version: str | None) -> bool:
    return None not in (app_version, device.app_version) and device.app_version != app_version
