"""Every fault is found, once, at its place; ten faults are ten problems."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from questionnaires.checks import check_document
from questionnaires.examples import example_document
from questionnaires.messages import render_problem

Document = dict[str, Any]
Change = Callable[[Document], None]


def _put(path: str, value: object) -> Change:
    """Return a change that sets one place, such as ``sections.0.questions.0.id``."""
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]

    def change(document: Document) -> None:
        place: Any = document
        for step in steps:
            place = place[step]
        place[last] = value

    return change


def _drop(path: str) -> Change:
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]

    def change(document: Document) -> None:
        place: Any = document
        for step in steps:
            place = place[step]
        del place[last]

    return change


def _all(*changes: Change) -> Change:
    def change(document: Document) -> None:
        for each in changes:
            each(document)

    return change


def _weigh(*weights: float | None) -> Change:
    def change(document: Document) -> None:
        title = {"vi": "Yếu tố", "en": "Element"}
        elements: list[Document] = [{"id": f"e{place}", "title": title} for place in range(len(weights))]
        for element, weight in zip(elements, weights, strict=True):
            if weight is not None:
                element["weight"] = weight
        document["index"] |= {"composition": "weighted_elements", "elements": elements}
        for place, question in enumerate(document["sections"][1]["questions"]):
            question["element"] = f"e{place}"

    return change


def _use_scale_with_na(document: Document) -> None:
    labels = [{"code": code, "label": {"vi": f"Mức {code}", "en": f"Level {code}"}} for code in range(6)]
    document["scales"]["satisfaction"] = {"kind": "five_level_na", "options": labels, "not_applicable": [0]}


def _add_scale(kind: str, codes: list[int]) -> Change:
    labels = [{"code": code, "label": {"vi": f"Mức {code}", "en": f"Level {code}"}} for code in codes]
    return _put("scales.other", {"kind": kind, "options": labels})


SCALE = "scales.satisfaction"
RATING = "sections.1.questions.0"
CLOSING = "sections.2.questions"
TEXT = {"vi": "Chữ", "en": "Text"}
OTHER_OPTIONS = [{"code": "a", "label": TEXT}, {"code": "b", "label": TEXT}]
VISITED = {"question": "visited", "in": ["yes"]}
PROCEDURE = {"id": "procedure", "kind": "single", "options_from": "procedures", "text": TEXT}
SECTOR = {"id": "sector", "kind": "single", "role": "sector", "options": OTHER_OPTIONS, "text": TEXT}

SHAPE_FAULTS = [
    (_drop("title"), "missing_field", "title"),
    (_put("colour", "red"), "unknown_field", "colour"),
    (_put(f"{RATING}.colour", "red"), "unknown_field", "sections[1].questions[0].colour"),
    (_put("format", 2), "not_one_of", "format"),
    (_put("version", "1"), "wrong_type", "version"),
    (_put("version", 0), "too_small", "version"),
    (_put("version", True), "wrong_type", "version"),
    (_put("id", "Tên phiếu"), "bad_id", "id"),
    (_put("id", "x" * 41), "too_long", "id"),
    (_put("layout", "poster"), "not_one_of", "layout"),
    (_put("title", "Phiếu"), "wrong_type", "title"),
    (_put("title", None), "wrong_type", "title"),
    (_drop("title.vi"), "missing_vietnamese", "title.vi"),
    (_put("title.vi", None), "missing_vietnamese", "title.vi"),
    (_put("title.vi", " \n"), "missing_vietnamese", "title.vi"),
    (_put("title.en", ""), "missing_english", "title.en"),
    (_put("title.vi", 7), "wrong_type", "title.vi"),
    (_drop("introduction.contact"), "missing_field", "introduction.contact"),
    (_put("sections.2.questions", []), "too_few_entries", "sections[2].questions"),
    (_put(f"{RATING}.kind", "stars"), "not_one_of", "sections[1].questions[0].kind"),
    (_put(f"{RATING}.id", "1a"), "bad_id", "sections[1].questions[0].id"),
    (_put(f"{RATING}.required", "yes"), "wrong_type", "sections[1].questions[0].required"),
    (_put(f"{RATING}.variants", []), "too_few_entries", "sections[1].questions[0].variants"),
    (_put(f"{CLOSING}.1.options.0.code", 1), "wrong_type", "sections[2].questions[1].options[0].code"),
    (_put(f"{CLOSING}.1.max_choices", 1), "too_small", "sections[2].questions[1].max_choices"),
    (_put(f"{RATING}.show_if", {"question": "visited"}), "bad_condition", "sections[1].questions[0].show_if"),
    (_put(f"{RATING}.show_if", {"all": []}), "too_few_entries", "sections[1].questions[0].show_if.all"),
    (
        _put(f"{RATING}.show_if", {"not": {"question": "visited", "in": [True]}}),
        "wrong_type",
        "sections[1].questions[0].show_if.not.in[0]",
    ),
    (
        _put(f"{RATING}.show_if", {"question": "visited", "answered": False}),
        "not_one_of",
        "sections[1].questions[0].show_if.answered",
    ),
]

FORM_FAULTS = [
    (_put("sections.2.id", "visit"), "duplicate_id", "sections[2].id"),
    (_put("sections.1.questions.1.id", "q01"), "duplicate_id", "sections[1].questions[1].id"),
    (_put("sections.1.questions.1.id", "visited"), "duplicate_id", "sections[1].questions[1].id"),
    (_put("layout", "single_screen"), "single_screen_sections", "sections"),
    (_drop("measure"), "measure_missing", "measure"),
    (_drop("index"), "index_missing", "index"),
    (_all(_put("purpose", "pulse"), _put("measure", None)), "pulse_with_index", "index"),
]

SCALE_FAULTS = [
    (_put(f"{SCALE}.kind", "ten_level"), "not_one_of", "scales.satisfaction.kind"),
    (_add_scale("three_level", [1, 2, 3]), "unused_scale", "scales.other"),
    (_put(f"{SCALE}.options.0.code", 10), "code_not_one_digit", "scales.satisfaction.options[0].code"),
    (_put(f"{SCALE}.options.0.code", -1), "code_not_one_digit", "scales.satisfaction.options[0].code"),
    (_put(f"{SCALE}.options.0.code", 4), "wrong_scale_codes", "scales.satisfaction.options"),
    (_drop(f"{SCALE}.options.0"), "wrong_scale_codes", "scales.satisfaction.options"),
    (_put(f"{SCALE}.kind", "five_level"), "wrong_scale_codes", "scales.satisfaction.options"),
    (
        _all(_put(f"{SCALE}.options.0.code", 2), _put(f"{SCALE}.options.1.code", 1)),
        "codes_out_of_order",
        "scales.satisfaction.options",
    ),
    (
        _put(f"{SCALE}.not_applicable", [1]),
        "not_applicable_not_allowed",
        "scales.satisfaction.not_applicable",
    ),
    (
        _all(_use_scale_with_na, _drop(f"{SCALE}.not_applicable")),
        "not_applicable_missing",
        "scales.satisfaction.not_applicable",
    ),
    (
        _all(_use_scale_with_na, _put(f"{SCALE}.not_applicable", [0, 5])),
        "not_applicable_missing",
        "scales.satisfaction.not_applicable",
    ),
]

INDEX_FAULTS = [
    (_put("index.satisfied", [5]), "satisfied_not_on_scale", "index.satisfied[0]"),
    (_put("index.satisfied", [3, 3]), "duplicate_code", "index.satisfied[1]"),
    (_put("index.satisfied", [1, 2, 3]), "all_codes_satisfied", "index.satisfied"),
    (_put("index.satisfied", []), "too_few_entries", "index.satisfied"),
    (_put("index.satisfied", [33]), "code_not_one_digit", "index.satisfied[0]"),
    (
        _all(_use_scale_with_na, _put("index.satisfied", [0, 5])),
        "satisfied_not_applicable",
        "index.satisfied[0]",
    ),
    (
        lambda document: document["index"]["elements"].append({"id": "place", "title": TEXT}),
        "element_without_items",
        "index.elements[1]",
    ),
    (_put("index.elements.0.weight", 1), "weight_not_allowed", "index.elements[0].weight"),
    (_weigh(0.5, None), "weight_missing", "index.elements[1].weight"),
    (_weigh(0.5, 0.6), "weights_do_not_sum", "index.elements"),
    (_weigh(0.5, -0.5), "not_above", "index.elements[1].weight"),
    (_put("index.composition", "median"), "not_one_of", "index.composition"),
    (
        _all(_add_scale("score_210", [2, 1, 0]), _put("sections.1.questions.1.scale", "other")),
        "mixed_scales",
        "sections[1].questions[1].scale",
    ),
]

QUESTION_FAULTS = [
    (_put(f"{RATING}.scale", "five"), "unknown_scale", "sections[1].questions[0].scale"),
    (_put(f"{RATING}.element", "place"), "unknown_element", "sections[1].questions[0].element"),
    (_put(f"{RATING}.max", 5), "field_not_for_kind", "sections[1].questions[0].max"),
    (_put("sections.0.questions.0.options", []), "field_not_for_kind", "sections[0].questions[0].options"),
    (_drop(f"{RATING}.scale"), "missing_field", "sections[1].questions[0].scale"),
    (_drop(f"{CLOSING}.0.max"), "missing_field", "sections[2].questions[0].max"),
    (_drop(f"{CLOSING}.1.options"), "missing_field", "sections[2].questions[1].options"),
    (_put(f"{CLOSING}.0.min", 201), "min_above_max", "sections[2].questions[0].min"),
    (_put(f"{CLOSING}.0.max", 10**10), "too_large", "sections[2].questions[0].max"),
    (_put(f"{CLOSING}.1.max_choices", 4), "too_large", "sections[2].questions[1].max_choices"),
    (
        _put(f"{CLOSING}.1.options.1.code", "radio"),
        "duplicate_code",
        "sections[2].questions[1].options[1].code",
    ),
    (
        _all(_put(f"{CLOSING}.1.options", OTHER_OPTIONS[:1]), _drop(f"{CLOSING}.1.max_choices")),
        "too_few_options",
        "sections[2].questions[1].options",
    ),
    (
        _put(
            f"{CLOSING}.2", {**SECTOR, "options": [{**OTHER_OPTIONS[0], "exclusive": True}, OTHER_OPTIONS[1]]}
        ),
        "exclusive_only_multiple",
        "sections[2].questions[2].options[0].exclusive",
    ),
    (
        _put("sections.0.questions.0.role", "sector"),
        "role_not_for_kind",
        "sections[0].questions[0].role",
    ),
    (_put("sections.0.questions.0.role", "poet"), "not_one_of", "sections[0].questions[0].role"),
    (
        _all(_put(f"{RATING}.role", "overall"), _put("sections.1.questions.1.role", "overall")),
        "duplicate_role",
        "sections[1].questions[1].role",
    ),
    (
        _all(_put(f"{CLOSING}.1", PROCEDURE), _put(f"{CLOSING}.2", SECTOR)),
        "sector_after_procedure",
        "sections[2].questions[1].options_from",
    ),
]

CONDITION_FAULTS = [
    ({"question": "visitted", "in": ["yes"]}, "unknown_question", ".question"),
    ({"question": "why", "answered": True}, "later_question", ".question"),
    ({"question": "q02", "answered": True}, "later_question", ".question"),
    ({"question": "visited", "in": ["yess"]}, "impossible_code", ".in[0]"),
    ({"question": "q01", "in": [1, 4]}, "impossible_code", ".in[1]"),
    ({"question": "q01", "in": ["1"]}, "impossible_code", ".in[0]"),
    ({"question": "visited", "at_least": 1}, "operator_not_for_kind", ".at_least"),
    ({"question": "q01", "at_least": 4}, "impossible_bound", ".at_least"),
    ({"question": "q01", "at_most": 0}, "impossible_bound", ".at_most"),
    ({"any": [VISITED, {"question": "who", "answered": True}]}, "unknown_question", ".any[1].question"),
    ({"all": [{"not": {"question": "who", "answered": True}}]}, "unknown_question", ".all[0].not.question"),
]

ALL_FAULTS = [*SHAPE_FAULTS, *FORM_FAULTS, *SCALE_FAULTS, *INDEX_FAULTS, *QUESTION_FAULTS]


def _found(document: Document) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in check_document(document)]


def test_a_sound_document_has_no_problem() -> None:
    assert check_document(example_document()) == []


@pytest.mark.parametrize(("change", "code", "path"), ALL_FAULTS, ids=[f"{f[1]}-{f[2]}" for f in ALL_FAULTS])
def test_one_fault_is_one_problem(change: Change, code: str, path: str) -> None:
    document = example_document()
    change(document)
    assert _found(document) == [(code, path)]


@pytest.mark.parametrize(("condition", "code", "suffix"), CONDITION_FAULTS)
def test_a_faulty_condition_is_found_wherever_it_stands(condition: Document, code: str, suffix: str) -> None:
    as_show_if, as_variant = example_document(), example_document()
    as_show_if["sections"][1]["questions"][1]["show_if"] = condition
    as_variant["sections"][1]["questions"][1]["variants"] = [{"when": condition, "text": TEXT}]
    place = "sections[1].questions[1]"
    assert _found(as_show_if) == [(code, f"{place}.show_if{suffix}")]
    assert _found(as_variant) == [(code, f"{place}.variants[0].when{suffix}")]


def test_a_section_condition_must_not_name_a_question_of_its_own() -> None:
    document = example_document()
    document["sections"][1]["show_if"] = {"question": "q01", "in": [1]}
    assert _found(document) == [("later_question", "sections[1].show_if.question")]


def test_a_condition_on_catalogue_options_is_left_to_the_catalogue() -> None:
    document = example_document()
    document["sections"][0]["questions"].append(PROCEDURE)
    document["sections"][2]["show_if"] = {"question": "procedure", "in": ["1.004227"]}
    assert _found(document) == []


def test_a_comparison_must_not_catch_not_applicable() -> None:
    document = example_document()
    _use_scale_with_na(document)
    document["sections"][2]["show_if"] = {"question": "q01", "at_most": 2}
    assert _found(document) == [("compares_not_applicable", "sections[2].show_if.at_most")]


def test_a_pulse_has_neither_index_nor_measure_nor_elements() -> None:
    document = example_document() | {"purpose": "pulse"}
    del document["index"]
    assert _found(document) == [
        ("pulse_with_measure", "measure"),
        ("element_without_index", "sections[1].questions[0].element"),
        ("element_without_index", "sections[1].questions[1].element"),
    ]


def test_weights_that_add_up_are_accepted() -> None:
    document = example_document()
    _weigh(0.1, 0.9)(document)
    assert check_document(document) == []


def test_scales_with_and_without_not_applicable_share_an_index() -> None:
    document = example_document()
    _use_scale_with_na(document)
    _add_scale("five_level", [5, 4, 3, 2, 1])(document)
    document["sections"][1]["questions"][1]["scale"] = "other"
    document["index"]["satisfied"] = [4, 5]
    assert check_document(document) == []


def test_a_rating_outside_the_index_may_have_any_scale() -> None:
    document = example_document()
    _add_scale("score_210", [2, 1, 0])(document)
    document["sections"][1]["questions"].append(
        {"id": "all", "kind": "rating", "scale": "other", "text": TEXT}
    )
    assert check_document(document) == []


def test_ten_faults_are_ten_problems_in_the_order_of_the_file() -> None:
    document = example_document()
    changes = [
        _put("layout", "poster"),
        _put("title.vi", " "),
        _put("introduction.who.en", ""),
        _put(f"{SCALE}.options.0.code", 7),
        _put("index.satisfied", [9]),
        _put("sections.0.questions.0.kind", "maybe"),
        _put("sections.1.show_if", {"question": "nobody", "in": ["yes"]}),
        _put("sections.1.questions.0.element", "place"),
        _put(f"{CLOSING}.0.min", 300),
        _put(f"{CLOSING}.2.colour", "red"),
    ]
    _all(*changes)(document)
    assert _found(document) == [
        ("not_one_of", "layout"),
        ("missing_vietnamese", "title.vi"),
        ("missing_english", "introduction.who.en"),
        ("wrong_scale_codes", "scales.satisfaction.options"),
        ("satisfied_not_on_scale", "index.satisfied[0]"),
        ("not_one_of", "sections[0].questions[0].kind"),
        ("unknown_question", "sections[1].show_if.question"),
        ("unknown_element", "sections[1].questions[0].element"),
        ("min_above_max", "sections[2].questions[0].min"),
        ("unknown_field", "sections[2].questions[2].colour"),
    ]


def test_a_wrong_kind_hides_no_code_that_is_used_twice() -> None:
    document = example_document()
    twice = [{"code": "a", "label": TEXT}, {"code": "b", "label": TEXT}, {"code": "a", "label": TEXT}]
    question = {"id": "asked", "kind": "choose", "text": TEXT, "options": twice}
    document["sections"][2]["questions"].append(question)

    place = f"sections[2].questions[{len(document['sections'][2]['questions']) - 1}]"
    assert _found(document) == [
        ("not_one_of", f"{place}.kind"),
        ("duplicate_code", f"{place}.options[2].code"),
    ]


@pytest.mark.parametrize("field", ["purpose", "layout", "composition"])
def test_the_allowed_values_are_listed_without_an_english_word(field: str) -> None:
    document = example_document()
    _put(f"index.{field}" if field == "composition" else field, "?")(document)

    (problem,) = [each for each in check_document(document) if each.code == "not_one_of"]

    assert len(problem.params["allowed"]) >= 2
    assert all(re.fullmatch("[a-z_]+", value) for value in problem.params["allowed"])
    assert " or " not in render_problem(problem, "vi")


@pytest.mark.parametrize("document", [None, 3, "phiếu", [], {}, {"sections": "x", "scales": 1, "index": []}])
def test_any_document_at_all_gives_problems_and_no_crash(document: object) -> None:
    assert check_document(document)


@pytest.mark.parametrize("junk", [-1, "?", {"x": [None]}, [3], [[]], True])
@pytest.mark.parametrize("field", sorted(example_document()))
def test_junk_in_any_place_is_reported_not_raised(field: str, junk: object) -> None:
    assert check_document(example_document() | {field: junk})
