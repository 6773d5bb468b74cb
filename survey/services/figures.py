"""From the arrays of `analysis` to the figures of a report: what is shown of each estimate."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np

from analysis import Domain, NotEstimable, check_presentations, default_method
from analysis.columns import Floats
from analysis.index_table import EstimateArray, IndexTable, VariableIndices
from analysis.quality import PRESENTATION_LEVEL
from survey.services.index_report_values import (
    AT_END,
    NOT_ASKED,
    SELF_SELECTED,
    SUPPRESSED,
    UNRELIABLE,
    DomainFigures,
    ElementLine,
    Figure,
    IndexFigures,
    ItemLine,
)
from survey.services.measure_samples import MeasureSample
from survey.services.withholding import Mask

# The flags of the presentation rule that are shown as marks.
PRESENTATION_MARKS = ("few_degrees_of_freedom", "at_edge", "complement_flagged")
_MARKS_BY_CODE = tuple(
    tuple(mark for place, mark in enumerate(PRESENTATION_MARKS) if code >> place & 1)
    for code in range(1 << len(PRESENTATION_MARKS))
)

# Reasons why there is a number but no error of it.
_WITHOUT_ERROR = ("no_degrees_of_freedom", "no_variance")


class FigureArray:
    """Figures by (row, column) of an array of estimates; limits are computed for all of them at once."""

    def __init__(self, arrays: EstimateArray, withheld: Mask, selection: str) -> None:
        self.arrays = arrays
        self.withheld = withheld
        self.selection = selection

    def at(self, row: int, column: int) -> Figure:
        """What may be shown of one estimate.

        Withheld: nothing. Self-selected respondents: the value alone, as no interval holds for them and none
        is needed. A share that the presentation rule suppresses: nothing, so that nobody leans on it.
        """
        columns = self._columns
        n = columns["n"][row][column]
        if self.withheld[row, column]:
            return Figure(n=n, reason=SUPPRESSED)
        result = self.arrays.value(row, column)
        is_self_selected = self.selection == "self_selected"
        if isinstance(result, NotEstimable) and not (is_self_selected and result.reason in _WITHOUT_ERROR):
            return Figure(n=n, reason=result.reason)
        if is_self_selected or isinstance(result, NotEstimable):
            return Figure(n=n, value=float(self.arrays.estimate[row, column]), reason=SELF_SELECTED)
        if columns["suppressed"][row][column]:
            return Figure(n=n, reason=UNRELIABLE)
        low, high = columns["low"][row][column], columns["high"][row][column]
        has_interval = isfinite(low) and isfinite(high)
        return Figure(
            n=n,
            value=result.estimate,
            low=low if has_interval else None,
            high=high if has_interval else None,
            standard_error=result.standard_error,
            degrees_of_freedom=result.degrees_of_freedom,
            design_effect=result.design_effect,
            interval_method=default_method(result.kind, result.estimate, result.bounds),
            reason="" if has_interval else AT_END if result.bounds else "no_variance",
            marks=_MARKS_BY_CODE[columns["mark_code"][row][column]],
        )

    @cached_property
    def _columns(self) -> dict[str, list[list[Any]]]:
        arrays, (low, high) = self.arrays, self.arrays.limits()
        columns = {"n": arrays.n, "low": low, "high": high, **self._presentation(low, high)}
        return {name: values.tolist() for name, values in columns.items()}

    def _presentation(self, low: Floats, high: Floats) -> dict[str, np.ndarray]:
        """The rule is one for shares; means are shown as they are. `mark_code` has one bit a mark."""
        arrays = self.arrays
        is_share = np.array([kind != "mean" for kind in arrays.kinds], dtype=bool)
        flags = check_presentations(
            arrays.estimate,
            arrays.standard_error,
            np.where(arrays.degrees_of_freedom > 0, arrays.degrees_of_freedom, np.nan),
            arrays.n,
            (low, high) if arrays.level == PRESENTATION_LEVEL else None,
        )
        codes = sum(
            (getattr(flags, name) & is_share) << place for place, name in enumerate(PRESENTATION_MARKS)
        )
        return {"suppressed": flags.suppressed & is_share, "mark_code": np.asarray(codes)}


@dataclass(frozen=True)
class DomainReader:
    """Reads the figures of one domain variable of an index table, group by group.

    `withheld` has a row a group; its columns are those of the shares, then wholly satisfied and expectation.
    """

    sample: MeasureSample
    table: IndexTable
    variable: str
    selection: str
    withheld: Mask

    @property
    def arrays(self) -> VariableIndices:
        return self.table.variables[self.variable]

    @property
    def domain(self) -> Domain:
        return self.arrays.domain

    def find(self, label: Hashable) -> DomainFigures | None:
        """All figures of a group, or None where no row is in it."""
        row = self._rows.get(label)
        return None if row is None else self._figures(row)

    def index_row(self, label: Hashable) -> tuple[int, int]:
        """Where the index of a group stands in the arrays."""
        return self._rows[label], self._column_count - 1

    def _figures(self, row: int) -> DomainFigures:
        items = self.table.item_count
        columns = [self._index_figures(row, column) for column in range(self._column_count)]
        elements = zip(self.table.definition.elements, columns[items:-1], strict=True)
        return DomainFigures(
            n=columns[-1].n,
            index=columns[-1],
            wholly_satisfied_share=self._wholly.at(row, 0),
            expectation_percent=self._expectation(row),
            elements=tuple(
                ElementLine(element.id, self.sample.element_titles[element.id], figures)
                for element, figures in elements
            ),
            items=tuple(
                ItemLine(
                    form_id=item.form_id,
                    question_id=item.question.id,
                    element_id=item.question.element or "",
                    title=item.question.text,
                    figures=figures,
                )
                for item, figures in zip(self.sample.items, columns[:items], strict=True)
            ),
        )

    def _expectation(self, row: int) -> Figure:
        if not self.sample.asks_expectation:
            return Figure(n=0, reason=NOT_ASKED)
        return self._numeric.at(row, self.table.numeric_names.index("expectation"))

    def _index_figures(self, row: int, column: int) -> IndexFigures:
        shares = self.arrays.shares
        return IndexFigures(
            n=int(shares.n[row, column]),
            answer_count=int(shares.answer_count[row, column]),
            satisfied_share=self._shares.at(row, column),
            mean_score=self._scores.at(row, column),
        )

    @property
    def _column_count(self) -> int:
        return self.table.item_count + len(self.table.definition.elements) + 1

    @cached_property
    def _rows(self) -> dict[Hashable, int]:
        return {label: row for row, label in enumerate(self.domain.labels)}

    @cached_property
    def _shares(self) -> FigureArray:
        return FigureArray(self.arrays.shares, self.withheld, self.selection)

    @cached_property
    def _scores(self) -> FigureArray:
        return FigureArray(self.arrays.scores, self.withheld, self.selection)

    @cached_property
    def _wholly(self) -> FigureArray:
        return FigureArray(self.arrays.wholly, self.withheld[:, -2:-1], self.selection)

    @cached_property
    def _numeric(self) -> FigureArray:
        return FigureArray(self.arrays.numeric, self.withheld[:, -1:], self.selection)
