"""Procedures that a questionnaire can ask about: those of the catalogue whose sector it knows."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from questionnaires.model import AnswerValue, Questionnaire, Text
from survey.services.rounds import plain_letters
from survey.store import catalogue
from survey.store.database import Session


@dataclass(frozen=True)
class ProcedureLine:
    """A procedure and the answers that name it."""

    code: str
    name: Text
    sector: Text
    answers: dict[str, AnswerValue]


def list_procedures(session: Session, questionnaire: Questionnaire, on: date) -> list[ProcedureLine]:
    """What can be answered on this day to the question for the procedure, sector by sector.

    Empty for a questionnaire that does not ask for one.
    """
    asked = questionnaire.question_with_role("procedure")
    if asked is None:
        return []
    sector = questionnaire.question_with_role("sector")
    names = {row.code: Text(vi=row.name_vi, en=row.name_en) for row in catalogue.list_sectors(session)}
    offered = [option.code for option in sector.options] if sector else list(names)
    rows = [row for row in catalogue.list_procedures(session, on) if row.sector_code in offered]
    return [
        ProcedureLine(
            code=row.code,
            name=Text(vi=row.name, en=row.name_en),
            sector=names[row.sector_code],
            answers={**({sector.id: row.sector_code} if sector else {}), asked.id: row.code},
        )
        for row in sorted(rows, key=lambda row: (offered.index(row.sector_code), plain_letters(row.name)))
    ]


def find_procedure(
    session: Session, questionnaire: Questionnaire, code: str, on: date
) -> ProcedureLine | None:
    """The procedure of a poster; None for a code that is unknown, expired or not asked for."""
    lines = list_procedures(session, questionnaire, on)
    return next((line for line in lines if line.code == code), None)


def group_by_sector(lines: list[ProcedureLine]) -> list[tuple[Text, list[ProcedureLine]]]:
    return [(sector, list(members)) for sector, members in groupby(lines, key=lambda line: line.sector)]
