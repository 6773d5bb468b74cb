"""Responses from paper apart from their forms, where keyings came from, workbooks that were taken"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# The version of the ids that followed from batch and serial.
DERIVED = 5


def upgrade() -> None:
    _give_random_ids()
    op.drop_column("paper_result", "settled_on")
    # Columns are added in place: SQLite would delete what was keyed along with a table that is made anew.
    known = sa.CheckConstraint(
        "came_by IN ('screen', 'workbook')", name=op.f("ck_paper_keying_came_by_known")
    )
    op.add_column("paper_keying", sa.Column("came_by", sa.String(), known, nullable=True))
    of_two = sa.CheckConstraint(
        "workbook_count BETWEEN 0 AND 2", name=op.f("ck_paper_result_workbooks_of_two_keyings")
    )
    op.add_column("paper_result", sa.Column("workbook_count", sa.Integer(), of_two, nullable=True))
    counted = sa.CheckConstraint(
        "without_sector_count >= 0", name=op.f("ck_paper_batch_without_sector_counted")
    )
    op.add_column(
        "paper_batch",
        sa.Column("without_sector_count", sa.Integer(), counted, nullable=False, server_default="0"),
    )
    op.create_table(
        "paper_workbook",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("file_digest", sa.String(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_paper_workbook_account_id")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_workbook_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", "account_id", "file_digest", name=op.f("pk_paper_workbook")),
    )


def downgrade() -> None:
    op.drop_table("paper_workbook")
    for table, column in (
        ("paper_batch", "without_sector_count"),
        ("paper_result", "workbook_count"),
        ("paper_keying", "came_by"),
    ):
        op.drop_column(table, column)
    # No program ever read these days; none is made up for them.
    op.add_column(
        "paper_result",
        sa.Column("settled_on", sa.Date(), nullable=False, server_default=sa.text("'1970-01-01'")),
    )
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("paper_result", "settled_on", server_default=None)


def _give_random_ids() -> None:
    """A response that came from paper says nothing of its form any more; nothing else refers to its id."""
    response = sa.table("response", sa.column("id", sa.Uuid()), sa.column("channel", sa.String()))
    connection = op.get_bind()
    query = sa.select(response.c.id).where(response.c.channel == "paper")
    derived = [each for each in connection.scalars(query).all() if each.version == DERIVED]
    if not derived:
        return
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TRIGGER response_is_immutable")
    else:
        op.execute("ALTER TABLE response DISABLE TRIGGER response_is_immutable")
    change = (
        sa.update(response).where(response.c.id == sa.bindparam("before")).values(id=sa.bindparam("after"))
    )
    connection.execute(change, [{"before": each, "after": uuid4()} for each in derived])
    if is_sqlite:
        op.execute(
            "CREATE TRIGGER response_is_immutable BEFORE UPDATE ON response "
            "BEGIN SELECT RAISE(ABORT, 'response is immutable'); END"
        )
    else:
        op.execute("ALTER TABLE response ENABLE TRIGGER response_is_immutable")
