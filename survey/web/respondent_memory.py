"""What the cookie of a respondent's browser remembers: where a response began and when it was stored.

Never an answer. The time of storing is shown to the respondent and kept nowhere else.
"""

from datetime import datetime
from uuid import UUID

from flask import session

_BEGUN = "begun"
_STORED = "stored"
_KIOSK_HOME = "kiosk_home"
_MOST_REMEMBERED = 5


def remember_begun(response_id: UUID, path: str) -> None:
    _remember(_BEGUN, response_id, path)


def find_begun(response_id: UUID) -> str | None:
    """Where this browser began the response, if it did."""
    return _recall(_BEGUN).get(str(response_id))


def remember_stored(response_id: UUID, moment: datetime) -> None:
    """Only the first time counts: a second press stores nothing."""
    if find_stored(response_id) is None:
        _remember(_STORED, response_id, moment.isoformat(timespec="minutes"))


def find_stored(response_id: UUID) -> datetime | None:
    moment = _recall(_STORED).get(str(response_id))
    return datetime.fromisoformat(moment) if moment else None


def enter_kiosk(path: str) -> None:
    """This browser is a kiosk now; what the last person left in the cookie is forgotten."""
    session.pop(_BEGUN, None)
    session.pop(_STORED, None)
    session[_KIOSK_HOME] = path


def leave_kiosk() -> None:
    session.pop(_KIOSK_HOME, None)


def _remember(kind: str, response_id: UUID, value: str) -> None:
    """Keep the newest few; as pairs, because the cookie would sort the keys of an object."""
    older = [(name, kept) for name, kept in _recall(kind).items() if name != str(response_id)]
    session[kind] = [*older, (str(response_id), value)][-_MOST_REMEMBERED:]


def _recall(kind: str) -> dict[str, str]:
    return dict(session.get(kind, []))
