"""Closed rounds are history: an import that would change how they read is refused."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import inspect, select

from survey.models import Procedure, Response
from survey.services import catalogue
from survey.services.catalogue import DEFAULT_TARGET_SET
from survey.services.index_report_values import IndexReport
from survey.services.problems import ImportRefused, RowFault
from survey.services.rounds import close_round
from survey.store.database import Database
from tests.factories import ROUND_CODE, load_catalogue, open_round_with, publish_document
from tests.rounds import SMALL, build_report, send_many, small_document

UNITS = "code,name,name_en,kind,former_province,valid_from,valid_to,successor_code,source"
TARGETS = "measure,sector,year,minimum_percent,text"
FIRST = "x,Sở Cũ,Old Department,department,,2025-07-01,,,s"
JUDGED = "sipas,,2025,90,t"


@pytest.fixture
def round_of_last_year(database: Database) -> Database:
    """A round at one unit, judged by one target, with some responses; still open."""
    with database.write() as session:
        load_catalogue(session)
        catalogue.import_units(session, f"{UNITS}\n{FIRST}\n".encode())
        catalogue.import_targets(session, f"{TARGETS}\n{JUDGED}\n".encode(), set_code=DEFAULT_TARGET_SET)
        publish_document(session, small_document())
        open_round_with(session, [SMALL], ["x"], closes_on=date(2026, 12, 31))
        send_many(session, [(5,)] * 8 + [(2,)] * 2, unit_code="x")
    return database


def close(database: Database) -> IndexReport:
    with database.write() as session:
        close_round(session, ROUND_CODE)
        return build_report(session)


def import_units(database: Database, *rows: str) -> int:
    with database.write() as session:
        return catalogue.import_units(session, "\n".join([UNITS, *rows]).encode())


def import_targets(database: Database, *rows: str) -> int:
    data = "\n".join([TARGETS, *rows]).encode()
    with database.write() as session:
        return catalogue.import_targets(session, data, set_code=DEFAULT_TARGET_SET)


def import_named(database: Database, kind: str, row: str) -> int:
    """A file of measures or sectors with this row."""
    with database.write() as session:
        return catalogue.import_file(session, kind, f"code,name_vi,name_en,position\n{row}\n".encode())


def report_of(database: Database) -> IndexReport:
    with database.read() as session:
        return build_report(session)


def test_unit_of_a_closed_round_is_not_renamed_in_place(round_of_last_year: Database) -> None:
    before = close(round_of_last_year)

    with pytest.raises(ImportRefused) as caught:
        import_units(round_of_last_year, FIRST.replace("Sở Cũ", "Sở Mới"))

    assert caught.value.faults == [RowFault(2, "name", "in_use", "Sở Mới")]
    assert report_of(round_of_last_year) == before


def test_unit_of_a_closed_round_gets_its_new_name_in_a_new_row(round_of_last_year: Database) -> None:
    before = close(round_of_last_year)

    import_units(
        round_of_last_year,
        FIRST.replace("2025-07-01,", "2025-07-01,2026-12-31"),
        FIRST.replace("Sở Cũ", "Sở Mới").replace("2025-07-01", "2027-01-01"),
    )

    assert report_of(round_of_last_year) == before


def test_unit_of_an_open_round_can_be_corrected(round_of_last_year: Database) -> None:
    import_units(round_of_last_year, FIRST.replace("Sở Cũ", "Sở Nội vụ"))

    result = report_of(round_of_last_year).find_result("sipas")
    assert result is not None
    assert [unit.name.vi for unit in result.units] == ["Sở Nội vụ"]


def test_a_closed_round_keeps_a_unit_that_ended_before_it_did(round_of_last_year: Database) -> None:
    """The unit is found by its key: its last day may come before that of the round."""
    before = report_of(round_of_last_year)

    import_units(round_of_last_year, FIRST.replace("2025-07-01,", "2025-07-01,2026-08-31"))

    assert report_of(round_of_last_year) == before
    after = close(round_of_last_year).find_result("sipas")
    assert after is not None
    assert [unit.name.vi for unit in after.units] == ["Sở Cũ"]
    assert after.figures.index.n == 10


@pytest.mark.parametrize(
    ("kind", "row", "column"),
    [
        ("measures", "sipas,Tên khác,Service of state administrative agencies,1", "name_vi"),
        ("sectors", "land,Đất,Land,1", "name_vi"),
    ],
)
def test_a_name_that_a_closed_round_shows_is_not_changed_in_place(
    round_of_last_year: Database, kind: str, row: str, column: str
) -> None:
    if kind == "sectors":
        import_targets(round_of_last_year, JUDGED, "tthc,land,2025,85,t")
    before = close(round_of_last_year)

    with pytest.raises(ImportRefused) as caught:
        import_named(round_of_last_year, kind, row)

    assert caught.value.faults == [RowFault(2, column, "name_in_use", row.split(",")[1])]
    assert report_of(round_of_last_year) == before


@pytest.mark.parametrize(
    ("kind", "row"),
    [("measures", "health,Tên khác,Other name,1"), ("sectors", "land,Tên khác,Other name,1")],
)
def test_a_name_that_no_closed_round_shows_can_be_corrected(
    round_of_last_year: Database, kind: str, row: str
) -> None:
    close(round_of_last_year)

    assert import_named(round_of_last_year, kind, row) == 1


def test_a_name_of_an_open_round_can_be_corrected(round_of_last_year: Database) -> None:
    import_named(round_of_last_year, "measures", "sipas,Tên khác,Other name,1")

    result = report_of(round_of_last_year).find_result("sipas")
    assert result is not None
    assert result.name.vi == "Tên khác"


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (["sipas,,2025,70,t"], [(2, "sipas/2025")]),
        (["sipas,,2026,90,t"], [(0, "sipas/2025")]),
        ([JUDGED, "health,,2025,80,t"], [(3, "health/2025")]),
    ],
    ids=["changed", "left out", "added"],
)
def test_targets_that_judged_a_closed_round_stay(
    round_of_last_year: Database, rows: list[str], faults: list[tuple[int, str]]
) -> None:
    before = close(round_of_last_year)

    with pytest.raises(ImportRefused) as caught:
        import_targets(round_of_last_year, *rows)

    assert [(fault.row, fault.value) for fault in caught.value.faults] == faults
    assert {fault.code for fault in caught.value.faults} == {"in_use"}
    assert report_of(round_of_last_year) == before


def test_targets_of_other_years_can_be_added_after_a_round_has_closed(round_of_last_year: Database) -> None:
    before = close(round_of_last_year)

    import_targets(round_of_last_year, JUDGED, "sipas,,2028,93,t")

    assert report_of(round_of_last_year) == before


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (["sipas,,2025,70,t"], [(2, "sipas/2025")]),
        (["sipas,,2028,93,t"], [(0, "sipas/2025")]),
    ],
    ids=["changed", "left out"],
)
def test_targets_that_judge_an_open_round_stay(
    round_of_last_year: Database, rows: list[str], faults: list[tuple[int, str]]
) -> None:
    with pytest.raises(ImportRefused) as caught:
        import_targets(round_of_last_year, *rows)

    assert [(fault.row, fault.value) for fault in caught.value.faults] == faults
    assert {fault.code for fault in caught.value.faults} == {"in_use_open"}


def test_targets_of_an_open_round_can_be_worded_otherwise_and_added_to(round_of_last_year: Database) -> None:
    import_targets(round_of_last_year, "sipas,,2025,90,Lời khác", "health,,2025,80,t")

    assert report_of(round_of_last_year).find_result("health") is not None


def test_the_words_of_targets_that_judged_a_closed_round_stay(round_of_last_year: Database) -> None:
    close(round_of_last_year)

    with pytest.raises(ImportRefused) as caught:
        import_targets(round_of_last_year, "sipas,,2025,90,Lời khác")

    assert caught.value.faults == [RowFault(2, "text", "in_use", "Lời khác")]


def test_the_name_of_a_target_set_that_judged_a_closed_round_stays(round_of_last_year: Database) -> None:
    before = close(round_of_last_year)
    data = f"{TARGETS}\n{JUDGED}\n".encode()

    with pytest.raises(ImportRefused) as caught, round_of_last_year.write() as session:
        catalogue.import_targets(session, data, set_code=DEFAULT_TARGET_SET, set_name="Tên khác")

    assert caught.value.faults == [RowFault(0, "--set-name", "name_in_use", "Tên khác")]
    assert report_of(round_of_last_year) == before


PROCEDURES = "code,name,name_en,sector,level,valid_from,valid_to,successor_code,source"
PROCEDURE = "P1,Thủ tục,Procedure,land,commune,2025-07-01,,,s"


def import_procedure(database: Database, row: str) -> int:
    with database.write() as session:
        return catalogue.import_procedures(session, f"{PROCEDURES}\n{row}\n".encode())


def name_procedure_in_a_response(database: Database) -> None:
    with database.write() as session:
        stored = session.scalars(select(Response).limit(1)).one()
        procedure_id = session.scalars(select(Procedure.id).where(Procedure.code == "P1")).one()
        values = {column.key: getattr(stored, column.key) for column in inspect(Response).columns}
        session.add(Response(**{**values, "id": uuid4(), "procedure_id": procedure_id}))


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [("Thủ tục", "Khác", "name"), ("land", "other", "sector"), ("commune", "province", "level")],
)
def test_procedure_that_a_closed_round_names_is_not_changed_in_place(
    round_of_last_year: Database, old: str, new: str, column: str
) -> None:
    import_procedure(round_of_last_year, PROCEDURE)
    name_procedure_in_a_response(round_of_last_year)
    close(round_of_last_year)

    with pytest.raises(ImportRefused) as caught:
        import_procedure(round_of_last_year, PROCEDURE.replace(old, new))

    assert caught.value.faults == [RowFault(2, column, "in_use", new)]


def test_procedure_that_no_response_names_can_be_moved(round_of_last_year: Database) -> None:
    import_procedure(round_of_last_year, PROCEDURE)
    close(round_of_last_year)

    assert import_procedure(round_of_last_year, PROCEDURE.replace("land", "other")) == 1
