"""The sentences that only an interviewer's device shows; the others are those of the kiosk application."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from survey.web.assignment_words import OUTCOMES

SENTENCES: dict[str, LazyString] = {
    **{f"outcome_{code}": words for code, words in OUTCOMES.items()},
    # The list.
    "list_heading": _("Addresses to visit"),
    "list_left": _("Still to visit: %(left)s of %(count)s addresses"),
    "list_all_done": _("All addresses have been visited to the end."),
    "list_done": _("Finished (%(count)s)"),
    "list_empty": _("No address has been given to this device yet"),
    "list_empty_note": _(
        "The official in charge gives addresses to it on the page “List of interviews”. The list comes by "
        "itself when there is a network."
    ),
    "visits_made": _("visits: %(count)s"),
    "unsent_visit": _("not sent yet"),
    "unsent_visits": _(
        "Results of visits not sent yet: %(count)s. They are sent by themselves; that of an interview goes "
        "later than its form, so that nobody can tell whose form it is."
    ),
    "held_visits": _("Results of visits that the server refused: %(count)s. They are kept on this device."),
    "held_visits_why": _("The server says: %(reason)s"),
    "held_visits_tell": _(
        "Please tell the official in charge; the page for staff, behind the three dots, says what to do."
    ),
    "retry_visits": _("Send the results again"),
    # The visits on the page for staff, and where nobody is asked any more.
    "visits_heading": _("Results of visits on this device"),
    "fact_unsent_visits": _("Results of visits not sent yet"),
    "fact_held_visits": _("Results of visits refused by the server"),
    "held_visits_reason": _("%(count)s refused: %(reason)s"),
    "held_visits_deed": _(
        "Please download the rescue file and hand it in on the page “Devices” of the survey round: what is "
        "in it is taken, also when the round was closed or the device was withdrawn. Then send again what "
        "was refused, so that what has been taken leaves this device."
    ),
    "visits_to_send": _(
        "Results of visits on this device that are still to be sent: %(count)s. They are sent by themselves."
    ),
    "visits_held": _(
        "Results of visits that the server refused: %(count)s. Please open the page for staff, behind the "
        "three dots: it says what to do."
    ),
    # One address.
    "address": _("Address %(number)s"),
    "start_interview": _("Start the interview"),
    "record_visit": _("No interview? Record what came of the visit"),
    "form_not_here": _(
        "The questionnaire of this address is not on this device yet. Please connect to a network."
    ),
    "confirm_outcome": _("Record “%(outcome)s”?"),
    "record": _("Record"),
    "recorded": _("Recorded: %(outcome)s. It will be sent by itself when there is a network."),
    # The interview.
    "read_consent": _("Read this out word by word, then ask for consent."),
    "read_question": _("Read the question out word by word, then the answers in their order."),
    "read_open_question": _("Read the question out word by word and write down what is said."),
    "consent_given": _("The person agrees: begin"),
    "no_answer": _("Does not want to answer, does not know"),
    "break_off": _("Stop"),
    "break_off_heading": _("Stop the interview here?"),
    "break_off_note": _(
        "The answers of an interview that was not finished are deleted. Only what came of the visit is "
        "recorded."
    ),
    "go_on": _("Go on with the interview"),
    "keep_as_partial": _("Stop and record “Interview broken off”"),
    "opened_by_mistake": _("Opened by mistake: delete and record nothing"),
    "all_asked": _("All questions have been asked"),
    "all_asked_note": _("The form is not stored yet. Going back is possible until then."),
    "finish": _("Finish the interview"),
    "say_thanks": _("Please thank the person for the time"),
    "interview_stored": _(
        "The form and the visit are stored on this device and will be sent by themselves, at different times."
    ),
    "to_list": _("To the list of addresses"),
    # The lock.
    "locked": _("The device is locked. Please enter its PIN"),
    # What is said otherwise than in a hall.
    "stopped_withdrawn_note.interviewer": _(
        "The device was withdrawn from the survey. Please tell the official in charge."
    ),
    "stopped_unknown_note.interviewer": _(
        "The server does not know this device any more. Please tell the official in charge."
    ),
    "stopped_closed_note.interviewer": _("Nobody needs to be visited any more. Thank you for your work."),
    "cannot_store.interviewer": _("This device cannot store anything at the moment"),
    "cannot_store_note.interviewer": _(
        "No interview can be held here for now. Please tell the official in charge."
    ),
    "cannot_store_sent.interviewer": _(
        "What was just finished is not stored yet; it is kept in the memory of this device. Please do not "
        "close the application and do not switch the device off."
    ),
    "call_staff.interviewer": _(
        "Please open the page for staff, behind the three dots, and download the rescue file."
    ),
    "retry_held.interviewer": _("Send again what was refused"),
    "update_taken.interviewer": _(
        "There is a new version; the device takes it when it shows the list of addresses."
    ),
}
