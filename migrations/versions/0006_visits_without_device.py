"""Visits no longer say which tablet made them: with it they could be joined to its responses"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What the older version cannot do without: the tablet that was sent there, else the round's first device.
_SOME_DEVICE = """
    UPDATE visit SET device_id = (
        SELECT COALESCE(a.device_id, (SELECT MIN(d.id) FROM device d WHERE d.round_id = a.round_id))
        FROM assignment a WHERE a.id = visit.assignment_id
    )
"""


def upgrade() -> None:
    with op.batch_alter_table("visit", schema=None, table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_visit_device_id"), type_="foreignkey")
        batch_op.drop_column("device_id")


def downgrade() -> None:
    op.add_column("visit", sa.Column("device_id", sa.Integer(), nullable=True))
    op.execute(_SOME_DEVICE)
    # In a round without any device; the older version has no visits there.
    op.execute("DELETE FROM visit WHERE device_id IS NULL")
    with op.batch_alter_table("visit", schema=None, table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.alter_column("device_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_visit_device_id"), "device", ["device_id"], ["id"])
