"""Items, elements and index of a satisfaction survey, by any number of domain variables, in one pass.

Every number is a ratio of weighted totals, or a fixed combination of such ratios. Its variance comes from the
totals by sampling unit and domain (see `analysis.cells`), with units outside the domain as zeros.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from analysis.cells import BaseCells, build_base_cells, build_cell_variances
from analysis.columns import Floats, float_column
from analysis.design import SurveyDesign
from analysis.domains import Domain, require_rows
from analysis.errors import DataError
from analysis.index_builder import ColumnBuilder, VariableBuilder
from analysis.index_definition import IndexDefinition
from analysis.index_table import IndexTable, VariableIndices
from analysis.index_totals import AnswerPass, AnswerTotals, Ratings, RespondentFlags, check_ratings
from analysis.intervals import t_quantile


def estimate_indices(
    design: SurveyDesign,
    ratings: npt.ArrayLike,
    definition: IndexDefinition,
    domains: Mapping[str, Domain],
    *,
    numeric: Mapping[str, npt.ArrayLike] | None = None,
    level: float = 0.95,
) -> IndexTable:
    """Estimate every item, element and index for every group of every domain variable.

    Parameters
    ----------
    design : SurveyDesign
        Design of all n rows; rows outside a domain stay in it.
    ratings : array_like of int8, shape (n, m)
        Code of each answer; −1 where there is no valid answer (missing, not applicable, off the path). Codes
        outside the item's scale, such as 0 for "no opinion" below a scale 1–5, count as no valid answer.
    definition : IndexDefinition
    domains : mapping of str to Domain
        Domain variables, each with a code per row.
    numeric : mapping of str to array_like of shape (n,), optional
        Columns of which the weighted mean is wanted; NaN is missing.
    level : float
        Confidence of the intervals.

    Returns
    -------
    IndexTable

    Raises
    ------
    LonelyPsuError
        A stratum has one selected unit and the design says ``fail``.
    DataError, DomainError, MethodError
        Inputs that do not fit together.

    Notes
    -----
    Share of an item: p = Σ w r y / Σ w r with r = 1 for a valid and y = 1 for a satisfied answer. A pooled
    element or index sums numerator and denominator over its items. A combined index is I = Σ c_e p_e with
    fixed shares c_e; its influence is Σ c_e z_e, so the covariance of the elements is in it. Design effect
    of a share, element or index: v / [n/(n − 1) p(1 − p)/n] with n respondents.

    Examples
    --------
    >>> from analysis import Domain, Element, IndexDefinition, SurveyDesign
    >>> design = SurveyDesign.from_columns([1.0] * 6, ids=[[1, 1, 2, 2, 3, 3]])
    >>> ratings = np.array([[5, 4], [5, 3], [2, -1], [4, 4], [5, 5], [1, 4]], dtype=np.int8)
    >>> definition = IndexDefinition((Element("all", (0, 1)),))
    >>> table = estimate_indices(design, ratings, definition, {"all": Domain.whole(6)})
    >>> index = table.cell("all", "all").index
    >>> round(index.satisfied_share.estimate, 4), index.n, index.answer_count
    (0.7273, 6, 11)
    """
    matrix = _weighted_only(check_ratings(ratings, design.n), design.weights)
    definition.require_items(matrix.shape[1])
    if not definition.elements:
        raise DataError("no_elements")
    t_quantile(level, 1.0)
    for name, domain in domains.items():
        require_rows(domain, design.n, name)
    base = build_base_cells(design, list(domains.values()))
    reading = AnswerPass(matrix, design.weights, base, definition)
    builders = {
        name: VariableBuilder(build_cell_variances(design, domain, base), level)
        for name, domain in domains.items()
    }
    _estimate_answers(reading, definition, base, builders)
    _estimate_respondents(reading, design, base, builders)
    columns = dict(numeric or {})
    for name, values in columns.items():
        column = np.where(design.weights != 0, float_column(values, design.n, name), np.nan)
        _estimate_numeric(column, design, base, builders)
    variables = {name: _finished(builder, domains[name]) for name, builder in builders.items()}
    return IndexTable(definition, matrix.shape[1], tuple(columns), variables, level)


def _weighted_only(ratings: Ratings, weights: Floats) -> Ratings:
    """Take the answers of rows with weight 0 as missing, so that they count in no n."""
    return ratings if weights.all() else np.where((weights != 0)[:, None], ratings, np.int8(-1))


def _estimate_answers(
    reading: AnswerPass, definition: IndexDefinition, base: BaseCells, builders: Mapping[str, VariableBuilder]
) -> None:
    """Estimate items while they are read, then elements and index from the pooled totals."""
    element_of = {item: e for e, element in enumerate(definition.elements) for item in element.items}
    pools: list[AnswerTotals | None] = [None] * len(definition.elements)
    scales = reading.scales()
    for item, totals in enumerate(reading.items()):
        for builder in builders.values():
            builder.add_item(totals, scales[item])
        if item in element_of:
            pool = pools[element_of[item]]
            pools[element_of[item]] = totals if pool is None else pool.plus(totals)
    elements = [pool for pool in pools if pool is not None]
    respondents = [base.counts(flags.answered) for flags in reading.elements]
    everyone = base.counts(_union(reading.elements).answered)
    element_scales = [
        _common_scale([scales[item] for item in element.items]) for element in definition.elements
    ]
    index_scale = _common_scale(list(element_scales))
    for builder in builders.values():
        for totals, count, scale in zip(elements, respondents, element_scales, strict=True):
            builder.add_pool(totals, count, scale, "pooled_element")
        if definition.composition == "pooled":
            builder.add_pool(_pooled(elements), everyone, index_scale, "pooled_index")
        else:
            builder.add_combination(
                elements, definition.element_shares(), everyone, index_scale, definition.composition
            )


def _estimate_respondents(
    reading: AnswerPass, design: SurveyDesign, base: BaseCells, builders: Mapping[str, VariableBuilder]
) -> None:
    """Estimate the share of respondents all of whose answers are satisfied."""
    flags = _union(reading.elements)
    wholly = flags.answered & ~flags.unsatisfied
    partly = flags.answered & flags.unsatisfied
    parts = [base.sums(design.weights * part) for part in (wholly, partly)]
    count = base.counts(flags.answered)
    for builder in builders.values():
        builder.add_respondent_share(parts[0], parts[1], count)


def _estimate_numeric(
    values: Floats, design: SurveyDesign, base: BaseCells, builders: Mapping[str, VariableBuilder]
) -> None:
    valid = ~np.isnan(values)
    weights = design.weights * valid
    filled = np.where(valid, values, 0.0)
    sums = (
        base.sums(weights),
        base.sums(weights * filled),
        base.sums(weights * filled**2),
        base.counts(valid),
    )
    for builder in builders.values():
        builder.add_numeric(*sums)


def _union(elements: list[RespondentFlags]) -> RespondentFlags:
    answered = np.logical_or.reduce([flags.answered for flags in elements])
    return RespondentFlags(answered, np.logical_or.reduce([flags.unsatisfied for flags in elements]))


def _pooled(elements: list[AnswerTotals]) -> AnswerTotals:
    pool = elements[0]
    for element in elements[1:]:
        pool = pool.plus(element)
    return pool


def _common_scale(scales: list[tuple[int, int] | None] | list[tuple[int, int]]) -> tuple[int, int] | None:
    return scales[0] if all(scale == scales[0] for scale in scales) else None


def _finished(builder: VariableBuilder, domain: Domain) -> VariableIndices:
    def arrays(columns: list[ColumnBuilder]) -> ColumnBuilder:
        return ColumnBuilder.joined(columns, len(domain.labels))

    return VariableIndices(
        domain,
        arrays(builder.shares).as_array(builder.level),
        arrays(builder.scores).as_array(builder.level),
        arrays(builder.scores_100).as_array(builder.level),
        arrays(builder.wholly).as_array(builder.level),
        arrays(builder.numeric).as_array(builder.level),
    )
