"""A unit by its key, for pages that are bound to one unit."""

from questionnaires.model import Text
from survey.services.rounds import UnitLine
from survey.store import rounds
from survey.store.database import Session


def get_unit(session: Session, unit_id: int) -> UnitLine:
    unit = rounds.fetch_unit(session, unit_id)
    return UnitLine(unit.code, Text(vi=unit.name, en=unit.name_en), unit.kind, unit.former_province)
