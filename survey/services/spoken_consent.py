"""The consent of a questionnaire as an interviewer reads it out: nothing is pressed, nothing was read."""

from collections.abc import Mapping

from questionnaires.model import Text

# The longer phrase first, where one begins with another.
_ALOUD: Mapping[str, str] = {
    "Khi chọn “Bắt đầu”": "Nếu đồng ý trả lời",
    "Khi gửi phiếu": "Nếu đồng ý trả lời",
    "đã đọc phần giới thiệu trên đây": "đã được nghe phần giới thiệu",
    "đã đọc phần giới thiệu": "đã được nghe phần giới thiệu",
    "By choosing “Start” you": "If you agree to answer, you",
    "By sending the form you": "If you agree to answer, you",
    "have read the introduction above": "have heard the introduction",
    "have read the introduction": "have heard the introduction",
}


def speak_consent(consent: Text) -> Text:
    """The questionnaire's own consent in both languages, worded for somebody who listens."""
    return Text(vi=_aloud(consent.vi), en=_aloud(consent.en))


def _aloud(words: str) -> str:
    for screen, spoken in _ALOUD.items():
        words = words.replace(screen, spoken)
    return words
