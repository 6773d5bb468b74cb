"""Design-based statistics for satisfaction surveys, on plain arrays.

Start with `SurveyDesign.from_columns`; then `estimate_indices` for a whole report, or the single
estimators; then `judge` against a target. Charts are in `analysis.charts`, which alone needs matplotlib.
"""

from analysis.calibration import Auxiliary, calibrate, poststratify, rake
from analysis.comparison import (
    RankInterval,
    estimate_change,
    estimate_trend,
    pooled_wilson_intervals,
    rank_groups,
)
from analysis.composites import estimate_composite, estimate_respondent_index
from analysis.crosstab import AssociationTest, association_test
from analysis.design import SurveyDesign, kish_design_effect
from analysis.disclosure import suppressed_cells, table_sums
from analysis.domains import Domain
from analysis.errors import (
    AnalysisError,
    CalibrationError,
    CalibrationWarning,
    CaseError,
    DataError,
    DesignError,
    DomainError,
    LonelyPsuError,
    MethodError,
    WeightError,
)
from analysis.estimators import (
    Term,
    estimate_contrast,
    estimate_mean,
    estimate_proportion,
    estimate_ratio,
    estimate_total,
)
from analysis.index_definition import Element, IndexDefinition
from analysis.index_table import DomainIndices, IndexTable, Measure
from analysis.indices import estimate_indices
from analysis.intervals import ConfidenceInterval, bounded_mean_limits, default_method
from analysis.margins import Margin
from analysis.multiplicity import benjamini_hochberg, benjamini_yekutieli, holm
from analysis.plan import allocate, power_curve, power_for_target, size_for_target
from analysis.quality import (
    Presentation,
    PresentationCheck,
    PresentationFlags,
    check_presentation,
    check_presentations,
)
from analysis.quantiles import Quantile, estimate_quantiles
from analysis.replicates import ReplicateDesign
from analysis.replication import (
    balanced_half_samples,
    jackknife_stratified,
    jackknife_unstratified,
    rescaled_bootstrap,
)
from analysis.response_quality import (
    OutlyingShares,
    in_bursts,
    outlying_shares,
    outside_hours,
    repeated_vectors,
    straight_lined,
    too_fast,
)
from analysis.results import Estimate, NotEstimable
from analysis.sampling import SampleSize, sample_size, sipas_sample_size
from analysis.target_family import TargetComparison, compare_with_targets
from analysis.targets import TargetTest, Verdict, decision_test, further_responses, judge, target_test
from analysis.trimming import trim_weights
from analysis.weights import (
    WeightReport,
    adjust_for_nonresponse,
    report_weights,
    selection_weights,
    trimming_bound,
)

__all__ = [
    "AnalysisError",
    "AssociationTest",
    "Auxiliary",
    "CalibrationError",
    "CalibrationWarning",
    "CaseError",
    "ConfidenceInterval",
    "DataError",
    "DesignError",
    "Domain",
    "DomainError",
    "DomainIndices",
    "Element",
    "Estimate",
    "IndexDefinition",
    "IndexTable",
    "LonelyPsuError",
    "Margin",
    "Measure",
    "MethodError",
    "NotEstimable",
    "OutlyingShares",
    "Presentation",
    "PresentationCheck",
    "PresentationFlags",
    "Quantile",
    "RankInterval",
    "ReplicateDesign",
    "SampleSize",
    "SurveyDesign",
    "TargetComparison",
    "TargetTest",
    "Term",
    "Verdict",
    "WeightError",
    "WeightReport",
    "adjust_for_nonresponse",
    "allocate",
    "association_test",
    "balanced_half_samples",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "bounded_mean_limits",
    "calibrate",
    "check_presentation",
    "check_presentations",
    "compare_with_targets",
    "decision_test",
    "default_method",
    "estimate_change",
    "estimate_composite",
    "estimate_contrast",
    "estimate_indices",
    "estimate_mean",
    "estimate_proportion",
    "estimate_quantiles",
    "estimate_ratio",
    "estimate_respondent_index",
    "estimate_total",
    "estimate_trend",
    "further_responses",
    "holm",
    "in_bursts",
    "jackknife_stratified",
    "jackknife_unstratified",
    "judge",
    "kish_design_effect",
    "outlying_shares",
    "outside_hours",
    "pooled_wilson_intervals",
    "poststratify",
    "power_curve",
    "power_for_target",
    "rake",
    "rank_groups",
    "repeated_vectors",
    "report_weights",
    "rescaled_bootstrap",
    "sample_size",
    "selection_weights",
    "sipas_sample_size",
    "size_for_target",
    "straight_lined",
    "suppressed_cells",
    "table_sums",
    "target_test",
    "too_fast",
    "trim_weights",
    "trimming_bound",
]
