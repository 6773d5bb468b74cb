"""Sentences about paper forms: why a deed was refused, what is wrong with a keyed field or a cell."""

from collections.abc import Mapping, Sequence

from flask_babel import LazyString
from flask_babel import gettext as now
from flask_babel import lazy_gettext as _

from questionnaires.problems import Problem
from survey.i18n import format_number
from survey.services.paper_problems import PaperRefused, SheetFault

_REASONS: Mapping[str, LazyString] = {
    "round_over": _("The round is over; no more paper forms can be made for it."),
    "printed_out_of_range": _("Please write how many forms to print, from 1 to %(max)s."),
    "handed_out_above_printed": _(
        "At most %(max)s forms can have been handed out: that is how many were printed."
    ),
    "returned_above_handed_out": _(
        "At most %(max)s forms can have come back: that is how many were handed out."
    ),
    "returned_below_settled": _("%(count)s forms of this batch are settled; fewer cannot have come back."),
    "all_returned_settled": _(
        "%(count)s forms came back, and as many are settled already. Either the count of forms that came "
        "back is wrong, or a form was keyed under the number of another one. Nothing was settled."
    ),
    "workbook_of_another": _(
        "Another account has sent a workbook with the same content for this batch. Double entry means that "
        "two people key from the paper, each on their own. Whoever really keyed the same can key these forms "
        "on the screen."
    ),
    "batch_closed": _("This batch is closed; nothing in it can be changed any more."),
    "serial_unknown": _("This batch has no form number %(serial)s; its numbers run from 1 to %(max)s."),
    "serial_settled": _("Form number %(serial)s is already settled."),
    "keyed_by_you": _(
        "You have keyed form number %(serial)s already. The second keying must be by another person."
    ),
    "keyed_twice": _("Form number %(serial)s was keyed by two people already."),
    "keyed_by_another": _(
        "Form number %(serial)s has been keyed by a second person by now, so that no keying of it can be "
        "corrected any more. Where the two differ, a third person decides with the paper in hand."
    ),
    "not_keyed_by_you": _("You have not keyed form number %(serial)s; only its keyer can correct it."),
    "not_keyed": _("Form number %(serial)s has not been keyed by anybody."),
    "not_keyed_twice": _("Form number %(serial)s has not been keyed by two people yet."),
    "decided_by_keyer": _(
        "You keyed form number %(serial)s yourself. Somebody who did not key it has to decide, with the "
        "paper in hand."
    ),
    "not_reconciled": _("The batch cannot be closed yet: the forms that came back are not all settled."),
    "round_not_open": _(
        "Forms can be keyed from the day on which the round opens until the round is closed."
    ),
    "language_unknown": _("Please say in which language the forms are printed."),
    "of_one_unit": _(
        "Batches for people drawn into the sample are made by a coordinator: these forms make the index of "
        "the unit, which therefore does not hand them out to itself."
    ),
    "unit_missing": _("Please choose the unit at which the forms are handed out."),
}
_REFUSED = _("This could not be done.")

_PROBLEMS: Mapping[str, LazyString] = {
    "not_an_option": _("Question %(number)s: %(value)s is not printed at this question."),
    "not_listed": _(
        "Question %(number)s: %(value)s is no code of the list; please choose a code from the list."
    ),
    "not_separated": _(
        "Question %(number)s: %(value)s is not printed at this question. Please put commas between the "
        "numbers."
    ),
    "not_a_number": _("Question %(number)s: please key digits only."),
    "not_a_whole_number": _("Question %(number)s: please key a whole number."),
    "too_small": _("Question %(number)s: the number is below %(min)s."),
    "too_large": _("Question %(number)s: the number is above %(max)s."),
    "too_long": _("Question %(number)s: the text is longer than %(max)s characters."),
    "too_many_choices": _("Question %(number)s: at most %(max)s boxes may be ticked."),
    "exclusive_choice": _(
        "Question %(number)s: these boxes exclude each other. If the paper has both, key neither."
    ),
    "off_path": _(
        "Question %(number)s: by an earlier answer this question was to be skipped. Please check the earlier "
        "answer; if the paper really has both, leave this question blank."
    ),
    "not_of_sector": _("Question %(number)s: this procedure does not belong to the field that was chosen."),
    "nothing_keyed": _("Nothing was keyed. A form without any answer is a spoilt form."),
    "spoilt_with_answers": _("This form is marked as spoilt, and yet answers are keyed."),
    "not_compared": _("Please compare every answer with the paper form, and say so."),
    "wrong_serial": _("Please type the number of the form exactly: %(serial)s"),
    "undecided": _("Question %(number)s: please choose what the paper says."),
}
_OTHER_PROBLEM = _("Question %(number)s: please check what was keyed.")

_FILE_FAULTS: Mapping[str, LazyString] = {
    "not_a_workbook": _("The file is not an Excel workbook (.xlsx), or it is damaged."),
    "file_too_large": _("The file is too large. The template of a batch, filled in, stays below 2 MB."),
    "file_with_macros": _(
        "The file has macros or embedded objects. Please use the template as it was downloaded."
    ),
    "sheet_missing": _("The sheet is missing. Please use the template of this batch."),
    "other_format": _("This is not the template of a batch of paper forms."),
    "other_batch": _("The file belongs to another batch."),
    "other_form": _("The file belongs to another questionnaire."),
    "other_version": _("The file belongs to another version of the questionnaire."),
    "nothing_keyed": _("Nothing is keyed in this sheet."),
}
_CELL_FAULTS: Mapping[str, LazyString] = {
    "serial_unknown": _("is not a number of this batch"),
    "serial_twice": _("stands twice in the file"),
    "not_a_mark": _("only x is allowed, for a spoilt form"),
    "beyond": _("there is no question in this column"),
    "other_head": _("the column is not that of its question; please use the template as it was downloaded"),
    "row_without_answer": _("no answer is keyed in this row; if the form is blank or spoilt, write x here"),
    "formula": _("a formula is not allowed; please key the value"),
    "keyed_by_you": _(
        "you have keyed this form already, with other content; please correct it on the screen"
    ),
    "keyed_twice": _("this form was keyed by two people already"),
    "serial_settled": _("this form is already settled"),
    "not_an_option": _("is not printed at this question"),
    "not_listed": _("is no code of the list; please choose a code from the sheet of codes"),
    "not_separated": _("is not printed at this question; please put commas between the numbers"),
    "not_a_number": _("is not a number"),
    "not_a_whole_number": _("is not a whole number"),
    "too_small": _("is too small"),
    "too_large": _("is too large"),
    "too_long": _("is too long"),
    "too_many_choices": _("too many boxes"),
    "exclusive_choice": _("boxes that exclude each other"),
    "off_path": _("by an earlier answer this question was to be skipped; please leave it blank"),
    "not_of_sector": _("this procedure does not belong to the field that was chosen"),
    "spoilt_with_answers": _("the form is marked as spoilt, and yet answers are keyed"),
}
_OTHER_FAULT = _("please check what was keyed")


def refusal_sentence(refusal: PaperRefused) -> str:
    return str(_REASONS.get(refusal.reason, _REFUSED)) % _in_words(refusal.params)


def problem_sentence(problem: Problem, number: int) -> str:
    """The sentence at a field of the keying screen."""
    sentence = str(_PROBLEMS.get(problem.code, _OTHER_PROBLEM))
    return sentence % {"number": number, **_in_words(problem.params)}


def fault_lines(faults: Sequence[SheetFault]) -> list[tuple[str, str, str]]:
    """Sheet, cell and what is wrong there, for each fault of a workbook."""
    return [(fault.sheet, fault.cell, _fault_words(fault)) for fault in faults]


def _fault_words(fault: SheetFault) -> str:
    if not fault.cell:
        return str(_FILE_FAULTS.get(fault.code, _FILE_FAULTS["not_a_workbook"]))
    words = str(_CELL_FAULTS.get(fault.code, _OTHER_FAULT))
    return now("“%(value)s”: %(what)s", value=fault.value, what=words) if fault.value else words


def _in_words(params: Mapping[str, object]) -> dict[str, object]:
    return {name: _value_words(name, value) for name, value in params.items()}


def _value_words(name: str, value: object) -> object:
    if isinstance(value, str):
        return f"“{value}”"
    # The number of a form is a name, not an amount.
    return format_number(value) if isinstance(value, int) and name != "serial" else value
