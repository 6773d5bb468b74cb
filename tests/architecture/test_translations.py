"""The Vietnamese catalogue has every interface text, whole and with the same placeholders."""

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.architecture.source_files import ROOT

CATALOGUE = ROOT / "survey" / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]?\w|%%|\{\w*\}")

Key = tuple[str | None, str]


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="vi")


def test_every_interface_text_is_in_the_catalogue(catalogue: Catalog) -> None:
    known = {_key(message.context, message.id) for message in catalogue if message.id}

    assert sorted(_extracted() - known, key=str) == []


def test_no_text_of_the_catalogue_is_left_over(catalogue: Catalog) -> None:
    known = {_key(message.context, message.id) for message in catalogue if message.id}

    assert sorted(known - _extracted(), key=str) == []
    assert list(catalogue.obsolete) == []


def test_every_text_is_translated_and_certain(catalogue: Catalog) -> None:
    open_ones = [
        message.id
        for message in catalogue
        if message.id and (message.fuzzy or not all(_forms(message.string)))
    ]

    assert open_ones == []


def test_translations_keep_the_placeholders(catalogue: Catalog) -> None:
    translated = [message for message in catalogue if message.id and all(_forms(message.string))]
    changed = [message.id for message in translated if not _keeps_placeholders(message)]

    assert changed == []


def _extracted() -> set[Key]:
    methods, options = _mapping()
    found = extract_from_dir(ROOT, methods, options, _keywords())
    return {_key(context, message) for _file, _line, message, _comments, context in found}


def _mapping() -> tuple[list[tuple[str, str]], dict[str, dict[str, str]]]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    return methods, options


def _keywords() -> dict[str, tuple[int, ...]]:
    """Those that `make translations` looks for."""
    named = re.findall(r"-k (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    return {**DEFAULT_KEYWORDS, **parse_keywords(named)}


def _key(context: str | None, message: str | list[str] | tuple[str, ...]) -> Key:
    return context or None, _forms(message)[0]


def _forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """The wording, or the singular and the plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def _keeps_placeholders(message: Message) -> bool:
    return _placeholders(_forms(message.string)) == _placeholders(_forms(message.id))


def _placeholders(forms: tuple[str, ...]) -> set[str]:
    return {placeholder for form in forms for placeholder in PLACEHOLDER.findall(form)}
