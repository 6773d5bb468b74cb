"""Paper forms as PDF: one questionnaire, every copy with a number of its own and a code on each page."""

import io
import textwrap
from collections.abc import Sequence
from typing import Any

import segno

from questionnaires.model import Introduction
from survey.reports import paper_words as words
from survey.reports.paper_blocks import PaperBlocks
from survey.reports.typesetting import PageFormat, typeset
from survey.services.paper_batches import Batch

# So many characters of the head's two texts fit into two lines each, the first one in capitals.
LONGEST_UNIT, LONGEST_ROUND = 88, 130


def render_paper_forms(batch: Batch, serials: Sequence[int] | None = None) -> bytes:
    """The PDF of a batch or of some of its forms, in the language of the batch."""
    chosen = range(1, batch.printed_count + 1) if serials is None else serials
    return _compile(_numbered(batch, chosen), "pdf")[0]


def render_pictures(batch: Batch, serial: int) -> list[bytes]:
    """The pages of one form as PNG, to look at before printing."""
    return _compile(_numbered(batch, [serial]), "png")


def count_pages(batch: Batch) -> int:
    """How many pages one form has; all forms of a batch have the same."""
    return len(_compile(_content(batch, [1], page_count=None), "svg"))


def _compile(content: dict[str, Any], form: PageFormat) -> list[bytes]:
    # For the printer only: tags would make the file of a batch ten times as slow and six times as large.
    return typeset("paper_form.typ", content, form, is_tagged=False)


def _numbered(batch: Batch, serials: Sequence[int]) -> dict[str, Any]:
    return _content(batch, serials, count_pages(batch))


def _content(batch: Batch, serials: Sequence[int], page_count: int | None) -> dict[str, Any]:
    questionnaire, language = batch.questionnaire, batch.language
    blocks = PaperBlocks(questionnaire, language)
    address = questionnaire.address
    how = [words.addressed(text, address, language) for text in words.HOW]
    return {
        "language": language,
        "title": questionnaire.title.in_language(language),
        "form": words.FORM.in_language(language),
        "unit": _in_two_lines(batch.unit_name.in_language(language), LONGEST_UNIT),
        "round": _in_two_lines(batch.round_title.in_language(language), LONGEST_ROUND),
        "version": words.VERSION.in_language(language).format(
            form=questionnaire.id, version=questionnaire.version
        ),
        "mark": words.DEMONSTRATION.in_language(language) if batch.is_demonstration else "",
        "introduction": _introduction(batch, language),
        "how_title": words.HOW_TITLE.in_language(language),
        "how": how + blocks.variant_notes(),
        "blocks": blocks.blocks(),
        "thanks": words.addressed(words.THANKS, address, language),
        "words": {
            "page": words.PAGE.in_language(language),
            "serial": words.SERIAL.in_language(language),
            "question": words.QUESTION.in_language(language),
            "blank_page": words.BLANK_PAGE.in_language(language),
        },
        "page_count": page_count,
        "copies": [_copy(batch, language, serial) for serial in serials],
    }


def _in_two_lines(text: str, most: int) -> str:
    """Cut at a word, so that the head of a page stays on the part of the paper that is printed."""
    return textwrap.shorten(text, most, placeholder=" …")


def _introduction(batch: Batch, language: str) -> list[str]:
    questionnaire = batch.questionnaire
    told: Introduction = questionnaire.introduction
    parts = [told.who, told.why, told.duration, told.voluntary, told.anonymous, told.contact]
    if batch.contact:
        parts.append(batch.contact)
    consent = words.consent_on_paper(questionnaire.consent.in_language(language))
    return [*(part.in_language(language) for part in parts), consent]


def _copy(batch: Batch, language: str, serial: int) -> dict[str, str]:
    picture = io.BytesIO()
    segno.make(batch.qr_text(serial), error="m", micro=False).save(
        picture, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None
    )
    text = batch.serial_text(serial)
    alternative = words.QR.in_language(language).format(serial=text)
    return {"serial": text, "qr": picture.getvalue().decode(), "alternative": alternative}
