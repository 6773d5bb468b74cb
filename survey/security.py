"""Cookies and headers that every answer of the server carries."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask, Request, Response, abort, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
# Browsers heed these for what they show or run by itself.
DOCUMENT_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
COMMON_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FIXED_HEADERS = DOCUMENT_HEADERS | COMMON_HEADERS
# Files that a page names; a worker, which needs a policy of its own, is none of them.
_PARTS_OF_PAGES = {"text/css", "text/javascript"}
_STRICT = f"max-age={365 * 24 * 3600}"


class SessionCookie(SecureCookieSessionInterface):
    """A signed cookie that lasts, and that is bound to HTTPS whenever the page came over HTTPS.

    A kiosk in an intranet may speak plain HTTP, so that `Secure` cannot be a fixed setting.
    """

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime:
        return datetime.now(UTC) + app.permanent_session_lifetime

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.cookies:
            # The same as the rest of the way finds, without making a signer: programs come without a cookie.
            return self.session_class()
        return super().open_session(app, request)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        # A page that reads the session also renews it: a slow respondent never runs into its end.
        return session.modified or session.accessed


class Doorkeeper:
    """What `init_app` has views do about hosts and headers, for requests that never come to a view."""

    def __init__(self, trusted_proxies: int, trusted_hosts: list[str] | None) -> None:
        self._trusted_hosts = trusted_hosts
        self._seen = _behind_proxies(self._keep, trusted_proxies) if trusted_proxies else self._keep

    def headers_for(self, environ: dict[str, Any]) -> dict[str, str] | None:
        """The headers of the answer; None where the request names a host that is not ours.

        `environ` has the scheme and those of `Host` and `X-Forwarded-*` that were sent; it is changed.
        """
        self._seen(environ, _no_answer)
        if self._trusted_hosts and not host_is_trusted(environ.get("HTTP_HOST"), self._trusted_hosts):
            return None
        if environ["wsgi.url_scheme"] == "https":
            return FIXED_HEADERS | {"Strict-Transport-Security": _STRICT}
        return FIXED_HEADERS

    @staticmethod
    def _keep(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        return []


def _no_answer(*values: Any) -> Any:
    return None


def _behind_proxies(application: Any, trusted_proxies: int) -> ProxyFix:
    return ProxyFix(application, x_for=trusted_proxies, x_proto=trusted_proxies, x_host=trusted_proxies)


def init_app(app: Flask, secret_key: str, trusted_proxies: int, trusted_hosts: list[str] | None) -> None:
    app.secret_key = secret_key
    app.config.update(
        SESSION_COOKIE_NAME="hailong",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        # A form may stay open for hours; its token ends with the session.
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        MAX_FORM_PARTS=500,
    )
    app.session_interface = SessionCookie()
    # Every form checks its own token, so that a wrong one shows the page again with what was typed.
    app.jinja_env.globals["csrf_token"] = generate_csrf
    if trusted_hosts:
        app.before_request(partial(_refuse_other_hosts, trusted_hosts))
    app.after_request(_add_headers)
    if trusted_proxies:
        app.wsgi_app = _behind_proxies(app.wsgi_app, trusted_proxies)  # type: ignore[method-assign]


def _refuse_other_hosts(trusted_hosts: list[str]) -> None:
    # Flask's own TRUSTED_HOSTS refuses before addresses can be built, so that its error has no page.
    if not host_is_trusted(request.host, trusted_hosts):
        abort(400)


def _add_headers(response: Response) -> Response:
    # A session on a cheap phone has twenty answers that are no document.
    fixed = FIXED_HEADERS if _is_document(response) else COMMON_HEADERS
    for name, value in fixed.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = _STRICT
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _is_document(response: Response) -> bool:
    if response.status_code == 204 or 300 <= response.status_code < 400:
        return False
    return request.endpoint != "static" or response.mimetype not in _PARTS_OF_PAGES
