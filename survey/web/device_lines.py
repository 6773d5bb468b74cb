"""A round's devices as the fleet page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from survey.i18n import current_language
from survey.services import devices
from survey.services.devices import DeviceLine
from survey.services.rounds import plain_letters
from survey.web import clock, database, kiosk_app, signed_in
from survey.web.device_words import alarm_sentences, clock_words, since_words, state_words, storage_words
from survey.web.sorting import Keys


@dataclass(frozen=True)
class FleetLine:
    """A device with the words that stand in its line."""

    device: DeviceLine
    state: str
    alarms: tuple[str, ...]
    last_contact: str
    clock: str
    storage: str


def list_fleet(round_code: str) -> list[DeviceLine]:
    """The devices that the account may see."""
    own = signed_in.own_unit()
    silence = timedelta(minutes=current_app.extensions["settings"].silence_minutes)
    with database.read() as session:
        return devices.list_devices(
            session,
            round_code,
            own.code if own else None,
            now=clock.now(),
            silence=silence,
            app_version=kiosk_app.current_version(),
        )


def fleet_line(device: DeviceLine, now: datetime) -> FleetLine:
    return FleetLine(
        device=device,
        state=state_words(device, now),
        alarms=tuple(alarm_sentences(device, now)),
        last_contact=since_words(device.last_contact_at, now),
        clock=clock_words(device.clock_skew_seconds) if device.app_version else "–",
        storage=storage_words(device.storage_state) if device.app_version else "–",
    )


def fleet_keys() -> Keys:
    language = current_language()
    return {
        "canh-bao": lambda line: (line.device.status == "withdrawn", not line.alarms),
        "ten": lambda line: plain_letters(line.device.name),
        "don-vi": lambda line: plain_letters(
            line.device.unit_name.in_language(language) or line.device.unit_name.vi
        ),
        "lien-lac": lambda line: line.device.last_contact_at,
        "chua-gui": lambda line: line.device.unsent_count,
    }


def find_lines(lines: Iterable[FleetLine], search: str) -> list[FleetLine]:
    """Devices whose name, code or unit holds every word of the search, marks ignored."""
    words = plain_letters(search).split()
    return [line for line in lines if all(word in _searched(line.device) for word in words)]


def _searched(device: DeviceLine) -> str:
    unit = device.unit_name
    return plain_letters(f"{device.name} {device.code} {unit.vi} {unit.en} {device.unit_code}")
