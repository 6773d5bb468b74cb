"""What must hold for every HTML page: `check_html` raises one AssertionError that lists all faults."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib

LABELLED = {"input", "select", "textarea", "meter", "progress", "dialog"}
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset"}
ADDRESSES = ("href", "src", "action", "formaction", "poster", "srcset", "data")
TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')
STRICT_POLICY = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")


class Page(Protocol):
    """The part of a test client's answer that is looked at."""

    headers: object

    def get_data(self, *, as_text: bool) -> str: ...


def check_html(page: str | Page) -> None:
    """Check the text of a page, or an answer of a test client together with its headers."""
    faults = [] if isinstance(page, str) else list(_header_faults(page))
    text = page if isinstance(page, str) else page.get_data(as_text=True)
    faults += list_faults(text)
    assert not faults, "faulty page:\n" + "\n".join(f"- {fault}" for fault in faults) + "\n\n" + text[:4000]


def without_tokens(text: str) -> str:
    """The page but for what is another one each second."""
    return TOKEN.sub("", text)


def list_faults(text: str) -> list[str]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(text)
    faults = [
        f"invalid HTML at line {line}, column {column}: {code} {values or ''}".rstrip()
        for (line, column), code, values in parser.errors
    ]
    for check in (
        _frame_faults,
        _id_faults,
        _label_faults,
        _inline_faults,
        _address_faults,
        _structure_faults,
    ):
        faults += check(root)
    return faults


def _header_faults(page: Page) -> Iterator[str]:
    policy = str(page.headers.get("Content-Security-Policy", ""))  # type: ignore[attr-defined]
    for part in STRICT_POLICY:
        if part not in policy:
            yield f"Content-Security-Policy lacks {part}"


def _frame_faults(root: Element) -> Iterator[str]:
    if root.get("lang") not in ("vi", "en"):
        yield f"lang of the page is {root.get('lang')!r}"
    if not (root.findtext("head/title") or "").strip():
        yield "no title"
    headings = [_words(heading) for heading in root.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"{len(headings)} h1, there must be one with words: {headings}"
    if len(list(root.iter("main"))) != 1:
        yield "there must be one main element"


def _id_faults(root: Element) -> Iterator[str]:
    counts = Counter(element.get("id") for element in _elements(root) if element.get("id") is not None)
    for name, count in counts.items():
        if count > 1:
            yield f"id {name!r} is used {count} times"
        if not name or " " in str(name):
            yield f"id {name!r} is not a name"
    for element in _elements(root):
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            for name in element.get(attribute, "").split():
                if name not in counts:
                    yield f"{attribute} of <{element.tag}> names {name!r}, which is not there"
        address = element.get("href", "")
        if element.tag == "a" and len(address) > 1 and address.startswith("#") and address[1:] not in counts:
            yield f"link to {address}, which is not there"


def _label_faults(root: Element) -> Iterator[str]:
    explicit = {label.get("for") for label in root.iter("label") if _words(label)}
    wrapped = {id(child) for label in root.iter("label") if _words(label) for child in label.iter()}
    for element in _elements(root):
        name = f"<{element.tag} {element.get('id') or element.get('name') or ''}>"
        if element.tag in LABELLED and element.get("type") not in UNLABELLED_TYPES:
            has_label = element.get("id") in explicit - {None} or id(element) in wrapped
            if not (has_label or _is_named(element)):
                yield f"{name} has no label"
        elif element.tag in ("button", "a") and not (_words(element) or _is_named(element)):
            yield f"{name} has no words"
        elif element.tag == "img" and element.get("alt") is None:
            yield f"{name} has no alt"
        elif element.tag.endswith("svg") and not (_is_named(element) or element.get("aria-hidden") == "true"):
            yield "an svg is neither named nor hidden from screen readers"


def _inline_faults(root: Element) -> Iterator[str]:
    for element in _elements(root):
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            yield f"inline <{element.tag}>"
        for attribute, value in element.items():
            if attribute == "style" or attribute.startswith("on"):
                yield f"inline {attribute} on <{element.tag}>"
            if value.strip().lower().startswith("javascript:"):
                yield f"script in {attribute} of <{element.tag}>"


def _address_faults(root: Element) -> Iterator[str]:
    for element in _elements(root):
        for attribute in ADDRESSES:
            address = element.get(attribute)
            if address is not None and urlsplit(address).scheme != "data" and urlsplit(address).netloc:
                yield f"{attribute} of <{element.tag}> leads to another host: {address}"


def _structure_faults(root: Element) -> Iterator[str]:
    for fieldset in root.iter("fieldset"):
        if len(fieldset) == 0 or fieldset[0].tag != "legend" or not _words(fieldset[0]):
            yield "a fieldset does not begin with a legend"
    for table in root.iter("table"):
        if table.find("caption") is None:
            yield "a table has no caption"
        if table.find(".//th") is None:
            yield "a table has no th"
    level = 0
    for element in _elements(root):
        if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            # An error summary stands before the h1 by intention.
            if level and int(element.tag[1]) > level + 1:
                yield f"<{element.tag}> {_words(element)!r} skips a level"
            level = int(element.tag[1])


def _elements(root: Element) -> Iterator[Element]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _is_named(element: Element) -> bool:
    return bool(element.get("aria-label", "").strip() or element.get("aria-labelledby", "").strip())


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
