"""A fault of a questionnaire or of an answer: a code, a place and values, never a sentence.

Whoever shows a problem chooses the sentence: the web pages have their own
table, the command line uses `questionnaires.messages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PathPart = str | int
Location = tuple[PathPart, ...]

FaultAt = tuple[str, Location, Mapping[str, object]]
"""A problem before its location is written as a path: code, location, params."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault.

    Parameters
    ----------
    code : str
        What is wrong, for example ``unknown_scale`` or ``too_large``.
    path : str
        Where: ``sections[2].questions[0].text.vi`` in a questionnaire, the
        question id in a set of answers.
    params : Mapping[str, object]
        The values that a sentence about the problem needs.

    Examples
    --------
    >>> Problem("too_large", "expected", {"max": 200}).params["max"]
    200
    """

    code: str
    path: str
    params: Mapping[str, object] = field(default_factory=dict)


class QuestionnaireFaulty(ValueError):
    """A document is not a questionnaire; ``problems`` lists every fault found.

    Examples
    --------
    >>> QuestionnaireFaulty([Problem("empty_file", "")]).problems[0].code
    'empty_file'
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(f"{problem.path}: {problem.code}" for problem in self.problems))


def format_path(location: Iterable[PathPart]) -> str:
    """Write a location as a path.

    Examples
    --------
    >>> format_path(("sections", 2, "questions", 0, "text", "vi"))
    'sections[2].questions[0].text.vi'
    """
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if path else part
    return path
