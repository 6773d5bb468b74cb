"""The responses of a round as plain NumPy columns, read in one query a questionnaire version."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from survey.models import Response

NO_ANSWER = -1


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


def fetch_columns(session: Session, round_id: int, version_id: int, rated_count: int) -> ResponseColumns:
    """Read a version's responses; a missing text is '', a missing number NaN, a missing rating -1."""
    query = (
        select(
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
        .where(Response.round_id == round_id, Response.questionnaire_version_id == version_id)
        .order_by(Response.id)
    )
    rows = session.execute(query).all()
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) if rows else [()] * 9
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


def decode_ratings(ratings: tuple[str, ...], rated_count: int) -> NDArray[np.int8]:
    """Turn fixed-order rating texts into an (n, rated_count) array of codes, -1 where there is no answer."""
    characters = np.frombuffer("".join(ratings).encode("ascii"), dtype=np.uint8)
    codes = characters.reshape(len(ratings), rated_count).astype(np.int8) - ord("0")
    return np.where(codes < 0, NO_ANSWER, codes).astype(np.int8)


def stream_responses(session: Session, round_id: int, version_id: int) -> Iterator[Row[Any]]:
    """The stored rows one after another, for exports that must not hold them all."""
    query = (
        select(Response)
        .where(Response.round_id == round_id, Response.questionnaire_version_id == version_id)
        .order_by(Response.id)
        .execution_options(yield_per=1000)
    )
    yield from session.execute(query)


def _texts(values: tuple[Any, ...]) -> NDArray[np.str_]:
    return np.array([value or "" for value in values], dtype=np.str_)
