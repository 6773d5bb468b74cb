"""What an interviewer's tablet, or a device that is not paired yet, says of itself."""

import pytest
from flask import Flask
from flask_babel import force_locale

from survey.web.kiosk_app_words import list_words

# Screens and deeds that only a kiosk has.
OF_KIOSKS = {
    "returns_itself",
    "returns_soon",
    "please_wait_note",
    "leave_kiosk",
    "left_heading",
    "return_to_kiosk",
}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_tablet_does_not_call_itself_a_kiosk(app: Flask, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        words = list_words()
    said = {key: words.get(f"{key}.interviewer", text) for key, text in words.items()}
    wrong = [key for key, text in said.items() if "kiosk" in text.lower() and key not in OF_KIOSKS]
    assert wrong == []


def test_a_sentence_for_tablets_stands_beside_one_for_all(app: Flask) -> None:
    with app.test_request_context():
        words = list_words()
    assert [key for key in words if key.endswith(".interviewer") and key[:-12] not in words] == []
