"""The language of paper forms, keyings that their own keyer corrected, batches closed after their round"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added in place: SQLite would delete what was keyed along with a table that is made anew.
    known = sa.CheckConstraint("language IN ('vi', 'en')", name=op.f("ck_paper_batch_language_known"))
    op.add_column(
        "paper_batch", sa.Column("language", sa.String(), known, nullable=False, server_default="vi")
    )
    op.add_column("paper_batch", sa.Column("closed_by", sa.String(), nullable=True))
    unsettled = (
        sa.CheckConstraint(
            "unsettled_count BETWEEN 0 AND returned_count", name=op.f("ck_paper_batch_unsettled_of_returned")
        ),
        sa.CheckConstraint(
            "unsettled_count = 0 OR status = 'closed'", name=op.f("ck_paper_batch_unsettled_once_closed")
        ),
    )
    op.add_column(
        "paper_batch",
        sa.Column("unsettled_count", sa.Integer(), *unsettled, nullable=False, server_default="0"),
    )
    op.add_column("paper_keying", sa.Column("corrected_on", sa.Date(), nullable=True))
    op.add_column(
        "paper_result",
        sa.Column("is_corrected", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    for table, column in (
        ("paper_result", "is_corrected"),
        ("paper_keying", "corrected_on"),
        ("paper_batch", "unsettled_count"),
        ("paper_batch", "closed_by"),
        ("paper_batch", "language"),
    ):
        op.drop_column(table, column)
