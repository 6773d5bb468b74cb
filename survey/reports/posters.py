"""The poster of a unit: a QR code that leads to its questionnaire, on paper or as a picture."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import segno

from questionnaires.model import Questionnaire, Text
from survey.reports.typesetting import PageFormat, typeset

Paper = Literal["a4", "a5"]
PAPERS: tuple[Paper, ...] = ("a4", "a5")
# Read at arm's length with a quarter of the code dirty or torn.
_ERROR_LEVEL = "q"
_QUIET_ZONE = 4

_CALLS = {
    "ong_ba": Text(vi="Xin Ông/Bà cho ý kiến", en="Please tell us what you think"),
    "em": Text(vi="Mời em cho ý kiến", en="Please tell us what you think"),
}
_WORDS = {
    "procedure": Text(vi="Thủ tục", en="Procedure"),
    "scan": Text(vi="Quét mã bằng máy ảnh điện thoại hoặc Zalo", en="Scan with your phone’s camera or Zalo"),
    "voluntary": Text(vi="Tự nguyện", en="Voluntary"),
    "anonymous": Text(vi="Không ghi tên", en="Anonymous"),
    "demonstration": Text(
        vi="Dữ liệu minh họa, không dùng để khảo sát", en="Demonstration, not for a real survey"
    ),
}
_QR_ALTERNATIVE = "Mã QR dẫn đến phiếu khảo sát: {address}"


@dataclass(frozen=True)
class Poster:
    """What a poster says. `address` is the full link; `procedure` the one it was made for, if any."""

    questionnaire: Questionnaire
    unit_name: Text
    address: str
    is_demonstration: bool = False
    procedure: Text | None = None
    contact: Text | None = None


def render_poster(poster: Poster, paper: Paper, form: PageFormat) -> bytes:
    """The poster in Vietnamese with English below each line; the same drawing in both formats."""
    title = f"{poster.questionnaire.short_title.vi} – {poster.unit_name.vi}"
    return _typeset([poster], paper, form, title)


def render_posters(posters: Sequence[Poster], paper: Paper) -> bytes:
    """One PDF with a page for each poster; there must be one at least."""
    return _typeset(posters, paper, "pdf", posters[0].questionnaire.short_title.vi)


def qr_svg(text: str) -> str:
    """The code alone, with the quiet zone that readers need, as an SVG picture."""
    picture = io.BytesIO()
    segno.make(text, error=_ERROR_LEVEL, micro=False).save(
        picture, kind="svg", border=_QUIET_ZONE, xmldecl=False, dark="#000", light="#fff"
    )
    return picture.getvalue().decode()


def _typeset(posters: Sequence[Poster], paper: Paper, form: PageFormat, title: str) -> bytes:
    content = {"paper": paper, "title": title, "posters": [_content(poster) for poster in posters]}
    return b"".join(typeset("poster.typ", content, form))


def _content(poster: Poster) -> dict[str, Any]:
    questionnaire = poster.questionnaire
    facts = (_first_part(questionnaire.introduction.duration), _WORDS["voluntary"], _WORDS["anonymous"])
    return {
        "unit": _both(poster.unit_name),
        "call": _both(_CALLS[questionnaire.address]),
        "survey": _both(questionnaire.short_title),
        "procedure": _both(poster.procedure) if poster.procedure else None,
        "facts": [_both(fact) for fact in facts],
        "contact": _both(questionnaire.introduction.contact),
        "round_contact": _both(poster.contact) if poster.contact else None,
        "address": poster.address,
        "is_demonstration": poster.is_demonstration,
        "qr": qr_svg(poster.address),
        "alternative": _QR_ALTERNATIVE.format(address=poster.address),
        "words": {name: _both(text) for name, text in _WORDS.items()},
    }


def _first_part(text: Text) -> Text:
    """ "About 5 minutes" of "About 5 minutes, with 22 items…": a poster is read in passing."""
    return Text(vi=text.vi.partition(",")[0].rstrip("."), en=text.en.partition(",")[0].rstrip("."))


def _both(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}
