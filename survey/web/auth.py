"""Officials sign in and out and change their password."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from survey.i18n import format_clock
from survey.services import accounts
from survey.services.problems import PasswordRefused, SignInRefused
from survey.web import clock, database, request_guard, signed_in
from survey.web.first_password import forget_first_password
from survey.web.forms.accounts import PasswordForm, SignInForm, SignOutForm
from survey.web.language import local_path

blueprint = Blueprint("auth", __name__)
blueprint.context_processor(signed_in.page_values)
request_guard.init_blueprint(blueprint)

Errors = list[tuple[str, str]]

_EMPTY: dict[str, LazyString] = {
    "username": lazy_gettext("Please write the user name."),
    "password": lazy_gettext("Please write the password."),
    "current": lazy_gettext("Please write the present password."),
    "new": lazy_gettext("Please write the new password."),
    "again": lazy_gettext("Please write the new password once more."),
}
_REFUSED: dict[str, tuple[str, LazyString]] = {
    "wrong": ("current", lazy_gettext("The present password is not right.")),
    "too_short": ("new", lazy_gettext("The new password needs at least %(count)s characters.")),
    "same": ("new", lazy_gettext("The new password must differ from the present one.")),
    "like_username": ("new", lazy_gettext("The new password must not contain the user name.")),
}


@blueprint.get("/dang-nhap")
def show_sign_in() -> ResponseReturnValue:
    if signed_in.current_account() is not None:
        return redirect(_next_path(), 303)
    return _sign_in_page(SignInForm(), [])


@blueprint.post("/dang-nhap")
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    errors = _form_errors(form)
    if errors:
        return _sign_in_page(form, errors), 400
    username, password = form.username.data or "", form.password.data or ""
    with database.read() as session:
        password_hash = accounts.find_password_hash(session, username)
    # Slow by design, and not inside the write transaction, which citizens' answers wait for.
    check = accounts.check_password(password_hash, password)
    try:
        with database.write() as session:
            account = accounts.sign_in(session, username, password, now=clock.now(), check=check)
    except SignInRefused as refusal:
        current_app.logger.warning("sign-in refused: %s", refusal.reason)
        # The same words whoever it is: the answer must not tell which names exist, nor which are locked.
        return _sign_in_page(form, [("username", _refusal_sentence())]), 403
    signed_in.begin(account)
    return redirect(_next_path(), 303)


@blueprint.post("/dang-xuat")
def sign_out() -> ResponseReturnValue:
    account = signed_in.current_account()
    if account is not None:
        if not SignOutForm().validate():
            return render_template("auth/sign_out.html"), 400
        with database.write() as session:
            accounts.end_sessions(session, account.account_id)
        signed_in.end()
        flash(_("You have signed out. Every other session of this account has ended as well."), "success")
    return redirect(url_for("auth.show_sign_in"), 303)


@blueprint.get("/doi-mat-khau")
def show_password() -> ResponseReturnValue:
    if signed_in.current_account() is None:
        return redirect(url_for("auth.show_sign_in", tiep=url_for("auth.show_password")), 303)
    return _password_page([])


@blueprint.post("/doi-mat-khau")
def change_password() -> ResponseReturnValue:
    account = signed_in.current_account()
    if account is None:
        return redirect(url_for("auth.show_sign_in", tiep=url_for("auth.show_password")), 303)
    form = PasswordForm()
    errors = _form_errors(form)
    if not errors and form.new.data != form.again.data:
        errors = [("again", _("The two new passwords differ."))]
    if errors:
        return _password_page(errors), 400
    with database.read() as session:
        password_hash = accounts.find_password_hash(session, account.username)
    # As at signing in: slow, and outside the write transaction.
    change = accounts.prepare_change(password_hash, form.current.data or "", form.new.data or "")
    try:
        with database.write() as session:
            changed = accounts.change_password(session, account.account_id, change, now=clock.now())
    except PasswordRefused as refusal:
        return _refused_change(refusal)
    forget_first_password(changed.username)
    signed_in.begin(changed)
    return redirect(_next_path(), 303)


def _form_errors(form: SignInForm | PasswordForm) -> Errors:
    if not form.validate():
        return [("", _("This page was open for too long or was opened twice. Please send it again."))]
    return [(name, str(_EMPTY[name])) for name in form.missing()]


def _refusal_sentence() -> str:
    return _(
        "The user name or the password is not right, or the account is locked after several wrong passwords. "
        "If both are right, please try again in %(minutes)s minutes.",
        minutes=accounts.LOCKED_FOR // timedelta(minutes=1),
    )


def _refused_change(refusal: PasswordRefused) -> ResponseReturnValue:
    current_app.logger.warning("change of a password refused: %s", refusal.reason)
    if refusal.locked_until is None:
        field, sentence = _REFUSED[refusal.reason]
        return _password_page([(field, str(sentence) % {"count": accounts.MINIMUM_LENGTH})]), 400
    locked = _(
        "After several wrong passwords this account is locked until %(time)s. Please try again after that.",
        time=format_clock(refusal.locked_until),
    )
    if refusal.reason == "locked":
        return _password_page([("current", locked)]), 403
    signed_in.end()
    flash(locked)
    return redirect(url_for("auth.show_sign_in"), 303)


def _sign_in_page(form: SignInForm, errors: Errors) -> str:
    return render_template("auth/sign_in.html", username=form.username.data or "", errors=errors)


def _password_page(errors: Errors) -> str:
    account = signed_in.get_account()
    return render_template(
        "auth/password.html",
        errors=errors,
        username=account.username,
        is_first=account.must_change_password,
        minimum_length=accounts.MINIMUM_LENGTH,
    )


def _next_path() -> str:
    """Where the official wanted to go: a page of officials on this site, else the list of rounds."""
    home = url_for("manage.list_rounds")
    wanted = local_path(request.args.get("tiep", ""))
    return wanted if wanted.startswith(home) else home
