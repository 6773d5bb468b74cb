"""CSV files as offices save them, and the faults that are named."""

import unicodedata
from datetime import date

import pytest

from survey.services.problems import ImportRefused, RowFault
from survey.services.tables import (
    CellFault,
    Column,
    read_count,
    read_date,
    read_optional_date,
    read_percent,
    read_table,
    require_no_faults,
)

COLUMNS = (
    Column("code"),
    Column("name"),
    Column("count", read_count, required=False, default=None, may_lack=True),
)
PLAIN = "code,name,count\na,Đồng Hới,12\nb,Gio Linh,\n"


def values_of(data: bytes) -> list[dict[str, object]]:
    faults: list[RowFault] = []
    rows = read_table(data, COLUMNS, faults)
    require_no_faults(faults)
    return [row.values for row in rows]


def faults_of(text: str | bytes) -> list[RowFault]:
    with pytest.raises(ImportRefused) as caught:
        values_of(text.encode() if isinstance(text, str) else text)
    return caught.value.faults


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PLAIN.encode(), id="plain"),
        pytest.param(PLAIN.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(PLAIN.replace("\n", "\r\n").encode(), id="Windows line ends"),
        pytest.param(PLAIN.replace("\n", "\r").encode(), id="old Macintosh line ends"),
        pytest.param(PLAIN.replace(",", ";").encode(), id="semicolons"),
        pytest.param(PLAIN.replace(",", "\t").encode(), id="tabs"),
        pytest.param(unicodedata.normalize("NFD", PLAIN).encode(), id="NFD"),
        pytest.param(PLAIN.replace("12", '"12"').encode(), id="quoted"),
        pytest.param(PLAIN.replace("code,", " CODE ,").encode(), id="heading with capitals"),
        pytest.param(PLAIN.replace("\n", "\n\n,,\n").encode(), id="empty lines"),
        pytest.param(PLAIN.replace("\n", ",,\n").encode(), id="empty columns at the end"),
        pytest.param(PLAIN.removesuffix("\n").encode(), id="no last line end"),
    ],
)
def test_every_usual_way_of_saving_is_read(data: bytes) -> None:
    assert values_of(data) == [
        {"code": "a", "name": "Đồng Hới", "count": 12},
        {"code": "b", "name": "Gio Linh", "count": None},
    ]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PLAIN.encode("utf-16"), "UTF-16"),
        (PLAIN.encode("utf-16-le"), "UTF-16"),
        (b"c\0o\0d\0e\0", "UTF-16"),
        (b"PK\x03\x04 and the rest of a workbook", "XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and the rest", "XLS"),
    ],
)
def test_other_encoding_is_refused_by_name(data: bytes, name: str) -> None:
    assert faults_of(data) == [RowFault(0, "", "encoding", name)]


@pytest.mark.parametrize("encoding", ["cp1258", "latin-1", "cp1252"])
def test_of_an_8_bit_encoding_no_name_is_claimed(encoding: str) -> None:
    data = "code,name\na,Ðông Hà\n".replace("Ð", "Đ" if encoding == "cp1258" else "D").encode(encoding)

    assert faults_of(data) == [RowFault(0, "", "encoding_unknown")]


def test_faults_of_the_heading_are_named_together() -> None:
    assert faults_of("code,code,colour\na,b,c\n") == [
        RowFault(1, "name", "column_missing"),
        RowFault(1, "colour", "column_unknown", "colour"),
        RowFault(1, "code", "column_twice"),
    ]


def test_column_that_may_be_empty_must_still_be_there() -> None:
    faults: list[RowFault] = []

    with pytest.raises(ImportRefused) as caught:
        read_table(b"code\na\n", (Column("code"), Column("note", required=False)), faults)

    assert caught.value.faults == [RowFault(1, "note", "column_missing")]


@pytest.mark.parametrize("text", ["", "\n"])
def test_empty_file_lacks_its_columns(text: str) -> None:
    assert [fault.code for fault in faults_of(text)] == ["column_missing", "column_missing"]


@pytest.mark.parametrize("text", ["code,name", "code,name\n,\n \n"])
def test_file_without_rows_is_refused(text: str) -> None:
    assert faults_of(text) == [RowFault(1, "", "no_rows")]


def test_ten_faults_are_ten_faults_with_their_places() -> None:
    faulty = ",,0\n" * 3 + "x,y,z,too,many\n"

    assert [(fault.row, fault.column, fault.code) for fault in faults_of("code,name,count\n" + faulty)] == [
        *(
            (row, column, code)
            for row in (2, 3, 4)
            for column, code in (("code", "empty"), ("name", "empty"), ("count", "not_a_count"))
        ),
        (5, "", "too_many_cells"),
        (5, "count", "not_a_count"),
    ]


def test_sound_rows_are_given_beside_the_faults() -> None:
    faults: list[RowFault] = []

    rows = read_table(b"code,name\na,A\n,B\n", COLUMNS, faults)

    assert [row.values.get("code") for row in rows] == ["a", None]
    assert [row.has("code", "name") for row in rows] == [True, False]
    assert faults == [RowFault(3, "code", "empty")]


def test_row_is_named_by_the_line_where_it_begins() -> None:
    (fault,) = faults_of('code,name,count\na,"two\nlines",\n\nb,B,none\n')

    assert fault == RowFault(5, "count", "not_a_count", "none")


@pytest.mark.parametrize("text", ['code,name\na,"open\n', 'code,name\na,"A" B"\n'])
def test_broken_quotation_is_refused_with_its_line(text: str) -> None:
    assert faults_of(text) == [RowFault(2, "", "not_csv")]


def test_giant_cell_is_refused() -> None:
    assert faults_of("code,name\na," + "x" * 200_000) == [RowFault(2, "", "not_csv")]


@pytest.mark.parametrize("text", ["2025-07-01", "1/7/2025", "01/07/2025"])
def test_date_is_read_in_both_writings(text: str) -> None:
    assert read_date(text) == date(2025, 7, 1)


@pytest.mark.parametrize(
    "text", ["1/7/25", "31/6/2025", "7/2025", "1/7/2025/", "+1/7/2025", "hôm nay", "0/0/0"]
)
def test_other_dates_are_refused(text: str) -> None:
    with pytest.raises(CellFault, match="not_a_date"):
        read_date(text)


def test_last_day_may_be_open() -> None:
    assert read_optional_date("") is None
    assert read_optional_date("31/12/2026") == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "count"),
    [("12000", 12000), ("12.000", 12000), ("1 234 567", 1234567), ("12\u00a0000", 12000), ("007", 7)],
)
def test_count_may_be_grouped(text: str, count: int) -> None:
    assert read_count(text) == count


@pytest.mark.parametrize("text", ["0", "000", "-5", "1.5", "12.5", "1,5", "1 2", "12.0000", "ba", "٣", "1e3"])
def test_other_counts_are_refused(text: str) -> None:
    with pytest.raises(CellFault, match="not_a_count"):
        read_count(text)


@pytest.mark.parametrize("text", ["2000000001", "9" * 5000])
def test_count_that_no_column_holds_is_refused(text: str) -> None:
    with pytest.raises(CellFault, match="too_large"):
        read_count(text)


@pytest.mark.parametrize(("text", "share"), [("90", 0.9), ("90%", 0.9), ("85,5 %", 0.855), ("100", 1.0)])
def test_percentage_becomes_a_share(text: str, share: float) -> None:
    assert read_percent(text) == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "not_a_percentage"),
        ("101", "not_a_percentage"),
        ("0,85", "not_a_percentage"),
        ("1", "not_a_percentage"),
        ("nan", "not_a_percentage"),
        ("-3", "not_a_percentage"),
        ("chín", "not_a_number"),
    ],
)
def test_other_percentages_are_refused(text: str, code: str) -> None:
    with pytest.raises(CellFault, match=code):
        read_percent(text)
