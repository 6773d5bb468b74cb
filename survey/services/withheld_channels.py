"""Which channels and counter readings are withheld: decided here once, for pages and files alike."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from survey.services.index_report_values import FEW, SUPPRESSED, ChannelLine, PulseLine
from survey.services.withholding import MINIMUM_RESPONDENTS


def withhold_channels(lines: Iterable[ChannelLine]) -> tuple[ChannelLine, ...]:
    """Mark the lines whose shares are withheld; each selection of a measure has a total of its own."""
    lines = tuple(lines)
    sums = _sums((line.measure_code, line.selection) for line in lines)
    withheld = withheld_places([line.n for line in lines], sums)
    return tuple(replace(line, is_withheld=place in withheld) for place, line in enumerate(lines))


def withhold_interviews(rows: Sequence[tuple[Hashable, str]]) -> list[bool]:
    """Which responses do not say their channel; of each, where it was given (as little else) and its channel.

    Those of fewer than five interviews at a place: who was visited there is known. Others go with them until
    the hidden ones hold two channels and five responses.
    """
    cells = Counter(rows)
    counts = list(cells.values())
    small = {
        place
        for place, ((_, channel), count) in enumerate(cells.items())
        if channel == "interviewer" and count < MINIMUM_RESPONDENTS
    }
    withheld = _with_further(counts, _sums(where for where, _ in cells), small)
    is_withheld = {cell: place in withheld for place, cell in enumerate(cells)}
    return [is_withheld[row] for row in rows]


def withhold_pulses(lines: Iterable[PulseLine]) -> tuple[PulseLine, ...]:
    """Give every option whose count is not shown the reason; of a question with few answers none is shown."""
    lines = tuple(lines)
    sums = _sums((line.form_id, line.question_id) for line in lines)
    withheld = withheld_places([line.count for line in lines], sums)
    return tuple(
        replace(line, reason=_pulse_reason(line, place in withheld)) for place, line in enumerate(lines)
    )


def _pulse_reason(line: PulseLine, is_withheld: bool) -> str:
    if line.answer_count == 0:
        return "empty_domain"
    if line.answer_count < MINIMUM_RESPONDENTS:
        return SUPPRESSED
    if not is_withheld:
        return ""
    return FEW if line.count < MINIMUM_RESPONDENTS else SUPPRESSED


def _sums(keys: Iterable[Hashable]) -> list[list[int]]:
    """The places of equal keys: those of the lines that add up to one total."""
    sums: dict[Hashable, list[int]] = {}
    for place, key in enumerate(keys):
        sums.setdefault(key, []).append(place)
    return list(sums.values())


def withheld_places(counts: Sequence[int], sums: Sequence[Sequence[int]]) -> set[int]:
    """Small cells, and the smallest further ones until each sum has none or two that hold the minimum."""
    small = {place for place, count in enumerate(counts) if 0 < count < MINIMUM_RESPONDENTS}
    return _with_further(counts, sums, small)


def _with_further(counts: Sequence[int], sums: Sequence[Sequence[int]], small: set[int]) -> set[int]:
    withheld = set(small)
    changed = True
    while changed:
        changed = False
        for places in sums:
            hidden = [counts[place] for place in places if place in withheld]
            shown = [place for place in places if place not in withheld and counts[place]]
            if hidden and shown and (len(hidden) == 1 or sum(hidden) < MINIMUM_RESPONDENTS):
                withheld.add(min(shown, key=lambda place: counts[place]))
                changed = True
    return withheld
