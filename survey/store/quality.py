"""What the checks of data quality need of the responses, read together with the columns of the index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey.models import Device, QualityThreshold, Response
from survey.store.survey_data import COLUMNS, ResponseColumns, as_columns

UNKNOWN_HOUR = -1
NO_DEVICE = -1
_FINGERPRINT_DIGITS = 16
_OWN_COLUMNS = (
    Response.duration_band,
    Response.received_on,
    Response.received_hour,
    Response.device_id,
    Response.device_on,
    Response.device_hour,
    Response.clock_band,
    func.substr(Response.content_digest, 1, _FINGERPRINT_DIGITS),
)


@dataclass(frozen=True)
class OriginColumns:
    """How each response came: one entry a response, in the order of its `ResponseColumns`.

    Days are counted from 1970-01-01; -1 stands for no day, hour or device.
    """

    duration_band: NDArray[np.str_]
    received_day: NDArray[np.int64]
    received_hour: NDArray[np.int64]
    device_id: NDArray[np.int64]
    device_day: NDArray[np.int64]
    device_hour: NDArray[np.int64]
    clock_band: NDArray[np.str_]
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
    rows = session.execute(query).all()
    columns = list(zip(*rows, strict=True)) if rows else [()] * (len(COLUMNS) + len(_OWN_COLUMNS))
    own = columns[len(COLUMNS) :]
    return as_columns(columns[: len(COLUMNS)], rated_count), OriginColumns(
        duration_band=np.array(own[0], dtype=np.str_),
        received_day=_days(own[1]),
        received_hour=_numbers(own[2]),
        device_id=_numbers(own[3]),
        device_day=_days(own[4]),
        device_hour=_numbers(own[5]),
        clock_band=np.array(own[6], dtype=np.str_),
        fingerprint=np.array([int(digits, 16) for digits in own[7]], dtype=np.uint64),
    )


def fetch_device_names(session: Session, device_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Code and name of each device."""
    query = select(Device.id, Device.code, Device.name).where(Device.id.in_(list(device_ids)))
    return {device_id: (code, name) for device_id, code, name in session.execute(query)}


def fetch_thresholds(session: Session, round_id: int) -> dict[str, float]:
    """Those that differ from the usual."""
    query = select(QualityThreshold.name, QualityThreshold.value).where(QualityThreshold.round_id == round_id)
    return dict(session.execute(query).all())


def replace_thresholds(session: Session, round_id: int, values: Mapping[str, float]) -> None:
    session.execute(delete(QualityThreshold).where(QualityThreshold.round_id == round_id))
    session.add_all(
        QualityThreshold(round_id=round_id, name=name, value=value) for name, value in values.items()
    )
    session.flush()


def _numbers(values: Sequence[Any]) -> NDArray[np.int64]:
    return np.array([-1 if value is None else value for value in values], dtype=np.int64)


def _days(values: Sequence[Any]) -> NDArray[np.int64]:
    days = np.array(values, dtype="datetime64[D]")
    return np.where(np.isnat(days), -1, days.astype(np.int64))
