"""What the pages say of a device: its state, its alarms, its clock, how long ago it was heard."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from survey.i18n import format_moment, format_number
from survey.services.device_alarms import ALARMS, WRONG_CLOCK_SECONDS
from survey.services.devices import DeviceLine

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def kind_words(kind: str) -> str:
    return _("Kiosk") if kind == "kiosk" else _("Interviewer's tablet")


def since_words(moment: datetime | None, now: datetime) -> str:
    """How long ago, for what was today; else the day and the hour."""
    if moment is None:
        return _("never")
    seconds = (now - moment).total_seconds()
    if seconds < _MINUTE:
        return _("just now")
    if seconds < _HOUR:
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", int(seconds // _MINUTE))
    if seconds < _DAY:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", int(seconds // _HOUR))
    return format_moment(moment)


def clock_words(skew_seconds: int | None) -> str:
    if skew_seconds is None:
        return _("clock unknown")
    if abs(skew_seconds) <= WRONG_CLOCK_SECONDS:
        return _("clock right")
    length = _length_words(abs(skew_seconds))
    if skew_seconds > 0:
        return _("clock %(length)s slow", length=length)
    return _("clock %(length)s fast", length=length)


def storage_words(state: str) -> str:
    return {
        "ok": _("storage good"),
        "low": _("storage nearly full"),
        "full": _("storage full"),
        "failed": _("storage out of order"),
    }[state]


def state_words(line: DeviceLine, now: datetime) -> str:
    """Whether the device is in use, for one without an alarm."""
    if line.status == "withdrawn":
        return _withdrawn_words(line)
    if line.status == "active":
        return _("In order")
    if line.pairing_expires_at is not None and line.pairing_expires_at <= now:
        return _("Not paired: the code has expired")
    return _("Waits to be paired")


def _withdrawn_words(line: DeviceLine) -> str:
    """It says nothing of itself any more; what it held at its last word may be on it still."""
    words = _("Withdrawn on %(moment)s", moment=format_moment(line.withdrawn_at))
    held = line.unsent_count + line.held_count
    if not held:
        return words
    return _(
        "%(withdrawn)s; by its last word it still held %(count)s",
        withdrawn=words,
        count=format_number(held),
    )


def alarm_sentences(line: DeviceLine, now: datetime) -> list[str]:
    """One sentence an alarm: what is the matter and what to do."""
    return [_alarm_sentence(alarm, line, now) for alarm in line.alarms]


def fleet_finding(lines: Iterable[DeviceLine]) -> str:
    """The sentence on top of the page."""
    in_use = [line for line in lines if line.status != "withdrawn"]
    troubled = [line for line in in_use if line.alarms]
    if not in_use:
        return _("No device is in use.")
    if not troubled:
        return ngettext(
            "%(num)s device, nothing to look after.", "%(num)s devices, nothing to look after.", len(in_use)
        )
    counts = Counter(alarm for line in troubled for alarm in line.alarms)
    parts = [f"{format_number(counts[alarm])} {_alarm_short(alarm)}" for alarm in ALARMS if counts[alarm]]
    head = ngettext("%(num)s device needs looking after", "%(num)s devices need looking after", len(troubled))
    return f"{head}: {'; '.join(parts)}."


def _alarm_sentence(alarm: str, line: DeviceLine, now: datetime) -> str:
    if alarm == "storage":
        return _storage_sentence(line.storage_state)
    if alarm in ("lost", "former", "not_kept"):
        return _loss_sentence(alarm, line)
    if line.kind == "interviewer" and alarm in ("held", "unsent_silent"):
        return _tablet_sentence(alarm, line)
    if alarm == "held":
        return ngettext(
            "%(num)s response was refused and is held on the device: look at it under “Set aside”.",
            "%(num)s responses were refused and are held on the device: look at them under “Set aside”.",
            line.held_count,
        )
    if alarm == "unsent_silent":
        return ngettext(
            "Silent with %(num)s unsent response: check power and network; do not delete anything on the "
            "device.",
            "Silent with %(num)s unsent responses: check power and network; do not delete anything on the "
            "device.",
            line.unsent_count,
        )
    if alarm == "silent":
        return _("Silent: check whether it is switched on and has a network.")
    if alarm == "clock":
        return _("Its clock is wrong: set date and time. The responses count on the right day all the same.")
    return _("It runs an older version: start it again while it has a network.")


def _loss_sentence(alarm: str, line: DeviceLine) -> str:
    if alarm == "lost":
        return ngettext(
            "%(num)s form vanished from the device before it was sent: the browser's data were cleared. Find "
            "out who or what clears them; look whether a rescue file was made.",
            "%(num)s forms vanished from the device before they were sent: the browser's data were cleared. "
            "Find out who or what clears them; look whether a rescue file was made.",
            line.lost_count,
        )
    if alarm == "former":
        return ngettext(
            "It was paired anew on other hardware; by its last word the old one still holds %(num)s form. "
            "Switch it on with a network, or fetch its rescue file.",
            "It was paired anew on other hardware; by its last word the old one still holds %(num)s forms. "
            "Switch it on with a network, or fetch its rescue file.",
            line.former_count,
        )
    return _(
        "Its browser may clear unsent forms when the device runs full: install the application on the device "
        "and open it from its icon."
    )


def _tablet_sentence(alarm: str, line: DeviceLine) -> str:
    """An interviewer's tablet counts the results of visits with the forms."""
    if alarm == "held":
        return ngettext(
            "%(num)s form or result of a visit was refused and is held on the device: its page for staff "
            "says why and what to do.",
            "%(num)s forms or results of visits were refused and are held on the device: its page for staff "
            "says why and what to do.",
            line.held_count,
        )
    return ngettext(
        "Silent with %(num)s form or result of a visit not sent yet: bring it to a network; do not delete "
        "anything on the device.",
        "Silent with %(num)s forms or results of visits not sent yet: bring it to a network; do not delete "
        "anything on the device.",
        line.unsent_count,
    )


def _storage_sentence(state: str) -> str:
    return {
        "low": _("Its storage is nearly full: connect it to the network so that it can send."),
        "full": _(
            "Its storage is full and it takes no answers: connect it to the network, or fetch the rescue "
            "file."
        ),
        "failed": _(
            "Its storage is out of order and it takes no answers: fetch the rescue file and exchange it."
        ),
    }.get(state, storage_words(state))


def _alarm_short(alarm: str) -> str:
    return {
        "lost": _("that lost forms"),
        "former": _("with forms on its former hardware"),
        "not_kept": _("whose browser may clear unsent forms"),
        "storage": _("with a storage problem"),
        "held": _("with refused forms or visits"),
        "unsent_silent": _("silent with unsent forms or visits"),
        "silent": _("silent"),
        "clock": _("with a wrong clock"),
        "old_version": _("with an older version"),
    }[alarm]


def _length_words(seconds: int) -> str:
    if seconds < _HOUR:
        return ngettext("%(num)s minute", "%(num)s minutes", seconds // _MINUTE)
    if seconds < 2 * _DAY:
        return ngettext("%(num)s hour", "%(num)s hours", seconds // _HOUR)
    if seconds < 700 * _DAY:
        return ngettext("%(num)s day", "%(num)s days", seconds // _DAY)
    return ngettext("%(num)s year", "%(num)s years", seconds // (365 * _DAY))
