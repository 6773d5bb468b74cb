"""The data quality of a round: flags, what stands out at which unit, and what it does to the index.

Nothing is left out anywhere because of a flag: the published index is always that of all responses.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

import survey
from analysis.response_quality import OutlyingShares, count_flagged, outlying_shares
from questionnaires.model import Text
from survey.models import SurveyRound, Unit
from survey.services.quality_effects import build_reports, measure_effects, unit_effects
from survey.services.quality_evidence import flagged_device_ids, list_evidence
from survey.services.quality_flags import FormFlags
from survey.services.quality_thresholds import Thresholds, fetch_thresholds
from survey.services.quality_values import (
    ORIGIN_RULES,
    STRAIGHT,
    Coverage,
    Evidence,
    FormQuality,
    Interviews,
    QualityReport,
    RuleShare,
    UnitQuality,
)
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import get_round
from survey.services.rounds import UnitLine
from survey.services.withholding import MINIMUM_RESPONDENTS
from survey.store import assignments, rounds
from survey.store import quality as store
from survey.store.database import Session
from survey.store.rounds import FormInRound

Cells = Mapping[tuple[int, str], int]
LEAST_FLAGGED = 5
# With fewer units there is no usual one to compare with.
LEAST_UNITS = 5
# Kinds of units that serve people at any hour of any day.
ALWAYS_OPEN = ("hospital",)
# So many responses must be expected of a unit before their absence says anything.
LEAST_EXPECTED = 15


def build_quality_report(session: Session, round_code: str, *, now: datetime) -> QualityReport:
    """Everything that the page on data quality shows, as of `now`."""
    survey_round = get_round(session, round_code)
    thresholds = fetch_thresholds(session, survey_round.id)
    listed = rounds.list_forms(session, survey_round.id)
    flags = {form.form_id: _read_form(session, survey_round, form, thresholds) for form in listed}
    cells = _frame_cells(session, survey_round.id)
    visits = assignments.count_completed(session, survey_round.id)
    forms = tuple(
        _FormReader(
            form,
            flags[form.form_id],
            rounds.list_round_units(session, survey_round.id, form.version_id),
            cells.get(form.version_id, {}),
            _evidence(session, flags[form.form_id]),
            {unit_id: count for (version, unit_id), count in visits.items() if version == form.version_id},
        ).read()
        for form in listed
    )
    to_look_at = _units_to_look_at(forms)
    codes = {unit.code for _, unit in to_look_at}
    reports = build_reports(session, round_code, flags, unit_codes=codes, now=now)
    return QualityReport(
        round_code=survey_round.code,
        round_title=Text(vi=survey_round.title, en=survey_round.title_en),
        is_demonstration=survey_round.is_demonstration,
        status=survey_round.status,
        cut_off_at=now,
        confidence_level=reports[0].confidence_level,
        code_version=survey.__version__,
        thresholds=thresholds,
        response_count=sum(len(form) for form in flags.values()),
        flagged_count=sum(int(form.in_question.sum()) for form in flags.values()),
        straight_count=sum(
            int(form.flags[STRAIGHT].rows.sum()) for form in flags.values() if STRAIGHT in form.flags
        ),
        forms=forms,
        effects=measure_effects(reports),
        unit_effects=unit_effects(reports, to_look_at),
        clock_off_count=sum(int(rows.sum()) for form in flags.values() for rows in form.clock_off.values()),
    )


def _read_form(
    session: Session, survey_round: SurveyRound, form: FormInRound, thresholds: Thresholds
) -> FormFlags:
    questionnaire = get_questionnaire(session, form.version_id, form.digest)
    columns, origin = store.fetch_columns_with_origin(
        session, survey_round.id, form.version_id, len(questionnaire.rated)
    )
    units = rounds.list_round_units(session, survey_round.id, form.version_id)
    always_open = frozenset(unit.id for unit in units if unit.kind in ALWAYS_OPEN)
    return FormFlags(form.form_id, questionnaire, columns, origin, thresholds, always_open)


def _frame_cells(session: Session, round_id: int) -> Mapping[int, Cells]:
    """Transactions that the frame counts, by questionnaire version, then by unit and sector."""
    cells: dict[int, dict[tuple[int, str], int]] = {}
    for cell in rounds.list_frame_cells(session, round_id):
        cells.setdefault(cell.questionnaire_version_id, {})[cell.unit_id, cell.sector_code] = cell.population
    return cells


def _evidence(session: Session, form: FormFlags) -> dict[int, tuple[Evidence, ...]]:
    return list_evidence(form, store.fetch_device_names(session, flagged_device_ids(form)))


def _units_to_look_at(forms: Sequence[FormQuality]) -> list[tuple[str, UnitLine]]:
    """Every unit that stands out, once a measure."""
    units = {
        (form.measure_code, line.unit.code): line.unit
        for form in forms
        for line in form.units
        if form.measure_code and line.signs
    }
    return [(code, unit) for (code, _), unit in units.items() if code]


class _FormReader:
    """Counts the flags of one questionnaire by unit and compares the units."""

    def __init__(
        self,
        form: FormInRound,
        flags: FormFlags,
        units: Sequence[Unit],
        cells: Cells,
        evidence: Mapping[int, tuple[Evidence, ...]],
        visits: Mapping[int, int],
    ) -> None:
        self.form, self.flags, self.units = form, flags, units
        self.cells, self.evidence, self.visits = cells, evidence, visits
        places = {unit.id: place for place, unit in enumerate(units)}
        ids, inverse = np.unique(flags.columns.unit_id, return_inverse=True)
        place_of_id = np.array([places[int(unit_id)] for unit_id in ids], dtype=np.intp)
        self.place: NDArray[np.intp] = place_of_id[inverse]
        self.sizes = np.bincount(self.place, minlength=len(units))
        names = list(flags.flags)
        self.hits = dict(zip(names, self._count([flags.flags[name].rows for name in names]), strict=True))
        self.bases = dict(zip(names, self._count([flags.flags[name].base for name in names]), strict=True))
        clocks = list(flags.clock_off)
        self.clocks = dict(zip(clocks, self._count(list(flags.clock_off.values())), strict=True))
        self.outlying = {name: self._compare(name) for name in names}

    def read(self) -> FormQuality:
        lines = [self._unit(place, unit) for place, unit in enumerate(self.units)]
        return FormQuality(
            form_id=self.form.form_id,
            title=self.flags.questionnaire.short_title,
            measure_code=self.form.measure_code,
            units=tuple(
                sorted(lines, key=lambda line: (-line.severity[0], -line.severity[1], line.unit.code))
            ),
        )

    def _count(self, masks: Sequence[NDArray[np.bool_]]) -> NDArray[np.intp]:
        return count_flagged(masks, self.place, len(self.units))

    def _compare(self, rule: str) -> OutlyingShares:
        """Beside all the other units. Among few one level throughout says nothing: it is frequent, and how
        much honest units differ in it is not known. Honest people hardly ever have flags on the origin.
        """
        hits, bases = self.hits[rule], self.bases[rule]
        is_comparable = int((bases >= MINIMUM_RESPONDENTS).sum()) >= LEAST_UNITS
        says_nothing = not is_comparable and rule not in ORIGIN_RULES
        return outlying_shares(
            hits,
            bases,
            distance=float("inf") if says_nothing else self.flags.thresholds.distance,
            honest_share=self.flags.thresholds.honest_percent / 100,
            minimum_flagged=LEAST_FLAGGED,
            minimum_total=MINIMUM_RESPONDENTS,
            minimum_units=LEAST_UNITS,
        )

    def _unit(self, place: int, unit: Unit) -> UnitQuality:
        n = int(self.sizes[place])
        return UnitQuality(
            unit=UnitLine(unit.code, Text(vi=unit.name, en=unit.name_en), unit.kind, unit.former_province),
            form_id=self.form.form_id,
            form_title=self.flags.questionnaire.short_title,
            n=n,
            rules=tuple(
                self._share(rule, place, outlying)
                for rule, outlying in self.outlying.items()
                if self.bases[rule][place]
            ),
            coverage=self._coverage(place, unit.id),
            interviews=self._interviews(place, unit.id),
            evidence=self.evidence.get(unit.id, ()) if n >= MINIMUM_RESPONDENTS else (),
            clock_off=self._clock_off(place) if n >= MINIMUM_RESPONDENTS else (),
        )

    def _interviews(self, place: int, unit_id: int) -> Interviews | None:
        responses, visits = int(self._interviewed[place]), self.visits.get(unit_id, 0)
        return Interviews(responses, visits) if responses or visits else None

    @cached_property
    def _interviewed(self) -> NDArray[np.intp]:
        is_interview = self.flags.columns.channel == "interviewer"
        return np.bincount(self.place[is_interview], minlength=len(self.units))

    def _clock_off(self, place: int) -> tuple[tuple[str, int], ...]:
        return tuple((band, int(counts[place])) for band, counts in self.clocks.items() if counts[place])

    def _share(self, rule: str, place: int, outlying: OutlyingShares) -> RuleShare:
        base = int(self.bases[rule][place])
        return RuleShare(
            rule=rule,
            flagged=int(self.hits[rule][place]),
            base=base,
            others=_known(float(outlying.others[place])),
            distance=_known(float(outlying.distance[place])),
            stands_out=bool(outlying.stands_out[place]),
            is_withheld=base < MINIMUM_RESPONDENTS,
        )

    def _coverage(self, place: int, unit_id: int) -> Coverage | None:
        population, n = self._populations.get(unit_id, 0), int(self._counted[place])
        if not population:
            # The frame has the other units: so many people cannot have been where nothing was done.
            is_fault = bool(self._populations) and int(self.sizes[place]) >= MINIMUM_RESPONDENTS
            return Coverage(int(self.sizes[place]), 0, None, "no_transactions") if is_fault else None
        median, limits = self._median_coverage, self.flags.thresholds
        if n * 100 > population * limits.coverage_most_percent:
            fault = "above"
        elif (
            median is not None
            and not self._is_drawn[place]
            and population * median >= LEAST_EXPECTED
            and n * 100 < population * median * limits.coverage_least_percent_of_median
        ):
            fault = "below"
        else:
            fault = ""
        return Coverage(n, population, median, fault)

    @cached_property
    def _populations(self) -> dict[int, int]:
        populations: dict[int, int] = {}
        for (unit_id, _), population in self.cells.items():
            populations[unit_id] = populations.get(unit_id, 0) + population
        return populations

    @cached_property
    def _is_drawn(self) -> NDArray[np.bool_]:
        """Units at which people were invited: the sample decided how many of them answer, few are no sign."""
        invited = self.flags.columns.selection == "invited"
        return np.bincount(self.place[invited], minlength=len(self.units)) > 0

    @cached_property
    def _counted(self) -> NDArray[np.intp]:
        """Responses of each unit in the sectors whose transactions the frame counts, and in no others."""
        columns = self.flags.columns
        is_counted = np.zeros(len(columns), dtype=np.bool_)
        for sector in {sector for _, sector in self.cells}:
            units = [unit_id for unit_id, other in self.cells if other == sector]
            is_counted |= (columns.sector_code == sector) & np.isin(columns.unit_id, units)
        return np.bincount(self.place[is_counted], minlength=len(self.units))

    @cached_property
    def _median_coverage(self) -> float | None:
        """None among few units: there is no usual one."""
        shares = [
            self._counted[place] / self._populations[unit.id]
            for place, unit in enumerate(self.units)
            if self._populations.get(unit.id)
        ]
        return float(np.median(shares)) if len(shares) >= LEAST_UNITS else None


def _known(value: float) -> float | None:
    return None if value != value else value
