"""`hailong round quality`: the finding and the units to look at, in the terminal."""

from collections.abc import Callable

import pytest
from click.testing import Result

from survey.services.demonstration import ROUND_CODE
from tests.fixtures.databases import DEMONSTRATION
from tests.fixtures.shared import SharedDirectory

Command = Callable[..., Result]


@pytest.fixture
def sqlite_url(shared_directory: SharedDirectory, tmp_path: object) -> str:
    return DEMONSTRATION.copy_sqlite(shared_directory, tmp_path / "demonstration.db")  # type: ignore[operator]


def test_units_to_look_at_are_listed_the_worst_first(hailong: Command) -> None:
    finding, origin, heads, *lines = hailong("round", "quality", ROUND_CODE).stdout.splitlines()

    assert finding.startswith("2 đơn vị cần xem lại: Phường Đồng Thuận, ")
    assert origin.startswith("12.000 phiếu, ")
    assert heads.split("\t")[:2] == ["Đơn vị", "Mã đơn vị"]
    assert [line.split("\t")[1] for line in lines] == ["18859", "TTPVHCC"]


def test_every_unit_is_listed_on_demand(hailong: Command) -> None:
    lines = hailong("round", "quality", ROUND_CODE, "--all", "--language", "en").stdout.splitlines()

    assert len(lines) > 250
    assert lines[0].startswith("2 units to look at: ")


def test_an_unknown_round_is_refused(hailong: Command) -> None:
    result = hailong("round", "quality", "khong-co")

    assert result.exit_code == 1
    assert "không có đợt khảo sát" in result.stderr
