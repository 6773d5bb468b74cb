"""What the cookie of a respondent's browser remembers: where a response began, when it was opened and stored.

Never an answer. The times are kept nowhere else; that of storing is shown to the respondent.
"""

from datetime import datetime
from uuid import UUID

from flask import session

_BEGUN = "begun"
_STORED = "stored"
_SHOWN = "shown"
_KIOSK_HOME = "kiosk_home"
_COMPLETED = "completed"
_MOST_REMEMBERED = 5


def remember_begun(response_id: UUID, path: str) -> None:
    _remember(_BEGUN, response_id, path)


def find_begun(response_id: UUID) -> str | None:
    """Where this browser began the response, if it did."""
    return _recall(_BEGUN).get(str(response_id))


def find_newest_begun(path: str) -> UUID | None:
    """The last response that this browser began on this page."""
    begun_here = [response_id for response_id, begun in _recall(_BEGUN).items() if begun == path]
    return UUID(begun_here[-1]) if begun_here else None


def remember_stored(response_id: UUID, moment: datetime) -> None:
    """Only the first time counts: a second press stores nothing."""
    if find_stored(response_id) is None:
        _remember(_STORED, response_id, moment.isoformat(timespec="minutes"))
        if _KIOSK_HOME in session:
            session[_COMPLETED] = int(moment.timestamp())


def find_stored(response_id: UUID) -> datetime | None:
    moment = _recall(_STORED).get(str(response_id))
    return datetime.fromisoformat(moment) if moment else None


def find_sent(path_end: str) -> UUID | None:
    """What this browser sent that it had begun at an address with this end."""
    for response_id, path in reversed(_recall(_BEGUN).items()):
        if path.endswith(path_end) and find_stored(UUID(response_id)):
            return UUID(response_id)
    return None


def remember_shown(response_id: UUID, moment: datetime) -> None:
    """When a page that is a whole form was opened last."""
    _remember(_SHOWN, response_id, moment.isoformat(timespec="minutes"))


def find_shown(response_id: UUID) -> datetime | None:
    moment = _recall(_SHOWN).get(str(response_id))
    return datetime.fromisoformat(moment) if moment else None


def enter_kiosk(home: str) -> None:
    """This browser is the kiosk with this home now; what it did elsewhere is forgotten."""
    if session.get(_KIOSK_HOME) != home:
        forget()
    session[_KIOSK_HOME] = home


def forget() -> None:
    """Nothing that the last person left in the cookie is there for the next one."""
    for kind in (_BEGUN, _STORED, _SHOWN):
        session.pop(kind, None)


def leave_kiosk() -> None:
    session.pop(_KIOSK_HOME, None)
    session.pop(_COMPLETED, None)


def seconds_to_wait(moment: datetime, interval: int) -> int:
    """On a kiosk, after a form was sent: the next one begins a little later. Forgotten once that is over."""
    completed = session.get(_COMPLETED)
    passed = int(moment.timestamp()) - completed if completed is not None else interval
    if 0 <= passed < interval:
        return interval - passed
    session.pop(_COMPLETED, None)
    return 0


def _remember(kind: str, response_id: UUID, value: str) -> None:
    """Keep the newest few; as pairs, because the cookie would sort the keys of an object."""
    older = [(name, kept) for name, kept in _recall(kind).items() if name != str(response_id)]
    session[kind] = [*older, (str(response_id), value)][-_MOST_REMEMBERED:]


def _recall(kind: str) -> dict[str, str]:
    return dict(session.get(kind, []))
