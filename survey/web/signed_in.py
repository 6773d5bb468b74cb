"""Who is signed in, for how long, and what the account may see.

The cookie names the account, the version of its sessions and two moments. It ends an hour after the last
page, ten hours after signing in, and as soon as the account signs out anywhere or its password changes.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import abort, flash, g, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.services.accounts import SignedIn, find_signed_in
from survey.services.rounds import UnitLine
from survey.services.units import get_unit
from survey.web import clock, database
from survey.web.language import path_to_return_to

IDLE_LIMIT = timedelta(minutes=60)
LONGEST = timedelta(hours=10)
_KEY = "account"


def begin(account: SignedIn) -> None:
    """Start a session anew, so that nothing of an earlier cookie lives on in it."""
    moment = clock.now().timestamp()
    session.clear()
    session[_KEY] = {
        "id": account.account_id,
        "version": account.session_version,
        "signed_in_at": moment,
        "seen_at": moment,
    }
    g.signed_in = account


def end() -> None:
    session.clear()
    g.signed_in = None


def current_account() -> SignedIn | None:
    """The account behind this request; asked of the database once a request."""
    if "signed_in" not in g:
        g.signed_in = _find_account()
    account: SignedIn | None = g.signed_in
    return account


def get_account() -> SignedIn:
    """The account, in a view behind `require_account`."""
    account = current_account()
    if account is None:
        abort(401)
    return account


def require_account() -> ResponseReturnValue | None:
    """Before each page of officials: send on whoever is not signed in or has a one-time password."""
    account = current_account()
    if account is None:
        return redirect(url_for("auth.show_sign_in", tiep=path_to_return_to()), 303)
    if account.must_change_password:
        return redirect(url_for("auth.show_password", tiep=path_to_return_to()), 303)
    return None


def sees_every_unit() -> bool:
    return get_account().role != "unit_official"


def is_administrator() -> bool:
    return get_account().role == "administrator"


def require_every_unit() -> None:
    """403 for an official of one unit."""
    if not sees_every_unit():
        abort(403)


def own_unit() -> UnitLine | None:
    """The unit to which the account is bound; None where it sees all units."""
    unit_id = get_account().unit_id
    if sees_every_unit() or unit_id is None:
        return None
    with database.read() as db:
        return get_unit(db, unit_id)


def require_unit(unit_code: str) -> None:
    """403 for an official of another unit."""
    if sees_every_unit():
        return
    unit = own_unit()
    if unit is None or unit.code != unit_code:
        abort(403)


def page_values() -> dict[str, Any]:
    """What the layout needs to know of the account."""
    account = current_account()
    return {"account_name": account.display_name if account else None}


def _find_account() -> SignedIn | None:
    marks = session.get(_KEY)
    if marks is None:
        return None
    if _is_over(marks):
        session.clear()
        flash(_("The session has ended because nothing was done for a while. Please sign in again."))
        return None
    with database.read() as db:
        account = find_signed_in(db, marks["id"], marks["version"])
    if account is None:
        session.clear()
        flash(
            _(
                "The session has ended because this account signed out elsewhere, was locked or changed its "
                "password. Please sign in again."
            )
        )
        return None
    session[_KEY] = {**marks, "seen_at": clock.now().timestamp()}
    return account


def _is_over(marks: Mapping[str, float]) -> bool:
    moment = clock.now().timestamp()
    return (
        moment - marks["seen_at"] > IDLE_LIMIT.total_seconds()
        or moment - marks["signed_in_at"] > LONGEST.total_seconds()
    )
