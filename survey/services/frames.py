"""The frame of a round: transaction counts or population per unit and sector, imported from CSV."""

from collections.abc import Iterable, Iterator

from questionnaires.model import Questionnaire
from survey.models import FrameCell
from survey.services.problems import RowFault, SurveyError
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import get_round
from survey.services.tables import Column, TableRow, TextReader, read_count, read_table, require_no_faults
from survey.store import rounds
from survey.store.database import Session

COLUMNS = (
    Column("form"),
    Column("unit_code"),
    Column("sector", required=False, may_lack=True),
    Column("population", read_count),
    Column("stratum", TextReader(), required=False, may_lack=True),
    Column("psu", TextReader(), required=False, may_lack=True),
)


def import_frame(session: Session, round_code: str, data: bytes) -> int:
    """Put the file's counts in place of the round's frame for the questionnaires it names; all rows or none.

    Where the file names no stratum, each unit and sector is a stratum whose respondents are drawn directly.
    Where it names a stratum but no PSU, units are the first stage: the unit is the PSU.
    """
    survey_round = get_round(session, round_code)
    if survey_round.status == "closed":
        raise SurveyError(reason="round_closed", round_code=round_code)
    faults: list[RowFault] = []
    rows = read_table(data, COLUMNS, faults)
    forms = {form.form_id: form for form in rounds.list_forms(session, survey_round.id)}
    versions = {form_id: form.version_id for form_id, form in forms.items()}
    sectors = {
        form_id: _sectors(get_questionnaire(session, form.version_id, form.digest))
        for form_id, form in forms.items()
    }
    units = {
        (form_id, unit.code): unit.id
        for form_id, version_id in versions.items()
        for unit in rounds.list_round_units(session, survey_round.id, version_id)
    }
    faults += _faults(rows, sectors, units)
    require_no_faults(faults)
    cells = [
        FrameCell(
            round_id=survey_round.id,
            questionnaire_version_id=versions[row.values["form"]],
            unit_id=units[row.values["form"], row.values["unit_code"]],
            sector_code=row.values["sector"],
            stratum=row.values["stratum"] or _own_stratum(row),
            psu=row.values["psu"] or (row.values["unit_code"] if row.values["stratum"] else None),
            population=row.values["population"],
        )
        for row in rows
    ]
    named = {versions[row.values["form"]] for row in rows}
    rounds.replace_frame(session, survey_round.id, named, cells)
    return len(cells)


def _own_stratum(row: TableRow) -> str:
    return "/".join(filter(None, (row.values["form"], row.values["unit_code"], row.values["sector"])))


def _sectors(questionnaire: Questionnaire) -> set[str]:
    """The sectors that a response can have; '' where it need not have one."""
    question = questionnaire.question_with_role("sector")
    if question is None:
        return {""}
    return {*map(str, question.option_codes), *(() if question.required else ("",))}


def _faults(
    rows: Iterable[TableRow], sectors: dict[str, set[str]], units: dict[tuple[str, str], int]
) -> Iterator[RowFault]:
    seen: set[tuple[str, str, str]] = set()
    for row in (row for row in rows if row.has("form", "sector")):
        form_id, sector = row.values["form"], row.values["sector"]
        if form_id not in sectors:
            yield RowFault(row.number, "form", "not_in_round", form_id)
            continue
        unit_code = row.values.get("unit_code")
        if unit_code is not None and (form_id, unit_code) not in units:
            yield RowFault(row.number, "unit_code", "not_in_round", unit_code)
        if sector not in sectors[form_id]:
            yield RowFault(row.number, "sector", _sector_fault(sector, sectors[form_id]), sector)
        if unit_code is None:
            continue
        if (form_id, unit_code, sector) in seen:
            yield RowFault(row.number, "unit_code", "twice", unit_code)
        seen.add((form_id, unit_code, sector))


def _sector_fault(sector: str, known: set[str]) -> str:
    """A count that no response could be matched with would silently leave all of them out."""
    if not sector:
        return "empty"
    return "sector_not_asked" if known == {""} else "not_known"
