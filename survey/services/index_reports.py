"""Builds the index report of a round: read the columns once, estimate, judge, give one frozen value."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import product

import numpy as np

import survey
from questionnaires.model import Questionnaire, Text
from survey.models import FrameCell, Sector, SurveyRound, Target, Unit
from survey.models.response import CHANNELS, SELECTIONS
from survey.services.index_report_values import (
    ChannelLine,
    FormLine,
    IndexReport,
    MeasureResult,
    PulseLine,
    WeightSummary,
)
from survey.services.measure_results import build_result, estimate_measure, kish_design_effect, not_surveyed
from survey.services.measure_samples import FormSample, MeasureSample, stack
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import get_round
from survey.services.weighting import choose_frames, select_mode, weigh
from survey.services.withheld_channels import withhold_channels, withhold_pulses
from survey.store import catalogue, quarantine, rounds
from survey.store.database import Session
from survey.store.survey_data import ResponseColumns, fetch_columns


def build_index_report(
    session: Session,
    round_code: str,
    *,
    now: datetime,
    columns: Mapping[str, ResponseColumns] | None = None,
    unit_codes: Collection[str] | None = None,
) -> IndexReport:
    """Everything that a scorecard, its drill-down and its exports show, as of `now`.

    `columns` are the responses of each questionnaire where they were read already, or are only some of them;
    `unit_codes` the units whose own figures are wanted, None: all.
    """
    survey_round = get_round(session, round_code)
    target_set = catalogue.fetch_target_set(session, survey_round.target_set_id)
    forms = {
        form.form_id: (form, get_questionnaire(session, form.version_id, form.digest))
        for form in rounds.list_forms(session, survey_round.id)
    }
    columns = columns or {
        form_id: fetch_columns(session, survey_round.id, form.version_id, len(questionnaire.rated))
        for form_id, (form, questionnaire) in forms.items()
    }
    builder = _ReportBuilder(
        session=session,
        survey_round=survey_round,
        level=target_set.confidence_level,
        questionnaires={form_id: questionnaire for form_id, (_, questionnaire) in forms.items()},
        version_ids={form_id: form.version_id for form_id, (form, _) in forms.items()},
        columns=columns,
        unit_codes=unit_codes,
    )
    targets = [target for target in target_set.targets if target.year == survey_round.target_year]
    return IndexReport(
        round_code=survey_round.code,
        round_title=Text(vi=survey_round.title, en=survey_round.title_en),
        is_demonstration=survey_round.is_demonstration,
        opens_on=survey_round.opens_on,
        closes_on=survey_round.closes_on,
        status=survey_round.status,
        cut_off_at=now,
        target_set_code=target_set.code,
        target_set_name=target_set.name,
        target_year=survey_round.target_year,
        confidence_level=target_set.confidence_level,
        code_version=survey.__version__,
        response_count=sum(len(each) for each in columns.values()),
        quarantined_count=quarantine.count_quarantined(session, survey_round.id),
        late_count=quarantine.count_late(session, survey_round),
        forms=tuple(
            FormLine(
                form_id=form_id,
                version=form.version,
                digest=form.digest,
                title=questionnaire.title,
                source=questionnaire.source,
                measure_code=form.measure_code,
                response_count=len(columns[form_id]),
                satisfied_codes=tuple(questionnaire.index.satisfied) if questionnaire.index else (),
                not_applicable_codes=tuple(
                    sorted({code for question in questionnaire.rated for code in question.not_applicable})
                ),
            )
            for form_id, (form, questionnaire) in forms.items()
        ),
        results=builder.results(targets),
        channels=builder.channels(),
        pulses=builder.pulses(),
    )


class _ReportBuilder:
    """Holds what was read of one round while its parts are computed."""

    def __init__(
        self,
        session: Session,
        survey_round: SurveyRound,
        level: float,
        questionnaires: dict[str, Questionnaire],
        version_ids: dict[str, int],
        columns: Mapping[str, ResponseColumns],
        unit_codes: Collection[str] | None,
    ) -> None:
        self.session = session
        self.round_id = survey_round.id
        self.level = level
        self.questionnaires = questionnaires
        self.version_ids = version_ids
        self.columns = columns
        self.units: dict[int, Unit] = {
            unit.id: unit
            for unit in rounds.list_units_of_round(session, survey_round.id)
            if unit_codes is None or unit.code in unit_codes
        }
        self.wanted_units = None if unit_codes is None else self.units.keys()
        self.sectors: dict[str, Sector] = {row.code: row for row in catalogue.list_sectors(session)}
        self.measures = {row.code: row for row in catalogue.list_measures(session)}
        self.cells: dict[int, list[FrameCell]] = {}
        for cell in rounds.list_frame_cells(session, survey_round.id):
            self.cells.setdefault(cell.questionnaire_version_id, []).append(cell)

    def results(self, targets: Sequence[Target]) -> tuple[MeasureResult, ...]:
        """One line a target; a measure is estimated once for all its targets."""
        by_measure: dict[str, list[Target]] = {}
        for target in targets:
            by_measure.setdefault(target.measure_code, []).append(target)
        lines = {
            target.id: line
            for code, listed in by_measure.items()
            for target, line in zip(listed, self._measure_results(code, listed), strict=True)
        }
        return tuple(lines[target.id] for target in targets)

    def channels(self) -> tuple[ChannelLine, ...]:
        """Plain counts by channel and selection, for each measure."""
        counts: dict[tuple[str, str, str], list[int]] = {}
        for form_id, columns in self.columns.items():
            questionnaire = self.questionnaires[form_id]
            if questionnaire.measure is None or questionnaire.index is None:
                continue
            in_index = np.array([question.element is not None for question in questionnaire.rated])
            valid = (columns.ratings >= 0) & in_index
            for column, question in enumerate(questionnaire.rated):
                valid[np.isin(columns.ratings[:, column], question.not_applicable), column] = False
            satisfied = valid & np.isin(columns.ratings, questionnaire.index.satisfied)
            for channel, selection in product(CHANNELS, SELECTIONS):
                rows = (columns.channel == channel) & (columns.selection == selection)
                if not rows.any():
                    continue
                line = counts.setdefault((questionnaire.measure, channel, selection), [0, 0, 0])
                line[0] += int(rows.sum())
                line[1] += int(valid[rows].sum())
                line[2] += int(satisfied[rows].sum())
        return withhold_channels(
            ChannelLine(*key, n, answers, satisfied_answers)
            for key, (n, answers, satisfied_answers) in sorted(counts.items())
        )

    def pulses(self) -> tuple[PulseLine, ...]:
        """Counts of the options chosen at the counter; no weights, no interval, no verdict."""
        lines = []
        for form_id, questionnaire in self.questionnaires.items():
            if questionnaire.purpose != "pulse":
                continue
            ratings = self.columns[form_id].ratings
            for column, question in enumerate(questionnaire.rated):
                answered = int((ratings[:, column] >= 0).sum())
                for option in question.options:
                    count = int((ratings[:, column] == option.code).sum())
                    lines.append(
                        PulseLine(form_id, question.id, question.text, option.label, count, answered)
                    )
        return withhold_pulses(lines)

    def _measure_results(self, measure_code: str, targets: list[Target]) -> list[MeasureResult]:
        form_ids = [code for code, each in self.questionnaires.items() if each.measure == measure_code]
        selection = select_mode(self.columns[form_id] for form_id in form_ids)
        cells = choose_frames(
            {form_id: self.columns[form_id] for form_id in form_ids},
            {form_id: self.cells.get(self.version_ids[form_id], []) for form_id in form_ids},
            selection,
        )
        asked = rounds.count_units_asked(
            self.session, self.round_id, [self.version_ids[form_id] for form_id in form_ids]
        )
        forms = [
            FormSample(
                self.questionnaires[form_id],
                weigh(form_id, self.columns[form_id], cells[form_id], selection, unit_count=asked),
            )
            for form_id in form_ids
        ]
        if not forms:
            return [not_surveyed(target, self._name(target)) for target in targets]
        sample = stack(forms)
        if not len(sample):
            return [
                replace(
                    not_surveyed(target, self._name(target)),
                    weights=self._weight_summary(sample, forms, target.sector_code),
                )
                for target in targets
            ]
        tables = estimate_measure(sample, self.level, selection, self.wanted_units)
        return [
            build_result(
                tables,
                target,
                self._name(target),
                self.units,
                self.sectors,
                self._weight_summary(sample, forms, target.sector_code),
            )
            for target in targets
        ]

    def _weight_summary(self, sample: MeasureSample, forms: list[FormSample], sector: str) -> WeightSummary:
        rows = sample.sectors == sector if sector else np.ones(len(sample), dtype=bool)
        _, first = np.unique(sample.psu_codes[rows], return_index=True)
        psu_counts = np.bincount(sample.stratum_codes[rows][first])
        populations = [self._population(form, sector) for form in forms]
        return WeightSummary(
            is_weighted=sample.is_weighted,
            population=sum(population for population, _ in populations),
            covered_population=sum(covered for _, covered in populations),
            stratum_count=int((psu_counts > 0).sum()),
            psu_count=int(psu_counts.sum()),
            single_psu_stratum_count=int((psu_counts == 1).sum()),
            kish_design_effect=kish_design_effect(sample.weights[rows]),
            excluded_count=sum(_excluded_count(form, sector) for form in forms),
            first_stage=sample.first_stage,
        )

    def _population(self, form: FormSample, sector: str) -> tuple[int, int]:
        """Transactions that the frame counts, and those in cells that have a response."""
        cells = [
            cell
            for cell in self.cells.get(self.version_ids[form.questionnaire.id], [])
            if not sector or cell.sector_code == sector
        ]
        answered = form.answered_cells
        covered = sum(cell.population for cell in cells if (cell.unit_id, cell.sector_code) in answered)
        return sum(cell.population for cell in cells), covered

    def _name(self, target: Target) -> Text:
        if target.sector_code:
            sector = self.sectors[target.sector_code]
            return Text(vi=sector.name_vi, en=sector.name_en)
        measure = self.measures[target.measure_code]
        return Text(vi=measure.name_vi, en=measure.name_en)


def _excluded_count(form: FormSample, sector: str) -> int:
    without = form.sample.is_without_count
    if sector:
        without = without & (form.sample.columns.sector_code == sector)
    return int(without.sum())
