"""What a device lost, and the hardware that it was before it was paired anew"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("is_storage_kept", sa.Boolean(), nullable=True))
    for name in ("lost_count", "lost_noted_count"):
        op.add_column("device", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "former_credential",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("credential_digest", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.Column("last_contact_at", sa.DateTime(), nullable=True),
        sa.Column("unsent_count", sa.Integer(), nullable=False),
        sa.Column("held_count", sa.Integer(), nullable=False),
        sa.Column("is_noted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("unsent_count >= 0", name=op.f("ck_former_credential_unsent_not_negative")),
        sa.CheckConstraint("held_count >= 0", name=op.f("ck_former_credential_held_not_negative")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_former_credential_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_credential")),
        sa.UniqueConstraint("credential_digest", name=op.f("uq_former_credential_credential_digest")),
    )
    with op.batch_alter_table("former_credential", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_credential_device_id"), ["device_id"], unique=False)


def downgrade() -> None:
    op.drop_table("former_credential")
    for name in ("lost_noted_count", "lost_count", "is_storage_kept"):
        op.drop_column("device", name)
