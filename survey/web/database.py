"""The database of the running application, for views."""

from contextlib import AbstractContextManager
from typing import Any

from flask import current_app


def read() -> AbstractContextManager[Any]:
    """A session that only reads."""
    session: AbstractContextManager[Any] = current_app.extensions["database"].read()
    return session


def write() -> AbstractContextManager[Any]:
    """A session that is committed when its block ends without an error."""
    session: AbstractContextManager[Any] = current_app.extensions["database"].write()
    return session
