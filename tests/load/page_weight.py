"""What a cheap phone loads for the first form page: the page and everything it names, compressed."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import html5lib
from flask.testing import FlaskClient

ATTRIBUTES = {"link": "href", "script": "src", "img": "src", "source": "src", "use": "href"}


@dataclass(frozen=True)
class PageWeight:
    """Bytes over the wire by path, and the hosts that were asked besides ours."""

    parts: dict[str, int]
    other_hosts: frozenset[str]

    @property
    def total(self) -> int:
        return sum(self.parts.values())


def weigh_first_form_page(client: FlaskClient, start_path: str) -> PageWeight:
    """Start a response as a citizen does and weigh the page that follows."""
    start = client.get(start_path)
    form = {
        field.get("name"): field.get("value", "")
        for field in _elements(start.text, "input")
        if field.get("name") and field.get("type") == "hidden"
    }
    moved = client.post(start_path, data=form)
    return weigh(client, moved.headers["Location"])


def weigh(client: FlaskClient, path: str) -> PageWeight:
    """Fetch a page and all that it names, as a browser that takes gzip."""
    page = client.get(path, headers={"Accept-Encoding": "gzip"})
    plain = client.get(path).text
    parts, hosts = {"(page)": len(page.data)}, set()
    for name, attribute in ATTRIBUTES.items():
        for element in _elements(plain, name):
            address = urlsplit(element.get(attribute, ""))
            if address.netloc:
                hosts.add(address.netloc)
            elif address.path and element.get("rel") not in ("alternate", "canonical"):
                answer = client.get(address.path, headers={"Accept-Encoding": "gzip"})
                parts[address.path] = len(answer.data)
    return PageWeight(parts, frozenset(hosts))


def _elements(text: str, name: str) -> list[dict[str, str]]:
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    return [dict(element.attrib) for element in tree.iter(name)]
