"""What the checks of data quality need of the responses, read together with the columns of the index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, delete, func, select, type_coerce
from sqlalchemy.orm import Session

from survey.models import Account, Device, QualityThreshold, QualityThresholdChange, Response, SurveyRound
from survey.models.response import CLOCK_BANDS, DURATION_BANDS
from survey.store.survey_data import COLUMNS, ResponseColumns, as_columns, join_columns, read_in_pieces

UNKNOWN_HOUR = -1
NO_DEVICE = -1
_FINGERPRINT_DIGITS = 16
_OWN_COLUMNS = (
    Response.duration_band,
    # As SQLite keeps it, a text: NumPy reads texts and dates alike.
    type_coerce(Response.received_on, String),
    Response.received_hour,
    Response.device_id,
    type_coerce(Response.device_on, String),
    Response.device_hour,
    Response.clock_band,
    func.substr(Response.content_digest, 1, _FINGERPRINT_DIGITS),
)


@dataclass(frozen=True)
class OriginColumns:
    """How each response came: one entry a response, in the order of its `ResponseColumns`.

    Days are counted from 1970-01-01; -1 stands for no day, hour or device. Bands are places in
    `DURATION_BANDS` and `CLOCK_BANDS`.
    """

    duration_band: NDArray[np.int8]
    received_day: NDArray[np.int32]
    received_hour: NDArray[np.int8]
    device_id: NDArray[np.int64]
    device_day: NDArray[np.int32]
    device_hour: NDArray[np.int8]
    clock_band: NDArray[np.int8]
    fingerprint: NDArray[np.uint64]


def fetch_columns_with_origin(
    session: Session, round_id: int, version_id: int, rated_count: int
) -> tuple[ResponseColumns, OriginColumns]:
    """One query for both, so that they are of the same responses."""
    query = (
        select(*COLUMNS, *_OWN_COLUMNS)
        .where(Response.round_id == round_id, Response.questionnaire_version_id == version_id)
        .order_by(Response.id)
    )
    pieces = [
        (as_columns(piece[: len(COLUMNS)], rated_count), _as_origin(piece[len(COLUMNS) :]))
        for piece in read_in_pieces(session, query)
    ]
    return join_columns([columns for columns, _ in pieces]), join_columns([origin for _, origin in pieces])


def fetch_device_names(session: Session, device_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Code and name of each device."""
    query = select(Device.id, Device.code, Device.name).where(Device.id.in_(list(device_ids)))
    return {device_id: (code, name) for device_id, code, name in session.execute(query)}


def fetch_thresholds(session: Session, round_id: int) -> dict[str, float]:
    """Those that differ from the usual."""
    query = select(QualityThreshold.name, QualityThreshold.value).where(QualityThreshold.round_id == round_id)
    return dict(session.execute(query).all())


def lock_thresholds(session: Session, round_id: int) -> None:
    """Let nobody else change thresholds of the round before this transaction ends."""
    session.execute(select(SurveyRound.id).where(SurveyRound.id == round_id).with_for_update())


def add_threshold_changes(session: Session, changes: Iterable[QualityThresholdChange]) -> None:
    session.add_all(changes)
    session.flush()


def list_threshold_changes(session: Session, round_id: int) -> Sequence[tuple[QualityThresholdChange, str]]:
    """Every change with the name of the account, the newest first."""
    query = (
        select(QualityThresholdChange, Account.display_name)
        .join(Account, Account.id == QualityThresholdChange.changed_by)
        .where(QualityThresholdChange.round_id == round_id)
        .order_by(QualityThresholdChange.id.desc())
    )
    return [(change, name) for change, name in session.execute(query)]


def replace_thresholds(session: Session, round_id: int, values: Mapping[str, float]) -> None:
    """The round's own ones; the others are the usual ones."""
    session.execute(delete(QualityThreshold).where(QualityThreshold.round_id == round_id))
    session.add_all(
        QualityThreshold(round_id=round_id, name=name, value=value) for name, value in values.items()
    )
    session.flush()


def _as_origin(own: Sequence[tuple[Any, ...]]) -> OriginColumns:
    return OriginColumns(
        duration_band=_places(own[0], DURATION_BANDS),
        received_day=_days(own[1]),
        received_hour=_numbers(own[2]).astype(np.int8),
        device_id=_numbers(own[3]),
        device_day=_days(own[4]),
        device_hour=_numbers(own[5]).astype(np.int8),
        clock_band=_places(own[6], CLOCK_BANDS),
        fingerprint=np.frombuffer(bytes.fromhex("".join(own[7])), dtype=">u8").astype(np.uint64),
    )


def _places(values: Sequence[str], names: Sequence[str]) -> NDArray[np.int8]:
    place_of = {name: place for place, name in enumerate(names)}
    return np.array([place_of[value] for value in values], dtype=np.int8)


def _numbers(values: Sequence[Any]) -> NDArray[np.int64]:
    numbers = np.array(values, dtype=np.float64)
    return np.where(np.isnan(numbers), -1, numbers).astype(np.int64)


def _days(values: Sequence[Any]) -> NDArray[np.int32]:
    days = np.array(values, dtype="datetime64[D]")
    return np.where(np.isnat(days), -1, days.astype(np.int64)).astype(np.int32)
