"""SQL is asked in `survey/store` and nowhere else; import-linter keeps `select` out of the other modules."""

import ast
from pathlib import Path

import pytest

from tests.architecture.source_files import ROOT, list_files

SESSION_NAMES = {"session", "connection"}
SESSION_DEEDS = {"add", "add_all", "delete", "execute", "merge", "query", "scalar", "scalars"}
MODULES = [
    path
    for path in list_files(ROOT / "survey")
    if path.suffix == ".py" and path.relative_to(ROOT).parts[1] not in ("store", "models")
]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_leaves_the_database_to_the_store(module: Path) -> None:
    calls = [
        f"line {node.lineno}: {ast.unparse(node.func)}"
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in SESSION_DEEDS
        if isinstance(node.func.value, ast.Name) and node.func.value.id in SESSION_NAMES
    ]

    assert calls == []
