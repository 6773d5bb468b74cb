"""Anything at all posted to the pages of a respondent: no 5xx, and nothing stored but whole responses."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from questionnaires.answers import check_response, render_answers
from questionnaires.model import Question, Questionnaire
from survey.app import create_app
from survey.models import Response
from survey.services.sent_responses import find_sent_response
from survey.settings import Settings
from survey.store.database import Database
from survey.store.migrate import upgrade
from tests.factories import (
    ROUND_CODE,
    SHIPPED_FORMS,
    UNITS_OF_FORM,
    fill_answers,
    open_shipped_round,
    shipped_form,
)

Fields = dict[str, list[str]]
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_ANY_TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "0", "-1", "5.0", "٣", "1e9", "9" * 400, "\x00", "\ud7ff", "é", "<b>", "' OR 1=1 --"]
    ),
)
_MOVES = st.sampled_from(["next", "back", "skip", "vi", "en", "send", "", "no-such-move"])


@dataclass
class Fuzz:
    """Counts of one run."""

    inputs: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    stored: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        return f"{self.inputs} form posts: {answers}; {self.stored} responses stored, all of them whole"


def fuzz_forms(directory: Path, *, inputs: int) -> Fuzz:
    """Post so many inputs to the pages of the seven shipped forms."""
    app, database = _application(directory)
    fuzz = Fuzz()
    for form_id in SHIPPED_FORMS:
        _fuzz_form(app, form_id, fuzz, -(-inputs // len(SHIPPED_FORMS)))
    with database.read() as session:
        for response_id in session.scalars(select(Response.id)).all():
            sent = find_sent_response(session, response_id)
            assert sent is not None
            choices = {
                question.id: [str(sent.answers.get(question.id))] for question in sent.questionnaire.questions
            }
            if check_response(sent.questionnaire, sent.answers, choices):
                fuzz.faults.append(f"{response_id} is stored with problems")
            fuzz.stored += 1
    database.dispose()
    return fuzz


def _application(directory: Path) -> tuple[Flask, Database]:
    settings_ = Settings(
        data_directory=directory, database_url=f"sqlite:///{directory}/fuzz.db", secret_key="k" * 40
    )
    upgrade(settings_.database_url)
    database = Database(settings_.database_url)
    with database.write() as session:
        open_shipped_round(session)
    return create_app(settings_), database


def _fuzz_form(app: Flask, form_id: str, fuzz: Fuzz, inputs: int) -> None:
    """Begin a response, post a few things to its pages, begin the next, until so many were posted."""
    client, questionnaire = app.test_client(), shipped_form(form_id)
    start = f"/khao-sat/{ROUND_CODE}/{form_id}/{UNITS_OF_FORM[form_id][0]}"
    aside = [start, start.replace("/khao-sat/", "/kiosk/"), "khong-co"]
    in_order = [start]
    if questionnaire.layout != "single_screen":
        in_order = [*(section.id for section in questionnaire.sections), "xem-lai"]
    orders = st.one_of(st.just(in_order), st.permutations(in_order + aside))
    changes = st.one_of(st.just({}), st.just({}), _wrong_fields(questionnaire))
    steps = st.lists(st.tuples(changes, st.integers(0, 9)), min_size=len(in_order), max_size=len(in_order))

    @settings(
        max_examples=-(-inputs // len(in_order)),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(whole=_whole(questionnaire), order=orders, steps=steps)
    def fill(whole: Fields, order: list[str], steps: list[tuple[Fields, int]]) -> None:
        response_id, token = uuid4(), _token(client, start)
        hidden = {"csrf_token": [token], "response_id": [str(response_id)]}
        client.post(start, data=hidden)
        # One in ten comes without its token.
        for page, (changed, luck) in zip(order, steps, strict=False):
            path = page if page.startswith("/") else f"/phieu/{response_id}/{page}"
            fields = {**whole, **changed, **(hidden if luck else {})}
            answer = client.post(path, data=fields, content_type="application/x-www-form-urlencoded")
            fuzz.inputs += 1
            fuzz.statuses[answer.status_code] += 1
            if answer.status_code >= 500:
                fuzz.faults.append(f"{answer.status_code} from {path} for {fields!r}")

    fill()


def _token(client: FlaskClient, start: str) -> str:
    found = _TOKEN.search(client.get(start).get_data(as_text=True))
    assert found is not None
    return found[1]


def _wrong_fields(questionnaire: Questionnaire) -> st.SearchStrategy[Fields]:
    """A few values that are wrong, doubled, missing or invented."""
    values = {f"answer_{question.id}": _values(question) for question in questionnaire.questions}
    others = {"move": st.lists(_MOVES, max_size=2), "invented": st.lists(_ANY_TEXT, max_size=2)}
    names = st.lists(st.sampled_from(sorted(values)), max_size=2, unique=True)
    return names.flatmap(
        lambda chosen: st.fixed_dictionaries({name: values[name] for name in chosen}, optional=others)
    )


def _whole(questionnaire: Questionnaire) -> st.SearchStrategy[Fields]:
    def fill(seed: int) -> Fields:
        rendered = render_answers(questionnaire, fill_answers(questionnaire, Random(seed)))
        return {
            f"answer_{name}": value if isinstance(value, list) else [value]
            for name, value in rendered.items()
        }

    return st.integers(0, 2**32).map(fill)


def _values(question: Question) -> st.SearchStrategy[list[str]]:
    codes = [str(code) for code in question.option_codes] or ["7", "xin cảm ơn"]
    return st.one_of(
        st.lists(st.sampled_from(codes), min_size=1, max_size=1),
        st.lists(st.one_of(st.sampled_from(codes), _ANY_TEXT), max_size=3),
    )
