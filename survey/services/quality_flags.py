"""Which responses of a questionnaire have which flag, and which ones a rule could judge at all."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.response_quality import (
    in_bursts,
    outside_hours,
    repeated_vectors,
    straight_lined,
    too_fast,
)
from questionnaires.model import Questionnaire
from survey.models.response import CLOCK_BANDS, DURATION_BANDS
from survey.services.quality_thresholds import Thresholds
from survey.services.quality_values import (
    BURST,
    CLOCKS_OFF,
    FAST,
    HOURS,
    IDENTICAL,
    ORIGIN_RULES,
    STRAIGHT,
)
from survey.store.quality import OriginColumns
from survey.store.survey_data import ResponseColumns

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
SmallNumbers = NDArray[np.signedinteger[Any]]

# Where a response without an enrolled device can still be told to come from one place.
SOURCES = ("device", "kiosk", "phone")
_NEARLY_RIGHT = [CLOCK_BANDS.index(name) for name in ("right", "minutes_off")]
LONGEST_SECONDS = {"under_1m": 60.0, "1_to_3m": 180.0, "3_to_10m": 600.0, "10_to_30m": 1800.0}


@dataclass(frozen=True)
class Flagged:
    """Flagged rows, and the rows that the rule could judge."""

    rows: Mask
    base: Mask


@dataclass(frozen=True)
class FormFlags:
    """The flags of one questionnaire's responses; the rules that cannot judge any of them are left out."""

    form_id: str
    questionnaire: Questionnaire
    columns: ResponseColumns
    origin: OriginColumns
    thresholds: Thresholds
    # Units that are open at any hour, such as hospitals.
    always_open: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.columns)

    @cached_property
    def flags(self) -> dict[str, Flagged]:
        found = {
            STRAIGHT: self._straight(),
            FAST: self._fast(),
            BURST: self._burst(),
            HOURS: self._hours(),
            IDENTICAL: self._identical(),
        }
        return {rule: flagged for rule, flagged in found.items() if flagged.base.any()}

    @property
    def in_question(self) -> Mask:
        """Flagged by a rule that asks how the response came about."""
        return self._any(*ORIGIN_RULES)

    @property
    def in_question_or_straight(self) -> Mask:
        return self._any(*ORIGIN_RULES, STRAIGHT)

    @cached_property
    def valid_ratings(self) -> NDArray[np.int8]:
        """Without the codes for "not applicable"."""
        valid = self.columns.ratings.copy()
        for column, question in enumerate(self.questionnaire.rated):
            valid[np.isin(valid[:, column], question.not_applicable), column] = -1
        return valid

    @cached_property
    def is_long(self) -> bool:
        return len(self.questionnaire.rated) >= self.thresholds.minimum_items

    @cached_property
    def source_kind(self) -> Numbers:
        """Place in `SOURCES`, -1 for paper, files and interviewers without a device."""
        channel = self.columns.channel
        kind = np.where(channel == "kiosk", 1, np.where(channel == "phone", 2, -1))
        # Invited people answer on their own phones, each of them once.
        kind[(self.columns.selection == "invited") & (kind == 2)] = -1
        kind[self.origin.device_id >= 0] = 0
        return kind.astype(np.int64)

    @cached_property
    def source(self) -> Numbers:
        """A number for each device, and for the kiosks and the phones of each unit."""
        number = np.where(self.source_kind == 0, self.origin.device_id, self.columns.unit_id)
        return np.where(self.source_kind < 0, -1, number * len(SOURCES) + self.source_kind)

    @cached_property
    def hour_index(self) -> Numbers:
        """Hours since 1970: of a device by its own clock, however wrong; of others by arrival."""
        origin = self.origin
        own = _hours_since(origin.device_day, origin.device_hour)
        arrival = _hours_since(origin.received_day, origin.received_hour)
        return np.where(self.source_kind == 0, own, arrival)

    @cached_property
    def burst_day(self) -> NDArray[np.int32]:
        """The day of arrival beside a clock of a device that is hours off or more, else -1.

        A device that begins each day at the same wrong hour has no burst of several days.
        """
        is_far_off = (self.source_kind == 0) & ~np.isin(self.origin.clock_band, _NEARLY_RIGHT)
        return np.where(is_far_off, self.origin.received_day, -1)

    @cached_property
    def is_by_device_clock(self) -> Mask:
        """Less than an hour off beats arrival, which may be hours after a form was filled in offline."""
        return np.isin(self.origin.clock_band, _NEARLY_RIGHT) & (self.origin.device_hour >= 0)

    @cached_property
    def hour_of_day(self) -> NDArray[np.int8]:
        """By the device's clock where that was nearly right, else by arrival."""
        return np.where(self.is_by_device_clock, self.origin.device_hour, self.origin.received_hour)

    @cached_property
    def clock_off(self) -> dict[str, Mask]:
        """The responses of devices with a wrong clock, by how far it was off."""
        return {band: self.origin.clock_band == CLOCK_BANDS.index(band) for band in CLOCKS_OFF}

    def _straight(self) -> Flagged:
        elements = [question.element or "" for question in self.questionnaire.rated]
        minimum = int(self.thresholds.minimum_items)
        rows = straight_lined(self.valid_ratings, elements, minimum_items=minimum)
        return Flagged(rows, (self.valid_ratings >= 0).sum(axis=1) >= minimum)

    def _fast(self) -> Flagged:
        longest = np.array([LONGEST_SECONDS.get(band, np.inf) for band in DURATION_BANDS])
        answered = (self.columns.ratings >= 0).sum(axis=1)
        seconds_per_item = self.thresholds.seconds_per_item
        rows = too_fast(answered, longest[self.origin.duration_band], seconds_per_item=seconds_per_item)
        # A form so short that not even the lowest band can be too fast for it is not judged.
        judged = answered * seconds_per_item >= min(LONGEST_SECONDS.values())
        is_known = self.origin.duration_band != DURATION_BANDS.index("unknown")
        return Flagged(rows, is_known & judged)

    def _burst(self) -> Flagged:
        limits = self.thresholds
        usual = limits.burst_per_hour if self.is_long else limits.burst_per_hour_short
        minimum = np.where(self.source_kind == 2, limits.burst_per_hour_phones, usual)
        hours = self.hour_index
        if (self.burst_day >= 0).any():
            pairs = np.stack([hours, self.burst_day])
            hours = np.where(hours >= 0, np.unique(pairs, axis=1, return_inverse=True)[1].reshape(-1), -1)
        rows, _ = in_bursts(self.source, hours, minimum=minimum)
        return Flagged(rows, (self.source >= 0) & (self.hour_index >= 0))

    @cached_property
    def weekday(self) -> NDArray[np.int64]:
        """1 Monday to 7 Sunday, by the clock that gives the hour; 0 where the day is not known."""
        days = np.where(self.is_by_device_clock, self.origin.device_day, self.origin.received_day)
        # The first day of 1970 was a Thursday.
        return np.where(days >= 0, (days.astype(np.int64) + 3) % 7 + 1, 0)

    @cached_property
    def closed_weekday(self) -> NDArray[np.int64]:
        """The day of the week of a kiosk's response where the unit is closed on it, else 0.

        Interviewers visit people at home, at the weekend more than on other days.
        """
        is_closed = (self.columns.channel == "kiosk") & (self.weekday > self.thresholds.last_weekday)
        return np.where(is_closed, self.weekday, 0)

    def _hours(self) -> Flagged:
        limits = self.thresholds
        is_interviewer = self.columns.channel == "interviewer"
        is_closable = (self.columns.channel == "kiosk") & ~np.isin(
            self.columns.unit_id, sorted(self.always_open)
        )
        base = (is_closable | is_interviewer) & (self.hour_of_day >= 0)
        last = np.where(is_interviewer, limits.last_hour_interviewer, limits.last_hour)
        is_outside = outside_hours(self.hour_of_day, limits.first_hour, last) | (self.closed_weekday > 0)
        return Flagged(base & is_outside, base)

    def _identical(self) -> Flagged:
        minimum = int(self.thresholds.minimum_items)
        rows, _ = repeated_vectors(
            self.valid_ratings,
            self.origin.fingerprint,
            self.columns.unit_id,
            minimum=int(self.thresholds.identical_count),
            minimum_items=minimum,
        )
        return Flagged(rows, (self.valid_ratings >= 0).sum(axis=1) >= minimum)

    def _any(self, *rules: str) -> Mask:
        marked = np.zeros(len(self), dtype=np.bool_)
        for rule in rules:
            if rule in self.flags:
                marked |= self.flags[rule].rows
        return marked


def _hours_since(day: SmallNumbers, hour: SmallNumbers) -> Numbers:
    return np.where((day >= 0) & (hour >= 0), day.astype(np.int64) * 24 + hour, -1)
