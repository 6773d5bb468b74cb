"""The writing of a form file: encoding, YAML's traps, and files made to hurt."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from questionnaires.yaml_reader import LARGEST_FILE, read_yaml, read_yaml_file


def _codes(content: bytes) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in read_yaml(content)[1]]


def test_a_byte_order_mark_and_windows_line_ends_are_accepted() -> None:
    assert read_yaml(b"\xef\xbb\xbfid: tthc\r\nversion: 1\r\n") == ({"id": "tthc", "version": 1}, [])


def test_decomposed_text_is_composed() -> None:
    content = unicodedata.normalize("NFD", "vi: Hài lòng").encode()
    assert read_yaml(content) == ({"vi": "Hài lòng"}, [])


def test_another_encoding_is_refused_by_name() -> None:
    _, problems = read_yaml("vi: Có".encode("utf-16"))
    assert [(problem.code, problem.params["encoding"]) for problem in problems] == [("not_utf8", "UTF-16")]


def test_an_old_vietnamese_encoding_is_refused_with_its_line() -> None:
    _, problems = read_yaml(b"a: 1\nvi: H\xe0i l\xf2ng")
    assert [(problem.code, problem.params["line"]) for problem in problems] == [("not_utf8", 2)]


def test_every_repeated_key_is_named_and_the_first_value_kept() -> None:
    document, problems = read_yaml(b"a: {b: 1, b: 2}\nc: [{d: 1, d: 2, d: 3}]\n")
    assert document == {"a": {"b": 1}, "c": [{"d": 1}]}
    assert [problem.path for problem in problems] == ["a.b", "c[0].d", "c[0].d"]


@pytest.mark.parametrize("word", ["yes", "No", "ON", "off"])
def test_a_bare_yes_or_no_is_named_and_read_as_the_word(word: str) -> None:
    document, problems = read_yaml(f"in: [{word}]".encode())
    assert document == {"in": [word.lower()]}
    assert [(problem.code, problem.path) for problem in problems] == [("yaml_boolean", "in[0]")]


def test_quoted_yes_and_plain_true_are_no_problem() -> None:
    assert read_yaml(b"a: 'yes'\nb: true\nc: FALSE") == ({"a": "yes", "b": True, "c": False}, [])


def test_only_plain_whole_numbers_are_numbers() -> None:
    document, problems = read_yaml(b"{a: 12, b: 010, c: 0x1F, d: '7', e: 1.5, f: 2024-01-01, g: ~, h: 1:30}")
    assert problems == []
    assert document == {
        **{"a": 12, "b": "010", "c": "0x1F", "d": "7"},
        **{"e": 1.5, "f": "2024-01-01", "g": None, "h": "1:30"},
    }


def test_a_tag_builds_no_object() -> None:
    assert _codes(b"a: !!python/object/apply:os.system ['true']\nb: !!python/name:os.system x") == [
        ("yaml_tag", "a"),
        ("yaml_tag", "b"),
    ]


@pytest.mark.parametrize(
    "content", [b"", b"# nothing\n", b"null", b"~\n", b"---\n", b"---\n# nothing\n...\n"]
)
def test_an_empty_file_is_named(content: bytes) -> None:
    assert _codes(content) == [("empty_file", "")]


@pytest.mark.parametrize("content", [b"a: [1", b"a: b: c", b"a: *nobody", b"a: 1\n---\nb: 2", b"a: \x00"])
def test_a_syntax_error_is_one_problem(content: bytes) -> None:
    assert _codes(content) == [("yaml_syntax", "")]


def test_a_key_that_is_a_list_is_named() -> None:
    assert _codes(b"a:\n  ? [1]\n  : 2\n") == [("key_not_text", "a")]


@pytest.mark.parametrize("content", [b"[" * 100_000, b"{a: " * 50 + b"1" + b"}" * 50])
def test_deep_nesting_is_refused_and_does_not_end_the_process(content: bytes) -> None:
    assert _codes(content) == [("nested_too_deeply", "")]


def test_an_alias_to_itself_is_refused() -> None:
    assert [code for code, _path in _codes(b"a: &a [*a]")] == ["nested_too_deeply"]


def test_aliases_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert [code for code, _path in _codes("\n".join(lines).encode())] == ["nested_too_deeply"]


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_bytes(b"a" * (LARGEST_FILE + 1))
    assert [problem.code for problem in read_yaml_file(path)[1]] == ["file_too_large"]


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_yaml_file(tmp_path / "nothing.yaml")
