"""The responses of a round for those who compute its numbers again: weighted, without text, in no order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from questionnaires.model import Questionnaire
from survey.models import SurveyRound
from survey.services.problems import QuestionnaireUnknown
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import get_round
from survey.services.weighting import WeightedSample, choose_frames, select_mode, weigh
from survey.services.withheld_channels import withhold_interviews
from survey.store import rounds
from survey.store.database import Session
from survey.store.survey_data import (
    NO_ANSWER,
    ResponseColumns,
    fetch_columns,
    fetch_details,
    fetch_export_columns,
)

_BATCH = 500
# The code of what is not told.
WITHHELD = "withheld"
# Free text may name a person, so it leaves the house only after somebody has read it.
_TEXT_KINDS = ("short_text", "long_text")


@dataclass(frozen=True)
class ExportForm:
    """A questionnaire of the export with the questions whose answers go out."""

    form_id: str
    version: int
    measure_code: str
    question_ids: tuple[str, ...]


@dataclass(frozen=True)
class ExportedResponse:
    """One response. `final_weight` is None where it is in no index; answers are codes and numbers.

    `channel` and `clock_band` are `withheld` where the channel could tell whose response it is.
    """

    form: ExportForm
    unit_code: str
    sector_code: str
    procedure_code: str
    channel: str
    selection: str
    duration_band: str
    clock_band: str
    is_used: bool
    final_weight: float | None
    stratum: str
    psu: str
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class ResponsesExport:
    """Reads from the session while `responses` is gone through."""

    round_code: str
    is_demonstration: bool
    forms: tuple[ExportForm, ...]
    responses: Iterator[ExportedResponse]


@dataclass(frozen=True)
class _Part:
    """A questionnaire of the round while it is exported."""

    version_id: int
    questionnaire: Questionnaire
    form: ExportForm


def export_responses(session: Session, round_code: str, form_id: str | None = None) -> ResponsesExport:
    """All responses of a round or those to one questionnaire; unknown codes raise before anything is read."""
    survey_round = get_round(session, round_code)
    parts = _list_parts(session, survey_round)
    wanted = [part for part in parts if form_id in (None, part.form.form_id)]
    if form_id is not None and not wanted:
        raise QuestionnaireUnknown(form_id)
    return ResponsesExport(
        round_code=survey_round.code,
        is_demonstration=survey_round.is_demonstration,
        forms=tuple(part.form for part in wanted),
        responses=_responses(session, survey_round, parts, wanted),
    )


def _list_parts(session: Session, survey_round: SurveyRound) -> list[_Part]:
    parts = []
    for line in rounds.list_forms(session, survey_round.id):
        questionnaire = get_questionnaire(session, line.version_id, line.digest)
        questions = [question.id for question in questionnaire.questions if question.kind not in _TEXT_KINDS]
        form = ExportForm(line.form_id, line.version, line.measure_code or "", tuple(questions))
        parts.append(_Part(line.version_id, questionnaire, form))
    return parts


def _responses(
    session: Session, survey_round: SurveyRound, parts: list[_Part], wanted: list[_Part]
) -> Iterator[ExportedResponse]:
    unit_codes = {unit.id: unit.code for unit in rounds.list_units_of_round(session, survey_round.id)}
    for part in wanted:
        ids, columns = fetch_export_columns(
            session, survey_round.id, part.version_id, len(part.questionnaire.rated)
        )
        weighted = _weigh(session, survey_round, parts, part, columns)
        withheld = _withheld_channels(columns)
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            details = fetch_details(session, batch)
            for row, response_id in enumerate(batch, start=start):
                found = details[response_id]
                yield ExportedResponse(
                    form=part.form,
                    unit_code=unit_codes[int(columns.unit_id[row])],
                    sector_code=str(columns.sector_code[row]),
                    procedure_code=found.procedure_code,
                    channel=WITHHELD if withheld[row] else str(columns.channel[row]),
                    selection=str(columns.selection[row]),
                    duration_band=found.duration_band,
                    clock_band=WITHHELD if withheld[row] else found.clock_band,
                    answers={**found.details, **_ratings(part.questionnaire, columns, row)},
                    **_design(weighted, columns, row),
                )


def _withheld_channels(columns: ResponseColumns) -> list[bool]:
    places = zip(columns.unit_id.tolist(), columns.selection.tolist(), strict=True)
    return withhold_interviews(list(zip(places, columns.channel.tolist(), strict=True)))


def _weigh(
    session: Session, survey_round: SurveyRound, parts: list[_Part], part: _Part, columns: ResponseColumns
) -> WeightedSample | None:
    """The weights of the index report; None for a questionnaire that serves no measure."""
    if not part.form.measure_code:
        return None
    of_measure = [other for other in parts if other.form.measure_code == part.form.measure_code]
    columns_of = {
        other.form.form_id: columns
        if other is part
        else fetch_columns(session, survey_round.id, other.version_id, len(other.questionnaire.rated))
        for other in of_measure
    }
    cells = rounds.list_frame_cells(session, survey_round.id)
    frames = {
        other.form.form_id: [cell for cell in cells if cell.questionnaire_version_id == other.version_id]
        for other in of_measure
    }
    selection = select_mode(columns_of.values())
    chosen = choose_frames(columns_of, frames, selection)
    unit_count = rounds.count_units_asked(
        session, survey_round.id, [other.version_id for other in of_measure]
    )
    return weigh(part.form.form_id, columns, chosen[part.form.form_id], selection, unit_count=unit_count)


def _ratings(questionnaire: Questionnaire, columns: ResponseColumns, row: int) -> dict[str, int]:
    codes = columns.ratings[row].tolist()
    return {
        question.id: code
        for question, code in zip(questionnaire.rated, codes, strict=True)
        if code != NO_ANSWER
    }


def _design(weighted: WeightedSample | None, columns: ResponseColumns, row: int) -> dict[str, Any]:
    if weighted is None:
        stratum, psu = str(columns.stratum[row]), str(columns.psu[row])
        return {"is_used": False, "final_weight": None, "stratum": stratum, "psu": psu}
    is_used = bool(weighted.is_used[row])
    return {
        "is_used": is_used,
        "final_weight": float(weighted.final_weight[row]) if is_used else None,
        "stratum": str(weighted.stratum[row]),
        "psu": str(weighted.psu[row]),
    }
