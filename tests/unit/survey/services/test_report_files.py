"""Kept reports as files: read back as they were, unreadable ones ignored, one computation at a time."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import survey
from survey.services.quality_thresholds import USUAL
from survey.services.report_files import (
    FailedReport,
    KeptReport,
    ReportBasis,
    ReportFile,
    the_one_computation,
)

MOMENT = datetime(2026, 9, 1, 3, tzinfo=UTC)
BASIS = ReportBasis("d", "open", USUAL, (5, 4000), 12, 0)
KEPT = KeptReport(BASIS, MOMENT, 3.5, None)


@pytest.fixture
def file(tmp_path: Path) -> ReportFile:
    return ReportFile(tmp_path, "quality", "2026-q3")


def kept_path(file: ReportFile) -> Path:
    return next((file.data_directory / "reports").glob("*.kept"))


def test_what_was_kept_is_read_back_and_is_nobody_else_s_to_read(file: ReportFile) -> None:
    file.write(KEPT)

    assert file.read() == KEPT
    assert kept_path(file).stat().st_mode & 0o777 == 0o600
    assert kept_path(file).parent.stat().st_mode & 0o777 == 0o700


def test_another_kind_and_round_have_files_of_their_own(file: ReportFile) -> None:
    file.write(KEPT)

    assert replace(file, kind="index").read() is None
    assert replace(file, round_code="2026-q4").read() is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80\x05no",
        pickle.dumps(survey.__version__)[:-3],
        pickle.dumps(survey.__version__) + pickle.dumps("no report"),
        pickle.dumps("0.0.1") + pickle.dumps(KEPT),
        pickle.dumps(survey.__version__) + b"cos\nsystem\n(S'touch broken-into'\ntR.",
    ],
)
def test_what_is_no_kept_report_of_this_version_is_as_good_as_nothing(
    file: ReportFile, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.data_directory)
    file.write(KEPT)
    kept_path(file).write_bytes(content)

    assert file.read() is None
    assert not Path("broken-into").exists()


def test_a_new_report_ends_the_failure_before_it(file: ReportFile) -> None:
    failure = FailedReport(MOMENT, 12)
    file.write_failure(failure)
    assert file.read_failure() == failure

    file.write(KEPT)

    assert file.read_failure() is None


def test_the_lock_is_held_once_and_given_back(file: ReportFile) -> None:
    with the_one_computation(file.data_directory) as mine, the_one_computation(file.data_directory) as theirs:
        assert (mine is None, theirs is None) == (False, True)

    with the_one_computation(file.data_directory) as later:
        assert later is not None


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"response_count": 13, "quarantined_count": 2}, True),
        ({"status": "closed"}, False),
        ({"thresholds": replace(USUAL, distance=4)}, False),
        ({"frame": (5, 4001)}, False),
        ({"database": "e"}, False),
    ],
)
def test_only_further_responses_leave_the_question_as_it_was(change: dict[str, object], same: bool) -> None:
    assert replace(BASIS, **change).asks_the_same(BASIS) is same  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["os.system", "_replace", "NamedTemporaryFile", "os", "Path", "Any"])
def test_a_forged_file_makes_nothing_but_reports(file: ReportFile, tmp_path: Path, name: str) -> None:
    """Protocol 4 takes dotted names, and a module has more than its own classes."""
    file.write(KEPT)
    module, argument = b"survey.services.report_files", str(tmp_path / "made").encode()
    letters = [b"\x8c" + bytes([len(text)]) + text for text in (module, name.encode(), argument)]
    call = b"\x80\x04" + letters[0] + letters[1] + b"\x93" + letters[2] + b"\x85R."
    kept_path(file).write_bytes(pickle.dumps(survey.__version__) + call)

    assert file.read() is None
