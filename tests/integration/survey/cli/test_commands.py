"""Rounds, frames, questionnaires, reports, accounts, demonstration: deeds and refusals with their status."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from openpyxl import load_workbook

from questionnaires.examples import example_document
from survey.services.demonstration import ROUND_CODE

Command = Callable[..., Result]
ROUND = [
    *("round", "create", "q1", "--title", "Quý I", "--opens", "2027-01-04", "--closes", "2027-03-31"),
    *("--ask", "tthc=18880,18859", "--ask", "sipas=18880"),
]


def refusal(result: Result) -> str:
    """The one line of a refused use case."""
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("hailong: ")
    assert " | " in line
    return line


def test_round_is_made_opened_closed_and_listed(hailong: Command) -> None:
    assert hailong(*ROUND).stdout == "q1\n"
    statuses = [hailong("round", "list").stdout.split("\t")[1]]
    for deed in ("open", "close"):
        assert hailong("round", deed, "q1").exit_code == 0
        statuses.append(hailong("round", "list").stdout.split("\t")[1])

    assert statuses == ["draft", "open", "closed"]
    assert hailong("round", "list").stdout == "q1\tclosed\t2027-01-04\t2027-03-31\t0\tQuý I\n"


def test_units_of_a_round_come_from_a_file_or_by_kind(hailong: Command, tmp_path: Path) -> None:
    codes = tmp_path / "units.txt"
    codes.write_text("\ufeff18880\r\n\r\n18859\n", encoding="utf-8")
    asked = ("--ask", f"tthc=@{codes}", "--ask", "sipas=kind:ward,commune")

    assert hailong(*ROUND[:9], *asked).exit_code == 0
    assert "village" in refusal(hailong("round", "create", "q2", *ROUND[3:9], "--ask", "sipas=kind:village"))
    absent = hailong("round", "create", "q3", *ROUND[3:9], "--ask", "sipas=@absent.txt")
    assert absent.exit_code == 2
    assert "absent.txt" in absent.stderr


def test_draft_is_changed_and_deleted(hailong: Command) -> None:
    hailong(*ROUND)

    assert hailong("round", "edit", "q1", "--title", "Quý II", "--closes", "2027-06-30").exit_code == 0
    assert hailong("round", "list").stdout == "q1\tdraft\t2027-01-04\t2027-06-30\t0\tQuý II\n"
    assert hailong("round", "delete", "q1", "--yes").exit_code == 0
    assert hailong("round", "list").stdout == ""


def test_open_round_is_neither_renamed_nor_deleted(hailong: Command) -> None:
    hailong(*ROUND)
    hailong("round", "open", "q1")

    assert "q1" in refusal(hailong("round", "edit", "q1", "--title", "Khác"))
    assert "q1" in refusal(hailong("round", "delete", "q1", "--yes"))
    assert hailong("round", "edit", "q1", "--contact", "Sở Nội vụ").exit_code == 0


def test_closed_round_is_not_opened_again(hailong: Command) -> None:
    hailong(*ROUND)
    hailong("round", "close", "q1")

    assert "q1" in refusal(hailong("round", "open", "q1"))


def test_second_round_of_a_code_is_refused(hailong: Command) -> None:
    hailong(*ROUND)

    assert "q1" in refusal(hailong(*ROUND))


@pytest.mark.parametrize(
    "changes",
    [
        {"q1": "q 1"},
        {"2027-03-31": "2027-01-03"},
        {"sipas=18880": "sipas=99999"},
        {"sipas=18880": "sipas="},
        {"sipas=18880": "sipas"},
        {"sipas=18880": "weather=18880"},
        {"q1": "q" * 65},
        {"Quý I": " "},
        {"Quý I": "Q" * 201},
        {"Quý I": "Quý \u202eI"},
    ],
    ids=str,
)
def test_impossible_round_is_refused_in_words(hailong: Command, changes: dict[str, str]) -> None:
    refusal(hailong(*[changes.get(argument, argument) for argument in ROUND]))

    assert hailong("round", "list").stdout == ""


@pytest.mark.parametrize("day", ["31-12-2027", "2027-02-30", "mai"])
def test_round_needs_dates(hailong: Command, day: str) -> None:
    assert hailong(*[day if argument == "2027-01-04" else argument for argument in ROUND]).exit_code == 2


@pytest.mark.parametrize("deed", ["open", "close"])
def test_unknown_round_is_refused_in_words(hailong: Command, deed: str) -> None:
    assert "absent" in refusal(hailong("round", deed, "absent"))


def test_frame_is_imported(hailong: Command, tmp_path: Path) -> None:
    hailong(*ROUND)
    file = tmp_path / "frame.csv"
    file.write_text("form,unit_code,sector,population\ntthc,18880,land,1.240\n", encoding="utf-8")

    assert hailong("frame", "import", "q1", file).stdout == "1 dòng · rows\n"


def test_faulty_frame_is_refused_line_by_line(hailong: Command, tmp_path: Path) -> None:
    hailong(*ROUND)
    file = tmp_path / "frame.csv"
    file.write_text(
        "form,unit_code,sector,population\ntthc,1,land,x\ntthc,1,,5\nsipas,18880,land,5\n", "utf-8"
    )

    result = hailong("frame", "import", "q1", file)

    assert result.exit_code == 1
    places = [line.split(": ")[1] for line in result.stderr.splitlines()]
    assert places == [
        *("dòng 2, cột population", "dòng 2, cột unit_code"),
        *("dòng 3, cột unit_code", "dòng 3, cột sector"),
        "dòng 4, cột sector",
    ]


def test_frame_of_an_unknown_round_is_refused(hailong: Command) -> None:
    assert "absent" in refusal(hailong("frame", "import", "absent", __file__))


def publish(hailong: Command, directory: Path, document: object) -> Result:
    file = directory / "form.yaml"
    file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return hailong("questionnaire", "publish", file)


def test_questionnaire_is_published_once(hailong: Command, tmp_path: Path) -> None:
    for _ in range(2):
        result = publish(hailong, tmp_path, example_document())
        assert (result.exit_code, result.stdout) == (0, "vi-du 1\n")


def test_empty_questionnaire_is_refused_in_both_languages(hailong: Command, tmp_path: Path) -> None:
    result = publish(hailong, tmp_path, None)

    assert result.exit_code == 1
    assert result.stderr == f"{tmp_path / 'form.yaml'}: tệp không có nội dung | the file is empty\n"


def test_faulty_questionnaire_is_refused_problem_by_problem(hailong: Command, tmp_path: Path) -> None:
    document = example_document()
    del document["title"]
    document["layout"] = "circle"
    document["sections"][1]["questions"][0]["scale"] = "absent"

    result = publish(hailong, tmp_path, document)

    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert len(lines) >= 3
    assert all("form.yaml: " in line for line in lines)


def test_published_version_is_not_changed(hailong: Command, tmp_path: Path) -> None:
    publish(hailong, tmp_path, example_document())
    changed = {**example_document(), "title": {"vi": "Khác", "en": "Other"}}

    assert "vi-du" in refusal(publish(hailong, tmp_path, changed))


def test_questionnaire_of_an_unknown_measure_is_refused(hailong: Command, tmp_path: Path) -> None:
    assert "weather" in refusal(publish(hailong, tmp_path, {**example_document(), "measure": "weather"}))


def test_report_is_written_in_both_formats(hailong: Command, tmp_path: Path) -> None:
    hailong(*ROUND)

    for name in ("report.csv", "report.XLSX"):
        result = hailong("report", "build", "q1", "--out", tmp_path / name)
        assert (result.exit_code, result.stdout) == (0, f"{tmp_path / name}\n")

    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.reader(stream))) > 7
    assert load_workbook(tmp_path / "report.XLSX").sheetnames


def test_report_of_an_unknown_round_writes_nothing(hailong: Command, tmp_path: Path) -> None:
    assert "absent" in refusal(hailong("report", "build", "absent", "--out", tmp_path / "report.csv"))
    assert not (tmp_path / "report.csv").exists()


@pytest.mark.parametrize("name", ["report.pdf", "report", "absent/report.csv"])
def test_report_needs_a_file_that_can_be_written(hailong: Command, tmp_path: Path, name: str) -> None:
    hailong(*ROUND)

    result = hailong("report", "build", "q1", "--out", tmp_path / name)

    assert result.exit_code == 2
    assert "--out" in result.stderr


def test_account_is_made_listed_and_reset(hailong: Command) -> None:
    created = hailong("account", "create", "Lan", "--name", "Trần Thị Lan", "--role", "coordinator")
    reset = hailong("account", "reset-password", "lan")

    assert len(created.stdout.strip()) == len(reset.stdout.strip()) == 19
    assert created.stdout != reset.stdout
    assert hailong("account", "list").stdout == "lan\tcoordinator\tTrần Thị Lan\n"


@pytest.mark.parametrize(
    ("username", "options"),
    [
        ("two words", ("--role", "coordinator")),
        ("n" * 65, ("--role", "coordinator")),
        ("lan", ("--role", "coordinator", "--name", " ")),
        ("lan", ("--role", "coordinator", "--name", "L" * 101)),
        ("lan", ("--role", "unit_official", "--unit", "99999")),
    ],
)
def test_impossible_account_is_refused_in_words(
    hailong: Command, username: str, options: tuple[str, ...]
) -> None:
    refusal(hailong("account", "create", username, "--name", "Lan", *options))

    assert hailong("account", "list").stdout == ""


@pytest.mark.parametrize(
    "options",
    [("--role", "king"), ("--role", "unit_official"), ("--role", "coordinator", "--unit", "18880"), ()],
)
def test_account_needs_a_fitting_role(hailong: Command, options: tuple[str, ...]) -> None:
    assert hailong("account", "create", "lan", "--name", "Lan", *options).exit_code == 2


def test_official_of_a_unit_without_a_unit_is_told_in_words(hailong: Command) -> None:
    result = hailong("account", "create", "lan", "--name", "Lan", "--role", "unit_official")

    assert "vai trò unit_official cần --unit" in result.stderr
    assert "needs --unit" in result.stderr


def test_unknown_account_cannot_be_reset(hailong: Command) -> None:
    assert "lan" in refusal(hailong("account", "reset-password", "lan"))


def test_demonstration_is_removed_once(hailong: Command, demonstration_sqlite_url: str) -> None:
    there = hailong("demo", DATABASE_URL=demonstration_sqlite_url)
    removed = hailong("demo", "--remove", DATABASE_URL=demonstration_sqlite_url)
    again = hailong("demo", "--remove", DATABASE_URL=demonstration_sqlite_url)

    assert f"already there: {ROUND_CODE}" in there.stdout
    assert f"removed: {ROUND_CODE}" in removed.stdout
    assert ROUND_CODE in refusal(again)
    assert hailong("round", "list", DATABASE_URL=demonstration_sqlite_url).stdout == ""


def test_real_round_is_not_replaced_by_the_demonstration(hailong: Command) -> None:
    hailong(*[ROUND_CODE if argument == "q1" else argument for argument in ROUND])

    assert ROUND_CODE in refusal_at_the_end(hailong("demo"))
    assert ROUND_CODE in refusal(hailong("demo", "--remove"))


def refusal_at_the_end(result: Result) -> str:
    assert result.exit_code == 1
    return result.stderr.splitlines()[-1]
