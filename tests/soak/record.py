"""Keeps the output of the proofs in docs/reliability.md, one block a proof."""

import re
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"


def write_record(name: str, lines: list[str], document: Path = DOCUMENT) -> None:
    """Put these lines in place of the block of this name; a document without the block is a mistake."""
    text = document.read_text(encoding="utf-8")
    block = re.compile(rf"(<!-- {re.escape(name)} -->\n```\n).*?(```\n)", re.DOTALL)
    if not block.search(text):
        raise SystemExit(f"{document} has no block <!-- {name} -->")
    body = "".join(f"{line}\n" for line in lines)
    document.write_text(block.sub(lambda found: found[1] + body + found[2], text), encoding="utf-8")
