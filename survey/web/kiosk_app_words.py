"""Every sentence of the kiosk application, for the scripts: one catalogue for all pages.

A key that ends in `.em` is what pupils are told instead of the sentence without it; one that ends in
`.interviewer` stands on an interviewer's tablet. What comes before pairing fits both kinds of device.
"""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext

from survey.web import interviewer_words
from survey.web.sentences import list_sentences

_SENTENCES: dict[str, LazyString] = {
    "site_name": _("Satisfaction survey"),
    "demonstration": _("Demonstration data"),
    "demonstration_note": _("invented figures, not the result of a survey"),
    "larger_text": _("Larger text"),
    "high_contrast": _("High contrast"),
    "read_aloud": _("Read aloud"),
    "more_below": _("More answers below"),
    "for_staff": _("For staff"),
    # A respondent's way.
    "choose_form": _("Please choose a survey"),
    "start": _("Start"),
    "continue": _("Continue"),
    "back": _("Back"),
    "skip": _("Skip"),
    "send": _("Send the form"),
    "delete": _("Delete"),
    "answers": _("Answers"),
    "optional": _("optional"),
    "progress": _("Progress"),
    "question_of": _("Question %(current)s of %(total)s"),
    "check_one": _("Please check the answer"),
    "check_one.em": pgettext("pupil", "Please check the answer"),
    "all_answered": _("All questions are answered"),
    "not_sent_yet": _("The form is not sent yet. Please press “Send the form”."),
    "being_sent": _("The form is being sent."),
    "not_sent_yet.em": pgettext("pupil", "The form is not sent yet. Please press “Send the form”."),
    "thank_you": _("Thank you"),
    "thank_you.em": pgettext("pupil", "Thank you"),
    "stored_at": _("The form was stored at %(time)s."),
    "stored_here": _("The form is stored on this device and will be sent by itself when there is a network."),
    "receipt": _("Receipt number"),
    "receipt_note": _("The number says that the form arrived. It names nobody."),
    "receipt_note_here": _("The number finds the form once it has been sent. It names nobody."),
    "to_first": _("To the first page"),
    "returns_itself": _("The kiosk returns to the first page by itself."),
    "still_there": _("Are you still there?"),
    "still_there.em": pgettext("pupil", "Are you still there?"),
    "returns_soon": _("The kiosk returns to the first page soon. Answers that were not sent are not stored."),
    "still_here": _("I am still here"),
    "please_wait": _("Please wait a moment"),
    "please_wait_note": _("A form was just sent from this kiosk. The next one can begin in a moment."),
    # The kiosk asks nobody.
    "loading": _("The device is being prepared"),
    "loading_note": _("The questionnaire is being fetched. This needs a network once."),
    "stopped_withdrawn": _("This device is no longer in use"),
    "stopped_withdrawn_note": _("The device was withdrawn from the survey. Please ask the staff here."),
    "stopped_unknown": _("This device has to be paired again"),
    "stopped_unknown_note": _("The server does not know this device any more. Please ask the staff here."),
    "stopped_closed": _("The survey has ended"),
    "stopped_closed_note": _("This survey no longer takes answers. Thank you for your interest."),
    "stopped_not_yet": _("The survey is not open"),
    "stopped_not_yet_note": _("This survey takes answers from %(opens_on)s to %(closes_on)s."),
    "stopped_over": _("The survey has ended"),
    "stopped_over_note": _("This survey took answers from %(opens_on)s to %(closes_on)s."),
    "still_to_send": _(
        "Forms on this device that are still to be sent: %(count)s. They are sent by themselves."
    ),
    "unsupported": _("This browser cannot keep answers safely"),
    "unsupported_note": _(
        "The device needs a current browser and an address that begins with https."
        " Please ask the administrator."
    ),
    "cannot_store": _("This device cannot store answers at the moment"),
    "cannot_store_note": _("Nothing more can be answered here for now. Please tell the staff here."),
    "cannot_store_sent": _(
        "The form that was sent is not stored yet; it is kept on this screen."
        " Please do not switch the device off."
    ),
    "call_staff": _("Staff: please open the staff page in the corner and download the rescue file."),
    "call_administrator": _(
        "Staff: please do not clear the browser's data and do not switch the device off; it tries again by"
        " itself. If this screen stays, please call the administrator."
    ),
    "try_again": _("Try again"),
    # Pairing.
    "pair_heading": _("Pair this device"),
    "pair_note": _("An official creates a pairing code on the page “Devices” of the survey round."),
    "pair_code": _("Pairing code"),
    "pair_hint": _("8 letters and digits, for example ABCD-EFGH. A code is valid for 60 minutes, once."),
    "pair": _("Pair the device"),
    "pairing_incomplete": _("Please enter all 8 characters of the code."),
    "pairing_unknown": _(
        "The code is not right, has been used or is too old."
        " Please have a new code created on the page “Devices”."
    ),
    "pairing_too_often": _("Too many attempts. Please wait a few minutes and try again."),
    "pairing_no_server": _("The server cannot be reached. Please check the network and try again."),
    # Staff.
    "enter_pin": _("Please enter the PIN of this device"),
    "pin_wrong": _("The PIN is not right."),
    "pin_locked": _("Too many wrong PINs. Please wait %(seconds)s seconds."),
    "staff_heading": _("The state of this device"),
    "fact_device": _("Device"),
    "fact_unit": _("Unit"),
    "fact_round": _("Survey round"),
    "fact_unsent": _("Forms not sent yet"),
    "fact_held": _("Forms held for staff"),
    "fact_contact": _("Last contact with the server"),
    "fact_clock": _("Difference of the clock"),
    "fact_storage": _("Storage"),
    "fact_offline": _("Starts without a network"),
    "fact_version": _("Version of the application"),
    "fact_seconds": _("%(seconds)s seconds"),
    "fact_never": _("never"),
    "fact_unreadable": _("cannot be read"),
    "fact_yes": _("yes"),
    "fact_no": _("no"),
    "storage_ok": _("works, and is kept by the browser"),
    "storage_not_persistent": _("works; the browser may clear it when the device is full"),
    "storage_low": _("nearly full"),
    "storage_full": _("full"),
    "storage_failed": _("cannot be used"),
    "send_now": _("Send now"),
    "sending": _("The forms are being sent; the counts below show what is left."),
    "download_rescue": _("Download the rescue file"),
    "rescue_parts": _(
        "This device holds much: the rescue file has several parts. Please download all of them."
    ),
    "rescue_part": _("Part %(number)s of %(total)s of the rescue file"),
    "retry_held": _("Send the held forms again"),
    "check_update": _("Check for an update"),
    "update_none": _("This is the newest version."),
    "update_taken": _("There is a new version; the device takes it on its first page."),
    "update_unknown": _("The server cannot be reached. Please check the network and try again."),
    "rescue_cut": _(
        "Not everything on this device could be read: the rescue file may lack forms, and ends without its"
        " count. Please do not clear anything; start the device again and download the file once more."
    ),
    "pair_again": _("Pair the device again"),
    "pair_again_heading": _("There is still something on this device"),
    "pair_again_note": _(
        "Not received by the server yet: %(count)s. It stays on the device and is sent for the round and unit"
        " where it was taken. It is better to send it, or to download the rescue file, before the device is"
        " paired anew."
    ),
    "pair_again_anyway": _("Pair the device again all the same"),
    "code_unused": _("This device is paired already"),
    "code_unused_note": _(
        "The pairing code was not used. To pair the device anew, staff open the three dots in the corner of"
        " the first screen, enter the PIN and choose “Pair the device again”."
    ),
    "leave_kiosk": _("Leave the kiosk mode"),
    "left_heading": _("The kiosk mode was left"),
    "left_note": _("The window can be closed now. What was stored stays on the device and is sent later."),
    "return_to_kiosk": _("Return to the kiosk"),
    "held_heading": _("Forms held for staff"),
    "held_kept": _("The server has set it aside; staff decide on it on the page “Set aside”."),
    "held_here": _("It is on this device alone; please download the rescue file."),
}


_OWN = {**_SENTENCES, **interviewer_words.SENTENCES}


def list_words() -> dict[str, str]:
    """Key → sentence in the language of the moment; placeholders stay as they are."""
    sentences = {f"answer_{key}": sentence for key, sentence in list_sentences().items()}
    words = {key: str(sentence.adult) for key, sentence in sentences.items()}
    words |= {f"{key}.em": str(sentence.pupil) for key, sentence in sentences.items()}
    return {**words, **{key: str(sentence) for key, sentence in _OWN.items()}}
