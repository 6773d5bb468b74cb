"""Sets a page with typst: the same fonts on every machine, nothing fetched, text never read as markup."""

from collections.abc import Mapping
from typing import Any, Literal

PageFormat = Literal["pdf", "svg", "png"]
_OPTIONS: dict[PageFormat, dict[str, Any]] = {"pdf": {"pdf_standards": ["ua-1"]}, "png": {"ppi": 150}}


def typeset(template: bytes, inputs: Mapping[str, str], form: PageFormat) -> bytes:
    """Render a template of ours with the fonts that typst has built in; `inputs` reach it as data.

    A PDF is tagged and declares PDF/UA-1: typst refuses one without a title or without a text for a picture.
    """
    import typst

    options = _OPTIONS.get(form, {})
    made = typst.compile(template, format=form, ignore_system_fonts=True, sys_inputs=dict(inputs), **options)
    return made if isinstance(made, bytes) else b"".join(made)
