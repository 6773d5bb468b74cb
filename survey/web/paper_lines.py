"""What the pages on paper forms show: serial numbers in words, fields to key, values side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from questionnaires.model import Answers, AnswerValue, Questionnaire, Text
from questionnaires.problems import Problem
from survey.services.paper_codes import (
    NumberedQuestion,
    PaperOption,
    is_one_key,
    keyed_label,
    number_questions,
    paper_options,
    write_keyed,
)
from survey.web.forms.answers import field_name
from survey.web.paper_sentences import problem_sentence

Catalogue = Mapping[str, list[tuple[str, Text]]]


@dataclass(frozen=True)
class KeyField:
    """One question on the keying screen. `legend` is shown where it differs from the one above."""

    id: str
    number: int
    text: Text
    section: Text | None
    kind: str
    legend: tuple[PaperOption, ...]
    has_own_legend: bool
    legend_id: str
    codes: str
    is_one_key: bool
    listed: tuple[tuple[str, Text], ...]
    value: str
    error: str | None = None
    saved: str | None = None


@dataclass(frozen=True)
class DecisionField:
    """One question that was keyed differently, with both values as numbers and in words."""

    id: str
    number: int
    text: Text
    first: tuple[str, str]
    second: tuple[str, str]
    is_equal: bool
    legend: tuple[PaperOption, ...]
    choice: str
    value: str
    error: str | None = None


def serial_ranges(serials: Iterable[int]) -> str:
    """`0003, 0007–0012`."""
    ranges: list[list[int]] = []
    for serial in sorted(serials):
        if ranges and serial == ranges[-1][1] + 1:
            ranges[-1][1] = serial
        else:
            ranges.append([serial, serial])
    return ", ".join(f"{first:04d}" if first == last else f"{first:04d}–{last:04d}" for first, last in ranges)


def key_fields(
    questionnaire: Questionnaire,
    keyed: Mapping[str, str],
    catalogue: Catalogue,
    problems: Sequence[Problem],
    saved: Mapping[str, str] | None = None,
) -> list[KeyField]:
    """`saved` is what is stored by now, to be shown where it differs from what is in the field."""
    first_problem = {problem.path: problem for problem in reversed(problems)}
    fields: list[KeyField] = []
    for numbered in number_questions(questionnaire):
        above = fields[-1] if fields else None
        name = numbered.question.id
        field = _key_field(numbered, above, keyed, catalogue, first_problem.get(name))
        differs = saved is not None and saved.get(name, "") != field.value
        fields.append(replace(field, saved=saved.get(name, "")) if saved is not None and differs else field)
    return fields


def _key_field(
    numbered: NumberedQuestion,
    above: KeyField | None,
    keyed: Mapping[str, str],
    catalogue: Catalogue,
    problem: Problem | None,
) -> KeyField:
    question, options = numbered.question, paper_options(numbered.question)
    is_new_section = numbered.section.questions[0] is question
    is_shared = above is not None and options == above.legend and not is_new_section
    name = field_name(question.id)
    return KeyField(
        id=name,
        number=numbered.number,
        text=question.text,
        section=numbered.section.title if is_new_section else None,
        kind=question.kind,
        legend=options,
        has_own_legend=bool(options) and not is_shared,
        legend_id=above.legend_id if above is not None and is_shared else f"{name}-legend",
        codes=" ".join(option.number for option in options),
        is_one_key=is_one_key(question),
        listed=tuple(catalogue.get(question.id, ())),
        value=keyed.get(question.id, ""),
        error=problem_sentence(problem, numbered.number) if problem else None,
    )


def decision_fields(
    questionnaire: Questionnaire,
    language: str,
    shown: set[str],
    both: tuple[Answers, Answers],
    given: Mapping[str, tuple[str, str]],
    catalogue: Catalogue,
    problems: Sequence[Problem],
) -> list[DecisionField]:
    """`given` has the choice and the typed value of each question, as the page was sent.

    `language` is what the forms are printed in: the words of both values are those on the paper.
    """
    first_problem = {problem.path: problem for problem in reversed(problems)}
    names = {code: label.in_language(language) for listed in catalogue.values() for code, label in listed}
    fields = []
    for numbered in number_questions(questionnaire):
        question = numbered.question
        if question.id not in shown:
            continue
        values = tuple(_value_words(numbered, answers.get(question.id), names, language) for answers in both)
        choice, typed = given.get(question.id, ("", ""))
        problem = first_problem.get(question.id)
        fields.append(
            DecisionField(
                id=field_name(question.id),
                number=numbered.number,
                text=question.text,
                first=values[0],
                second=values[1],
                is_equal=both[0].get(question.id) == both[1].get(question.id),
                legend=paper_options(question),
                choice=choice,
                value=typed,
                error=problem_sentence(problem, numbered.number) if problem else None,
            )
        )
    return fields


def _value_words(
    numbered: NumberedQuestion, value: AnswerValue | None, names: Mapping[str, str], language: str
) -> tuple[str, str]:
    """The number as keyed, and what it means where that says more."""
    keyed = write_keyed(numbered.question, value)
    labels = keyed_label(numbered.question, value, names)
    words = "; ".join(each if isinstance(each, str) else each.in_language(language) for each in labels)
    return keyed, "" if words == keyed else words
