"""What the demonstration asks where: units, transactions, respondents and how satisfied they are.

All figures are invented. They are chosen so that every verdict occurs and no measure looks like a real one.
"""

from dataclasses import dataclass, replace

SEED = 3028


@dataclass(frozen=True)
class DemonstrationForm:
    """How many answer a questionnaire, by which channels, and how satisfied they are on average."""

    form_id: str
    unit_kinds: tuple[str, ...]
    invited_count: int
    self_selected_count: int
    satisfied_share: float
    unit_spread: float
    population_per_unit: int
    invited_channels: tuple[tuple[str, float], ...]
    self_selected_channels: tuple[tuple[str, float], ...] = (("kiosk", 0.65), ("phone", 0.35))
    extra_units: tuple[str, ...] = ()
    unit_code_prefix: str = ""


def scaled(form: DemonstrationForm, scale: float) -> DemonstrationForm:
    """The same form with fewer (or more) respondents."""
    return replace(
        form,
        invited_count=round(form.invited_count * scale),
        self_selected_count=round(form.self_selected_count * scale),
    )


COMMUNES = ("ward", "commune", "special_zone")

FORMS = (
    DemonstrationForm(
        "tthc",
        COMMUNES,
        4700,
        1300,
        0.0,
        0.74,
        1500,
        (("phone", 0.6), ("paper", 0.4)),
        extra_units=("TTPVHCC", "STC", "SXD", "SNNMT", "BQLKKT"),
    ),
    DemonstrationForm("sipas", COMMUNES, 2300, 0, 0.915, 0.7, 9000, (("paper", 0.7), ("interviewer", 0.3))),
    DemonstrationForm(
        "yte-noitru", ("hospital",), 760, 60, 0.872, 0.75, 4200, (("phone", 0.5), ("interviewer", 0.5))
    ),
    DemonstrationForm(
        "yte-ngoaitru", ("hospital",), 1040, 140, 0.888, 0.75, 21000, (("phone", 0.8), ("paper", 0.2))
    ),
    DemonstrationForm(
        "giaoduc-phuhuynh", ("school",), 1000, 0, 0.928, 0.75, 620, (("phone", 0.7), ("paper", 0.3))
    ),
    DemonstrationForm(
        "giaoduc-hocsinh",
        ("school",),
        400,
        0,
        0.905,
        0.7,
        850,
        (("phone", 1.0),),
        unit_code_prefix="VD-THPT",
    ),
    DemonstrationForm("quay-motcua", COMMUNES, 0, 300, 0.93, 0.5, 0, (), (("kiosk", 1.0),)),
)

SECTORS = ("land", "construction", "investment", "other")
# Satisfaction by sector, and how a unit's dossiers fall on the sectors, at communes and at the province.
SECTOR_SATISFIED_SHARE = {"land": 0.80, "construction": 0.895, "investment": 0.868, "other": 0.97}
COMMUNE_SECTOR_MIX = {"land": 0.24, "construction": 0.13, "investment": 0.0, "other": 0.63}
PROVINCE_SECTOR_MIX = {
    "TTPVHCC": {"land": 0.2, "construction": 0.2, "investment": 0.1, "other": 0.5},
    "STC": {"investment": 0.7, "other": 0.3},
    "SXD": {"construction": 0.8, "other": 0.2},
    "SNNMT": {"land": 0.7, "other": 0.3},
    "BQLKKT": {"investment": 0.6, "construction": 0.3, "other": 0.1},
}
OVERSAMPLED = {"investment": 2.2, "land": 1.5, "construction": 1.6}
# Self-selected respondents at the counter press higher, as measured in the field (mode effect).
SELF_SELECTED_SHIFT = 0.45
