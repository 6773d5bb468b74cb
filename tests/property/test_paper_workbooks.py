"""What is keyed into a template and read back is what was keyed, for every shipped form."""

from collections.abc import Mapping
from contextlib import suppress
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.model import AnswerValue
from survey.services import paper_workbook
from survey.services.paper_codes import read_keyed
from tests import factories
from tests.paper import workbook_with
from tests.unit.survey.reports.test_paper_form import batch_of


@settings(max_examples=15)
@given(form_id=st.sampled_from(factories.SHIPPED_FORMS), seed=st.integers(0, 2**32), count=st.integers(1, 4))
def test_encoding_filling_in_and_reading_back_is_identity(form_id: str, seed: int, count: int) -> None:
    rng = Random(seed)
    form = factories.shipped_form(form_id)
    batch = batch_of(form, printed_count=count)
    answers: dict[int, Mapping[str, AnswerValue] | None] = {
        serial: factories.fill_answers(form, rng) or None for serial in range(1, count + 1)
    }
    rows = paper_workbook.read_rows(batch, workbook_with(batch, answers))
    read = {row.serial: None if row.is_spoilt else read_keyed(form, row.cells, {}) for row in rows}
    assert read == {serial: (each, []) if each else None for serial, each in answers.items()}


@settings(max_examples=20)
@given(data=st.binary(max_size=400), place=st.integers(0, 10_000))
def test_a_damaged_workbook_is_refused_or_read_and_never_a_crash(data: bytes, place: int) -> None:
    batch = batch_of(factories.shipped_form("quay-motcua"), printed_count=2)
    content = bytearray(workbook_with(batch, {1: {"overall": 1}}))
    place %= len(content)
    content[place : place + len(data)] = data
    serials = [1]
    with suppress(paper_workbook.WorkbookRefused):
        serials = [row.serial for row in paper_workbook.read_rows(batch, bytes(content))]
    assert set(serials) <= {1, 2}
