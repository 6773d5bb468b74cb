"""Who changed the thresholds of data quality, when, from what to what"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quality_threshold_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value_before", sa.Double(), nullable=False),
        sa.Column("value_after", sa.Double(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "value_before >= 0 AND value_after >= 0",
            name=op.f("ck_quality_threshold_change_values_not_negative"),
        ),
        sa.CheckConstraint(
            "value_before <> value_after", name=op.f("ck_quality_threshold_change_is_a_change")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_quality_threshold_change_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["survey_round.id"],
            name=op.f("fk_quality_threshold_change_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_threshold_change")),
    )
    with op.batch_alter_table("quality_threshold_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quality_threshold_change_round_id"), ["round_id"], unique=False)


def downgrade() -> None:
    op.drop_table("quality_threshold_change")
