"""The responses of a round as plain NumPy columns, read in one query a questionnaire version."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from survey.models import Procedure, Response

NO_ANSWER = -1
# Rows held as objects at a time: a million of them would take gigabytes.
PIECE_LENGTH = 20_000
# Of the query behind `as_columns`.
COLUMNS = (
    Response.unit_id,
    Response.sector_code,
    Response.channel,
    Response.selection,
    Response.stratum,
    Response.psu,
    Response.design_weight,
    Response.expectation_percent,
    Response.ratings,
)


Columns = TypeVar("Columns")


@dataclass(frozen=True)
class ResponseColumns:
    """Responses of one questionnaire version: one entry a response, in an order of no meaning."""

    unit_id: NDArray[np.int64]
    sector_code: NDArray[np.str_]
    channel: NDArray[np.str_]
    selection: NDArray[np.str_]
    stratum: NDArray[np.str_]
    psu: NDArray[np.str_]
    design_weight: NDArray[np.float64]
    expectation_percent: NDArray[np.float64]
    ratings: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.unit_id)

    def chosen(self, rows: NDArray[np.bool_]) -> "ResponseColumns":
        """The same columns with these rows alone."""
        return ResponseColumns(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True)
class ResponseDetails:
    """What an export needs of a response beside its columns."""

    procedure_code: str
    duration_band: str
    clock_band: str
    details: dict[str, Any]


def fetch_columns(session: Session, round_id: int, version_id: int, rated_count: int) -> ResponseColumns:
    """Read a version's responses; a missing text is '', a missing number NaN, a missing rating -1."""
    query = (
        select(*COLUMNS)
        .where(Response.round_id == round_id, Response.questionnaire_version_id == version_id)
        .order_by(Response.id)
    )
    return join_columns([as_columns(piece, rated_count) for piece in read_in_pieces(session, query)])


def read_in_pieces(session: Session, query: Executable) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The columns of the rows, some thousand rows at a time; of no rows one piece of empty columns."""
    # Not through the session: it would make objects of its own of every row.
    result = session.connection().execute(query.execution_options(yield_per=PIECE_LENGTH))
    with result:
        length = 0
        for rows in result.partitions():
            length += len(rows)
            yield list(zip(*rows, strict=True))
        if not length:
            yield [()] * len(result.keys())


def join_columns(pieces: Sequence[Columns]) -> Columns:
    """Put pieces of columns under each other, whatever the columns are."""
    first = pieces[0]
    return type(first)(
        **{
            field.name: np.concatenate([getattr(piece, field.name) for piece in pieces])
            for field in fields(first)  # type: ignore[arg-type]
        }
    )


def read_details(
    session: Session, round_id: int, version_id: int
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Selection, unit and the answers beside the ratings, response by response, in an order of no meaning."""
    query = (
        select(Response.selection, Response.unit_id, Response.details)
        .where(Response.round_id == round_id, Response.questionnaire_version_id == version_id)
        .order_by(Response.id)
    )
    for piece in read_in_pieces(session, query):
        if piece[0]:
            yield from zip(*piece, strict=True)


def fetch_export_columns(
    session: Session, round_id: int, version_id: int, rated_count: int
) -> tuple[tuple[UUID, ...], ResponseColumns]:
    """The same columns with the ids of their rows, in the order of an export.

    That order follows from what was answered alone. The order of the ids would let somebody who knows the id
    of a response, from the address of a page, find it in the file.
    """
    query = (
        select(Response.id, *COLUMNS)
        .where(Response.round_id == round_id, Response.questionnaire_version_id == version_id)
        .order_by(Response.content_digest, Response.duration_band, Response.stratum, Response.psu)
    )
    rows = session.execute(query).all()
    ids, *columns = list(zip(*rows, strict=True)) if rows else [()] * (1 + len(COLUMNS))
    return ids, as_columns(columns, rated_count)


def fetch_details(session: Session, ids: Sequence[UUID]) -> dict[UUID, ResponseDetails]:
    """What the columns do not hold, of some hundreds of responses at a time."""
    query = (
        select(Response.id, Procedure.code, Response.duration_band, Response.clock_band, Response.details)
        .outerjoin(Procedure, Procedure.id == Response.procedure_id)
        .where(Response.id.in_(ids))
    )
    return {
        response_id: ResponseDetails(procedure_code or "", *others)
        for response_id, procedure_code, *others in session.execute(query)
    }


def decode_ratings(ratings: tuple[str, ...], rated_count: int) -> NDArray[np.int8]:
    """Turn fixed-order rating texts into an (n, rated_count) array of codes, -1 where there is no answer."""
    characters = np.frombuffer("".join(ratings).encode("ascii"), dtype=np.uint8)
    codes = characters.reshape(len(ratings), rated_count).astype(np.int8) - ord("0")
    return np.where(codes < 0, NO_ANSWER, codes).astype(np.int8)


def as_columns(columns: Sequence[tuple[Any, ...]], rated_count: int) -> ResponseColumns:
    """The values of `COLUMNS`, each as one array."""
    return ResponseColumns(
        unit_id=np.array(columns[0], dtype=np.int64),
        sector_code=_texts(columns[1]),
        channel=_texts(columns[2]),
        selection=_texts(columns[3]),
        stratum=_texts(columns[4]),
        psu=_texts(columns[5]),
        design_weight=np.array(columns[6], dtype=np.float64),
        expectation_percent=np.array(columns[7], dtype=np.float64),
        ratings=decode_ratings(columns[8], rated_count),
    )


def _texts(values: tuple[Any, ...]) -> NDArray[np.str_]:
    return np.array([value or "" for value in values], dtype=np.str_)
