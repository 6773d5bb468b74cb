"""`hailong device`: the devices of a round."""

import secrets

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.models.device import DEVICE_KINDS
from survey.services import devices
from survey.services.calendar import now


@click.group()
def device() -> None:
    """Kiosks and interviewers' tablets."""


@device.command("list")
@click.argument("round_code")
def list_(round_code: str) -> None:
    """One line a device: code, kind, status, unit, unsent, refused, last contact, alarms, name."""
    with refusals_in_words(), open_database(load_settings()).read() as session:
        for line in devices.list_devices(session, round_code, now=now()):
            contact = line.last_contact_at.isoformat(timespec="minutes") if line.last_contact_at else "-"
            click.echo(
                f"{line.code}\t{line.kind}\t{line.status}\t{line.unit_code}\t{line.unsent_count}\t"
                f"{line.held_count}\t{contact}\t{','.join(line.alarms) or '-'}\t{line.name}"
            )


@device.command()
@click.argument("round_code")
@click.argument("unit_code")
@click.option("--kind", type=click.Choice(DEVICE_KINDS), default="kiosk", show_default=True)
@click.option("--name", required=True, help="The name that pages show.")
@click.option("--pin", help="4 to 8 digits; one is made and printed where left out.")
def add(round_code: str, unit_code: str, kind: str, name: str, pin: str | None) -> None:
    """Enrol a device and print its code, its pairing code (valid for 60 minutes) and its PIN."""
    pin = pin or f"{secrets.randbelow(1_000_000):06d}"
    with refusals_in_words(), open_database(load_settings()).write() as session:
        line, pairing_code = devices.create_device(
            session, round_code=round_code, unit_code=unit_code, kind=kind, name=name, pin=pin, now=now()
        )
    click.echo(f"{line.code}\t{pairing_code}\t{pin}")


@device.command()
@click.argument("device_code")
def withdraw(device_code: str) -> None:
    """End a device for good; what it sends later is set aside."""
    with refusals_in_words(), open_database(load_settings()).write() as session:
        devices.withdraw_device(session, device_code.upper(), now=now())
