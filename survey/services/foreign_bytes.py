"""Bytes that are not the UTF-8 a device should send: a readable guess for staff, and the bytes themselves."""

import base64
import unicodedata
from collections.abc import Mapping
from typing import Any

_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# Latin-1 reads whatever comes.
_EIGHT_BIT = ("cp1258", "latin-1")


def readable_content(raw: bytes | str) -> dict[str, str]:
    """What is kept of a body that is no response: `body`, and where that is not all of it, `raw` in base64.

    `encoding` names the guess by which `body` was made readable.
    """
    if isinstance(raw, str):
        is_plain = "\0" not in raw and raw.encode("utf-8", "ignore").decode() == raw
        kept = raw.encode("utf-8", "surrogatepass")
        return {"body": raw} if is_plain else {"body": raw, "raw": _as_text(kept)}
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = None
    if text is not None and "\0" not in text:
        return {"body": text}
    body, encoding = _guess(raw)
    return {"body": body, "raw": _as_text(raw), "encoding": encoding}


def raw_bytes(content: Mapping[str, Any]) -> bytes | None:
    """The bytes as they came, where they are kept beside the text."""
    raw = content.get("raw")
    return base64.b64decode(raw) if isinstance(raw, str) else None


def _guess(raw: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace"), encoding
    if b"\0" in raw:
        # Of plain letters in UTF-16 one byte of two is zero.
        encoding = "utf-16-le" if raw[1::2].count(0) >= raw[::2].count(0) else "utf-16-be"
        return raw.decode(encoding, "replace"), encoding
    for encoding in _EIGHT_BIT:
        try:
            return unicodedata.normalize("NFC", raw.decode(encoding)), encoding
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 reads whatever comes")


def _as_text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
