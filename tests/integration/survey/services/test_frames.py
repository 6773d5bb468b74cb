"""The frame of a round: counts per unit and sector from CSV, all rows or none."""

import pytest
from sqlalchemy import select

from survey.models import FrameCell
from survey.services import rounds
from survey.services.frames import import_frame
from survey.services.problems import ImportRefused, RoundUnknown, SurveyError
from survey.store.database import Database, Session
from tests.factories import (
    OTHER_UNIT_CODE,
    ROUND_CODE,
    UNIT_CODE,
    load_catalogue,
    open_round_with,
    publish_shipped_forms,
)
from tests.rounds import SMALL, open_small_round

UNITS = [UNIT_CODE, OTHER_UNIT_CODE]
HEADING = "form,unit_code,sector,population,stratum,psu"


@pytest.fixture
def open_session(session: Session) -> Session:
    load_catalogue(session)
    publish_shipped_forms(session, ("tthc", "sipas"))
    open_round_with(session, ["tthc", "sipas"], UNITS)
    return session


def import_rows(session: Session, *rows: str) -> int:
    return import_frame(session, ROUND_CODE, "\n".join([HEADING, *rows]).encode())


def cells(session: Session) -> list[FrameCell]:
    return list(session.scalars(select(FrameCell).order_by(FrameCell.id)))


def test_counts_are_kept_by_unit_and_sector(open_session: Session) -> None:
    count = import_rows(open_session, "tthc,18880,land,1.240,phường,quầy 1", "tthc,18880,other,80,phường,")

    assert count == 2
    assert [(cell.sector_code, cell.population, cell.stratum, cell.psu) for cell in cells(open_session)] == [
        ("land", 1240, "phường", "quầy 1"),
        ("other", 80, "phường", "18880"),
    ]


def test_without_a_stratum_each_unit_and_sector_is_one(open_session: Session) -> None:
    import_rows(open_session, "tthc,18880,land,5,,", "tthc,18859,land,5,,", "sipas,18880,,7,,")

    assert [(cell.stratum, cell.psu) for cell in cells(open_session)] == [
        ("tthc/18880/land", None),
        ("tthc/18859/land", None),
        ("sipas/18880", None),
    ]


def test_optional_columns_may_be_missing(open_session: Session) -> None:
    data = b"form;unit_code;population\r\nsipas;18880;12 000\r\n"

    assert import_frame(open_session, ROUND_CODE, data) == 1
    assert cells(open_session)[0].population == 12000


def test_new_file_replaces_the_counts_of_the_questionnaires_it_names(open_session: Session) -> None:
    import_rows(open_session, "tthc,18880,land,5,,", "sipas,18880,,7,,")

    import_rows(open_session, "tthc,18859,other,9,,")

    assert sorted((cell.sector_code, cell.population) for cell in cells(open_session)) == [
        ("", 7),
        ("other", 9),
    ]


def test_every_fault_is_named_and_the_old_counts_stay(database: Database) -> None:
    with database.write() as session:
        load_catalogue(session)
        publish_shipped_forms(session, ("tthc", "sipas"))
        open_round_with(session, ["tthc", "sipas"], UNITS)
        import_rows(session, "sipas,18880,,7,,")
    rows = [
        "yte-noitru,18880,,5,,",
        "tthc,99999,land,5,,",
        "tthc,18880,sea,5,,",
        "tthc,18880,,5,,",
        "sipas,18880,land,5,,",
        "tthc,18880,land,0,,",
        "tthc,18880,land,5,,",
        "tthc,18880,land,6,,",
        "tthc,,land,99999999999,,",
    ]

    with pytest.raises(ImportRefused) as caught, database.write() as session:
        import_rows(session, *rows)

    assert [(fault.row, fault.column, fault.code) for fault in caught.value.faults] == [
        (2, "form", "not_in_round"),
        (3, "unit_code", "not_in_round"),
        (4, "sector", "not_known"),
        (5, "sector", "empty"),
        (6, "sector", "sector_not_asked"),
        (7, "population", "not_a_count"),
        (8, "unit_code", "twice"),
        (9, "unit_code", "twice"),
        (10, "unit_code", "empty"),
        (10, "population", "too_large"),
    ]
    with database.read() as session:
        assert [cell.population for cell in cells(session)] == [7]


def test_unknown_round_is_named(session: Session) -> None:
    with pytest.raises(RoundUnknown):
        import_rows(session, "tthc,18880,land,5,,")


def test_a_closed_round_takes_no_frame(session: Session) -> None:
    open_small_round(session)
    rounds.close_round(session, ROUND_CODE)

    with pytest.raises(SurveyError, match="round_closed"):
        import_frame(session, ROUND_CODE, f"form,unit_code,population\n{SMALL},{UNIT_CODE},900\n".encode())
