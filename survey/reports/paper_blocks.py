"""A questionnaire as blocks on paper: tables of ratings, choices with boxes, lines to write on."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from questionnaires.model import Question, Questionnaire, Text
from survey.reports import paper_words as words
from survey.reports.paper_routing import RoutingWords
from survey.services.paper_codes import NumberedQuestion, number_questions, paper_options

LINES = {"short_text": 1, "long_text": 4}
# Options of which all labels are this short stand in so many columns.
_COLUMNS = ((20, 4), (30, 3), (64, 2))
_MOST_GRID_OPTIONS = 5

Block = dict[str, Any]


class PaperBlocks:
    """Puts one questionnaire into blocks, in one language."""

    def __init__(self, questionnaire: Questionnaire, language: str) -> None:
        self._questionnaire = questionnaire
        self._language = language
        self._routing = RoutingWords(questionnaire, language)
        self._marks = self._mark_variants()

    def variant_notes(self) -> list[str]:
        """What the lines marked (a), (b) … below questions are for."""
        return [self._in(words.VARIANT, mark=mark, condition=text) for text, mark in self._marks.items()]

    def blocks(self) -> list[Block]:
        numbered = number_questions(self._questionnaire)
        listed: list[Block] = []
        for number, section in enumerate(self._questionnaire.sections, 1):
            own = [each for each in numbered if each.section is section]
            listed.append(
                {
                    "kind": "section",
                    "part": self._in(words.PART, number=number),
                    "title": self._in(section.title),
                    "note": self._in(section.note),
                    "routing": self._routing.way_on(section.show_if, section.questions)
                    if section.show_if
                    else "",
                }
            )
            listed += self._section_blocks(own)
        return listed

    def _section_blocks(self, own: Sequence[NumberedQuestion]) -> Iterator[Block]:
        for key, members in groupby(own, key=lambda each: self._group_key(each.question)):
            group = list(members)
            condition = group[0].question.show_if
            routing = self._routing.way_on(condition, [each.question for each in group]) if condition else ""
            if key[0] == "grid":
                yield self._grid(group, routing)
            else:
                yield from ({**self._single(each), "routing": routing} for each in group)

    def _group_key(self, question: Question) -> tuple[Any, ...]:
        """Neighbours with the same key share a table; a question that stands alone has a key of its own."""
        condition = question.show_if.model_dump_json() if question.show_if else ""
        if question.kind == "rating":
            return "grid", question.scale, question.element, condition
        is_choice = question.kind in ("single", "yes_no") and question.options_from is None
        if is_choice and len(question.options) <= _MOST_GRID_OPTIONS and self._has_like_neighbour(question):
            return "grid", tuple(option.label.vi for option in question.options), "", condition
        return "alone", question.id, "", condition

    def _has_like_neighbour(self, question: Question) -> bool:
        siblings = self._questionnaire.section_of(question.id).questions
        place = siblings.index(question)
        around = (*siblings[max(0, place - 1) : place], *siblings[place + 1 : place + 2])
        return any(other.kind == question.kind and other.options == question.options for other in around)

    def _grid(self, group: Sequence[NumberedQuestion], routing: str) -> Block:
        question = group[0].question
        apart = {str(code) for code in question.not_applicable}
        return {
            "kind": "grid",
            "routing": routing,
            "levels": [
                {"number": each.number, "label": self._in(each.label), "apart": each.code in apart}
                for each in paper_options(question)
            ],
            "rows": [self._words(each) for each in group],
        }

    def _single(self, numbered: NumberedQuestion) -> Block:
        question = numbered.question
        common = self._words(numbered)
        if question.kind in LINES:
            return {**common, "kind": "text", "lines": LINES[question.kind]}
        if question.kind in ("number", "percentage"):
            unit = "%" if question.kind == "percentage" else self._in(question.unit_label)
            bounds = question.min is not None and question.max is not None
            between = self._in(words.BETWEEN, min=question.min, max=question.max) if bounds else ""
            return {**common, "kind": "number", "unit": unit, "between": between}
        options = [{"number": each.number, "label": self._in(each.label)} for each in paper_options(question)]
        longest = max((len(option["label"]) for option in options), default=0)
        columns = next((count for length, count in _COLUMNS if longest <= length), 1)
        return {
            **common,
            "kind": "choice",
            "how": self.how_to_tick(question),
            "is_listed": question.options_from is not None,
            "options": options,
            "columns": min(columns, max(1, len(options))),
        }

    def how_to_tick(self, question: Question) -> str:
        """What stands above the boxes, unless the question's own hint says as much."""
        if question.options_from is not None:
            return self._in(words.FROM_LIST)
        if question.kind != "multiple":
            return ""
        if self._says_how_many(question):
            return ""
        if question.max_choices is None:
            return self._in(words.SEVERAL)
        return self._in(words.SEVERAL_UP_TO, max=question.max_choices)

    def _says_how_many(self, question: Question) -> bool:
        hint = self._in(question.hint).casefold()
        numbers = re.findall(r"\d+", hint)
        is_bound_said = question.max_choices is None or str(question.max_choices) in numbers
        return is_bound_said and self._in(words.SAYS_HOW_MANY) in hint

    def _words(self, numbered: NumberedQuestion) -> Block:
        question = numbered.question
        return {
            "number": numbered.number,
            "text": self._in(question.text),
            "hint": self._in(question.hint),
            "needed": self._in(words.NEEDED) if question.role == "sector" else "",
            "variants": [
                {"mark": self._marks[self._routing.describe(each.when)], "text": self._in(each.text)}
                for each in question.variants or ()
            ],
        }

    def _mark_variants(self) -> dict[str, str]:
        """A letter for each condition under which a wording changes, in the order of the form."""
        conditions = dict.fromkeys(
            self._routing.describe(variant.when)
            for question in self._questionnaire.questions
            for variant in question.variants or ()
        )
        return {condition: chr(ord("a") + place) for place, condition in enumerate(conditions)}

    def _in(self, text: Text | None, **values: object) -> str:
        if text is None:
            return ""
        plain = text.in_language(self._language)
        return plain.format(**values) if values else plain
