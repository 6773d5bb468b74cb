"""Personal codes of those who were drawn into a sample. No column names a person or a moment of use."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class InvitationBatch(Base):
    """Codes that were made together for a questionnaire at a unit of a round."""

    __tablename__ = "invitation_batch"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "questionnaire_version_id", "unit_id"],
            ["round_unit.round_id", "round_unit.questionnaire_version_id", "round_unit.unit_id"],
            name="fk_invitation_batch_round_unit",
        ),
        CheckConstraint("issued_count > 0", name="issued_positive"),
        CheckConstraint("withdrawn_count BETWEEN 0 AND issued_count", name="withdrawn_of_issued"),
        CheckConstraint("withdrawn_count = 0 OR withdrawn_on IS NOT NULL", name="withdrawal_dated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    round_id: Mapped[int]
    questionnaire_version_id: Mapped[int]
    unit_id: Mapped[int]
    # With the secret key of the installation it gives the codes, so that they can be printed again.
    seed: Mapped[str]
    # Tells whether the secret key is still the one that gave them.
    key_mark: Mapped[str]
    issued_count: Mapped[int]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_on: Mapped[date]
    withdrawn_count: Mapped[int] = mapped_column(default=0)
    withdrawn_on: Mapped[date | None]


class Invitation(Base):
    """A code that was not used yet; it is deleted with the response that it admits.

    The table is kept in the order of the digests, so that no order of making or of use is recorded.
    """

    __tablename__ = "invitation"
    __table_args__ = ({"sqlite_with_rowid": False},)

    digest: Mapped[str] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("invitation_batch.id", ondelete="CASCADE"), index=True)
