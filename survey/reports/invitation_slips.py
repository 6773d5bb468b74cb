"""Personal codes on paper and as a file: slips to cut and hand out or enclose, lines for a mail merge."""

from collections.abc import Iterable, Sequence
from typing import Any

from questionnaires.model import Text
from survey.reports.csv_files import CsvCell, render_csv
from survey.reports.labels import DEMONSTRATION_MARK
from survey.reports.posters import qr_svg
from survey.reports.typesetting import typeset
from survey.services.invitations import Batch

# A code and the address to which it leads.
Codes = Sequence[tuple[str, str]]

_HEADS = {
    "vi": ("Lô", "STT", "Mã khảo sát", "Địa chỉ", "Phiếu khảo sát", "Đơn vị", "Mã đơn vị", "Dữ liệu"),
    "en": ("Batch", "Number", "Survey code", "Address", "Questionnaire", "Unit", "Unit code", "Data"),
}
_REAL = Text(vi="khảo sát", en="survey")
_CALLS = {
    "ong_ba": Text(vi="Kính mời Ông/Bà cho ý kiến", en="You are invited to tell us what you think"),
    "em": Text(vi="Mời em cho ý kiến", en="You are invited to tell us what you think"),
}
_WORDS = {
    "scan": Text(vi="Quét mã QR, hoặc mở địa chỉ", en="Scan the QR code, or open the address"),
    "type": Text(vi="rồi nhập mã:", en="and type the code:"),
    "until": Text(vi="Xin gửi phiếu trước hết ngày {day}.", en="Please answer by {day}."),
    "once": Text(
        vi="Mã dùng một lần, bị xóa khi gửi phiếu, không gắn với câu trả lời. Tự nguyện, không ghi tên.",
        en="The code works once, is deleted when the form is sent and is kept with no answer.",
    ),
    "demonstration": Text(
        vi="Dữ liệu minh họa, không dùng để khảo sát", en="Demonstration, not for a real survey"
    ),
}
_QR_ALTERNATIVE = "Mã QR dẫn đến phiếu khảo sát: {address}"


def render_codes(batches: Iterable[tuple[Batch, Codes]], language: str) -> bytes:
    """One line a code: what a letter or a text message needs, and nothing about a person."""
    rows: list[Sequence[CsvCell]] = [
        (
            batch.code,
            number,
            code,
            address,
            batch.questionnaire.short_title.in_language(language),
            batch.unit_name.in_language(language),
            batch.unit_code,
            (DEMONSTRATION_MARK if batch.is_demonstration else _REAL).in_language(language),
        )
        for batch, codes in batches
        for number, (code, address) in enumerate(codes, 1)
    ]
    return render_csv(_HEADS[language], rows)


def render_slips(batch: Batch, codes: Codes, entry_address: str) -> bytes:
    """A PDF of A4 sheets with eight slips each, one for a code; `entry_address` is where a code is typed."""
    fill = {"day": f"{batch.closes_on.day}/{batch.closes_on.month}/{batch.closes_on.year}"}
    questionnaire = batch.questionnaire
    content: dict[str, Any] = {
        "title": f"Giấy mời {batch.code} – {questionnaire.short_title.vi} – {batch.unit_name.vi}",
        "call": _both(_CALLS[questionnaire.address]),
        "survey": _both(questionnaire.short_title),
        "unit": _both(batch.unit_name),
        "batch": batch.code,
        "address": entry_address.partition("://")[2],
        "is_demonstration": batch.is_demonstration,
        "words": {name: _both(text, fill) for name, text in _WORDS.items()},
        "slips": [
            {
                "number": number,
                "code": code,
                "qr": qr_svg(address),
                "alternative": _QR_ALTERNATIVE.format(address=address),
            }
            for number, (code, address) in enumerate(codes, 1)
        ],
    }
    return b"".join(typeset("invitation.typ", content, "pdf"))


def _both(text: Text, fill: dict[str, str] | None = None) -> dict[str, str]:
    return {"vi": text.vi.format(**(fill or {})), "en": text.en.format(**(fill or {}))}
