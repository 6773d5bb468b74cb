"""What is said about a rescue file: its faulty lines, and why a whole file was refused."""

from collections.abc import Iterable

from flask_babel import gettext as _

from survey.services.problems import SurveyError
from survey.services.rescue_files import LineFault


def fault_sentences(faults: Iterable[LineFault]) -> list[str]:
    return [_fault_sentence(fault) for fault in faults]


def refusal_sentence(refusal: SurveyError) -> str:
    sentences = {
        "rescue_device_missing": _(
            "The first line, which names the device, is missing. Please type the code of the device and send "
            "the file again."
        ),
        "rescue_device_unknown": _(
            "No device has the code %(code)s. Please check whether this is the right file.",
            code=refusal.params.get("device_code", ""),
        ),
        "rescue_device_elsewhere": _(
            "The file belongs to the device %(code)s, which is not among those of this page.",
            code=refusal.params.get("device_code", ""),
        ),
        "rescue_of_tablet": _(
            "%(code)s is an interviewer's tablet. Only a coordinator or an administrator hands in its files, "
            "since interviews make the index of the unit.",
            code=refusal.params.get("device_code", ""),
        ),
    }
    return sentences.get(str(refusal.params.get("reason")), _("The file could not be taken over"))


def _fault_sentence(fault: LineFault) -> str:
    words = {
        "no_first_line": _("The first line, which names the device, is missing."),
        "cut": _(
            "The end of the file is missing: it was cut off, or the device could not read all that it holds."
        ),
        "device_unknown": _("was taken by a device that is not known here (%(counts)s)"),
        "device_elsewhere": _(
            "was taken by the device %(counts)s of another round or unit: hand the file in on its page too"
        ),
        "count_differs": _("The number of responses is not the one that the file states (%(counts)s)."),
        "not_readable": _("cannot be read"),
        "not_a_line": _("is no line of a rescue file"),
        "changed": _("was changed after the device wrote it"),
        "too_long": _("is too long"),
        "other_format": _("is the beginning of another kind of file"),
        "no_device": _("names no device"),
        "visit_count_differs": _("The number of visits is not the one that the file states (%(counts)s)."),
        "visit_malformed": _("says of a visit what cannot be understood"),
        "visit_conflict": _("gives a visit that is stored another outcome; the stored one stands"),
        "assignment_unknown": _("is a visit to an address that is not in the list of the device's unit"),
        "not_an_interviewer": _("is a visit, but the device is no interviewer's"),
        "round_not_open": _("is a visit, but the survey round was not opened yet"),
    }[fault.code]
    if fault.line == 0:
        return words % {"counts": fault.detail} if fault.detail else words
    if fault.detail:
        words %= {"counts": fault.detail}
    return _("Line %(line)s %(fault)s.", line=fault.line, fault=words)
