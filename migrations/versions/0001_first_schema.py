"""First schema"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

IMMUTABLE_TABLES = ("response", "questionnaire_version")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "measure",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_measure")),
    )
    op.create_table(
        "sector",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sector")),
    )
    op.create_table(
        "target_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("confidence_level", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "confidence_level > 0.5 AND confidence_level < 1",
            name=op.f("ck_target_set_confidence_level_sensible"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_set")),
        sa.UniqueConstraint("code", name=op.f("uq_target_set_code")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("former_province", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_code", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ward', 'commune', 'special_zone', 'department', 'agency', 'hospital', 'school')",
            name=op.f("ck_unit_kind_known"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_unit_validity_ordered")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_unit_code_valid_from")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_code"), ["code"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "role <> 'unit_official' OR unit_id IS NOT NULL", name=op.f("ck_account_unit_official_has_unit")
        ),
        sa.CheckConstraint(
            "role IN ('administrator', 'coordinator', 'unit_official')", name=op.f("ck_account_role_known")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_account_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("sector_code", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_code", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_procedure_validity_ordered")
        ),
        sa.ForeignKeyConstraint(["sector_code"], ["sector.code"], name=op.f("fk_procedure_sector_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_procedure_code_valid_from")),
    )
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedure_code"), ["code"], unique=False)

    op.create_table(
        "questionnaire_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("document", JSON_DOCUMENT, nullable=False),
        sa.Column("measure_code", sa.String(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_code"], ["measure.code"], name=op.f("fk_questionnaire_version_measure_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_version")),
        sa.UniqueConstraint("form_id", "version", name=op.f("uq_questionnaire_version_form_id_version")),
    )
    op.create_table(
        "survey_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("target_set_id", sa.Integer(), nullable=False),
        sa.Column("target_year", sa.Integer(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'closed')", name=op.f("ck_survey_round_status_known")
        ),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_survey_round_dates_ordered")),
        sa.ForeignKeyConstraint(
            ["target_set_id"], ["target_set.id"], name=op.f("fk_survey_round_target_set_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_round")),
        sa.UniqueConstraint("code", name=op.f("uq_survey_round_code")),
    )
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_set_id", sa.Integer(), nullable=False),
        sa.Column("measure_code", sa.String(), nullable=False),
        sa.Column("sector_code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("minimum_share", sa.Double(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "minimum_share > 0 AND minimum_share <= 1", name=op.f("ck_target_minimum_share_is_a_share")
        ),
        sa.ForeignKeyConstraint(["measure_code"], ["measure.code"], name=op.f("fk_target_measure_code")),
        sa.ForeignKeyConstraint(
            ["target_set_id"], ["target_set.id"], name=op.f("fk_target_target_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint(
            "target_set_id",
            "measure_code",
            "sector_code",
            "year",
            name=op.f("uq_target_target_set_id_measure_code_sector_code_year"),
        ),
    )
    op.create_table(
        "frame_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("sector_code", sa.String(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("psu", sa.String(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.CheckConstraint("stratum <> '' AND psu <> ''", name=op.f("ck_frame_cell_design_named")),
        sa.CheckConstraint("population > 0", name=op.f("ck_frame_cell_population_positive")),
        sa.ForeignKeyConstraint(
            ["questionnaire_version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_frame_cell_questionnaire_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name=op.f("fk_frame_cell_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_frame_cell_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frame_cell")),
        sa.UniqueConstraint(
            "round_id",
            "questionnaire_version_id",
            "unit_id",
            "sector_code",
            name=op.f("uq_frame_cell_place"),
        ),
    )
    op.create_table(
        "quarantined_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("content", JSON_DOCUMENT, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["survey_round.id"],
            name=op.f("fk_quarantined_response_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined_response")),
    )
    with op.batch_alter_table("quarantined_response", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quarantined_response_response_id"), ["response_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_quarantined_response_round_id"), ["round_id"], unique=False)

    op.create_table(
        "response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("sector_code", sa.String(), nullable=True),
        sa.Column("procedure_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("selection", sa.String(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=True),
        sa.Column("psu", sa.String(), nullable=True),
        sa.Column("design_weight", sa.Double(), nullable=True),
        sa.Column("duration_band", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("ratings", sa.String(), nullable=False),
        sa.Column("details", JSON_DOCUMENT, nullable=False),
        sa.Column("expectation_percent", sa.Integer(), nullable=True),
        sa.Column("content_digest", sa.String(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('kiosk', 'phone', 'paper', 'interviewer', 'import')",
            name=op.f("ck_response_channel_known"),
        ),
        sa.CheckConstraint(
            "duration_band IN ('under_1m', '1_to_3m', '3_to_10m', '10_to_30m', 'over_30m', 'unknown')",
            name=op.f("ck_response_duration_band_known"),
        ),
        sa.CheckConstraint("language IN ('vi', 'en')", name=op.f("ck_response_language_known")),
        sa.CheckConstraint(
            "selection IN ('invited', 'self_selected')", name=op.f("ck_response_selection_known")
        ),
        sa.CheckConstraint(
            "design_weight IS NULL OR design_weight > 0", name=op.f("ck_response_design_weight_positive")
        ),
        sa.CheckConstraint(
            "expectation_percent IS NULL OR expectation_percent >= 0",
            name=op.f("ck_response_expectation_not_negative"),
        ),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"], name=op.f("fk_response_procedure_id")),
        sa.ForeignKeyConstraint(
            ["questionnaire_version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_response_questionnaire_version_id"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_response_round_id")),
        sa.ForeignKeyConstraint(["sector_code"], ["sector.code"], name=op.f("fk_response_sector_code")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_response_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.create_index(
            "ix_response_round_id_questionnaire_version_id",
            ["round_id", "questionnaire_version_id"],
            unique=False,
        )

    op.create_table(
        "response_draft",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("selection", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("answers", JSON_DOCUMENT, nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("touched_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('kiosk', 'phone', 'paper', 'interviewer', 'import')",
            name=op.f("ck_response_draft_channel_known"),
        ),
        sa.CheckConstraint("layout IN ('sections', 'kiosk')", name=op.f("ck_response_draft_layout_known")),
        sa.CheckConstraint(
            "selection IN ('invited', 'self_selected')", name=op.f("ck_response_draft_selection_known")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_response_draft_questionnaire_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name=op.f("fk_response_draft_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_response_draft_unit_id")),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_response_draft")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("response_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_response_draft_touched_at"), ["touched_at"], unique=False)

    op.create_table(
        "round_unit",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_round_unit_questionnaire_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name=op.f("fk_round_unit_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_round_unit_unit_id")),
        sa.PrimaryKeyConstraint(
            "round_id", "questionnaire_version_id", "unit_id", name=op.f("pk_round_unit")
        ),
    )

    for table in IMMUTABLE_TABLES:
        _forbid_update(table)


def _forbid_update(table: str) -> None:
    """A stored response or published questionnaire never changes, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_is_immutable BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_immutable() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is immutable'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_is_immutable BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_is_immutable()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in IMMUTABLE_TABLES:
            op.execute(f"DROP TRIGGER {table}_is_immutable ON {table}")
            op.execute(f"DROP FUNCTION {table}_is_immutable()")
    op.drop_table("round_unit")
    with op.batch_alter_table("response_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_response_draft_touched_at"))

    op.drop_table("response_draft")
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_index("ix_response_round_id_questionnaire_version_id")

    op.drop_table("response")
    with op.batch_alter_table("quarantined_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quarantined_response_round_id"))
        batch_op.drop_index(batch_op.f("ix_quarantined_response_response_id"))

    op.drop_table("quarantined_response")
    op.drop_table("frame_cell")
    op.drop_table("target")
    op.drop_table("survey_round")
    op.drop_table("questionnaire_version")
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedure_code"))

    op.drop_table("procedure")
    op.drop_table("account")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_code"))

    op.drop_table("unit")
    op.drop_table("target_set")
    op.drop_table("sector")
    op.drop_table("measure")
