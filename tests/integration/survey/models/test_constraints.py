"""Every CHECK and UNIQUE constraint refuses what it is there to refuse, on both databases."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import CheckConstraint, Constraint, UniqueConstraint, insert
from sqlalchemy.exc import IntegrityError

from survey.models import Base
from survey.store.database import Database
from survey.store.migrate import upgrade

DAY = date(2026, 1, 1)
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
DATED = {"name": "n", "name_en": "n", "valid_from": DAY, "source": "s"}
PLACE = {"round_id": 1, "questionnaire_version_id": 1, "unit_id": 1}
ROWS: dict[str, dict[str, Any]] = {
    "measure": {"code": "m", "name_vi": "m", "name_en": "m", "position": 1},
    "sector": {"code": "land", "name_vi": "s", "name_en": "s", "position": 1},
    "unit": {"id": 1, "code": "u", "kind": "ward", "former_province": "", **DATED},
    "procedure": {"id": 1, "code": "p", "sector_code": "land", "level": "", **DATED},
    "target_set": {"id": 1, "code": "t", "name": "t", "confidence_level": 0.95},
    "target": {
        "id": 1, "target_set_id": 1, "measure_code": "m", "sector_code": "", "year": 2025,
        "minimum_share": 0.9, "section": "", "text": "",
    },
    "questionnaire_version": {
        "id": 1, "form_id": "f", "version": 1, "digest": "d", "document": {}, "measure_code": "m",
        "published_on": DAY,
    },
    "survey_round": {
        "id": 1, "code": "r", "title": "r", "title_en": "r", "opens_on": DAY, "closes_on": DAY,
        "status": "open", "target_set_id": 1, "target_year": 2025, "is_demonstration": False,
    },
    "frame_cell": {
        "id": 1, "round_id": 1, "questionnaire_version_id": 1, "unit_id": 1, "sector_code": "",
        "stratum": "s", "psu": "p", "population": 1,
    },
    "response": {
        "id": UUID(int=1), "round_id": 1, "questionnaire_version_id": 1, "unit_id": 1, "sector_code": "land",
        "procedure_id": 1, "channel": "paper", "selection": "invited", "design_weight": 1.5,
        "duration_band": "unknown", "language": "vi", "received_on": DAY, "ratings": "5.0", "details": {},
        "expectation_percent": 110, "content_digest": "d", "clock_band": "right",
    },
    "response_draft": {
        "response_id": UUID(int=1), "round_id": 1, "questionnaire_version_id": 1, "unit_id": 1,
        "channel": "kiosk", "selection": "self_selected", "layout": "kiosk", "answers": {},
        "started_at": MOMENT, "touched_at": MOMENT,
    },
    "account": {
        "id": 1, "username": "a", "display_name": "a", "password_hash": "h", "role": "coordinator",
        "must_change_password": True, "session_version": 1, "failed_count": 0, "created_at": MOMENT,
    },
    "round_unit": {"round_id": 1, "questionnaire_version_id": 1, "unit_id": 1},
    "device": {
        "id": 1, "code": "d", "kind": "kiosk", "name": "d", "round_id": 1, "unit_id": 1, "status": "active",
        "pairing_digest": "p", "pairing_expires_at": MOMENT, "credential_digest": "c", "pin_hash": "h",
        "created_at": MOMENT, "unsent_count": 0, "held_count": 0, "dropped_count": 0, "storage_state": "ok",
    },
    "former_credential": {
        "id": 1, "device_id": 1, "credential_digest": "f", "ended_at": MOMENT, "unsent_count": 0,
        "held_count": 0, "is_noted": False,
    },
    "quarantined_response": {
        "id": 1, "digest": "d", "reason": "conflict", "content": {}, "received_on": DAY, "state": "waiting",
    },
    "paper_batch": {
        "id": 1, "code": "b", "selection": "invited", "printed_count": 10, "handed_out_count": 8,
        "returned_count": 5, "status": "open", "created_on": DAY, **PLACE,
    },
    "paper_keying": {
        "id": 1, "batch_id": 1, "serial": 1, "turn": 1, "account_id": 1, "is_spoilt": False, "answers": {},
        "keyed_on": DAY,
    },
    "paper_result": {
        "batch_id": 1, "serial": 1, "is_spoilt": False, "compared_count": 31, "difference_count": 1,
        "workbook_count": 0,
    },
    "paper_workbook": {"batch_id": 1, "account_id": 1, "file_digest": "f", "content_digest": "c"},
    "assignment": {"id": 1, "number": "1", "place": "p", "note": "", **PLACE},
    "visit": {
        "id": UUID(int=1), "assignment_id": 1, "outcome": "refused", "visited_on": DAY,
        "received_on": DAY,
    },
    "invitation_batch": {
        "id": 1, "code": "i", "seed": "s", "key_mark": "k", "issued_count": 5, "created_on": DAY,
        "withdrawn_count": 0, **PLACE,
    },
    "invitation": {"digest": "d", "batch_id": 1},
    "quality_threshold": {"round_id": 1, "name": "n", "value": 0},
    "quality_threshold_change": {
        "id": 1, "round_id": 1, "name": "n", "value_before": 0, "value_after": 1, "changed_by": 1,
        "changed_on": DAY,
    },
}  # fmt: skip
UNLIKE = {"code": "e", "pairing_digest": "q", "credential_digest": "e"}
UNCOUNTED = {"handed_out_count": None, "returned_count": None}
CLOSED = {"status": "closed", "closed_on": DAY}
REVERSED = {"valid_to": date(2025, 12, 31)}

REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("ck_unit_kind_known", {"kind": "province", "code": "v"}),
    ("ck_unit_validity_ordered", {"code": "v", **REVERSED}),
    ("uq_unit_code_valid_from", {}),
    ("ck_procedure_validity_ordered", {"code": "q", **REVERSED}),
    ("uq_procedure_code_valid_from", {}),
    ("ck_target_set_confidence_level_sensible", {"code": "v", "confidence_level": 0.5}),
    ("ck_target_set_confidence_level_sensible", {"code": "v", "confidence_level": 1.0}),
    ("uq_target_set_code", {}),
    ("ck_target_minimum_share_is_a_share", {"year": 2030, "minimum_share": 0}),
    ("ck_target_minimum_share_is_a_share", {"year": 2030, "minimum_share": 90}),
    ("uq_target_target_set_id_measure_code_sector_code_year", {}),
    ("uq_questionnaire_version_form_id_version", {}),
    ("ck_survey_round_status_known", {"code": "v", "status": "paused"}),
    ("ck_survey_round_dates_ordered", {"code": "v", "closes_on": date(2025, 12, 31)}),
    ("uq_survey_round_code", {}),
    ("ck_frame_cell_population_positive", {"sector_code": "land", "population": 0}),
    ("ck_frame_cell_design_named", {"sector_code": "land", "stratum": ""}),
    ("ck_frame_cell_design_named", {"sector_code": "land", "psu": ""}),
    ("ck_frame_cell_design_named", {"sector_code": "land", "stratum": "", "psu": None}),
    ("uq_frame_cell_place", {}),
    ("ck_response_channel_known", {"channel": "fax"}),
    ("ck_response_selection_known", {"selection": "volunteer"}),
    ("ck_response_duration_band_known", {"duration_band": "17s"}),
    ("ck_response_language_known", {"language": "fr"}),
    ("ck_response_design_weight_positive", {"design_weight": 0}),
    ("ck_response_expectation_not_negative", {"expectation_percent": -1}),
    ("ck_response_draft_channel_known", {"channel": "fax"}),
    ("ck_response_draft_selection_known", {"selection": "volunteer"}),
    ("ck_response_draft_layout_known", {"layout": "poster"}),
    ("ck_account_role_known", {"username": "b", "role": "king"}),
    ("ck_account_unit_official_has_unit", {"username": "b", "role": "unit_official"}),
    ("uq_account_username", {}),
    ("ck_response_clock_band_known", {"clock_band": "slow"}),
    ("ck_response_received_hour_of_a_day", {"selection": "self_selected", "received_hour": 24}),
    ("ck_response_device_hour_of_a_day", {"selection": "self_selected", "device_hour": -1}),
    ("ck_response_invited_without_moment", {"received_hour": 9}),
    ("ck_response_invited_without_moment", {"device_on": DAY}),
    ("ck_response_invited_without_moment", {"device_hour": 9}),
    ("ck_quarantined_response_reason_known", {"digest": "e", "reason": "ugly"}),
    ("ck_quarantined_response_state_known", {"digest": "e", "state": "lost", "decided_on": DAY}),
    ("ck_quarantined_response_decision_dated", {"digest": "e", "state": "dismissed"}),
    ("uq_quarantined_response_digest", {}),
    ("ck_device_kind_known", {**UNLIKE, "kind": "fridge"}),
    ("ck_device_status_known", {**UNLIKE, "status": "lost"}),
    ("ck_device_storage_state_known", {**UNLIKE, "storage_state": "wet"}),
    ("ck_device_active_has_credential", {**UNLIKE, "credential_digest": None}),
    ("ck_device_waiting_has_pairing", {**UNLIKE, "status": "waiting", "pairing_digest": None}),
    ("ck_device_pairing_expires", {**UNLIKE, "pairing_expires_at": None}),
    ("ck_device_unsent_not_negative", {**UNLIKE, "unsent_count": -1}),
    ("ck_device_held_not_negative", {**UNLIKE, "held_count": -1}),
    ("ck_device_dropped_not_negative", {**UNLIKE, "dropped_count": -1}),
    ("uq_device_code", {**UNLIKE, "code": "d"}),
    ("uq_device_pairing_digest", {**UNLIKE, "pairing_digest": "p"}),
    ("uq_device_credential_digest", {**UNLIKE, "credential_digest": "c"}),
    ("ck_former_credential_unsent_not_negative", {"credential_digest": "g", "unsent_count": -1}),
    ("ck_former_credential_held_not_negative", {"credential_digest": "g", "held_count": -1}),
    ("uq_former_credential_credential_digest", {}),
    ("ck_paper_batch_status_known", {"code": "c", "status": "lost"}),
    ("ck_paper_batch_selection_known", {"code": "c", "selection": "volunteer"}),
    ("ck_paper_batch_language_known", {"code": "c", "language": "fr"}),
    ("ck_paper_batch_printed_positive", {"code": "c", **UNCOUNTED, "printed_count": 0}),
    ("ck_paper_batch_handed_out_of_printed", {"code": "c", "handed_out_count": 11}),
    ("ck_paper_batch_returned_of_handed_out", {"code": "c", "returned_count": 9}),
    ("ck_paper_batch_closed_is_counted", {"code": "c", "status": "closed"}),
    ("ck_paper_batch_unsettled_of_returned", {"code": "c", **CLOSED, "unsettled_count": 6}),
    ("ck_paper_batch_without_sector_counted", {"code": "c", "without_sector_count": -1}),
    ("ck_paper_keying_came_by_known", {"id": 2, "turn": 2, "account_id": 2, "came_by": "post"}),
    ("ck_paper_result_workbooks_of_two_keyings", {"serial": 2, "workbook_count": 3}),
    ("ck_paper_batch_unsettled_once_closed", {"code": "c", "unsettled_count": 1}),
    ("uq_paper_batch_code", {}),
    ("ck_paper_keying_two_turns", {"turn": 3, "serial": 2}),
    ("ck_paper_keying_serial_positive", {"serial": 0}),
    ("uq_paper_keying_turn", {"account_id": 2}),
    ("uq_paper_keying_person", {"turn": 2}),
    ("ck_paper_result_differences_counted", {"serial": 2, "difference_count": 32}),
    ("ck_assignment_place_named", {"number": "2", "place": ""}),
    ("uq_assignment_number", {}),
    ("ck_visit_outcome_known", {"outcome": "ghost"}),
    ("ck_invitation_batch_issued_positive", {"code": "j", "issued_count": 0}),
    ("ck_invitation_batch_withdrawn_of_issued", {"code": "j", "withdrawn_on": DAY, "withdrawn_count": 6}),
    ("ck_invitation_batch_withdrawal_dated", {"code": "j", "withdrawn_count": 1}),
    ("uq_invitation_batch_code", {}),
    ("ck_quality_threshold_value_not_negative", {"name": "m", "value": -1}),
    ("ck_quality_threshold_change_values_not_negative", {"value_before": -1}),
    ("ck_quality_threshold_change_is_a_change", {"value_after": 0}),
]


def constraints() -> dict[str, Constraint]:
    return {
        str(constraint.name): constraint
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
    }


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with one row in each table; what is refused leaves it as it is, so all tests share it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('constraints') / 'filled.db'}"
    else:
        url = request.getfixturevalue("postgres_server").create_database(f"constraints_{os.getpid()}")
    upgrade(url)
    database = Database(url)
    with database.write() as session:
        for table, values in ROWS.items():
            session.execute(insert(Base.metadata.tables[table]).values(values))
    yield database
    database.dispose()


@pytest.mark.parametrize(
    ("name", "changes"), REFUSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_constraint_refuses(filled: Database, name: str, changes: dict[str, Any]) -> None:
    table = constraints()[name].table
    key = next(iter(table.primary_key.columns))
    is_own = key.name in ("id", "response_id", "code")
    new = {key.name: UUID(int=2) if isinstance(ROWS[table.name][key.name], UUID) else 2} if is_own else {}

    with pytest.raises(IntegrityError) as caught, filled.write() as session:
        session.execute(insert(table).values({**ROWS[table.name], **new, **changes}))

    assert_names(caught.value, constraints()[name])


def test_every_named_constraint_has_a_test() -> None:
    assert {name for name, _ in REFUSED} == set(constraints())


def test_every_constraint_has_a_name_that_postgresql_keeps() -> None:
    names = [str(each.name) for table in Base.metadata.tables.values() for each in table.constraints]

    assert [name for name in names if len(name) > 63] == []


@pytest.mark.parametrize("table", ["frame_cell", "response", "response_draft", "target", "account"])
def test_row_without_its_unit_or_round_is_refused(database: Database, table: str) -> None:
    values = {**ROWS[table], **({"unit_id": 1} if table == "account" else {})}

    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), database.write() as session:
        session.execute(insert(Base.metadata.tables[table]).values(values))


def assert_names(error: IntegrityError, constraint: Constraint) -> None:
    """The database says which constraint it was; SQLite names the columns of a UNIQUE."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        assert diagnosis.constraint_name == constraint.name
    elif isinstance(constraint, UniqueConstraint):
        columns = ", ".join(f"{constraint.table.name}.{column.name}" for column in constraint.columns)
        assert str(error.orig) == f"UNIQUE constraint failed: {columns}"
    else:
        assert str(error.orig) == f"CHECK constraint failed: {constraint.name}"
