"""A run of the study gives the same table again, also in two parts."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.studies.coverage.__main__ import main
from tests.studies.coverage.populations import build_scenes
from tests.studies.coverage.study import read_rows, run_study

SMALL = ["--populations", "14", "--replicates", "20", "--seed", "5"]


def _run(out: Path, state: Path, *options: str) -> str:
    answer = CliRunner().invoke(main, [*SMALL, "--out", str(out), "--state", str(state), *options])
    assert answer.exit_code == 0, answer.output
    return (out / "coverage.csv").read_text()


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("study")
    _run(directory, directory / "state.jsonl")
    return directory


def test_same_seed_gives_the_same_table(finished: Path, tmp_path: Path) -> None:
    assert _run(tmp_path, tmp_path / "state.jsonl") == (finished / "coverage.csv").read_text()


def test_resuming_an_interrupted_run_gives_the_same_table(finished: Path, tmp_path: Path) -> None:
    lines = (finished / "state.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "state.jsonl").write_text(lines[1] + lines[0][: len(lines[0]) // 2])

    table = _run(tmp_path, tmp_path / "state.jsonl", "--resume")

    assert table == (finished / "coverage.csv").read_text()


def test_resuming_a_finished_run_computes_nothing(finished: Path) -> None:
    steps = list(run_study(5, 20, 14, finished / "state.jsonl", resume=True))

    assert len(steps) == 1
    assert steps[0][0] == steps[0][1]


def test_results_of_other_settings_are_left_out(finished: Path) -> None:
    assert read_rows(5, 21, 14, finished / "state.jsonl") == []


def test_tables_and_pictures_are_written(finished: Path) -> None:
    names = {path.name for path in finished.iterdir()}

    assert {"coverage.md", "coverage-populations.csv", "coverage-share.png"} <= names
    assert "Pooled index: verdicts" in (finished / "coverage.md").read_text()


def test_study_spans_what_it_promises() -> None:
    scenes = build_scenes(3028)
    alone = [scene.units[0] for scene in scenes if scene.mix == "alone"]

    assert len(alone) >= 150
    assert {unit.psus for unit in alone} >= {3, 4, 5, 60}
    assert (min(unit.icc for unit in alone), max(unit.icc for unit in alone)) == (0.01, 0.15)
    assert all(min(unit.psus_by_stratum) >= 2 for scene in scenes for unit in scene.units)
