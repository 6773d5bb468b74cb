"""Why something was set aside, what to do about it, and the words of its answers."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from questionnaires.model import Question
from survey.i18n import at_rendering, format_number, in_current_language
from survey.services.quarantine_decisions import ACCEPTABLE

_REASONS = {
    "conflict": lazy_gettext("Sent twice with other answers"),
    "round_not_open": lazy_gettext("The round was not open"),
    "device_withdrawn": lazy_gettext("The device had been withdrawn"),
    "version_unknown": lazy_gettext("Another version of the questionnaire"),
    "place_unknown": lazy_gettext("Another round, unit or questionnaire"),
    "answers_refused": lazy_gettext("Answers that do not fit the questionnaire"),
    "malformed": lazy_gettext("Cannot be read"),
}
_ADVICE = {
    "conflict": lazy_gettext(
        "A response with this number is stored already and counts; this one came later with other answers. "
        "Compare the two columns, then choose “Do not count this response” and say why. The stored response "
        "never changes."
    ),
    "round_not_open": lazy_gettext(
        "It came from a device before the round was opened or after it had ended. The answers are sound. "
        "Take it in, before the round is closed, if it was given in the time of the round."
    ),
    "device_withdrawn": lazy_gettext(
        "It came from a device that was no longer in use. The answers are sound. Take it in if the device "
        "was still standing in the hall when it was given; do not count it if the device was lost."
    ),
    "version_unknown": lazy_gettext(
        "The device asked a version of the questionnaire that this round does not ask, so the answers cannot "
        "be counted. Start the device again while it has a network, then choose “Do not count this response” "
        "and say why."
    ),
    "place_unknown": lazy_gettext(
        "It names a round, a unit or a questionnaire that is not the device's own. Check where the device "
        "stands and pair it anew, then choose “Do not count this response” and say why."
    ),
    "answers_refused": lazy_gettext(
        "Answers are missing or do not fit their question, which a device in order never sends. Tell the "
        "administrator of the system, then choose “Do not count this response” and say why."
    ),
    "sound_now": lazy_gettext(
        "When it came, its answers did not fit the questionnaire or the catalogue. They fit now: take it in, "
        "while the round is open."
    ),
    "malformed": lazy_gettext(
        "What the device sent is no response. Tell the administrator of the system, then choose “Do not "
        "count this response” and say why."
    ),
}
_TOO_LATE = lazy_gettext(
    "The round is closed: what was not taken in before counts in no figure, since published figures never "
    "change. Choose “Do not count this response” and say why, so that the device can forget it."
)
_ENCODINGS = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1258": "Windows-1258",
    "latin-1": "Latin-1",
}
_STATES = {
    "waiting": lazy_gettext("Waits for a decision"),
    "accepted": lazy_gettext("Taken into the round"),
    "dismissed": lazy_gettext("Not counted"),
}


def register(blueprint: Blueprint) -> None:
    """Make the words filters of every template."""
    filters: dict[str, Callable[..., str]] = {
        "kept_reason": lambda reason: str(_REASONS[reason]),
        "kept_advice": _advice,
        "kept_state": lambda state: str(_STATES[state]),
        "answer_words": answer_words,
    }
    for name, function in filters.items():
        blueprint.add_app_template_filter(at_rendering(function), name)


def _advice(reason: str, *, is_closed: bool = False) -> str:
    return str(_TOO_LATE if is_closed and reason in ACCEPTABLE else _ADVICE[reason])


def refusal_words(reason: str) -> str:
    return {
        "not_sound": _("This cannot be taken into a round: its answers do not fit the questionnaire."),
        "stored_otherwise": _(
            "A response with this number has been stored with other answers meanwhile. It counts; this one "
            "cannot be taken in."
        ),
        "decided": _("This has been decided already; a decision stands."),
        "round_draft": _("The round is still a draft. Please open it first."),
        "round_closed": _("The round is closed and its figures are final: this cannot be taken in any more."),
        "note_missing": _("Please write why it is not counted."),
    }[reason]


def encoding_name(encoding: str | None) -> str | None:
    """A guess by the name that people know."""
    return _ENCODINGS.get(encoding, encoding) if encoding else None


def answer_words(value: Any, question: Question | None = None) -> str:
    """An answer as it was meant; what is no answer of the question stands as it came."""
    if value is None:
        return "–"
    codes = list(value) if isinstance(value, list | tuple) else [value]
    labels = {str(option.code): option.label for option in question.options} if question else {}
    words = [
        in_current_language(labels[str(code)]) if str(code) in labels else _plain(code) for code in codes
    ]
    return "; ".join(words)


def _plain(code: Any) -> str:
    return format_number(code) if type(code) is int else str(code)
