"""What an interviewer reads out speaks of hearing and agreeing, for every shipped version of every form."""

import pytest

from questionnaires.loader import load_shipped
from questionnaires.model import Questionnaire, Text
from survey.services.spoken_consent import speak_consent

SHIPPED = load_shipped()


@pytest.mark.parametrize("form", SHIPPED, ids=[f"{form.id} {form.version}" for form in SHIPPED])
def test_nothing_is_pressed_and_nothing_read(form: Questionnaire) -> None:
    spoken = speak_consent(form.consent)
    assert spoken.vi.startswith("Nếu đồng ý trả lời, ")
    assert spoken.en.startswith("If you agree to answer, you ")
    assert [words for words in ("chọn", "Bắt đầu", "gửi", "đọc", "trên đây") if words in spoken.vi] == []
    assert [words for words in ("Start", "sending", "read", "above") if words in spoken.en] == []


def test_what_is_agreed_to_stays_as_the_questionnaire_says_it() -> None:
    consent = Text(
        vi="Khi chọn “Bắt đầu”, em xác nhận đã đọc phần giới thiệu trên đây, em tự nguyện trả lời.",
        en="By choosing “Start” you confirm that you have read the introduction above and take part freely.",
    )
    assert speak_consent(consent) == Text(
        vi="Nếu đồng ý trả lời, em xác nhận đã được nghe phần giới thiệu, em tự nguyện trả lời.",
        en="If you agree to answer, you confirm that you have heard the introduction and take part freely.",
    )


def test_a_consent_of_other_words_is_read_out_as_it_is() -> None:
    consent = Text(vi="Ông/Bà đồng ý tham gia.", en="You agree to take part.")
    assert speak_consent(consent) == consent
