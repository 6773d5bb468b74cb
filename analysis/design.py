"""Sampling designs: strata, nested sampling units, finite populations, weights.

A `SurveyDesign` says how the rows were selected. Everything that estimates a variance needs it whole:
rows outside a domain stay in the design and count as zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from analysis.columns import Codes, Flags, Floats, combine_codes, factorize, require_length
from analysis.errors import DataError, DesignError, MethodError, WeightError
from analysis.stages import Stage, build_stage, population_sizes

LonelyPsu = Literal["fail", "remove", "adjust", "average", "certainty"]
FpcKind = Literal["size", "fraction"]
LONELY_PSU_OPTIONS: tuple[LonelyPsu, ...] = ("fail", "remove", "adjust", "average", "certainty")


class CalibrationStep(Protocol):
    """A change of the weights that the variance has to reflect."""

    def residuals(self, influence: Floats) -> Floats:
        """Take the part that the calibration explains out of influence values of shape (n, k)."""
        ...


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """How the rows of a data set were selected, and what each row stands for.

    Build it with `from_columns`.

    Attributes
    ----------
    weights : ndarray, shape (n,)
        Final weight of each row: how many members of the population it stands for.
    stages : tuple of Stage
        Sampling stages whose variance is estimated: the first always, a further one where its finite
        population is known.
    strata_labels : list
        Label of each first-stage stratum, in the order of its code.
    lonely_psu : str
        What to do with a stratum from which one sampling unit was selected: ``fail`` (refuse and name it),
        ``remove`` and ``certainty`` (it contributes nothing), ``adjust`` (deviation from the mean over the
        units of all strata), ``average`` (the mean contribution of the other strata).
    adjust_domain_lonely : bool
        Apply ``adjust`` and ``average`` also where a domain leaves one unit of a stratum.
    calibration : tuple of CalibrationStep
        Steps that changed the weights, in their order.
    """

    weights: Floats
    stages: tuple[Stage, ...]
    strata_labels: list[Any]
    lonely_psu: LonelyPsu = "fail"
    adjust_domain_lonely: bool = False
    calibration: tuple[CalibrationStep, ...] = field(default=())

    @classmethod
    def from_columns(
        cls,
        weights: npt.ArrayLike,
        strata: npt.ArrayLike | None = None,
        ids: Sequence[npt.ArrayLike] = (),
        fpc: Sequence[npt.ArrayLike] = (),
        *,
        nest: bool = False,
        lonely_psu: LonelyPsu = "fail",
        adjust_domain_lonely: bool = False,
        fpc_kind: FpcKind = "size",
    ) -> SurveyDesign:
        """Build a design from columns of equal length.

        Parameters
        ----------
        weights : array_like, shape (n,)
            Weight of each row; finite and not negative. A row of weight 0 stays in the design and counts in
            no n.
        strata : array_like, shape (n,), optional
            First-stage stratum; none means one stratum.
        ids : sequence of array_like, each of shape (n,)
            Sampling unit of each stage, the first stage first. Empty: the rows are the sampling units.
        fpc : sequence of array_like, each of shape (n,)
            Finite population of each stage: the number of units that exist in the stratum (first stage) or in
            the parent unit (further stages). May be shorter than `ids`; empty means selection with
            replacement at the first stage.
        nest : bool
            True if first-stage ids restart in each stratum. Ids of a further stage always count within their
            parent.
        lonely_psu, adjust_domain_lonely
            See the attributes.
        fpc_kind : {"size", "fraction"}
            Whether `fpc` holds population sizes N or sampling fractions n/N.

        Returns
        -------
        SurveyDesign

        Raises
        ------
        WeightError
            ``weight_missing``, ``weight_infinite``, ``weight_negative`` or ``weights_all_zero``, with the
            row.
        DesignError
            ``psu_in_two_strata``, ``fpc_below_sample``, ``fpc_varies``, ``fpc_not_positive``,
            ``too_many_fpc``.
        DataError
            ``unequal_length``, ``missing_label``, ``no_rows``.

        Notes
        -----
        Conventions are those of `svydesign` in the R package survey (Lumley 2004, J. Stat. Softw. 9(8)).

        Examples
        --------
        >>> weights, strata, ids = [2.0, 2.0, 3.0, 3.0], ["a", "a", "b", "b"], [[1, 2, 3, 4]]
        >>> design = SurveyDesign.from_columns(weights, strata=strata, ids=ids)
        >>> design.n_psu, design.n_strata, design.degrees_of_freedom
        (4, 2, 2)
        """
        _require_option(lonely_psu, LONELY_PSU_OPTIONS, "lonely_psu")
        _require_option(fpc_kind, ("size", "fraction"), "fpc_kind")
        checked = check_weights(weights)
        n = len(checked)
        stratum_codes, strata_labels = _stratum_codes(strata, n)
        units = _nested_units(ids, stratum_codes, len(strata_labels), nest, strata_labels)
        if len(fpc) > len(units):
            raise DesignError("too_many_fpc", stages=len(units), fpc_columns=len(fpc))
        stages: list[Stage] = []
        groups, group_labels = stratum_codes, strata_labels
        for level in range(max(1, len(fpc))):
            unit_codes, unit_labels = units[level]
            column = fpc[level] if level < len(fpc) else None
            stage = build_stage(unit_codes, groups, group_labels, level=level)
            stages.append(replace(stage, population=population_sizes(stage, column, groups, fpc_kind)))
            groups, group_labels = unit_codes, unit_labels
        return cls(checked, tuple(stages), strata_labels, lonely_psu, adjust_domain_lonely)

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.weights)

    @property
    def n_psu(self) -> int:
        """Number of first-stage sampling units."""
        return self.stages[0].unit_count

    @property
    def n_strata(self) -> int:
        """Number of first-stage strata."""
        return self.stages[0].group_count

    @property
    def degrees_of_freedom(self) -> int:
        """First-stage units minus strata, of the whole sample."""
        return self.n_psu - self.n_strata

    def degrees_of_freedom_of(self, rows: Flags) -> int:
        """Count first-stage units with such rows minus strata with such rows (shape (n,) boolean)."""
        stage = self.stages[0]
        units = np.bincount(stage.units[rows], minlength=stage.unit_count) > 0
        strata = np.bincount(stage.groups[units], minlength=stage.group_count) > 0
        return int(np.count_nonzero(units) - np.count_nonzero(strata))

    def psu_count_of(self, rows: Flags) -> int:
        """Count first-stage units with such rows."""
        stage = self.stages[0]
        return int(np.count_nonzero(np.bincount(stage.units[rows], minlength=stage.unit_count)))

    @property
    def lonely_strata(self) -> list[Any]:
        """Labels of the strata with one selected unit that are no census."""
        stage = self.stages[0]
        return [self.strata_labels[code] for code in np.flatnonzero(stage.is_lonely)]

    def with_weights(self, weights: Floats, *steps: CalibrationStep) -> SurveyDesign:
        """Give the same design with new final weights and further calibration steps."""
        return replace(self, weights=weights, calibration=(*self.calibration, *steps))

    def with_options(self, lonely_psu: LonelyPsu, adjust_domain_lonely: bool = False) -> SurveyDesign:
        """Give the same design with another treatment of strata with one unit."""
        _require_option(lonely_psu, LONELY_PSU_OPTIONS, "lonely_psu")
        return replace(self, lonely_psu=lonely_psu, adjust_domain_lonely=adjust_domain_lonely)


def kish_design_effect(weights: Floats) -> float:
    """Give Kish's design effect of unequal weights, n Σw² / (Σw)².

    Source: Kish 1965, Survey Sampling, section 11.7.

    Examples
    --------
    >>> kish_design_effect(np.array([1.0, 1.0, 1.0]))
    1.0
    """
    total = float(weights.sum())
    if not len(weights) or total == 0:
        return float("nan")
    return float(len(weights) * np.square(weights).sum() / total**2)


def check_weights(weights: npt.ArrayLike, column: str = "weights") -> Floats:
    """Give the weights as floats, all finite, none negative and not all 0.

    A row of weight 0 stays in the design and counts in no n.

    Raises
    ------
    WeightError
        With the row of the first fault.
    """
    try:
        numbers = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError) as cause:
        raise WeightError("weight_not_numeric", column=column) from cause
    if numbers.ndim != 1 or not len(numbers):
        raise DataError("no_rows", column=column)
    faults = (
        ("weight_missing", np.isnan(numbers)),
        ("weight_infinite", np.isinf(numbers)),
        ("weight_negative", numbers < 0),
        ("weights_all_zero", np.full(len(numbers), not numbers.any())),
    )
    for code, faulty in faults:
        rows = np.flatnonzero(faulty)
        if rows.size:
            raise WeightError(code, column=column, row=int(rows[0]) + 1, value=float(numbers[rows[0]]))
    return numbers


def _require_option(value: str, options: Sequence[str], name: str) -> None:
    if value not in options:
        raise MethodError("unknown_option", option=name, value=value, known=list(options))


def _stratum_codes(strata: npt.ArrayLike | None, n: int) -> tuple[Codes, list[Any]]:
    if strata is None:
        return np.zeros(n, dtype=np.intp), ["all"]
    codes, labels = factorize(strata, "strata")
    require_length(codes, n, "strata")
    return codes, labels


def _nested_units(
    ids: Sequence[npt.ArrayLike], strata: Codes, stratum_count: int, nest: bool, strata_labels: list[Any]
) -> list[tuple[Codes, list[Any]]]:
    """Give codes and labels of the units of each stage, unique over the whole sample."""
    n = len(strata)
    if not ids:
        return [(np.arange(n, dtype=np.intp), [])]
    first, labels = factorize(ids[0], "ids[0]")
    require_length(first, n, "ids[0]")
    if nest:
        first, parents, members = combine_codes(strata, first, len(labels))
        labels = [labels[member] for member in members]
        del parents
    else:
        _require_one_stratum(first, labels, strata, stratum_count, strata_labels)
    units = [(first, labels)]
    for level, column in enumerate(ids[1:], start=1):
        codes, names = factorize(column, f"ids[{level}]")
        require_length(codes, n, f"ids[{level}]")
        nested, _, members = combine_codes(units[-1][0], codes, len(names))
        units.append((nested, [names[member] for member in members]))
    return units


def _require_one_stratum(
    psus: Codes, labels: list[Any], strata: Codes, stratum_count: int, strata_labels: list[Any]
) -> None:
    _, psu_of_pair, stratum_of_pair = combine_codes(psus, strata, stratum_count)
    twice = np.flatnonzero(np.diff(psu_of_pair) == 0)
    if twice.size:
        pair = int(twice[0])
        named = [strata_labels[stratum_of_pair[pair]], strata_labels[stratum_of_pair[pair + 1]]]
        raise DesignError("psu_in_two_strata", psu=labels[psu_of_pair[pair]], strata=named)
