"""The responses of a round as CSV, streamed: what a statistician needs to compute the numbers again."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from survey.reports.csv_files import BYTE_ORDER_MARK, CsvCell, format_rows
from survey.reports.labels import DEMONSTRATION_MARK, SURVEY_DATA
from survey.services.exports import ExportedResponse, ResponsesExport, export_responses
from survey.store.database import Session

FIXED_COLUMNS = (
    *("data", "round_code", "is_demonstration", "form", "version", "measure", "unit_code", "sector"),
    *("procedure_code", "channel", "selection", "duration_band", "clock_band", "used_in_index"),
    *("final_weight", "stratum", "psu"),
)
_BATCH = 500


def iterate_responses_csv(
    session: Session, round_code: str, language: str = "vi", form_id: str | None = None
) -> Iterator[bytes]:
    """One line a response, one column a question, in pieces of some hundred lines.

    An unknown round or questionnaire is refused at the call, before the first piece; the session stays open
    until the last one. There is no id, no day and no free text, and the order says nothing.
    """
    return _pieces(export_responses(session, round_code, form_id), language)


def _pieces(export: ResponsesExport, language: str) -> Iterator[bytes]:
    heads = [f"{form.form_id}.{question}" for form in export.forms for question in form.question_ids]
    yield (BYTE_ORDER_MARK + format_rows([[*FIXED_COLUMNS, *heads]])).encode("utf-8")
    mark = DEMONSTRATION_MARK if export.is_demonstration else SURVEY_DATA
    origin: list[CsvCell] = [mark.in_language(language), export.round_code, int(export.is_demonstration)]
    places = _places(export)
    while rows := [
        [*origin, *_fixed(response), *_answers(response, places[response.form.form_id], len(heads))]
        for response in islice(export.responses, _BATCH)
    ]:
        yield format_rows(rows).encode("utf-8")


def _places(export: ResponsesExport) -> dict[str, int]:
    """Where the columns of each questionnaire begin."""
    places, place = {}, 0
    for form in export.forms:
        places[form.form_id] = place
        place += len(form.question_ids)
    return places


def _fixed(response: ExportedResponse) -> list[CsvCell]:
    return [
        response.form.form_id,
        response.form.version,
        response.form.measure_code,
        response.unit_code,
        response.sector_code,
        response.procedure_code,
        response.channel,
        response.selection,
        response.duration_band,
        response.clock_band,
        int(response.is_used),
        None if response.final_weight is None else repr(response.final_weight),
        response.stratum,
        response.psu,
    ]


def _answers(response: ExportedResponse, place: int, width: int) -> list[CsvCell]:
    """The answers under the columns of their questionnaire, nothing under the others'."""
    cells = [_cell(response.answers.get(question)) for question in response.form.question_ids]
    return [*[None] * place, *cells, *[None] * (width - place - len(cells))]


def _cell(answer: Any) -> CsvCell:
    """Codes of a question with several answers are joined by a bar."""
    if isinstance(answer, (list, tuple)):
        return "|".join(map(str, answer))
    return None if answer is None else answer if isinstance(answer, int) else str(answer)
