"""`hailong response import` and `hailong device`: rescue files taken once, devices listed and withdrawn."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import Result

from questionnaires.examples import example_document
from survey.models import Assignment, Response
from survey.services.assignments import import_assignments
from survey.services.calendar import now
from survey.services.rounds import close_round
from survey.store.database import Database
from tests import factories
from tests.deliveries import body, enrol, rescue_file, visit_text

Command = Callable[..., Result]


@pytest.fixture
def database(environment: dict[str, str], hailong: Command) -> Iterator[Database]:
    hailong("round", "list")  # fills the catalogue as any installation's
    database = Database(environment["DATABASE_URL"])
    with database.write() as session:
        factories.publish_document(session, example_document())
        factories.open_round_with(session, ["vi-du"], (factories.UNIT_CODE, factories.OTHER_UNIT_CODE))
    yield database
    database.dispose()


@pytest.fixture
def device_code(database: Database) -> str:
    with database.write() as session:
        return enrol(session, now=now()).code


def write(directory: Path, raw: bytes, name: str = "cuu.jsonl") -> Path:
    file = directory / name
    file.write_bytes(raw)
    return file


def count(database: Database) -> int:
    with database.read() as session:
        return session.query(Response).count()


def test_files_are_taken_and_summed_up(
    hailong: Command, database: Database, device_code: str, tmp_path: Path
) -> None:
    bodies = [body(UUID(int=number, version=4)) for number in range(1, 5)]
    first = write(tmp_path, rescue_file(device_code, bodies[:3]), "a.jsonl")
    second = write(tmp_path, rescue_file(device_code, [*bodies[2:], body(answers={})]), "b.jsonl")
    result = hailong("response", "import", first, second)
    assert result.exit_code == 0
    counts = [re.findall(r"\d+(?= \S+ \S+ · )|\d+(?= lỗi)", line) for line in result.stdout.splitlines()]
    assert counts == [["3", "0", "0", "0"], ["1", "1", "1", "0"]]
    assert count(database) == 4


def test_a_trial_stores_nothing(
    hailong: Command, database: Database, device_code: str, tmp_path: Path
) -> None:
    result = hailong("response", "import", "--dry-run", write(tmp_path, rescue_file(device_code, [body()])))
    assert result.exit_code == 0
    assert "1 lưu mới · stored" in result.stdout
    assert "trial" in result.stdout
    assert count(database) == 0


def test_visits_are_summed_up_and_faulty_ones_named(
    hailong: Command, database: Database, tmp_path: Path
) -> None:
    with database.write() as session:
        tablet = enrol(session, kind="interviewer", now=now())
        rows = ["number,questionnaire,unit,place,note,device", f"1,vi-du,{factories.UNIT_CODE},Nhà 1,,"]
        import_assignments(session, factories.ROUND_CODE, "\n".join(rows).encode())
        session.flush()
        address = session.query(Assignment).one().id
    file = write(tmp_path, rescue_file(tablet.code, [body()], [visit_text(address), visit_text(999)]))
    trial = hailong("response", "import", "--dry-run", file)
    assert (trial.exit_code, "1 lần đến lưu mới · visits stored" in trial.stdout) == (1, True)
    with database.write() as session:
        close_round(session, factories.ROUND_CODE)
    result = hailong("response", "import", file)
    assert result.exit_code == 1
    assert "1 lần đến lưu mới · visits stored (đợt đã đóng · round closed: 1)" in result.stdout
    assert "dòng 4: là lần đến một địa chỉ không có trong danh sách" in result.stderr
    assert "1 lần đến đã có · visits already there" in hailong("response", "import", file).stdout


def test_faulty_lines_are_named_and_the_rest_is_taken(
    hailong: Command, database: Database, device_code: str, tmp_path: Path
) -> None:
    raw = rescue_file(device_code, [body(), body(), body()])
    lines = raw.split(b"\n")
    lines[2] = lines[2].replace(b'\\"q01\\": 3', b'\\"q01\\": 1')
    result = hailong("response", "import", write(tmp_path, b"\n".join(lines[:4])))
    assert result.exit_code == 1
    named = result.stderr.splitlines()
    assert [line.split(": ")[2] for line in named] == ["tệp", "dòng 3"]
    assert all(" | " in line for line in named)
    assert "2 lưu mới · stored" in result.stdout
    assert count(database) == 2


def test_a_file_without_its_first_line_needs_the_device(
    hailong: Command, database: Database, device_code: str, tmp_path: Path
) -> None:
    file = write(tmp_path, rescue_file(device_code, [body()]).split(b"\n", 1)[1])
    refused = hailong("response", "import", file)
    assert refused.exit_code == 1
    assert "--device" in refused.stderr
    assert hailong("response", "import", file, "--device", device_code).exit_code == 1
    assert count(database) == 1


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", rescue_file("K-XXXXX", [body()])])
def test_another_file_is_refused_in_words(hailong: Command, tmp_path: Path, raw: bytes) -> None:
    result = hailong("response", "import", write(tmp_path, raw))
    assert result.exit_code == 1
    assert result.stderr.startswith("hailong: ")
    assert " | " in result.stderr


@pytest.mark.usefixtures("database")
def test_a_device_is_added_listed_and_withdrawn(hailong: Command) -> None:
    added = hailong("device", "add", factories.ROUND_CODE, factories.UNIT_CODE, "--name", "Kiosk 1")
    code, pairing_code, pin = added.stdout.strip().split("\t")
    assert (len(pairing_code), len(pin)) == (9, 6)
    listed = hailong("device", "list", factories.ROUND_CODE).stdout
    assert listed == f"{code}\tkiosk\twaiting\t{factories.UNIT_CODE}\t0\t0\t-\t-\tKiosk 1\n"
    assert hailong("device", "withdraw", code.lower()).exit_code == 0
    assert "withdrawn" in hailong("device", "list", factories.ROUND_CODE).stdout


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "khong-co"),
        ("withdraw", "K-XXXXX"),
        ("add", factories.ROUND_CODE, "99999", "--name", "Kiosk"),
        ("add", factories.ROUND_CODE, factories.UNIT_CODE, "--name", " "),
        ("add", factories.ROUND_CODE, factories.UNIT_CODE, "--name", "Kiosk", "--pin", "1"),
    ],
)
def test_a_refusal_is_said_in_words(hailong: Command, arguments: tuple[str, ...]) -> None:
    result = hailong("device", *arguments)
    assert result.exit_code == 1
    assert " | " in result.stderr


def test_a_file_that_cannot_be_taken_is_named_and_the_others_are_taken(
    hailong: Command, database: Database, device_code: str, tmp_path: Path
) -> None:
    headless = write(tmp_path, rescue_file(device_code, [body()]).split(b"\n", 1)[1], "khong-dau.jsonl")
    unknown = write(tmp_path, rescue_file("K-XXXXX", [body()]), "la.jsonl")
    sound = write(tmp_path, rescue_file(device_code, [body()]), "tot.jsonl")

    result = hailong("response", "import", headless, unknown, sound)

    assert result.exit_code == 1
    for file in (headless, unknown):
        assert f"hailong: {file.name}: " in result.stderr
    assert sound.name not in result.stderr
    assert sound.name in result.stdout
    assert count(database) == 1


def test_a_file_of_more_than_the_page_takes_is_taken(
    hailong: Command, database: Database, device_code: str, tmp_path: Path
) -> None:
    raw = rescue_file(device_code, [body()]) + (b" " * (1024 * 1024) + b"\n") * 6

    result = hailong("response", "import", write(tmp_path, raw))

    assert (result.exit_code, count(database)) == (0, 1)
