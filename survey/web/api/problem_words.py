"""One table: the code of a problem → status, title, what to do. The codes are part of the interface."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


@dataclass(frozen=True)
class ProblemWords:
    """`detail_kept` stands in place of a `detail` that says otherwise where staff have what was sent."""

    status: int
    title: LazyString
    detail: LazyString
    detail_kept: LazyString | None = None


PROBLEMS: dict[str, ProblemWords] = {
    "malformed": ProblemWords(
        400,
        _("The content cannot be read"),
        _("What was sent is not the JSON document that this address takes. Nothing was stored."),
        _("What was sent is not the JSON document that this address takes. It is kept apart for staff."),
    ),
    "credential_unknown": ProblemWords(
        401,
        _("The device is not known"),
        _("Its credential is missing or no longer valid. Please pair the device again."),
    ),
    "device_withdrawn": ProblemWords(
        403,
        _("The device was withdrawn"),
        _("It no longer takes part in the survey. Please ask the official in charge."),
    ),
    "not_an_interviewer": ProblemWords(
        403,
        _("This is no interviewer's device"),
        _("Assignments and visits are for devices that were enrolled for an interviewer."),
    ),
    "not_found": ProblemWords(404, _("No such address"), _("The interface has nothing at this address.")),
    "round_unknown": ProblemWords(
        404, _("Survey round not found"), _("No survey round has the code that was given.")
    ),
    "questionnaire_unknown": ProblemWords(
        404,
        _("Questionnaire not found"),
        _("This survey round does not ask the questionnaire that was given."),
    ),
    "unit_unknown": ProblemWords(
        404, _("Unit not found"), _("No unit with the code that was given takes part in this survey round.")
    ),
    "pairing_unknown": ProblemWords(
        404,
        _("The pairing code is not valid"),
        _("It is wrong, was used already or has expired. Please have a new one made on the page of devices."),
    ),
    "invitation_unknown": ProblemWords(
        404,
        _("The invitation is not valid"),
        _("The code does not belong to this questionnaire at this unit. Nothing was stored."),
    ),
    "assignment_unknown": ProblemWords(
        404,
        _("Assignment not found"),
        _("No assignment of this device's survey round and unit has the id that was given."),
    ),
    "method_not_allowed": ProblemWords(
        405,
        _("The address does not take this method"),
        _("The header Allow names the methods that it takes."),
    ),
    "response_conflict": ProblemWords(
        409,
        _("This id was stored with other content"),
        _("The stored response was not changed. What came now is not kept: much came under this id before."),
        _("The stored response was not changed. What came now is kept, and the official in charge decides."),
    ),
    "visit_conflict": ProblemWords(
        409,
        _("This visit was stored with other content"),
        _("The visit that was stored first stands; nothing was changed."),
    ),
    "round_not_open": ProblemWords(
        409,
        _("The survey round is not open"),
        _("It takes answers from %(opens_on)s to %(closes_on)s, or it was closed before."),
    ),
    "too_large": ProblemWords(
        413, _("Too much was sent at once"), _("A request may hold 256 KB. Nothing of it was stored.")
    ),
    "content_refused": ProblemWords(
        415,
        _("This kind of content is not accepted"),
        _("Please send JSON in UTF-8 as application/json, uncompressed. Nothing was stored."),
        _("Please send JSON in UTF-8 as application/json, uncompressed. What came is kept apart for staff."),
    ),
    "answers_refused": ProblemWords(
        422,
        _("The answers could not be stored"),
        _("Some answers are missing or do not fit their question; the list names them."),
    ),
    "version_unknown": ProblemWords(
        422,
        _("The survey round asks another version"),
        _("Version %(version)s of the questionnaire is not the one that is asked. Please load it anew."),
    ),
    "device_elsewhere": ProblemWords(
        422,
        _("The response is not of the place of this device"),
        _("A device sends responses of its own survey round and unit only."),
    ),
    "rate_limited": ProblemWords(
        429,
        _("Too many requests"),
        _("Too many came from this device or for this invitation. Please send again after the time given."),
    ),
    "fault": ProblemWords(
        500,
        _("The system has a fault"),
        _("The fault is on our side and was noted. Please keep the content and send it again later."),
    ),
    "unavailable": ProblemWords(
        503,
        _("The system is not ready"),
        _("It cannot reach its data at the moment. Please keep the content and send it again later."),
    ),
}
OF_STATUS = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "content_refused",
    503: "unavailable",
}

ANSWER_DETAILS: dict[str, LazyString] = {
    "required": _("This question must be answered."),
    "off_path": _("This question is not asked after the other answers."),
    "unknown_question": _("The questionnaire has no such question."),
    "wrong_type": _("The value has the wrong type for this question."),
    "not_an_option": _("The value is not among the answers of this question."),
    "not_a_number": _("A number is needed."),
    "not_a_whole_number": _("A whole number is needed."),
    "too_small": _("The number is too small."),
    "too_large": _("The number is too large."),
    "too_long": _("The text is too long."),
    "too_many_choices": _("Too many answers are chosen."),
    "exclusive_choice": _("The chosen answers exclude each other."),
}
ANSWER_UNFIT = _("The value does not fit this question.")

# By the codes of pydantic, which are part of the interface too; its own sentences are English alone.
_TEXT = _("Text is needed.")
_WHOLE_NUMBER = _("A whole number is needed.")
_NUMBER = _("A number is needed.")
_LIST = _("A list is needed.")
_OBJECT = _("An object with named fields is needed.")
_TOO_SHORT = _("The text is missing or too short.")
_YEAR = _("A year from 1900 to 2999 is needed.")
_UUID = _("A UUID is needed, such as 0b9f8c1e-6f0d-4c55-9f0e-3a1d5b7c2e44.")
_RANDOM_UUID = _("A random UUID (version 4) is needed, such as 0b9f8c1e-6f0d-4c55-9f0e-3a1d5b7c2e44.")
_MOMENT = _("A date and a time are needed, such as 2026-09-30T14:05:00+07:00.")
_DAY = _("A day is needed, such as 2026-09-30.")
MALFORMED_DETAILS: dict[str, LazyString] = {
    "json_invalid": _("This is no sound JSON: it is cut, miswritten or has a name twice in one object."),
    "missing": _("This field is missing."),
    "extra_forbidden": _("There is no such field."),
    "invalid_key": _("A name must be text."),
    "string_type": _TEXT,
    "string_unicode": _("The text is not UTF-8."),
    "string_too_short": _TOO_SHORT,
    "too_short": _("There are too few entries."),
    "string_too_long": _("The text is too long."),
    "too_long": _("There are too many entries."),
    "string_pattern_mismatch": _("The text has characters that are not allowed here."),
    "int_type": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": _("The number is too large."),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": _("true or false is needed."),
    "list_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "literal_error": _("The value is none of those that are allowed here."),
    "outcome_unknown": _("One of the outcomes of a visit is needed."),
    "greater_than_equal": _("The number is too small."),
    "less_than_equal": _("The number is too large."),
    "timezone_aware": _("The time needs its offset, such as +07:00."),
    "uuid_version": _RANDOM_UUID,
    "moment_out_of_range": _YEAR,
    "day_out_of_range": _YEAR,
}
_KINDS = {"uuid_": _UUID, "datetime_": _MOMENT, "date_": _DAY}
_MALFORMED = _("The value is not as the description of the interface says.")


def malformed_detail(code: str) -> LazyString:
    """What is wrong with a field of a document that cannot be read."""
    kind = next((words for start, words in _KINDS.items() if code.startswith(start)), _MALFORMED)
    return MALFORMED_DETAILS.get(code, kind)
