"""What respondents told beside their ratings: unweighted counts of the other questions, and their own words.

Comments may name people: they are for coordinators alone, without day and receipt, and in an order that
follows from their words.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from questionnaires.model import Question, Questionnaire, Text
from survey.services.index_report_values import FEW, SUPPRESSED
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import get_round, get_round_form
from survey.services.withheld_channels import withheld_places
from survey.services.withholding import MINIMUM_RESPONDENTS
from survey.store import catalogue, rounds
from survey.store.database import Session
from survey.store.survey_data import read_details

SELECTIONS: Final = ("invited", "self_selected")
TEXT_KINDS: Final = ("short_text", "long_text")
# First number of each class, and what it is called.
_NUMBER_CLASSES: Final = (
    *((number, Text(vi=str(number), en=str(number))) for number in range(5)),
    (5, Text(vi="từ 5 trở lên", en="5 or more")),
)
_PERCENT_CLASSES: Final = (
    (0, Text(vi="dưới 50%", en="below 50%")),
    (50, Text(vi="từ 50% đến dưới 70%", en="50% to below 70%")),
    (70, Text(vi="từ 70% đến dưới 80%", en="70% to below 80%")),
    (80, Text(vi="từ 80% đến dưới 90%", en="80% to below 90%")),
    (90, Text(vi="từ 90% đến dưới 100%", en="90% to below 100%")),
    (100, Text(vi="đúng 100%", en="exactly 100%")),
    (101, Text(vi="trên 100%", en="above 100%")),
)


@dataclass(frozen=True)
class CountCell:
    """How many chose an option, and their share of those who answered; or the reason why it is not shown."""

    count: int | None
    share: float | None
    reason: str = ""


@dataclass(frozen=True)
class AnswerLine:
    """An option, with a cell for each kind of selection."""

    label: Text
    cells: tuple[CountCell, ...]


@dataclass(frozen=True)
class AnswerTable:
    """A question that is not rated. `answer_counts` has a number for each kind of selection."""

    question_id: str
    question: Text
    is_multiple: bool
    answer_counts: tuple[int, ...]
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True)
class Comment:
    """What somebody wrote. `unit_name` is None where few answered at the unit."""

    question_id: str
    question: Text
    text: str
    unit_code: str | None
    unit_name: Text | None


@dataclass(frozen=True)
class FurtherAnswers:
    """The answers of one questionnaire of a round that no index is made of."""

    form_id: str
    form_title: Text
    measure_code: str | None
    is_demonstration: bool
    round_code: str
    round_title: Text
    response_count: int
    selections: tuple[str, ...]
    tables: tuple[AnswerTable, ...]
    comments: tuple[Comment, ...]


def list_further_answers(session: Session, round_code: str) -> list[FurtherAnswers]:
    """Those of every questionnaire of the round that has other questions than rated ones."""
    survey_round = get_round(session, round_code)
    forms = rounds.list_forms(session, survey_round.id)
    return [
        get_further_answers(session, round_code, form.form_id)
        for form in forms
        if has_further_questions(get_questionnaire(session, form.version_id, form.digest))
    ]


def has_further_questions(questionnaire: Questionnaire) -> bool:
    return any(question.kind != "rating" for question in questionnaire.questions)


def get_further_answers(session: Session, round_code: str, form_id: str) -> FurtherAnswers:
    """Count the answers of one questionnaire and gather what was written."""
    form = get_round_form(session, round_code, form_id)
    questionnaire, survey_round = form.questionnaire, form.survey_round
    tally = _Tally.of(questionnaire)
    for selection, unit_id, details in read_details(session, survey_round.id, form.version_id):
        tally.add(selection, unit_id, details)
    units = {unit.id: unit for unit in rounds.list_units_of_round(session, survey_round.id)}
    nameless = nameless_units(tally.responses_of_unit)
    selections = tuple(name for name in SELECTIONS if tally.responses_of_selection[name])
    names = {
        procedure.code: Text(vi=procedure.name, en=procedure.name_en)
        for procedure in catalogue.list_procedures(session, survey_round.opens_on)
    }
    comments = (
        Comment(
            question.id,
            question.text,
            text,
            None if unit_id in nameless else units[unit_id].code,
            None if unit_id in nameless else Text(vi=units[unit_id].name, en=units[unit_id].name_en),
        )
        for question, text, unit_id in tally.comments
    )
    return FurtherAnswers(
        form_id=form_id,
        form_title=questionnaire.title,
        measure_code=questionnaire.measure,
        is_demonstration=survey_round.is_demonstration,
        round_code=round_code,
        round_title=form.round_title,
        response_count=sum(tally.responses_of_unit.values()),
        selections=selections,
        tables=tuple(
            _table(question, tally.counts[question.id], tally.answered[question.id], selections, names)
            for question in questionnaire.questions
            if question.kind not in ("rating", *TEXT_KINDS)
        ),
        comments=tuple(sorted(comments, key=_shuffled)),
    )


def nameless_units(responses: Mapping[int, int]) -> set[int]:
    """Units too small to be named beside a comment, and further ones so that no single unit is meant."""
    small = {unit for unit, count in responses.items() if count < MINIMUM_RESPONDENTS}
    others = sorted(set(responses) - small, key=lambda unit: (responses[unit], unit))
    while (
        small and others and (len(small) == 1 or sum(responses[unit] for unit in small) < MINIMUM_RESPONDENTS)
    ):
        small.add(others.pop(0))
    return small


@dataclass
class _Tally:
    """Counts of one pass over the responses."""

    choice_questions: list[Question]
    text_questions: list[Question]
    counts: dict[str, Counter[tuple[str, str]]]
    answered: dict[str, Counter[str]]
    responses_of_unit: Counter[int]
    responses_of_selection: Counter[str]
    comments: list[tuple[Question, str, int]]

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> "_Tally":
        texts = [question for question in questionnaire.questions if question.kind in TEXT_KINDS]
        others = [
            question for question in questionnaire.questions if question.kind not in ("rating", *TEXT_KINDS)
        ]
        return cls(
            others,
            texts,
            {question.id: Counter() for question in others},
            {question.id: Counter() for question in others},
            Counter(),
            Counter(),
            [],
        )

    def add(self, selection: str, unit_id: int, details: Mapping[str, Any]) -> None:
        self.responses_of_unit[unit_id] += 1
        self.responses_of_selection[selection] += 1
        for question in self.choice_questions:
            answer = details.get(question.id)
            if answer is None:
                continue
            self.answered[question.id][selection] += 1
            for code in _classes_of(question, answer):
                self.counts[question.id][selection, code] += 1
        for question in self.text_questions:
            text = str(details.get(question.id) or "").strip()
            if text:
                self.comments.append((question, text, unit_id))


def _classes_of(question: Question, answer: Any) -> Iterator[str]:
    """The codes that an answer counts under: its options, or the class of a number."""
    if isinstance(answer, (list, tuple)):
        yield from map(str, answer)
    elif question.kind in ("number", "percentage"):
        yield str(max(first for first, _ in _classes(question) if first <= max(int(answer), 0)))
    else:
        yield str(answer)


def _classes(question: Question) -> Sequence[tuple[int, Text]]:
    return _PERCENT_CLASSES if question.kind == "percentage" else _NUMBER_CLASSES


def _table(
    question: Question,
    counts: Counter[tuple[str, str]],
    answered: Counter[str],
    selections: Iterable[str],
    names: Mapping[str, Text],
) -> AnswerTable:
    selections = tuple(selections)
    labels = _labels(question, sorted({code for _, code in counts}), names)
    columns = [
        _cells([counts[selection, code] for code in labels], answered[selection], question.kind == "multiple")
        for selection in selections
    ]
    lines = (
        AnswerLine(label, tuple(column[place] for column in columns))
        for place, label in enumerate(labels.values())
    )
    return AnswerTable(
        question.id,
        question.text,
        question.kind == "multiple",
        tuple(answered[selection] for selection in selections),
        tuple(lines),
    )


def _labels(question: Question, found: Iterable[str], names: Mapping[str, Text]) -> dict[str, Text]:
    """What the codes are called: those of the questionnaire in its order, then others that were chosen."""
    if question.kind in ("number", "percentage"):
        return {str(first): label for first, label in _classes(question)}
    labels = {str(option.code): option.label for option in question.options}
    return {
        **{code: names.get(code, Text(vi=code, en=code)) for code in found if code not in labels},
        **labels,
    }


def _cells(counts: list[int], answered: int, is_multiple: bool) -> list[CountCell]:
    """Small counts withheld; where the options add up, further ones, so that none can be subtracted."""
    if answered < MINIMUM_RESPONDENTS:
        reason = SUPPRESSED if answered else "empty_domain"
        return [CountCell(None, None, reason) for _ in counts]
    withheld = withheld_places(counts, [] if is_multiple else [list(range(len(counts)))])
    return [
        CountCell(None, None, FEW if count < MINIMUM_RESPONDENTS else SUPPRESSED)
        if place in withheld
        else CountCell(count, count / answered)
        for place, count in enumerate(counts)
    ]


def _shuffled(comment: Comment) -> bytes:
    """An order in which neighbours have nothing in common: it follows from the words alone."""
    return hashlib.sha256(f"{comment.question_id}\0{comment.text}".encode()).digest()
