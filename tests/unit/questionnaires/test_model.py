"""The questionnaire as a value: lookups, wording, document and digest."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from questionnaires.examples import example_document
from questionnaires.loader import parse_questionnaire
from questionnaires.model import Questionnaire


def test_questions_keep_the_order_of_the_file(questionnaire: Questionnaire) -> None:
    assert [question.id for question in questionnaire.questions] == [
        *("visited", "q01", "q02", "expected", "channels", "why"),
    ]
    assert [question.id for question in questionnaire.items_of("service")] == ["q01", "q02"]


def test_a_missing_question_or_section_is_a_key_error_or_none(questionnaire: Questionnaire) -> None:
    with pytest.raises(KeyError):
        questionnaire.question("nobody")
    with pytest.raises(KeyError):
        questionnaire.section("nowhere")
    assert questionnaire.find_question("nobody") is None
    assert questionnaire.find_section("nowhere") is None


def test_a_question_knows_its_section_and_role(questionnaire: Questionnaire) -> None:
    expected = questionnaire.question_with_role("expectation")
    assert expected is not None
    assert questionnaire.section_of(expected.id).id == "closing"
    assert questionnaire.question_with_role("sector") is None


def test_a_rating_has_the_options_of_its_scale(questionnaire: Questionnaire) -> None:
    question = questionnaire.question("q01")
    assert question.option_codes == (1, 2, 3)
    assert question.rating_scale is questionnaire.scales["satisfaction"]


def test_a_yes_no_question_has_the_options_yes_and_no(questionnaire: Questionnaire) -> None:
    assert questionnaire.question("visited").option_codes == ("yes", "no")


def test_required_follows_the_kind_unless_stated() -> None:
    document = example_document()
    document["sections"][1]["questions"][0]["required"] = False
    document["sections"][2]["questions"][2]["required"] = True
    questionnaire = parse_questionnaire(document)
    required = [question.id for question in questionnaire.questions if question.required]
    assert required == ["visited", "q02", "why"]


def test_the_first_variant_that_holds_replaces_the_text() -> None:
    document = example_document()
    condition = {"question": "visited", "in": ["yes"]}
    wording = {"vi": "Thái độ của cô giáo", "en": "The teacher's manner"}
    document["sections"][1]["questions"][0]["variants"] = [{"when": condition, "text": wording}]
    question = parse_questionnaire(document).question("q01")
    assert question.text_for({"visited": "yes"}).vi == "Thái độ của cô giáo"
    assert question.text_for({}).vi == "Thái độ phục vụ"


def test_text_falls_back_to_vietnamese(questionnaire: Questionnaire) -> None:
    assert questionnaire.title.in_language("vi") == questionnaire.title.in_language("fr") == "Phiếu ví dụ"


def test_nothing_can_be_changed(questionnaire: Questionnaire) -> None:
    with pytest.raises(ValidationError):
        questionnaire.version = 2


def test_the_document_survives_json(questionnaire: Questionnaire) -> None:
    document = json.loads(json.dumps(questionnaire.document()))
    again = parse_questionnaire(document)
    assert again == questionnaire
    assert again.digest() == questionnaire.digest()


def test_writing_out_a_default_changes_no_digest(questionnaire: Questionnaire) -> None:
    document = example_document()
    document["index"]["composition"] = "pooled"
    document["sections"][1]["questions"][0] |= {"required": True, "hint": None}
    document["title"]["vi"] += "\n"
    assert parse_questionnaire(document).digest() == questionnaire.digest()


def test_a_changed_word_changes_the_digest(questionnaire: Questionnaire) -> None:
    document = example_document()
    document["title"]["vi"] += "!"
    assert parse_questionnaire(document).digest() != questionnaire.digest()


def test_the_digest_of_the_example_never_changes(questionnaire: Questionnaire) -> None:
    # Published versions are known by their digest: a release that changes it would orphan them.
    assert questionnaire.digest() == "12f3e1e781353226659eb736fca726b7e6c8ae4bd3acc4a3ce7062bd13c84fe6"


def test_using_a_questionnaire_leaves_it_equal_and_usable_as_a_key(questionnaire: Questionnaire) -> None:
    fresh = parse_questionnaire(example_document())
    assert questionnaire.rated
    assert questionnaire.question("q01").option_codes
    assert questionnaire == fresh
    assert {questionnaire: 1}[fresh] == 1
    assert questionnaire.document() == fresh.document()
