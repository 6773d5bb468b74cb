"""From the bytes of a form file to plain values, with every fault of the writing listed.

YAML is composed to nodes and turned into values here, not by PyYAML's
constructors: so no tag can build an object, a repeated key is seen, and a bare
``yes`` can be named.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import yaml

from questionnaires.problems import Location, Problem, format_path
from questionnaires.texts import normalise_text

LARGEST_FILE: Final = 1_000_000
_MOST_NODES: Final = 100_000
_DEEPEST: Final = 40
_BOOLEANS: Final = {"true": True, "false": False}
_WHOLE_NUMBER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_TAG: Final = "tag:yaml.org,2002:"
_COLLECTION_TAGS: Final = (f"{_TAG}map", f"{_TAG}seq")

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml_file(path: Path) -> tuple[object, list[Problem]]:
    """Read a form file.

    Returns
    -------
    tuple[object, list[Problem]]
        The document, None where nothing can be made of the file, and the
        problems of encoding and of YAML.

    Raises
    ------
    OSError
        If the file cannot be opened.
    """
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        return None, [Problem("file_too_large", "", {"max": LARGEST_FILE})]
    return read_yaml(content)


def read_yaml(content: bytes) -> tuple[object, list[Problem]]:
    """Read the content of a form file; a byte order mark and Windows line ends are accepted.

    Examples
    --------
    >>> read_yaml(b"id: a\\nid: b\\n")
    ({'id': 'a'}, [Problem(code='duplicate_key', path='id', params={'key': 'id', 'line': 2})])
    """
    try:
        text = normalise_text(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return None, [_name_encoding(content, error)]
    try:
        deep_line = _find_deep_line(text)
        if deep_line is not None:
            return None, [Problem("nested_too_deeply", "", {"line": deep_line})]
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        return None, [_yaml_problem(error)]
    if node is None:
        return None, [Problem("empty_file", "")]
    values = _Values()
    document = values.build(node, ())
    if document is None and not values.problems:
        return None, [Problem("empty_file", "")]
    return (None if values.is_refused else document), values.problems


def _find_deep_line(text: str) -> int | None:
    """Return the first line nested deeper than allowed.

    Looked for in the stream of events, because composing deep nesting
    overflows the stack of libyaml's binding and ends the process.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            return event.start_mark.line + 1 if event.start_mark is not None else 0
    return None


def _name_encoding(content: bytes, error: UnicodeDecodeError) -> Problem:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem("not_utf8", "", {"encoding": "UTF-16", "line": 1})
    line = content.count(b"\n", 0, error.start) + 1
    return Problem("not_utf8", "", {"encoding": "8-bit", "line": line})


def _yaml_problem(error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or type(error).__name__
    place = {"line": mark.line + 1, "column": mark.column + 1} if mark else {"line": 0, "column": 0}
    return Problem("yaml_syntax", "", {"reason": str(reason), **place})


class _Values:
    """Builds values from nodes and gathers the problems met on the way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.is_refused = False
        self._nodes = 0

    def build(self, node: yaml.Node, location: Location) -> object:
        self._nodes += 1
        if self._nodes > _MOST_NODES or len(location) > _DEEPEST:
            # Aliases can make a short file endless.
            if not self.is_refused:
                self._report("nested_too_deeply", location[:8], node)
            self.is_refused = True
            return None
        if isinstance(node, yaml.CollectionNode) and node.tag not in _COLLECTION_TAGS:
            self._report("yaml_tag", location, node, tag=str(node.tag))
        if isinstance(node, yaml.MappingNode):
            return self._build_mapping(node, location)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*location, place)) for place, child in enumerate(node.value)]
        return self._build_scalar(node, location)

    def _build_mapping(self, node: yaml.MappingNode, location: Location) -> dict[str, object]:
        mapping: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if not isinstance(key_node, yaml.ScalarNode):
                self._report("key_not_text", location, key_node)
            elif key in mapping:
                self._report("duplicate_key", (*location, key), key_node, key=key)
            else:
                mapping[key] = self.build(value_node, (*location, key))
        return mapping

    def _build_scalar(self, node: yaml.Node, location: Location) -> object:
        text = str(node.value)
        tag = str(node.tag).removeprefix(_TAG)
        if tag == "null":
            return None
        if tag == "bool":
            if text.lower() in _BOOLEANS:
                return _BOOLEANS[text.lower()]
            self._report("yaml_boolean", location, node, value=text)
            return text.lower()
        if tag == "int" and _WHOLE_NUMBER.fullmatch(text):
            return int(text)
        if tag == "float":
            return _float_or_text(text)
        if tag not in ("str", "int", "timestamp", "value", "merge"):
            self._report("yaml_tag", location, node, tag=str(node.tag))
        return text

    def _report(self, code: str, location: Location, node: yaml.Node, **params: object) -> None:
        line = node.start_mark.line + 1
        self.problems.append(Problem(code, format_path(location), {**params, "line": line}))


def _float_or_text(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
