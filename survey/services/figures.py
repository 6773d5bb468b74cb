"""From the arrays of `analysis` to the figures of a report: what is shown of each estimate."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis import Domain, NotEstimable, default_method
from analysis.index_table import EstimateArray, IndexTable, VariableIndices
from survey.services.index_report_values import (
    SELF_SELECTED,
    SUPPRESSED,
    DomainFigures,
    ElementLine,
    Figure,
    IndexFigures,
    ItemLine,
)
from survey.services.measure_samples import MeasureSample
from survey.services.withholding import Mask


class FigureArray:
    """Figures by (row, column) of an array of estimates; limits are computed for all of them at once."""

    def __init__(self, arrays: EstimateArray, withheld: Mask, selection: str) -> None:
        self.arrays = arrays
        self.withheld = withheld
        self.selection = selection

    def at(self, row: int, column: int) -> Figure:
        """What may be shown of one estimate.

        Withheld: nothing. Self-selected respondents: the value alone, as no interval holds for them.
        """
        n = self._columns["n"][row][column]
        if self.withheld[row, column]:
            return Figure(n=n, reason=SUPPRESSED)
        result = self.arrays.value(row, column)
        if isinstance(result, NotEstimable):
            return Figure(n=n, reason=result.reason)
        if self.selection == "self_selected":
            return Figure(n=n, value=result.estimate, reason=SELF_SELECTED)
        return Figure(
            n=n,
            value=result.estimate,
            low=self._columns["low"][row][column],
            high=self._columns["high"][row][column],
            standard_error=result.standard_error,
            degrees_of_freedom=result.degrees_of_freedom,
            design_effect=result.design_effect,
            interval_method=default_method(result.kind, result.estimate),
        )

    @cached_property
    def _columns(self) -> dict[str, list[list[Any]]]:
        low, high = self.arrays.limits()
        return {"n": self.arrays.n.tolist(), "low": low.tolist(), "high": high.tolist()}


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
            expectation_percent=self._numeric.at(row, self.table.numeric_names.index("expectation")),
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
