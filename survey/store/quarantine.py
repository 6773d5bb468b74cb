"""Queries on what was quarantined."""

from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.models import QuarantinedResponse

_TABLE = cast(Table, QuarantinedResponse.__table__)
_INSERT_NEW = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=["digest"]),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(index_elements=["digest"]),
}


def add_quarantined(session: Session, values: dict[str, Any]) -> None:
    """Keep one; nothing where it is kept already (also by a transaction that ran meanwhile)."""
    session.connection().execute(_INSERT_NEW[session.get_bind().dialect.name], values)


def count_quarantined(session: Session, round_id: int) -> int:
    query = (
        select(func.count()).select_from(QuarantinedResponse).where(QuarantinedResponse.round_id == round_id)
    )
    return session.scalars(query).one()
