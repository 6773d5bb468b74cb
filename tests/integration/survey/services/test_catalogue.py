"""Imports of the catalogue: every fault with its place, all rows or none, dated rows that never overlap."""

import unicodedata
from datetime import date

import pytest
from sqlalchemy import select

from survey.models import Measure, Procedure, Sector, Target, TargetSet, Unit
from survey.services import catalogue
from survey.services.catalogue import DEFAULT_TARGET_SET, DEFAULT_TARGET_SET_NAME, import_shipped
from survey.services.problems import ImportRefused, RowFault, SurveyError
from survey.store import catalogue as store
from survey.store.database import Database, Session

UNITS = "code,name,name_en,kind,former_province,valid_from,valid_to,successor_code,source"
TARGETS = "measure,sector,year,minimum_percent,text"


def import_units(session: Session, *rows: str) -> int:
    return catalogue.import_units(session, "\n".join([UNITS, *rows]).encode())


def unit_row(code: str, valid_from: str = "2025-07-01", valid_to: str = "", successor: str = "") -> str:
    return f"{code},Xã {code},Commune {code},commune,,{valid_from},{valid_to},{successor},s"


def faults_of(session: Session, *rows: str) -> list[RowFault]:
    with pytest.raises(ImportRefused) as caught:
        import_units(session, *rows)
    return caught.value.faults


def places(faults: list[RowFault]) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in faults]


def unit_codes(session: Session) -> list[str]:
    return list(session.scalars(select(Unit.code).order_by(Unit.code, Unit.valid_from)))


def test_shipped_catalogue_is_complete(session: Session) -> None:
    import_shipped(session)

    on_a_day = store.list_units(session, date(2026, 1, 1))
    communes = [unit for unit in on_a_day if unit.kind in ("ward", "commune", "special_zone")]
    assert len(communes) == 78
    assert {unit.former_province for unit in communes} == {"Quảng Bình", "Quảng Trị"}
    assert {unit.kind for unit in on_a_day} >= {"department", "hospital", "school"}
    assert {row.sector_code for row in session.scalars(select(Procedure))} == {
        row.code for row in session.scalars(select(Sector))
    }
    assert len(session.scalars(select(Measure)).all()) == 4
    assert len(session.scalars(select(Target)).all()) == 14


def test_importing_the_shipped_catalogue_twice_adds_nothing(session: Session) -> None:
    import_shipped(session)
    before = unit_codes(session)

    import_shipped(session)

    assert unit_codes(session) == before


def test_shipped_targets_have_the_name_of_the_decision(session: Session) -> None:
    import_shipped(session)

    target_set = session.scalars(select(TargetSet)).one()
    assert (target_set.code, target_set.name) == (DEFAULT_TARGET_SET, DEFAULT_TARGET_SET_NAME)
    assert target_set.confidence_level == 0.95


def test_file_as_an_office_saves_it_is_read(session: Session) -> None:
    text = f"{UNITS}\n{unit_row('x')}\n".replace(",", ";").replace("2025-07-01", "1/7/2025")
    data = unicodedata.normalize("NFD", text).replace("\n", "\r\n").encode("utf-8-sig")

    assert catalogue.import_units(session, data) == 1

    unit = session.scalars(select(Unit)).one()
    assert (unit.name, unit.valid_from) == (unicodedata.normalize("NFC", "Xã x"), date(2025, 7, 1))
    assert (unit.valid_to, unit.successor_code, unit.former_province) == (None, None, "")


@pytest.mark.parametrize(
    ("encoding", "fault"),
    [
        ("utf-16", RowFault(0, "", "encoding", "UTF-16")),
        ("cp1258", RowFault(0, "", "encoding_unknown")),
    ],
)
def test_file_in_another_encoding_is_refused(session: Session, encoding: str, fault: RowFault) -> None:
    with pytest.raises(ImportRefused) as caught:
        catalogue.import_units(session, f"{UNITS}\nx,Đông,E,commune,,2025-07-01,,,s".encode(encoding))

    assert caught.value.faults == [fault]


def test_ten_faults_are_listed_at_once_and_nothing_is_stored(database: Database) -> None:
    with database.write() as session:
        import_units(session, unit_row("old"))
    rows = [
        unit_row("good"),
        ",,E,commune,,2025-07-01,,,s",
        "a,A,E,village,,1/13/2025,,,",
        unit_row("b", "2025-07-01", "2025-06-30"),
        unit_row("c"),
        unit_row("c"),
        unit_row("d", successor="nowhere"),
        unit_row("old", "2026-01-01"),
        unit_row("e") + ",more",
    ]

    with pytest.raises(ImportRefused) as caught, database.write() as session:
        import_units(session, *rows)

    assert places(caught.value.faults) == [
        (3, "code", "empty"),
        (3, "name", "empty"),
        (4, "valid_from", "not_a_date"),
        (4, "source", "empty"),
        (4, "kind", "not_known"),
        (5, "valid_to", "before_valid_from"),
        (7, "code", "twice"),
        (8, "successor_code", "not_known"),
        (9, "valid_from", "overlaps"),
        (10, "", "too_many_cells"),
    ]
    with database.read() as session:
        assert unit_codes(session) == ["old"]


def test_a_faulty_cell_keeps_no_row_from_being_compared_with_the_others(session: Session) -> None:
    rows = [
        unit_row("a").replace("commune", "village"),
        unit_row("a").replace("commune", "village"),
        unit_row("b", "2025-07-01", "2025-06-30").replace(",s", ","),
        unit_row("c", successor="nowhere").replace("commune", "village"),
        unit_row("d", "không"),
    ]

    assert places(faults_of(session, *rows)) == [
        (2, "kind", "not_known"),
        (3, "kind", "not_known"),
        (3, "code", "twice"),
        (4, "source", "empty"),
        (4, "valid_to", "before_valid_from"),
        (5, "kind", "not_known"),
        (5, "successor_code", "not_known"),
        (6, "valid_from", "not_a_date"),
    ]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (unit_row("a/b"), "code", "code_malformed"),
        (unit_row(".."), "code", "code_malformed"),
        (unit_row("Đ1"), "code", "code_malformed"),
        (unit_row("x" * 65), "code", "too_long"),
        (unit_row("x").replace("Xã x", "x" * 301), "name", "too_long"),
        (unit_row("x").replace("Xã x", "Xã \u202ex"), "name", "not_printable"),
        (unit_row("x").replace("Commune x", "Commune\x07"), "name_en", "not_printable"),
        (unit_row("x", successor="x"), "successor_code", "own_successor"),
    ],
    ids=str,
)
def test_codes_and_names_can_be_shown_and_stand_in_an_address(
    session: Session, row: str, column: str, code: str
) -> None:
    (fault,) = faults_of(session, row)

    assert (fault.column, fault.code) == (column, code)
    assert fault.value.isprintable()
    assert len(fault.value) <= 80


@pytest.mark.parametrize(
    ("code", "name"), [("", None), (" ", None), ("x" * 65, None), ("1/QĐ", " "), ("1/QĐ", "\x07")]
)
def test_target_set_needs_a_code_and_a_name_that_can_be_shown(
    session: Session, code: str, name: str | None
) -> None:
    import_shipped(session)

    with pytest.raises(SurveyError, match="target_set"):
        catalogue.import_targets(
            session, f"{TARGETS}\nsipas,,2025,90,t\n".encode(), set_code=code, set_name=name
        )


def test_import_again_brings_rows_up_to_date(session: Session) -> None:
    import_units(session, unit_row("x"), unit_row("y"))

    import_units(session, unit_row("x").replace("Xã x", "Xã mới"))

    names = session.scalars(select(Unit.name).order_by(Unit.code)).all()
    assert names == ["Xã mới", "Xã y"]


def test_renamed_unit_is_a_second_dated_row(session: Session) -> None:
    import_units(session, unit_row("x"))

    import_units(session, unit_row("x", valid_to="2026-06-30"), unit_row("x", "2026-07-01"))

    assert unit_codes(session) == ["x", "x"]
    first, second = (store.find_unit(session, "x", date(2026, month, 1)) for month in (6, 8))
    assert first is not None
    assert second is not None
    assert (first.valid_from, second.valid_from) == (date(2025, 7, 1), date(2026, 7, 1))


@pytest.mark.parametrize("valid_to", ["", "2026-07-01", "9999-12-31"])
def test_second_row_must_not_overlap_the_first(session: Session, valid_to: str) -> None:
    faults = faults_of(session, unit_row("x", valid_to=valid_to), unit_row("x", "2026-07-01"))

    assert faults == [RowFault(3, "valid_from", "overlaps", "x")]


def test_row_before_a_stored_one_is_blamed_for_the_overlap(session: Session) -> None:
    import_units(session, unit_row("x"))

    assert faults_of(session, unit_row("x", "2024-01-01")) == [RowFault(2, "valid_from", "overlaps", "x")]


def test_gap_between_two_rows_is_allowed(session: Session) -> None:
    import_units(session, unit_row("x", valid_to="2025-12-31"), unit_row("x", "2026-07-01"))

    assert store.find_unit(session, "x", date(2026, 3, 1)) is None


def test_successor_may_stand_in_the_file_or_in_the_catalogue(session: Session) -> None:
    import_units(session, unit_row("stored"))

    import_units(
        session, unit_row("a", successor="stored"), unit_row("b", successor="later"), unit_row("later")
    )

    successors = session.scalars(select(Unit.successor_code).where(Unit.code.in_(["a", "b"]))).all()
    assert sorted(filter(None, successors)) == ["later", "stored"]


def test_procedures_belong_to_known_sectors(session: Session) -> None:
    import_shipped(session)
    heading = "code,name,name_en,sector,level,valid_from,valid_to,successor_code,source\n"

    with pytest.raises(ImportRefused) as caught:
        catalogue.import_procedures(session, f"{heading}P1,n,n,weather,,2025-07-01,,,s".encode())

    assert caught.value.faults == [RowFault(2, "sector", "not_known", "weather")]
    assert catalogue.import_procedures(session, f"{heading}P1,n,n,land,,2025-07-01,,,s".encode()) == 1
    assert store.find_procedure(session, "P1", date(2026, 1, 1)) is not None


def test_measures_and_sectors_are_brought_up_to_date(session: Session) -> None:
    import_shipped(session)

    catalogue.import_sectors(session, "code,name_vi,name_en,position\nland,Đất,Soil,1\n".encode())

    assert [sector.name_vi for sector in store.list_sectors(session)][0] == "Đất"
    assert len(store.list_sectors(session)) == 4


def test_measure_named_twice_is_refused(session: Session) -> None:
    with pytest.raises(ImportRefused) as caught:
        catalogue.import_measures(session, b"code,name_vi,name_en,position\nm,M,M,1\nm,N,N,2\n")

    assert caught.value.faults == [RowFault(3, "code", "twice", "m")]


def test_targets_of_a_set_are_replaced(session: Session) -> None:
    import_shipped(session)

    catalogue.import_targets(session, f"{TARGETS}\ntthc,,2027,92,t\n".encode(), set_code=DEFAULT_TARGET_SET)

    target_set = store.find_target_set(session, DEFAULT_TARGET_SET)
    assert target_set is not None
    assert [(target.year, target.minimum_share) for target in target_set.targets] == [(2027, 0.92)]
    assert target_set.name == DEFAULT_TARGET_SET_NAME
    assert len(session.scalars(select(Target)).all()) == 1


def test_new_set_without_a_name_is_called_by_its_code(session: Session) -> None:
    import_shipped(session)

    catalogue.import_file(session, "targets", f"{TARGETS}\ntthc,,2027,92,t\n".encode(), set_code="1/QĐ")

    names = session.execute(select(TargetSet.code, TargetSet.name)).all()
    assert dict(names) == {DEFAULT_TARGET_SET: DEFAULT_TARGET_SET_NAME, "1/QĐ": "1/QĐ"}


def test_faulty_targets_leave_the_old_ones(database: Database) -> None:
    with database.write() as session:
        import_shipped(session)
    rows = "weather,,2027,92,t\ntthc,sea,2027,92,t\ntthc,,2027,0,t\nsipas,,2027,90,t\nsipas,,2027,91,t\n"

    with pytest.raises(ImportRefused) as caught, database.write() as session:
        catalogue.import_targets(session, f"{TARGETS}\n{rows}".encode(), set_code=DEFAULT_TARGET_SET)

    assert places(caught.value.faults) == [
        (2, "measure", "not_known"),
        (3, "sector", "not_known"),
        (4, "minimum_percent", "not_a_percentage"),
        (6, "measure", "twice"),
    ]
    with database.read() as session:
        assert len(session.scalars(select(Target)).all()) == 14
