"""Sets pages with typst: the same fonts on every machine, nothing fetched, text never read as markup."""

import json
from importlib import resources
from typing import Any, Literal

PageFormat = Literal["pdf", "svg", "png"]
PICTURE_DPI = 150


def typeset(
    template: str, content: dict[str, Any], form: PageFormat, *, is_tagged: bool = True
) -> list[bytes]:
    """Render a template of this folder with the fonts that typst has built in; `content` reaches it as data.

    One PDF, or one picture a page. A tagged PDF declares PDF/UA-1: typst refuses one without a title or
    without a text for a picture.
    """
    import typst

    options: dict[str, Any] = {"pdf_standards": ["ua-1"]} if form == "pdf" and is_tagged else {}
    made = typst.compile(
        resources.files("survey.reports").joinpath(template).read_bytes(),
        format=form,
        ppi=PICTURE_DPI,
        ignore_system_fonts=True,
        pdf_tags=is_tagged,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        **options,
    )
    return made if isinstance(made, list) else [made]
