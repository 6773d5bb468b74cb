"""Whom respondents of a round can ask: an office, a telephone, an address"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: SQLite would delete what refers to a table that is made anew.
    for name in ("contact", "contact_en"):
        op.add_column("survey_round", sa.Column(name, sa.String(), nullable=True))


def downgrade() -> None:
    for name in ("contact_en", "contact"):
        op.drop_column("survey_round", name)
