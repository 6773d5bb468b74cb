"""Units in groups that a respondent recognises: by kind, the communes also by former province."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from survey.services.rounds import UnitLine

_KINDS: dict[str, LazyString] = {
    "department": _("Departments"),
    "agency": _("Agencies"),
    "hospital": _("Hospitals and health centres"),
    "school": _("Schools"),
    "ward": _("Wards"),
    "commune": _("Communes"),
    "special_zone": _("Special zone"),
}
_SPLIT_BY_PROVINCE = ("ward", "commune", "hospital", "school")


@dataclass(frozen=True)
class UnitGroup:
    kind: LazyString
    former_province: str
    units: tuple[UnitLine, ...]


def group_units(units: Iterable[UnitLine]) -> list[UnitGroup]:
    """Groups in a fixed order of kinds; within a group the order of the catalogue."""
    groups: dict[tuple[str, str], list[UnitLine]] = {}
    for unit in units:
        province = unit.former_province if unit.kind in _SPLIT_BY_PROVINCE else ""
        groups.setdefault((unit.kind, province), []).append(unit)
    order = list(_KINDS)
    return [
        UnitGroup(_KINDS[kind], province, tuple(members))
        for (kind, province), members in sorted(groups.items(), key=lambda item: order.index(item[0][0]))
    ]
