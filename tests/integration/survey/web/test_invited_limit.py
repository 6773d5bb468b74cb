"""The link of those who were drawn is limited, as it is in the interface; the open link never is."""

from dataclasses import replace

import pytest
from flask import Flask

from survey.services.invited_links import invited_code
from survey.settings import Settings
from survey.web.api import callers
from tests import factories
from tests.fixtures.applications import PageClient
from tests.fixtures.forms import read_form
from tests.integration.survey.web.api.conftest import read_responses
from tests.integration.survey.web.conftest import SMALL_FORM, read_draft
from tests.integration.survey.web.test_respond_send import answer_all

PER_MINUTE = 2
AT_ONCE = 2 * PER_MINUTE
PLACE = (factories.ROUND_CODE, SMALL_FORM, factories.UNIT_CODE)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_per_minute=PER_MINUTE)


@pytest.fixture
def invited(settings: Settings, small_round: str) -> str:
    return f"{small_round}?moi={invited_code(settings.secret_key, *PLACE)}"


def test_starting_through_the_link_is_limited(client: PageClient, invited: str) -> None:
    started = [client.submit(invited).status_code for _ in range(AT_ONCE)]

    refused = client.submit(invited)

    assert started == [303] * AT_ONCE
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60 // PER_MINUTE
    assert f'href="{invited}"' in refused.text


def test_sending_is_limited_and_keeps_the_answers(app: Flask, client: PageClient, invited: str) -> None:
    reviews = [answer_all(client, client.submit(invited).location.rpartition("/")[0]) for _ in range(AT_ONCE)]
    _use_up(app, AT_ONCE - 1)

    sent = client.submit(reviews[0])
    refused = client.submit(reviews[1])

    assert (sent.status_code, refused.status_code) == (303, 429)
    assert f'href="{reviews[1]}"' in refused.text
    assert "vẫn được giữ" in refused.text
    assert len(read_responses(app)) == 1
    assert read_draft(app, reviews[1]).answers["q01"] == 3
    assert client.get(reviews[1]).status_code == 200


def test_a_flood_of_begun_forms_keeps_nobody_from_sending(client: PageClient, invited: str) -> None:
    review = answer_all(client, client.submit(invited).location.rpartition("/")[0])
    assert [client.submit(invited).status_code for _ in range(AT_ONCE)][-1] == 429

    assert client.submit(review).location.endswith("/cam-on")


def test_a_second_press_does_not_count(app: Flask, client: PageClient, invited: str) -> None:
    review = answer_all(client, client.submit(invited).location.rpartition("/")[0])
    token = {"csrf_token": _token(client, review)}
    _use_up(app, AT_ONCE - 1)

    assert [client.post(review, data=token).status_code for _ in range(3)] == [303] * 3


def test_the_open_link_has_no_limit(app: Flask, client: PageClient, small_round: str) -> None:
    for _ in range(2 * AT_ONCE):
        review = answer_all(client, client.submit(small_round).location.rpartition("/")[0])
        assert client.submit(review).location.endswith("/cam-on")

    assert len(read_responses(app)) == 2 * AT_ONCE


def _use_up(app: Flask, count: int) -> None:
    for _ in range(count):
        assert callers.shared(app).limits.take(callers.invited_key(*PLACE)) == 0


def _token(client: PageClient, path: str) -> str:
    return str(read_form(client.get(path).text).fields["csrf_token"])
