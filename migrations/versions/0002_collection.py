"""Collection by devices, on paper and by interviewers"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
NEW_TABLES = (
    "visit",
    "paper_result",
    "paper_keying",
    "paper_batch",
    "assignment",
    "quality_threshold",
    "device",
)
RESPONSE_CHECKS = {
    "clock_band_known": "clock_band IN ('unknown', 'right', 'minutes_off', 'hours_off', 'days_off')",
    "received_hour_of_a_day": "received_hour BETWEEN 0 AND 23",
    "device_hour_of_a_day": "device_hour BETWEEN 0 AND 23",
    "invited_without_moment": (
        "selection <> 'invited' OR (received_hour IS NULL AND device_on IS NULL AND device_hour IS NULL)"
    ),
}
QUARANTINE_CHECKS = {
    "reason_known": (
        "reason IN ('conflict', 'round_not_open', 'device_withdrawn', 'version_unknown', 'place_unknown', "
        "'answers_refused', 'malformed')"
    ),
    "state_known": "state IN ('waiting', 'accepted', 'dismissed')",
    "decision_dated": "state = 'waiting' OR decided_on IS NOT NULL",
}

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_tables()
    _extend_quarantine()
    _drop_triggers("response_is_immutable")
    _extend_responses()
    _forbid_change()
    _forbid_removal()


def downgrade() -> None:
    _drop_triggers("response_is_immutable", "response_is_kept")
    with op.batch_alter_table("response", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.drop_constraint("fk_response_device_id", type_="foreignkey")
        for name in RESPONSE_CHECKS:
            batch.drop_constraint(op.f(f"ck_response_{name}"), type_="check")
        for name in ("clock_band", "device_hour", "device_on", "received_hour", "device_id"):
            batch.drop_column(name)
    _forbid_change()
    op.execute("DELETE FROM quarantined_response WHERE response_id IS NULL OR round_id IS NULL")
    with op.batch_alter_table("quarantined_response") as batch:
        for name in QUARANTINE_CHECKS:
            batch.drop_constraint(op.f(f"ck_quarantined_response_{name}"), type_="check")
        batch.drop_constraint("fk_quarantined_response_decided_by", type_="foreignkey")
        batch.drop_constraint("fk_quarantined_response_device_id", type_="foreignkey")
        batch.drop_constraint("uq_quarantined_response_digest", type_="unique")
        batch.drop_index("ix_quarantined_response_device_id")
        batch.alter_column("round_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("response_id", existing_type=sa.Uuid(), nullable=False)
        for name in ("note", "decided_on", "decided_by", "state", "device_id", "digest"):
            batch.drop_column(name)
    for table in NEW_TABLES:
        op.drop_table(table)


def _extend_quarantine() -> None:
    with op.batch_alter_table("quarantined_response") as batch:
        batch.add_column(sa.Column("digest", sa.String(), nullable=True))
        batch.add_column(sa.Column("device_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("state", sa.String(), nullable=True))
        batch.add_column(sa.Column("decided_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("decided_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("note", sa.String(), nullable=True))
    op.execute("UPDATE quarantined_response SET digest = 'before-0002-' || id, state = 'waiting'")
    with op.batch_alter_table("quarantined_response") as batch:
        for name in ("digest", "state"):
            batch.alter_column(name, existing_type=sa.String(), nullable=False)
        batch.alter_column("response_id", existing_type=sa.Uuid(), nullable=True)
        batch.alter_column("round_id", existing_type=sa.Integer(), nullable=True)
        batch.create_index("ix_quarantined_response_device_id", ["device_id"], unique=False)
        batch.create_unique_constraint("uq_quarantined_response_digest", ["digest"])
        batch.create_foreign_key("fk_quarantined_response_device_id", "device", ["device_id"], ["id"])
        batch.create_foreign_key("fk_quarantined_response_decided_by", "account", ["decided_by"], ["id"])
        for name, condition in QUARANTINE_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_quarantined_response_{name}"), condition)


def _extend_responses() -> None:
    with op.batch_alter_table("response", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.add_column(sa.Column("device_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("received_hour", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("device_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("device_hour", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("clock_band", sa.String(), nullable=True))
    op.execute("UPDATE response SET clock_band = 'unknown'")
    with op.batch_alter_table("response", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.alter_column("clock_band", existing_type=sa.String(), nullable=False)
        batch.create_foreign_key("fk_response_device_id", "device", ["device_id"], ["id"])
        for name, condition in RESPONSE_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_response_{name}"), condition)


def _forbid_change() -> None:
    """A stored response never changes, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER response_is_immutable BEFORE UPDATE ON response "
            "BEGIN SELECT RAISE(ABORT, 'response is immutable'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION response_is_immutable() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'response is immutable'; END $$"
    )
    op.execute(
        "CREATE TRIGGER response_is_immutable BEFORE UPDATE ON response "
        "FOR EACH ROW EXECUTE FUNCTION response_is_immutable()"
    )


def _forbid_removal() -> None:
    """Nor is it deleted, except with the demonstration that it belongs to."""
    real = "NOT (SELECT is_demonstration FROM survey_round WHERE id = OLD.round_id)"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER response_is_kept BEFORE DELETE ON response WHEN {real} "
            "BEGIN SELECT RAISE(ABORT, 'response is kept'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION response_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {real} THEN RAISE EXCEPTION 'response is kept'; END IF; RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER response_is_kept BEFORE DELETE ON response "
        "FOR EACH ROW EXECUTE FUNCTION response_is_kept()"
    )


def _drop_triggers(*names: str) -> None:
    for name in names:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {name} ON response")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            op.execute(f"DROP TRIGGER {name}")


def _create_tables() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("pairing_digest", sa.String(), nullable=True),
        sa.Column("pairing_expires_at", sa.DateTime(), nullable=True),
        sa.Column("credential_digest", sa.String(), nullable=True),
        sa.Column("pin_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("paired_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("last_contact_at", sa.DateTime(), nullable=True),
        sa.Column("unsent_count", sa.Integer(), nullable=False),
        sa.Column("held_count", sa.Integer(), nullable=False),
        sa.Column("dropped_count", sa.Integer(), nullable=False),
        sa.Column("app_version", sa.String(), nullable=True),
        sa.Column("clock_skew_seconds", sa.Integer(), nullable=True),
        sa.Column("storage_state", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('kiosk', 'interviewer')", name=op.f("ck_device_kind_known")),
        sa.CheckConstraint(
            "status <> 'active' OR credential_digest IS NOT NULL",
            name=op.f("ck_device_active_has_credential"),
        ),
        sa.CheckConstraint(
            "status <> 'waiting' OR pairing_digest IS NOT NULL", name=op.f("ck_device_waiting_has_pairing")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'active', 'withdrawn')", name=op.f("ck_device_status_known")
        ),
        sa.CheckConstraint(
            "storage_state IN ('ok', 'low', 'full', 'failed')", name=op.f("ck_device_storage_state_known")
        ),
        sa.CheckConstraint("dropped_count >= 0", name=op.f("ck_device_dropped_not_negative")),
        sa.CheckConstraint("held_count >= 0", name=op.f("ck_device_held_not_negative")),
        sa.CheckConstraint(
            "pairing_digest IS NULL OR pairing_expires_at IS NOT NULL", name=op.f("ck_device_pairing_expires")
        ),
        sa.CheckConstraint("unsent_count >= 0", name=op.f("ck_device_unsent_not_negative")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_device_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_device_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("code", name=op.f("uq_device_code")),
        sa.UniqueConstraint("credential_digest", name=op.f("uq_device_credential_digest")),
        sa.UniqueConstraint("pairing_digest", name=op.f("uq_device_pairing_digest")),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_device_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "quality_threshold",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_quality_threshold_value_not_negative")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name=op.f("fk_quality_threshold_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "name", name=op.f("pk_quality_threshold")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("place <> ''", name=op.f("ck_assignment_place_named")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_assignment_device_id")),
        sa.ForeignKeyConstraint(
            ["round_id", "questionnaire_version_id", "unit_id"],
            ["round_unit.round_id", "round_unit.questionnaire_version_id", "round_unit.unit_id"],
            name="fk_assignment_round_unit",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("round_id", "number", name="uq_assignment_number"),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_device_id"), ["device_id"], unique=False)

    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("selection", sa.String(), nullable=False),
        sa.Column("printed_count", sa.Integer(), nullable=False),
        sa.Column("handed_out_count", sa.Integer(), nullable=True),
        sa.Column("returned_count", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "selection IN ('invited', 'self_selected')", name=op.f("ck_paper_batch_selection_known")
        ),
        sa.CheckConstraint(
            "status <> 'closed' OR (returned_count IS NOT NULL AND closed_on IS NOT NULL)",
            name=op.f("ck_paper_batch_closed_is_counted"),
        ),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_paper_batch_status_known")),
        sa.CheckConstraint(
            "handed_out_count BETWEEN 0 AND printed_count", name=op.f("ck_paper_batch_handed_out_of_printed")
        ),
        sa.CheckConstraint("printed_count > 0", name=op.f("ck_paper_batch_printed_positive")),
        sa.CheckConstraint(
            "returned_count BETWEEN 0 AND handed_out_count",
            name=op.f("ck_paper_batch_returned_of_handed_out"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_paper_batch_created_by")),
        sa.ForeignKeyConstraint(
            ["round_id", "questionnaire_version_id", "unit_id"],
            ["round_unit.round_id", "round_unit.questionnaire_version_id", "round_unit.unit_id"],
            name="fk_paper_batch_round_unit",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("code", name=op.f("uq_paper_batch_code")),
    )
    op.create_table(
        "paper_keying",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_spoilt", sa.Boolean(), nullable=False),
        sa.Column("answers", JSON_DOCUMENT, nullable=False),
        sa.Column("keyed_on", sa.Date(), nullable=False),
        sa.CheckConstraint("serial > 0", name=op.f("ck_paper_keying_serial_positive")),
        sa.CheckConstraint("turn IN (1, 2)", name=op.f("ck_paper_keying_two_turns")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_paper_keying_account_id")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_keying_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_keying")),
        sa.UniqueConstraint("batch_id", "serial", "account_id", name="uq_paper_keying_person"),
        sa.UniqueConstraint("batch_id", "serial", "turn", name="uq_paper_keying_turn"),
    )
    op.create_table(
        "paper_result",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("is_spoilt", sa.Boolean(), nullable=False),
        sa.Column("compared_count", sa.Integer(), nullable=False),
        sa.Column("difference_count", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "difference_count BETWEEN 0 AND compared_count", name=op.f("ck_paper_result_differences_counted")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_result_batch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_paper_result_decided_by")),
        sa.PrimaryKeyConstraint("batch_id", "serial", name=op.f("pk_paper_result")),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('completed', 'partial', 'refused', 'not_at_home', 'away', 'not_eligible', "
            "'not_found', 'unable', 'other')",
            name=op.f("ck_visit_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_visit_assignment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_visit_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_assignment_id"), ["assignment_id"], unique=False)
