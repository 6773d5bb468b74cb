"""Paper forms: printed batches, what two people keyed from each form, and what was decided."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base, one_of
from survey.models.response import LANGUAGES

BATCH_STATUSES = ("open", "closed")
CAME_BY = ("screen", "workbook")


class PaperBatch(Base):
    """Forms printed together for one unit, with serial numbers from 1, and where they went."""

    __tablename__ = "paper_batch"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "questionnaire_version_id", "unit_id"],
            ["round_unit.round_id", "round_unit.questionnaire_version_id", "round_unit.unit_id"],
            name="fk_paper_batch_round_unit",
        ),
        CheckConstraint(one_of("status", BATCH_STATUSES), name="status_known"),
        CheckConstraint(one_of("selection", ("invited", "self_selected")), name="selection_known"),
        CheckConstraint(one_of("language", LANGUAGES), name="language_known"),
        CheckConstraint("printed_count > 0", name="printed_positive"),
        CheckConstraint("handed_out_count BETWEEN 0 AND printed_count", name="handed_out_of_printed"),
        CheckConstraint("returned_count BETWEEN 0 AND handed_out_count", name="returned_of_handed_out"),
        CheckConstraint(
            "status <> 'closed' OR (returned_count IS NOT NULL AND closed_on IS NOT NULL)",
            name="closed_is_counted",
        ),
        CheckConstraint("unsettled_count BETWEEN 0 AND returned_count", name="unsettled_of_returned"),
        CheckConstraint("unsettled_count = 0 OR status = 'closed'", name="unsettled_once_closed"),
        CheckConstraint("without_sector_count >= 0", name="without_sector_counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    round_id: Mapped[int]
    questionnaire_version_id: Mapped[int]
    unit_id: Mapped[int]
    selection: Mapped[str]
    # What the forms are printed in, and so what their responses were answered in.
    language: Mapped[str] = mapped_column(server_default="vi")
    printed_count: Mapped[int]
    handed_out_count: Mapped[int | None]
    returned_count: Mapped[int | None]
    status: Mapped[str]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_on: Mapped[date]
    closed_on: Mapped[date | None]
    # The name of who closed it, as it was then; None for batches that were closed before this was kept.
    closed_by: Mapped[str | None]
    # Forms that came back and were neither stored nor spoilt when the round was closed over the batch.
    unsettled_count: Mapped[int] = mapped_column(server_default="0")
    # Stored responses that no index of a sector can count; a number of the batch, not of its forms.
    without_sector_count: Mapped[int] = mapped_column(server_default="0")


class PaperKeying(Base):
    """One person's keying of one form; the two keyings of a form are by two people."""

    __tablename__ = "paper_keying"
    __table_args__ = (
        UniqueConstraint("batch_id", "serial", "turn", name="uq_paper_keying_turn"),
        UniqueConstraint("batch_id", "serial", "account_id", name="uq_paper_keying_person"),
        CheckConstraint("turn IN (1, 2)", name="two_turns"),
        CheckConstraint("serial > 0", name="serial_positive"),
        CheckConstraint(one_of("came_by", CAME_BY), name="came_by_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id", ondelete="CASCADE"))
    serial: Mapped[int]
    turn: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    is_spoilt: Mapped[bool]
    answers: Mapped[dict[str, Any]]
    keyed_on: Mapped[date]
    # The last day on which the keyer corrected it; nobody can once a second person has keyed the form.
    corrected_on: Mapped[date | None]
    # None for what was keyed before this was kept.
    came_by: Mapped[str | None]


class PaperResult(Base):
    """What became of one form once both keyings were compared: a stored response or a spoilt form.

    No day and no order of settling: a response has its day of arrival, and by that the two could be joined.
    """

    __tablename__ = "paper_result"
    __table_args__ = (
        CheckConstraint("difference_count BETWEEN 0 AND compared_count", name="differences_counted"),
        CheckConstraint("workbook_count BETWEEN 0 AND 2", name="workbooks_of_two_keyings"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id", ondelete="CASCADE"), primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True)
    is_spoilt: Mapped[bool]
    compared_count: Mapped[int]
    difference_count: Mapped[int]
    # Whether the first keying was corrected by its keyer before the form was keyed a second time.
    is_corrected: Mapped[bool] = mapped_column(server_default=false())
    # How many of its two keyings came in a workbook; None for what was settled before this was kept.
    workbook_count: Mapped[int | None]
    # None where the two keyings agreed and nobody had to decide.
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class PaperWorkbook(Base):
    """The marks of a keyed workbook that was taken, so that nobody sends the same one as a second keying."""

    __tablename__ = "paper_workbook"

    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    # SHA-256 of the file, and of what is keyed in it.
    file_digest: Mapped[str] = mapped_column(primary_key=True)
    content_digest: Mapped[str]
