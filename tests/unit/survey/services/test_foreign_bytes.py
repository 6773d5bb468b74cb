"""Bytes of another charset are shown as well as can be, and come back whole."""

import pytest

from survey.services.foreign_bytes import raw_bytes, readable_content

WORDS = '{"why": "Cán bộ hướng dẫn tận tình"}'


@pytest.mark.parametrize(
    ("raw", "shown", "encoding"),
    [
        (WORDS.encode("utf-16"), WORDS, "utf-16-le"),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), WORDS, "utf-16-be"),
        (WORDS.encode("utf-16-le"), WORDS, "utf-16-le"),
        (WORDS.encode("utf-16-be"), WORDS, "utf-16-be"),
        ("Hu\u0300ng da\u0303".encode("cp1258"), "Hùng dã", "cp1258"),
        (b"\x9d\xe9", "\x9d\xe9", "latin-1"),
        (b"{\x00", "笀", None),
    ],
)
def test_a_guess_is_shown_and_the_bytes_are_kept(raw: bytes, shown: str, encoding: str | None) -> None:
    content = readable_content(raw)
    if encoding is not None:
        assert (content["body"], content["encoding"]) == (shown, encoding)
    assert raw_bytes(content) == raw


def test_utf_8_is_kept_as_text_alone() -> None:
    assert readable_content(WORDS.encode()) == {"body": WORDS}
    assert readable_content(WORDS) == {"body": WORDS}
    assert raw_bytes({"body": WORDS}) is None


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_of_a_text_that_no_database_takes_the_bytes_are_kept(text: str) -> None:
    raw = raw_bytes(readable_content(text))
    assert raw is not None
    assert raw.decode("utf-8", "surrogatepass") == text
