"""What a cheap phone loads: a page and all it names, a whole session from the first page to the thanks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ATTRIBUTES = {"link": "href", "script": "src", "img": "src", "source": "src", "use": "href"}
GZIP = {"Accept-Encoding": "gzip"}
# As keep.js sends a form.
KEEP = {"X-Hailong": "keep"}
HEADERS = "(headers)"
# The line that the server adds.
OF_THE_SERVER = len("date: Sat, 28 Nov 2026 23:05:23 GMT") + 2
MOST_PAGES = 30
NUMBER = "2"
REMARK = "Nhân viên hướng dẫn tận tình, chỉ mong được trả kết quả sớm hơn."


@dataclass
class PageWeight:
    """Bytes over the wire, headers too, by what was loaded; the hosts that were asked besides ours.

    A file that a browser may keep for ever is loaded once, any other with each page.
    """

    parts: dict[str, int] = field(default_factory=dict)
    other_hosts: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    page_count: int = 0

    @property
    def total(self) -> int:
        return sum(self.parts.values())

    def add(self, name: str, answer: TestResponse) -> None:
        self._add(name, len(answer.data))
        self._add(HEADERS, count_header_bytes(answer))

    def _add(self, name: str, size: int) -> None:
        self.parts[name] = self.parts.get(name, 0) + size


def count_header_bytes(answer: TestResponse) -> int:
    """As HTTP/1.1 sends them; HTTP/2 sends what repeats itself in a byte or two."""
    lines = [f"HTTP/1.1 {answer.status}", *(f"{name}: {value}" for name, value in answer.headers)]
    return sum(len(line) + 2 for line in [*lines, ""]) + (0 if "Date" in answer.headers else OF_THE_SERVER)


def weigh_first_form_page(client: FlaskClient, start_path: str) -> PageWeight:
    """Start a response as a citizen does and weigh the page that follows."""
    moved = client.post(start_path, data=_fill(client.get(start_path).text))
    return weigh(client, moved.headers["Location"])


def weigh(client: FlaskClient, path: str) -> PageWeight:
    """Fetch a page and all that it names, as a browser that takes gzip."""
    weight = PageWeight()
    _load(client, path, weight)
    return weight


def weigh_session(client: FlaskClient, start_path: str) -> PageWeight:
    """Come from the first page and the list of units and answer: every page, every answer, every file."""
    weight = PageWeight()
    for path in ("/", start_path.rpartition("/")[0] + "/"):
        _load(client, path, weight)
    path = start_path
    for _ in range(MOST_PAGES):
        text = _load(client, path, weight)
        if path.endswith("/cam-on"):
            return weight
        sent = client.post(path, data=_fill(text), headers=GZIP | KEEP)
        weight.add("(answers to what was sent)", sent)
        path = sent.headers["X-Hailong-Next"].partition("#")[0]
    raise AssertionError(f"{start_path} leads to no end; the last page was {path}")


def _load(client: FlaskClient, path: str, weight: PageWeight) -> str:
    weight.page_count += 1
    weight.add("(pages)", client.get(path, headers=GZIP))
    text = client.get(path).text
    for name, attribute in ATTRIBUTES.items():
        for element in _elements(text, name):
            address = urlsplit(element.get(attribute, ""))
            if address.netloc:
                weight.other_hosts.add(address.netloc)
            elif address.path and element.get("rel") not in ("alternate", "canonical"):
                _load_file(client, element[attribute], weight)
    return text


def _load_file(client: FlaskClient, address: str, weight: PageWeight) -> None:
    if address in weight.kept:
        return
    answer = client.get(address, headers=GZIP)
    weight.add(urlsplit(address).path, answer)
    if "immutable" in answer.headers.get("Cache-Control", ""):
        weight.kept.add(address)


def _fill(text: str) -> dict[str, str]:
    """What a respondent sends from a page who takes the first option of each question."""
    sent = {"move": "next"}
    for name, value in _values(text):
        sent.setdefault(name, value)
    return sent


def _values(text: str) -> Iterator[tuple[str, str]]:
    for control in _elements(text, "input"):
        name, kind = control.get("name", ""), control.get("type", "text")
        if name and kind in ("hidden", "radio", "checkbox"):
            yield name, control.get("value", "")
        elif name:
            yield name, NUMBER if control.get("inputmode") == "numeric" else REMARK
    for control in _elements(text, "textarea"):
        yield control["name"], REMARK


def _elements(text: str, name: str) -> list[dict[str, str]]:
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    return [dict(element.attrib) for element in tree.iter(name)]
