"""What is said about an answer that cannot be taken: adults are addressed as Ông/Bà, pupils as em."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext

from questionnaires.model import Question
from questionnaires.problems import Problem
from survey.i18n import format_number


@dataclass(frozen=True)
class Sentence:
    """One meaning in its two forms of address."""

    adult: LazyString
    pupil: LazyString


_MISSING: dict[str, Sentence] = {
    "rating": Sentence(
        _("Please choose a level for question %(number)s."),
        pgettext("pupil", "Please choose a level for question %(number)s."),
    ),
    "choice": Sentence(
        _("Please choose an answer to question %(number)s."),
        pgettext("pupil", "Please choose an answer to question %(number)s."),
    ),
    "choices": Sentence(
        _("Please choose at least one answer to question %(number)s."),
        pgettext("pupil", "Please choose at least one answer to question %(number)s."),
    ),
    "number": Sentence(
        _("Please write a number for question %(number)s."),
        pgettext("pupil", "Please write a number for question %(number)s."),
    ),
    "text": Sentence(
        _("Please write an answer to question %(number)s."),
        pgettext("pupil", "Please write an answer to question %(number)s."),
    ),
}
_MISSING_OF_KIND = {
    "rating": "rating",
    "single": "choice",
    "yes_no": "choice",
    "multiple": "choices",
    "percentage": "number",
    "number": "number",
    "short_text": "text",
    "long_text": "text",
}

_UNFIT: dict[str, Sentence] = {
    "not_an_option": Sentence(
        _("Please choose one of the answers listed for question %(number)s."),
        pgettext("pupil", "Please choose one of the answers listed for question %(number)s."),
    ),
    "not_a_number": Sentence(
        _("Please answer question %(number)s with digits only, for example 85."),
        pgettext("pupil", "Please answer question %(number)s with digits only, for example 85."),
    ),
    "not_a_whole_number": Sentence(
        _("Please answer question %(number)s with a whole number, for example 85."),
        pgettext("pupil", "Please answer question %(number)s with a whole number, for example 85."),
    ),
    "too_small": Sentence(
        _("Please write a number of at least %(min)s for question %(number)s."),
        pgettext("pupil", "Please write a number of at least %(min)s for question %(number)s."),
    ),
    "too_large": Sentence(
        _("Please write a number of at most %(max)s for question %(number)s."),
        pgettext("pupil", "Please write a number of at most %(max)s for question %(number)s."),
    ),
    "too_long": Sentence(
        _("The answer to question %(number)s is too long. Please shorten it to at most %(max)s characters."),
        pgettext(
            "pupil",
            "The answer to question %(number)s is too long. Please shorten it to at most %(max)s characters.",
        ),
    ),
    "too_many_choices": Sentence(
        _("Please choose at most %(max)s answers to question %(number)s."),
        pgettext("pupil", "Please choose at most %(max)s answers to question %(number)s."),
    ),
    "exclusive_choice": Sentence(
        _("The answers chosen for question %(number)s exclude each other. Please check them."),
        pgettext(
            "pupil", "The answers chosen for question %(number)s exclude each other. Please check them."
        ),
    ),
}
_OTHER = Sentence(
    _("Please check the answer to question %(number)s."),
    pgettext("pupil", "Please check the answer to question %(number)s."),
)


def list_sentences() -> dict[str, Sentence]:
    """All of them by what is wrong, for scripts that check answers without the server."""
    return {**{f"missing_{kind}": sentence for kind, sentence in _MISSING.items()}, **_UNFIT, "other": _OTHER}


def sentence_about(problem: Problem, question: Question, number: int, *, is_pupil: bool) -> str:
    """The sentence that stands at the question and in the summary of the page."""
    if problem.code == "required":
        sentence = _MISSING[_MISSING_OF_KIND[question.kind]]
    else:
        sentence = _UNFIT.get(problem.code, _OTHER)
    values = {name: _in_words(value) for name, value in problem.params.items()}
    return str(sentence.pupil if is_pupil else sentence.adult) % {**values, "number": number}


def _in_words(value: object) -> object:
    return format_number(value) if isinstance(value, int) else value
