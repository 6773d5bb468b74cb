import math

import numpy as np
import pytest

from analysis import (
    DataError,
    Estimate,
    NotEstimable,
    Verdict,
    benjamini_hochberg,
    compare_with_targets,
    decision_test,
    holm,
)

UNITS = [Estimate(p, 0.012, 40, 900, kind="share") for p in (0.935, 0.93, 0.86)]


def test_each_verdict_is_that_of_its_own_interval():
    family = compare_with_targets(UNITS, [0.90, 0.95, 0.90])

    assert [member.verdict for member in family] == [Verdict.MET, Verdict.INCONCLUSIVE, Verdict.NOT_MET]


def test_adjusted_p_values_are_those_of_the_family_in_each_direction():
    family = compare_with_targets(UNITS, [0.90] * 3)
    raw = [decision_test(unit, 0.90).p_above for unit in UNITS]

    assert [member.p_above for member in family] == raw
    np.testing.assert_allclose([member.p_above_holm for member in family], holm(raw))
    np.testing.assert_allclose([member.p_above_bh for member in family], benjamini_hochberg(raw))
    for member in family:
        assert member.p_below <= member.p_below_bh + 1e-12 <= member.p_below_holm + 2e-12


def test_a_unit_without_a_number_does_not_count_in_the_family():
    alone = compare_with_targets(UNITS, [0.90] * 3)
    *others, missing = compare_with_targets([*UNITS, NotEstimable("no_degrees_of_freedom")], [0.90] * 4)

    assert others == alone
    assert missing.verdict is Verdict.INCONCLUSIVE
    assert math.isnan(missing.p_above_holm)
    assert missing.p_equivalent is None


def test_a_margin_of_indifference_reaches_every_member():
    family = compare_with_targets(UNITS, [0.90] * 3, margin=0.05)

    assert all(member.p_equivalent is not None for member in family)


def test_every_estimate_needs_a_target():
    with pytest.raises(DataError, match="unequal_length: column=targets"):
        compare_with_targets(UNITS, [0.90])
