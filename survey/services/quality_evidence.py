"""What was seen at each unit behind the flags: levels, bands, devices with their hours, groups of copies."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from questionnaires.model import Questionnaire, Text
from survey.models.response import DURATION_BANDS
from survey.services.quality_flags import SOURCES, FormFlags
from survey.services.quality_values import BURST, FAST, HOURS, IDENTICAL, STRAIGHT, Evidence
from survey.services.withholding import MINIMUM_RESPONDENTS

MOST_LINES = 10
_EPOCH = date(1970, 1, 1)

ByUnit = dict[int, list[Evidence]]
Devices = Mapping[int, tuple[str, str]]


def list_evidence(form: FormFlags, devices: Devices) -> dict[int, tuple[Evidence, ...]]:
    """By unit id; of each rule the strongest lines."""
    listed: dict[int, list[Evidence]] = defaultdict(list)
    found = {
        STRAIGHT: _levels,
        FAST: _bands,
        BURST: lambda each: _bursts(each, devices),
        HOURS: lambda each: _hours(each, devices),
        IDENTICAL: _copies,
    }
    for rule, gather in found.items():
        if rule in form.flags:
            for unit_id, lines in gather(form).items():
                listed[unit_id].extend(sorted(lines, key=_strength)[:MOST_LINES])
    return {unit_id: tuple(lines) for unit_id, lines in listed.items()}


def flagged_device_ids(form: FormFlags) -> set[int]:
    """Devices that the evidence names."""
    rows = np.zeros(len(form), dtype=np.bool_)
    for rule in (BURST, HOURS):
        if rule in form.flags:
            rows |= form.flags[rule].rows
    return {int(device) for device in np.unique(form.origin.device_id[rows]) if device >= 0}


def _levels(form: FormFlags) -> ByUnit:
    """Which level was given throughout, unless that would show what one to four people answered."""
    rows = form.flags[STRAIGHT].rows
    highest = form.valid_ratings.max(axis=1, initial=-1)
    by_unit: dict[int, dict[int, int]] = defaultdict(dict)
    for (unit_id, code), count in _counted(rows, form.columns.unit_id, highest.astype(np.int64)):
        by_unit[unit_id][code] = count
    lines: ByUnit = {}
    for unit_id, counts in by_unit.items():
        code, most = max(counts.items(), key=lambda pair: pair[1])
        label = _level_label(form.questionnaire, code)
        if min(counts.values()) >= MINIMUM_RESPONDENTS:
            lines[unit_id] = [
                Evidence(STRAIGHT, count, label=_level_label(form.questionnaire, each))
                for each, count in counts.items()
            ]
        elif most >= MINIMUM_RESPONDENTS:
            lines[unit_id] = [Evidence(STRAIGHT, None, label=label)]
    return lines


def _bands(form: FormFlags) -> ByUnit:
    channel_names, channels = np.unique(form.columns.channel, return_inverse=True)
    lines: ByUnit = defaultdict(list)
    keys = _counted(form.flags[FAST].rows, form.columns.unit_id, channels, form.origin.duration_band)
    for (unit_id, channel, band), count in keys:
        lines[unit_id].append(
            Evidence(FAST, count, channel=str(channel_names[channel]), band=DURATION_BANDS[band])
        )
    return lines


def _bursts(form: FormFlags, devices: Devices) -> ByUnit:
    lines: ByUnit = defaultdict(list)
    keys = _counted(
        form.flags[BURST].rows,
        form.columns.unit_id,
        form.source_kind,
        form.origin.device_id,
        form.hour_index,
        form.burst_day,
    )
    for (unit_id, kind, device, hour, _), count in keys:
        code, name = devices.get(device, ("", ""))
        lines[unit_id].append(
            Evidence(
                BURST,
                count,
                source=SOURCES[kind],
                device_code=code,
                device_name=name,
                day=_EPOCH + timedelta(days=hour // 24),
                hour=hour % 24,
            )
        )
    return lines


def _hours(form: FormFlags, devices: Devices) -> ByUnit:
    lines: ByUnit = defaultdict(list)
    keys = _counted(
        form.flags[HOURS].rows,
        form.columns.unit_id,
        form.source_kind,
        form.origin.device_id,
        form.hour_of_day,
        form.is_by_device_clock.astype(np.int64),
        form.closed_weekday,
    )
    for (unit_id, kind, device, hour, by_device, weekday), count in keys:
        code, name = devices.get(device, ("", ""))
        lines[unit_id].append(
            Evidence(
                HOURS,
                count,
                source=SOURCES[kind] if kind >= 0 else "",
                device_code=code,
                device_name=name,
                hour=hour,
                by_device_clock=bool(by_device),
                weekday=weekday,
            )
        )
    return lines


def _copies(form: FormFlags) -> ByUnit:
    """Groups of equal responses, by how large they are."""
    rows = np.flatnonzero(form.flags[IDENTICAL].rows)
    prints = np.unique(form.origin.fingerprint[rows], return_inverse=True)[1]
    channel_names, channels = np.unique(form.columns.channel, return_inverse=True)
    sizes: dict[tuple[int, int, int], int] = defaultdict(int)
    everything = np.ones(len(rows), dtype=np.bool_)
    for (unit_id, channel, _), count in _counted(
        everything, form.columns.unit_id[rows], channels[rows], prints
    ):
        sizes[unit_id, channel, count] += 1
    lines: ByUnit = defaultdict(list)
    for (unit_id, channel, size), groups in sizes.items():
        lines[unit_id].append(
            Evidence(IDENTICAL, size, channel=str(channel_names[channel]), group_count=groups)
        )
    return lines


def _counted(
    rows: NDArray[np.bool_], *columns: NDArray[np.signedinteger[Any]]
) -> Iterator[tuple[tuple[int, ...], int]]:
    """Every combination of values among these rows, with its count."""
    if not rows.any():
        return
    keys, counts = np.unique(np.stack([column[rows] for column in columns]), axis=1, return_counts=True)
    for key, count in zip(keys.T.tolist(), counts.tolist(), strict=True):
        yield tuple(key), count


def _level_label(questionnaire: Questionnaire, code: int) -> Text:
    labels = {option.code: option.label for question in questionnaire.rated for option in question.options}
    return labels[code]


def _strength(line: Evidence) -> tuple[int, int, int]:
    """The largest first, then by time."""
    day = line.day.toordinal() if line.day else 0
    return -(line.count or 0) * line.group_count, day, line.hour or 0
