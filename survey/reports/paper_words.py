"""What a printed form says besides the questionnaire: how to tick, what the numbers are for."""

from collections.abc import Mapping

from questionnaires.model import Text

FORM = Text(vi="PHIẾU KHẢO SÁT", en="SURVEY FORM")
PAGE = Text(vi="Trang", en="Page")
SERIAL = Text(vi="Số hiệu phiếu", en="Form no.")
VERSION = Text(vi="Mẫu {form}, phiên bản {version}", en="Form {form}, version {version}")
PART = Text(vi="Phần {number}.", en="Part {number}.")
QUESTION = Text(vi="Câu", en="No.")
QR = Text(vi="Mã QR của phiếu {serial}", en="QR code of form {serial}")
BLANK_PAGE = Text(vi="Trang này để trống.", en="This page is left blank.")
DEMONSTRATION = Text(vi="PHIẾU MINH HỌA", en="DEMONSTRATION")
ONE = Text(vi="Chọn một ô.", en="Tick one box.")
SEVERAL = Text(vi="Có thể chọn nhiều ô.", en="You may tick several boxes.")
SEVERAL_UP_TO = Text(vi="Chọn nhiều nhất {max} ô.", en="Tick at most {max} boxes.")
# A hint with these words says by itself how many boxes may be ticked, if it also has the bound.
SAYS_HOW_MANY = Text(vi="chọn nhiều", en="choose")
BETWEEN = Text(vi="ghi một số từ {min} đến {max}", en="a number from {min} to {max}")
FROM_LIST = Text(
    vi="Xin ghi tên vào dòng dưới đây, hoặc đánh dấu vào ô.",
    en="Please write the name on the line below, or tick the box.",
)
NEEDED = Text(
    vi="Câu này cần được trả lời thì phiếu mới được tính.",
    en="This question is needed for the form to count.",
)
VARIANT = Text(
    vi="Nếu {condition}, xin trả lời theo dòng “({mark})” dưới câu hỏi.",
    en="A line “({mark})” below a question is its wording where {condition}.",
)
HOW_TITLE = Text(vi="Cách điền phiếu", en="How to fill in the form")

_ADULT = Text(vi="Ông/Bà", en="you")
_PUPIL = Text(vi="em", en="you")
HOW = (
    Text(
        vi="Đánh dấu ✓ hoặc x vào một ô cho mỗi câu, bằng bút mực xanh hoặc đen. Câu nào được chọn nhiều ô "
        "thì có ghi rõ.",
        en="Mark one box for each question with ✓ or x, in blue or black ink. Where several are allowed, the "
        "question says so.",
    ),
    Text(
        vi="Nếu chọn nhầm, xin tô kín ô sai rồi đánh dấu vào ô đúng.",
        en="To correct a mark, fill the wrong box completely and tick the right one.",
    ),
    Text(
        vi="Câu nào không muốn trả lời, {you} có thể để trống. Chữ số nhỏ cạnh ô chỉ dùng để nhập phiếu vào "
        "máy.",
        en="A question that you prefer not to answer may be left blank. The small digit beside a box is for "
        "data entry only.",
    ),
    Text(
        vi="Xin không ghi họ tên, số điện thoại hay địa chỉ lên phiếu.",
        en="Please write no name, phone number or address on the form.",
    ),
)
THANKS = Text(
    vi="Cảm ơn {you} đã trả lời. Xin gấp phiếu và nộp lại theo hướng dẫn của người phát phiếu.",
    en="Thank you. Please fold the form and return it as the person who gave it to you explained.",
)

# What stands on the screen's first button is no part of paper.
_BUTTONS: Mapping[str, str] = {
    "Khi chọn “Bắt đầu”": "Khi điền và nộp phiếu này",
    "By choosing “Start”": "By filling in and returning this form",
    "Khi gửi phiếu": "Khi nộp phiếu",
    "By sending the form": "By returning the form",
}


def addressed(text: Text, address: str, language: str) -> str:
    """A sentence to the respondent, who is `Ông/Bà` or, at school, `em`."""
    you = _PUPIL if address == "em" else _ADULT
    return text.in_language(language).format(you=you.in_language(language))


def consent_on_paper(consent: str) -> str:
    """The questionnaire's own consent, with handing in the form in place of pressing a button."""
    for screen, paper in _BUTTONS.items():
        consent = consent.replace(screen, paper)
    return consent
