"""A statistician computes the published numbers again from the exports, with formulas written by hand."""

import csv
import io
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from survey.reports.responses_csv import iterate_responses_csv
from survey.reports.tables_csv import render_report_csv, render_scorecard_csv
from survey.reports.workbook import render_workbook
from survey.services.demonstration.loading import ROUND_CODE, load_demonstration
from survey.services.index_report_values import IndexReport
from survey.store.database import Database
from tests.factories import load_catalogue, publish_shipped_forms, shipped_form
from tests.rounds import build_report
from tests.unit.survey.reports.agreement import assert_files_agree

TODAY = date(2026, 9, 1)
SCALE = 0.05


@dataclass(frozen=True)
class Exported:
    """The report of a round and the export of its responses."""

    report: IndexReport
    lines: list[dict[str, str]]


_EXPORTED: dict[str, Exported] = {}


@pytest.fixture
def exported(database: Database) -> Exported:
    """Made once on each kind of database; no test changes it."""
    kind = database.url.split(":")[0]
    if kind not in _EXPORTED:
        _EXPORTED[kind] = export_demonstration(database)
    return _EXPORTED[kind]


def export_demonstration(database: Database) -> Exported:
    with database.write() as session:
        load_catalogue(session)
        publish_shipped_forms(session)
    load_demonstration(database, TODAY, scale=SCALE)
    with database.read() as session:
        content = b"".join(iterate_responses_csv(session, ROUND_CODE)).decode("utf-8-sig")
        return Exported(build_report(session, ROUND_CODE), list(csv.DictReader(io.StringIO(content))))


def test_files_and_report_have_the_same_numbers(exported: Exported) -> None:
    report = exported.report

    compared = assert_files_agree(
        report,
        workbook=render_workbook(report),
        report_csv=render_report_csv(report),
        scorecard_csv=render_scorecard_csv(report),
    )

    assert compared > 1000


def test_index_and_standard_error_follow_from_the_exported_responses(exported: Exported) -> None:
    compared = 0
    for result in exported.report.results:
        lines = [
            line
            for line in exported.lines
            if line["measure"] == result.measure_code and line["used_in_index"] == "1"
        ]
        satisfied, valid = count_answers(lines)
        if result.sector_code:
            inside = np.array([line["sector"] == result.sector_code for line in lines])
            satisfied, valid = satisfied * inside, valid * inside
        index, error = taylor_ratio(lines, satisfied, valid)

        figure = result.figures.index.satisfied_share
        if figure.value is None:
            continue
        assert index == pytest.approx(figure.value, rel=1e-12)
        assert result.figures.n == int((valid > 0).sum())
        if result.weights.single_psu_stratum_count == 0 and not result.sector_code:
            assert error == pytest.approx(figure.standard_error, rel=1e-9)
            compared += 1
    assert compared >= 2


def test_other_figures_follow_from_the_exported_responses(exported: Exported) -> None:
    compared = 0
    for result in exported.report.results:
        if result.sector_code:
            continue
        lines = [
            line
            for line in exported.lines
            if line["measure"] == result.measure_code and line["used_in_index"] == "1"
        ]
        satisfied, valid = count_answers(lines)
        wholly = ((satisfied == valid) & (valid > 0)).astype(float)
        stated = [read_expectation(line) for line in lines]
        percent = np.array([0.0 if value is None else value for value in stated])
        asked = np.array([value is not None for value in stated], dtype=float)

        shown = result.figures.wholly_satisfied_share
        if shown.reason != "unreliable":
            share, _ = taylor_ratio(lines, wholly, (valid > 0).astype(float))
            assert share == pytest.approx(shown.value, rel=1e-12)
            compared += 1
        if asked.any():
            mean, _ = taylor_ratio(lines, percent, asked)
            assert mean == pytest.approx(result.figures.expectation_percent.value, rel=1e-12)
    assert compared >= 2


def test_weights_add_up_to_the_transactions_of_the_frame(exported: Exported) -> None:
    for result in exported.report.results:
        lines = [
            line
            for line in exported.lines
            if line["measure"] == result.measure_code
            and line["used_in_index"] == "1"
            and result.sector_code in ("", line["sector"])
        ]
        total = sum(float(line["final_weight"]) for line in lines)
        assert total == pytest.approx(result.weights.covered_population)


def read_expectation(line: dict[str, str]) -> float | None:
    question = shipped_form(line["form"]).question_with_role("expectation")
    stated = line[f"{line['form']}.{question.id}"] if question else ""
    return float(stated) if stated else None


def count_answers(lines: list[dict[str, str]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Satisfied and valid answers of each response, over the criteria of the index."""
    satisfied, valid = np.zeros(len(lines)), np.zeros(len(lines))
    for number, line in enumerate(lines):
        form = shipped_form(line["form"])
        codes = [line[f"{form.id}.{item.id}"] for item in form.rated if item.element]
        valid[number] = sum(code in {"1", "2", "3", "4", "5"} for code in codes)
        satisfied[number] = sum(code in {"4", "5"} for code in codes)
    return satisfied, valid


def taylor_ratio(
    lines: list[dict[str, str]], above: NDArray[np.float64], below: NDArray[np.float64]
) -> tuple[float, float]:
    """Σwy / Σwx and its linearised standard error for PSUs drawn with replacement within strata."""
    weight = np.array([float(line["final_weight"]) for line in lines])
    ratio = float((weight * above).sum() / (weight * below).sum())
    score = weight * (above - ratio * below) / (weight * below).sum()
    totals: dict[str, dict[str, float]] = {}
    for line, each in zip(lines, score, strict=True):
        of_stratum = totals.setdefault(line["stratum"], {})
        of_stratum[line["psu"]] = of_stratum.get(line["psu"], 0.0) + float(each)
    variance = 0.0
    for of_stratum in totals.values():
        psus = np.array(list(of_stratum.values()))
        if len(psus) > 1:
            variance += len(psus) / (len(psus) - 1) * float(((psus - psus.mean()) ** 2).sum())
    return ratio, variance**0.5
