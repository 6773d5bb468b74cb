"""Rate limits: per device and per invitation, never per address."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import Client

from survey.services import calendar
from survey.services.devices import create_device
from survey.services.invited_links import invited_code
from survey.settings import Settings
from tests.factories import ROUND_CODE, UNIT_CODE
from tests.integration.survey.web.api.conftest import Post, body
from tests.rounds import SMALL

PER_MINUTE = 3


@pytest.fixture
def sender(either_sender: Client) -> Client:
    """Every response comes in both ways."""
    return either_sender


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_per_minute=PER_MINUTE)


def test_device_that_sends_too_often_is_told_when_to_go_on(post: Post, pair: Callable[..., str]) -> None:
    hasty, calm = pair(), pair()
    sent = [post(body(), hasty).status_code for _ in range(2 * PER_MINUTE)]

    refused = post(body(), hasty)

    assert sent == [201] * len(sent)
    assert (refused.status_code, refused.json["code"]) == (429, "rate_limited")
    assert "kept" not in refused.json
    assert 1 <= int(refused.headers["Retry-After"]) <= 60 // PER_MINUTE
    assert post(body(), calm).status_code == 201


def test_invitation_is_limited(post: Post) -> None:
    code = invited_code("known to every test", ROUND_CODE, SMALL, UNIT_CODE)

    statuses = [post(body(invitation=code)).status_code for _ in range(2 * PER_MINUTE + 1)]

    assert statuses == [201] * 2 * PER_MINUTE + [429]


def test_open_link_has_no_limit_of_an_address(post: Post) -> None:
    assert {post(body()).status_code for _ in range(10 * PER_MINUTE)} == {201}


def test_twenty_kiosks_behind_one_address_are_served(post: Post, pair: Callable[..., str]) -> None:
    kiosks = [pair() for _ in range(20)]

    statuses = [post(body(), kiosk).status_code for kiosk in kiosks for _ in range(PER_MINUTE)]

    assert set(statuses) == {201}


def test_guessing_pairing_codes_is_limited(post: Post) -> None:
    path = "/api/v1/device/pairing"

    statuses = [post({"code": "AAAA-AAAA"}, path=path).status_code for _ in range(2 * PER_MINUTE + 1)]

    assert statuses == [404] * 2 * PER_MINUTE + [429]


def test_who_guesses_pairing_codes_keeps_nobody_from_pairing(app: Flask, post: Post) -> None:
    path = "/api/v1/device/pairing"
    with app.extensions["database"].write() as session:
        _, code = create_device(
            session,
            round_code=ROUND_CODE,
            unit_code=UNIT_CODE,
            kind="kiosk",
            name="Kiosk 1",
            pin="123456",
            now=calendar.now(),
        )
    guesses = [post({"code": "AAAA-AAAA"}, path=path).status_code for _ in range(2 * PER_MINUTE + 2)]

    paired = post({"code": code}, path=path)

    assert guesses[-1] == 429
    assert paired.status_code == 201
