"""The lock files: complete, hashed, for every supported Python, and free of addresses."""

import configparser
import re
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source_files import ROOT, find_lines

LOCKS = ["requirements.lock", "requirements-test.lock"]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_address(lock: str) -> None:
    assert find_lines(_read(lock), r"://|file:|--(extra-)?index-url|--find-links") == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_a_hash(lock: str) -> None:
    without = [entry for entry in _entries(lock) if "--hash=sha256:" not in entry]

    assert without == []


@pytest.mark.parametrize(
    ("lock", "extras"), [("requirements.lock", ["build"]), ("requirements-test.lock", ["build", "test"])]
)
def test_lock_satisfies_the_requirements(lock: str, extras: list[str]) -> None:
    locked = _locked_versions(lock)
    unmet = [
        str(requirement)
        for requirement in _requirements(extras)
        if not any(
            requirement.specifier.contains(version)
            for version in locked.get(canonicalize_name(requirement.name), ())
        )
    ]

    assert unmet == []


def test_lock_names_every_extra_that_a_locked_package_asks_for() -> None:
    """pip before 23.3 takes the newest version for an extra that is not locked, and then refuses it."""
    locked = [Requirement(entry.split("\\")[0]) for entry in _entries("requirements-test.lock")]
    named = {(canonicalize_name(entry.name), extra) for entry in locked for extra in entry.extras}
    asked = {
        (canonicalize_name(needed.name), extra)
        for entry in locked
        if entry.marker is None or entry.marker.evaluate()
        for needed in map(Requirement, distribution(entry.name).requires or ())
        if needed.marker is None or any(needed.marker.evaluate({"extra": x}) for x in ("", *entry.extras))
        for extra in needed.extras
    }

    assert asked
    assert asked <= named


def test_tests_run_with_the_versions_that_are_installed() -> None:
    locked, locked_for_tests = (_locked_versions(lock) for lock in LOCKS)

    assert {name: locked_for_tests.get(name) for name in locked} == locked


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _entries(lock: str) -> list[str]:
    return re.findall(r"^\S.*?(?=^\S|\Z)", _read(lock), re.MULTILINE | re.DOTALL)


def _locked_versions(lock: str) -> dict[str, set[str]]:
    """One version a name, or several that hold for different Pythons."""
    versions: dict[str, set[str]] = {}
    for entry in _entries(lock):
        requirement = Requirement(entry.split("\\")[0])
        (pin,) = requirement.specifier
        versions.setdefault(canonicalize_name(requirement.name), set()).add(pin.version)
    return versions


def _requirements(extras: list[str]) -> list[Requirement]:
    config = configparser.ConfigParser()
    config.read_string(_read("setup.cfg"))
    listed = [config["options"]["install_requires"]]
    listed += [config["options.extras_require"][extra] for extra in extras]
    return [Requirement(line) for text in listed for line in text.splitlines() if line]
