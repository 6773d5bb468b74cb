"""What a round's page shows of its counts: by channel, by day, by unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from survey.services.rounds import RoundOverview, UnitLine, plain_letters
from survey.web.sorting import Keys

LONGEST_CHART = 120


@dataclass(frozen=True)
class ChannelCounts:
    channel: str
    invited: int
    self_selected: int

    @property
    def total(self) -> int:
        return self.invited + self.self_selected


@dataclass(frozen=True)
class DayCount:
    """A day and how high its column stands, as a share of the highest."""

    day: date
    count: int
    height: float


@dataclass(frozen=True)
class UnitCount:
    unit: UnitLine
    count: int


def unit_keys(language: str) -> Keys:
    return {
        "ten": lambda line: plain_letters(line.unit.name.in_language(language) or line.unit.name.vi),
        "so-phieu": lambda line: line.count,
    }


def list_channels(overview: RoundOverview) -> list[ChannelCounts]:
    """Channels with the most responses first; invited and self-selected side by side."""
    counts: dict[str, dict[str, int]] = {}
    for channel, selection, count in overview.by_channel:
        counts.setdefault(channel, {})[selection] = count
    lines = [
        ChannelCounts(channel, each.get("invited", 0), each.get("self_selected", 0))
        for channel, each in counts.items()
    ]
    return sorted(lines, key=lambda line: -line.total)


def list_days(overview: RoundOverview) -> list[DayCount]:
    """Every day from the first response to the last one, days without any included."""
    counts = dict(overview.by_day)
    if not counts:
        return []
    first = max(min(counts), max(counts) - timedelta(days=LONGEST_CHART - 1))
    highest = max(count for day, count in counts.items() if day >= first)
    days = (first + timedelta(days=number) for number in range((max(counts) - first).days + 1))
    return [DayCount(day, counts.get(day, 0), counts.get(day, 0) / highest) for day in days]


def find_units(units: Iterable[tuple[UnitLine, int]], search: str) -> list[UnitCount]:
    """Units whose name or code holds every word of the search, marks ignored."""
    words = plain_letters(search).split()
    return [
        UnitCount(unit, count)
        for unit, count in units
        if all(word in plain_letters(f"{unit.name.vi} {unit.name.en} {unit.code}") for word in words)
    ]
