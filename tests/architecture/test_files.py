"""What the files of the project may not name, and how they end."""

from tests.architecture.source_files import ROOT, find_lines, list_texts

PACKAGE_INDEX = r"\b(pypi|pythonhosted|npmjs|debian|ubuntu|crates|rubygems)\.(org|com|io)\b"
MACHINE_PATH = r"""(?:^|[\s"'`=:(])/(work|root|home)/\w"""
LONGEST_MODULE = 400
SHORTEST_FULL_LICENCE = 11_000


def test_no_file_names_a_package_index() -> None:
    assert _lines_with(PACKAGE_INDEX) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert _lines_with(MACHINE_PATH) == []


def test_every_text_file_has_plain_line_ends() -> None:
    bad = [
        str(path.relative_to(ROOT))
        for path, text in list_texts()
        if text and ("\r" in text or not text.endswith("\n"))
    ]

    assert bad == []


def test_no_python_file_is_a_giant() -> None:
    giants = [
        str(path.relative_to(ROOT))
        for path, text in list_texts()
        if path.suffix == ".py" and text.count("\n") > LONGEST_MODULE
    ]

    assert giants == []


def test_licence_is_the_full_text() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Apache License" in text
    assert len(text) > SHORTEST_FULL_LICENCE


def _lines_with(pattern: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {line}"
        for path, text in list_texts()
        for line in find_lines(text, pattern)
    ]
