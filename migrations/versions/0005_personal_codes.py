"""Personal codes of those who were drawn into a sample"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitation_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("key_mark", sa.String(), nullable=False),
        sa.Column("issued_count", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_count", sa.Integer(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint("issued_count > 0", name=op.f("ck_invitation_batch_issued_positive")),
        sa.CheckConstraint(
            "withdrawn_count BETWEEN 0 AND issued_count", name=op.f("ck_invitation_batch_withdrawn_of_issued")
        ),
        sa.CheckConstraint(
            "withdrawn_count = 0 OR withdrawn_on IS NOT NULL",
            name=op.f("ck_invitation_batch_withdrawal_dated"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_invitation_batch_created_by")),
        sa.ForeignKeyConstraint(
            ["round_id", "questionnaire_version_id", "unit_id"],
            ["round_unit.round_id", "round_unit.questionnaire_version_id", "round_unit.unit_id"],
            name="fk_invitation_batch_round_unit",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_batch")),
        sa.UniqueConstraint("code", name=op.f("uq_invitation_batch_code")),
    )
    op.create_table(
        "invitation",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["invitation_batch.id"],
            name=op.f("fk_invitation_batch_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitation")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_batch_id"), ["batch_id"], unique=False)
    op.add_column("response_draft", sa.Column("invitation_digest", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("response_draft", "invitation_digest")
    op.drop_table("invitation")
    op.drop_table("invitation_batch")
