"""Behind a proxy, with a public address: which host was asked, and whether over HTTPS."""

from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import Client

from survey.settings import Settings
from tests.integration.survey.web.api.conftest import Post, body, read_responses

PUBLIC = {"X-Forwarded-Host": "khaosat.example.vn", "X-Forwarded-Proto": "https"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, public_address="https://khaosat.example.vn", trusted_proxies=1)


@pytest.fixture
def sender(either_sender: Client) -> Client:
    return either_sender


def test_public_host_is_answered_as_it_was_asked(app: Flask, post: Post) -> None:
    answer = post(body(), headers=PUBLIC)

    assert answer.status_code == 201
    assert "Strict-Transport-Security" in answer.headers
    assert len(read_responses(app)) == 1


def test_only_the_nearest_proxy_is_believed(app: Flask, post: Post) -> None:
    answer = post(body(), headers={"X-Forwarded-Host": "khaosat.example.vn, other.example"})

    assert answer.status_code == 400
    assert read_responses(app) == []


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host"])
def test_other_host_is_refused(app: Flask, post: Post, name: str) -> None:
    answer = post(body(), headers={name: "other.example"})

    assert answer.status_code == 400
    assert read_responses(app) == []
