"""One raw value in, one answer out: what a respondent typed, read kindly but never guessed at.

Each reader returns the value, or a `Problem`; None means that nothing was
answered.  Whether the value is allowed is decided in `questionnaires.answers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from questionnaires.model import Question
from questionnaires.problems import Problem
from questionnaires.texts import normalise_text
from questionnaires.values import AnswerValue, QuestionKind

Reading = AnswerValue | Problem | None

_SPACES_IN_NUMBERS: Final = re.compile(r"[\s\u00a0\u2009\u202f]+")
# "1.234" is grouping in Vietnamese; "85,0" and "85.0" are whole; "1,234" could be either and is refused.
_WHOLE_NUMBER: Final = re.compile(r"([+-]?)([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,0{1,2}|,0{4,})?")
_WHOLE_WITH_POINT: Final = re.compile(r"([+-]?)([0-9]+)\.0{1,2}")
_ANY_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*")
_UNWANTED_CHARACTERS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_MOST_DIGITS: Final = 15
_KINDS_OF_NUMBERS: Final = frozenset({"rating", "percentage", "number"})


def read_value(question: Question, raw: object) -> Reading:
    """Read one raw value as an answer of the question's kind.

    A list of one value is read as that value, because a web form may send it so.
    """
    if raw is None:
        return None
    if type(raw) is int and question.kind in _KINDS_OF_NUMBERS:
        return raw
    if isinstance(raw, (bool, bytes, Mapping)):
        return Problem("wrong_type", question.id)
    if question.kind != "multiple" and isinstance(raw, Sequence) and not isinstance(raw, str):
        if len(raw) > 1:
            return Problem("wrong_type", question.id)
        return read_value(question, raw[0]) if raw else None
    if isinstance(raw, str) and not raw.strip():
        return None
    return _READERS[question.kind](question, raw)


def clean_text(raw: str, *, lines: bool) -> str:
    """Return text in form C, without control characters, with plain line ends or on one line.

    Examples
    --------
    >>> clean_text(" Hài\\r\\nlòng ", lines=False)
    'Hài lòng'
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = normalise_text(_UNWANTED_CHARACTERS.sub("", text))
    return text.strip() if lines else " ".join(text.split())


def _read_rating(question: Question, raw: object) -> Reading:
    if isinstance(raw, int):
        return raw
    if isinstance(raw, str):
        text = raw.strip()
        if len(text) == 1 and text in "0123456789":
            return int(text)
        return Problem("not_an_option", question.id, {"value": text})
    return Problem("wrong_type", question.id)


def _read_code(question: Question, raw: object) -> Reading:
    if isinstance(raw, str):
        return clean_text(raw, lines=False)
    if isinstance(raw, int):
        return str(raw)
    return Problem("wrong_type", question.id)


def _read_codes(question: Question, raw: object) -> Reading:
    values = [raw] if isinstance(raw, str) else raw
    if not isinstance(values, Sequence) or any(not isinstance(value, str) for value in values):
        return Problem("wrong_type", question.id)
    chosen = {clean_text(value, lines=False) for value in values} - {""}
    # The order of the file, so that the same choice is the same answer; unknown codes come last.
    known = [code for code in question.option_codes if code in chosen]
    codes = tuple(str(code) for code in known) + tuple(sorted(chosen.difference(map(str, known))))
    return codes or None


def _read_number(question: Question, raw: object) -> Reading:
    if isinstance(raw, int):
        return raw
    if isinstance(raw, float):
        return _read_float(question, raw)
    if not isinstance(raw, str):
        return Problem("wrong_type", question.id)
    return _read_numeral(question, raw)


def _read_float(question: Question, raw: float) -> Reading:
    if raw != raw or raw in (float("inf"), float("-inf")):
        return Problem("not_a_number", question.id, {"value": str(raw)})
    return int(raw) if raw.is_integer() else Problem("not_a_whole_number", question.id, {"value": raw})


def _read_numeral(question: Question, raw: str) -> Reading:
    text = _SPACES_IN_NUMBERS.sub("", raw).removesuffix("%").replace("−", "-")
    match = _WHOLE_NUMBER.fullmatch(text) or _WHOLE_WITH_POINT.fullmatch(text)
    if match is None:
        code = "not_a_whole_number" if _ANY_NUMBER.fullmatch(text) else "not_a_number"
        return Problem(code, question.id, {"value": raw.strip()[:40]})
    sign, numeral = match.groups()
    digits = numeral.replace(".", "").lstrip("0") or "0"
    # A longer numeral is out of every range: the first digits are enough to say so.
    number = int(digits[: _MOST_DIGITS + 1])
    return -number if sign == "-" else number


def _read_short_text(question: Question, raw: object) -> Reading:
    if not isinstance(raw, str):
        return Problem("wrong_type", question.id)
    return clean_text(raw, lines=False) or None


def _read_long_text(question: Question, raw: object) -> Reading:
    if not isinstance(raw, str):
        return Problem("wrong_type", question.id)
    return clean_text(raw, lines=True) or None


_READERS: Final[Mapping[QuestionKind, Callable[[Question, object], Reading]]] = {
    "rating": _read_rating,
    "single": _read_code,
    "multiple": _read_codes,
    "yes_no": _read_code,
    "percentage": _read_number,
    "number": _read_number,
    "short_text": _read_short_text,
    "long_text": _read_long_text,
}
