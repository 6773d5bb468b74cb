"""Templates: escaped, without inline script or style, each one a page, a layout or a component."""

import re
from pathlib import Path

import pytest

from tests.architecture.source_files import TEMPLATES, list_templates

FORBIDDEN = {
    "unescaped value": r"\|\s*safe\b|autoescape\s+false|\bMarkup\(",
    "inline script": r"<script(?![^>]*\bsrc=)",
    "inline style": r"<style\b|\sstyle\s*=\s*[\"'{]",
    "event attribute": r"\son[a-z]+\s*=\s*[\"'{]",
    "address of another host": r"\b(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
}
PARTS = ("components", "layouts")

page_or_part = pytest.mark.parametrize(
    "template", [pytest.param(path, id=str(path.relative_to(TEMPLATES))) for path in list_templates()]
)


@page_or_part
@pytest.mark.parametrize("fault", FORBIDDEN)
def test_template_is_free_of(template: Path, fault: str) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert re.findall(FORBIDDEN[fault], text) == []


@page_or_part
def test_template_is_a_page_or_a_part(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    directory = template.relative_to(TEMPLATES).parts[0]
    extends = re.search(r"\{%-?\s*extends\s+\"(layouts|errors)/", text)

    assert directory in PARTS or extends or _has_only_macros(text)


def _has_only_macros(text: str) -> bool:
    for part in (r"\{#.*?#\}", r"\{%-?\s*macro\b.*?endmacro\s*-?%\}", r"\{%-?\s*(?:from|import|set)\b.*?%\}"):
        text = re.sub(part, "", text, flags=re.DOTALL)
    return not text.strip()
