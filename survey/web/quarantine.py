"""What was set aside: the list, what was sent, and the decision on it."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.services import quarantine_decisions as decisions
from survey.services.problems import DecisionRefused
from survey.services.quarantine_decisions import NOTE_LENGTH, PAGE_LENGTH, KeptDetail
from survey.services.rounds import RoundLine, get_line
from survey.web import clock, database, quarantine_words, request_guard, signed_in
from survey.web.forms.devices import DecisionForm

blueprint = Blueprint("quarantine", __name__, url_prefix="/quan-tri")
blueprint.before_request(signed_in.require_account)
blueprint.context_processor(signed_in.page_values)
request_guard.init_blueprint(blueprint)
quarantine_words.register(blueprint)

_OF_ROUND = "/dot/<round_code>/phieu-de-rieng"
_WITHOUT_ROUND = "/phieu-de-rieng"
_ITEM = "/<int(max=2147483647):kept_id>"
_MOST_PAGES = 100_000


@blueprint.get(_OF_ROUND)
@blueprint.get(_WITHOUT_ROUND)
def list_kept(round_code: str | None = None) -> ResponseReturnValue:
    """All for coordinators and administrators; an official of a unit is told how many."""
    own = signed_in.own_unit()
    if round_code is None:
        _require_administrator()
    page = min(max(request.args.get("trang", 1, type=int), 1), _MOST_PAGES)
    with database.read() as session:
        counts = decisions.count_kept(session, round_code, own.code if own else None)
        lines = [] if own else decisions.list_kept(session, round_code, page=page)
    return render_template(
        "manage/quarantine.html",
        line=_find_line(round_code),
        counts=counts,
        lines=lines,
        own=own,
        page=page,
        page_count=-(-counts.total // PAGE_LENGTH),
        item_url=lambda kept_id: _url("show_kept", round_code, kept_id),
        page_url=lambda number: f"{_url('list_kept', round_code)}?trang={number}",
    )


@blueprint.get(_OF_ROUND + _ITEM)
@blueprint.get(_WITHOUT_ROUND + _ITEM)
def show_kept(kept_id: int, round_code: str | None = None) -> ResponseReturnValue:
    return _item_page(round_code, _get_kept(round_code, kept_id), [])


@blueprint.get(_OF_ROUND + _ITEM + "/nguyen-ban")
@blueprint.get(_WITHOUT_ROUND + _ITEM + "/nguyen-ban")
def download_raw(kept_id: int, round_code: str | None = None) -> ResponseReturnValue:
    """What a device sent in another encoding, byte for byte."""
    _require_reader(round_code)
    with database.read() as session:
        raw = decisions.get_kept_bytes(session, round_code, kept_id)
    response = Response(raw, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=f"phieu-de-rieng-{kept_id}.bin")
    return response


@blueprint.post(_OF_ROUND + _ITEM + "/<any(nhan, giu):deed>")
@blueprint.post(_WITHOUT_ROUND + _ITEM + "/<any(nhan, giu):deed>")
def decide(kept_id: int, deed: str, round_code: str | None = None) -> ResponseReturnValue:
    """Take it into the round, or leave it aside. Pressing twice changes nothing."""
    detail = _get_kept(round_code, kept_id)
    form = DecisionForm()
    note = form.note.data or ""
    if not form.validate():
        lost = _("This page was open for too long or was opened twice. Please send it again.")
        return _item_page(round_code, detail, [("", lost)], note), 400
    if len(note) > NOTE_LENGTH:
        sentence = _("Please shorten the note to at most %(count)s characters.", count=NOTE_LENGTH)
        return _item_page(round_code, detail, [(f"note-{deed}", sentence)], note), 400
    try:
        done = _accept(round_code, kept_id, note) if deed == "nhan" else _dismiss(round_code, kept_id, note)
    except DecisionRefused as refused:
        field = f"note-{deed}" if refused.reason == "note_missing" else ""
        sentence = quarantine_words.refusal_words(refused.reason)
        return _item_page(round_code, _get_kept(round_code, kept_id), [(field, sentence)], note), 400
    flash(done, "success")
    return redirect(_url("show_kept", round_code, kept_id), 303)


def _accept(round_code: str | None, kept_id: int, note: str) -> str:
    if round_code is None:
        raise DecisionRefused("not_sound")
    with database.write() as session:
        receipt = decisions.accept_kept(
            session, round_code, kept_id, signed_in.get_account(), note=note, today=clock.today()
        )
    return _("The response is in the round under the receipt number %(number)s.", number=receipt.number)


def _dismiss(round_code: str | None, kept_id: int, note: str) -> str:
    with database.write() as session:
        decisions.dismiss_kept(
            session, round_code, kept_id, signed_in.get_account(), note=note, today=clock.today()
        )
    return _("It stays aside and counts in no figure.")


def _item_page(
    round_code: str | None, detail: KeptDetail, errors: list[tuple[str, str]], note: str = ""
) -> str:
    return render_template(
        "manage/quarantine_one.html",
        line=_find_line(round_code),
        detail=detail,
        errors=errors,
        note=note,
        note_length=NOTE_LENGTH,
        list_url=_url("list_kept", round_code),
        accept_url=_url("decide", round_code, detail.line.id, deed="nhan"),
        dismiss_url=_url("decide", round_code, detail.line.id, deed="giu"),
        raw_url=_url("download_raw", round_code, detail.line.id) if detail.has_raw else None,
        encoding=quarantine_words.encoding_name(detail.encoding),
    )


def _get_kept(round_code: str | None, kept_id: int) -> KeptDetail:
    _require_reader(round_code)
    with database.read() as session:
        return decisions.get_kept(session, round_code, kept_id)


def _require_reader(round_code: str | None) -> None:
    signed_in.require_every_unit()
    if round_code is None:
        _require_administrator()


def _find_line(round_code: str | None) -> RoundLine | None:
    if round_code is None:
        return None
    with database.read() as session:
        return get_line(session, round_code)


def _require_administrator() -> None:
    if not signed_in.is_administrator():
        abort(403)


def _url(view: str, round_code: str | None, kept_id: int | None = None, **more: str) -> str:
    given = {"round_code": round_code, "kept_id": kept_id, **more}
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    return url_for(f"quarantine.{view}", **values)
