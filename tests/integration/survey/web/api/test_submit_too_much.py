"""What is too much: many contents under one id, and a body above the limit."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import Client

from tests.integration.survey.web.api.conftest import Post, body, read_quarantine
from tests.rounds import small_answers

Pair = Callable[..., str]


@pytest.fixture
def sender(either_sender: Client) -> Client:
    """Every response comes in both ways."""
    return either_sender


def test_of_many_conflicts_without_a_device_few_are_kept(app: Flask, post: Post) -> None:
    sent = body()
    post(sent)
    answers = [post({**sent, "answers": small_answers(1, rating)}) for rating in (1, 2, 3, 4, 5)]
    assert [answer.status_code for answer in answers] == [409] * 5
    assert [answer.json["kept"] for answer in answers] == [True, True, True, False, False]
    assert "không được giữ lại" in answers[-1].json["detail"]
    assert len(read_quarantine(app)) == 3


def test_a_device_may_send_more_conflicts_of_an_id(app: Flask, post: Post, pair: Pair) -> None:
    credential, sent = pair(), body()
    post(sent, credential)
    for rating in (1, 2, 3, 4, 5):
        assert post({**sent, "answers": small_answers(1, rating)}, credential).json["kept"] is True
    assert len(read_quarantine(app)) == 5


@pytest.mark.parametrize("size", [300_000, 5_000_000])
def test_what_is_too_large_leaves_a_mark_where_a_device_sent_it(
    app: Flask, post: Post, pair: Pair, size: int
) -> None:
    credential, large = pair(), {**body(), "answers": {"q1": "x" * size}}
    answers = [post(large, credential) for _ in range(2)]
    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [(413, "too_large")] * 2
    assert "kept" not in answers[0].json
    (mark,) = read_quarantine(app)
    assert (mark.reason, mark.device_id is not None, set(mark.content)) == ("malformed", True, {"kilobytes"})
    assert mark.content["kilobytes"] == pytest.approx(size / 1024, abs=2)


def test_what_is_too_large_leaves_no_mark_of_a_stranger(app: Flask, post: Post, small_round: None) -> None:
    large = {**body(), "answers": {"q1": "x" * 300_000}}
    assert post(large).status_code == 413
    assert post(large, "nobody").status_code == 401
    assert read_quarantine(app) == []
