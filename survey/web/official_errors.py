"""What officials read where something goes wrong on their pages: in their layout, in words for them."""

from typing import NamedTuple

from flask import g, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from survey.i18n import format_number
from survey.services.accounts import SignedIn
from survey.web import request_guard, signed_in

TEMPLATE = "errors/official.html"
_ROOT = "/quan-tri"
_MEGABYTE = 1024 * 1024
# Cannot be asked who is signed in where that may be what failed.
_OURS = 500


class OfficialWords(NamedTuple):
    message: LazyString | None
    advice: LazyString


_LOOK_IN_THE_LIST = _("Please check the address, or go there from the list of survey rounds.")
_SEND_AGAIN = _("Please go back to the page, reload it and send again.")

WORDS: dict[int, OfficialWords] = {
    400: OfficialWords(None, _SEND_AGAIN),
    404: OfficialWords(None, _LOOK_IN_THE_LIST),
    405: OfficialWords(
        _("The address takes what a page sends; it cannot be opened directly."),
        _("Please go to the page from the list of survey rounds and press its button there."),
    ),
    413: OfficialWords(
        _("What was sent is larger than this page takes. Nothing of it was stored."),
        _("Please go back, shorten it and send again."),
    ),
    415: OfficialWords(None, _SEND_AGAIN),
}
_FILE_TOO_LARGE = _(
    "The file is larger than %(limit)s MB, the most that this page takes. Nothing was stored."
)
_SPLIT_FILE = _("Please split the file into smaller ones and send them one by one.")
_RESCUE_BY_COMMAND = _(
    "Please hand the file to the administrator of the system, who takes it in on the server with the command "
    "“hailong response import”, which takes larger files. Keep the file until that is done."
)


def find_official(status: int) -> SignedIn | None:
    """Who is signed in on a page of officials, for whom the error is shown there."""
    if request.path != _ROOT and not request.path.startswith(f"{_ROOT}/"):
        return None
    account: SignedIn | None = g.get("signed_in") if status >= _OURS else signed_in.current_account()
    return account


def words_for(status: int, code: str) -> OfficialWords | None:
    """`code` is that of a refused use case, or the status once more; None where the usual words fit."""
    largest_file = request_guard.largest_upload()
    if status == 413 and largest_file is not None:
        limit = format_number(largest_file // _MEGABYTE)
        advice = _RESCUE_BY_COMMAND if request.endpoint == "devices.import_rescue" else _SPLIT_FILE
        return OfficialWords(_FILE_TOO_LARGE % {"limit": limit}, advice)
    if status == 404 and code != "404":
        return OfficialWords(None, _LOOK_IN_THE_LIST)
    return WORDS.get(status) if code == str(status) else None
