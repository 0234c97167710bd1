"""What is installed: version, metadata, and versions that are tested together."""

import importlib.metadata
import re
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import tomli
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import rotation_tui

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
SETTINGS: dict[str, Any] = tomli.loads(TEXT)
PROJECT: dict[str, Any] = SETTINGS["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = (("linux", "posix", "Linux"), ("darwin", "posix", "Darwin"), ("win32", "nt", "Windows"))
WANTED = [*PROJECT["dependencies"], *(line for extra in PROJECT["optional-dependencies"].values() for line in extra)]


def pins() -> list[Requirement]:
    """Every line of the lock that is no comment."""
    return [Requirement(line) for line in LOCK.splitlines() if line and not line.startswith("#")]


def environment(python: str, system: tuple[str, str, str]) -> dict[str, str]:
    """Markers' variables on one Python and system."""
    platform, os_name, name = system
    return {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "sys_platform": platform,
        "os_name": os_name,
        "platform_system": name,
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }


def holds(marker: Marker | None, where: dict[str, str]) -> bool:
    """Whether a line is for this environment."""
    return marker is None or marker.evaluate(dict(where))


RELEASE = re.compile(r"(\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})")
"""Heading of the changes of one version."""


def releases(changes: str) -> list[tuple[Version, date]]:
    """Versions with their days, as they stand; what is not out yet may stand above them under "Unreleased"."""
    headings = re.findall(r"^## (.+)$", changes, re.M)
    found = [RELEASE.fullmatch(heading) for heading in headings[headings[0] == "Unreleased" :]]
    assert None not in found, f"a heading is neither a version with its day nor Unreleased on top: {headings}"
    return [(Version(heading[1]), date.fromisoformat(heading[2])) for heading in found if heading]


def test_the_version_stands_in_one_place() -> None:
    assert "version" not in PROJECT
    assert PROJECT["dynamic"] == ["version"]
    assert ROOT / SETTINGS["tool"]["hatch"]["version"]["path"] == Path(rotation_tui.__file__)


def test_the_changes_tell_of_each_version_with_its_day_and_of_this_one_first() -> None:
    told = releases((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert str(told[0][0]) == rotation_tui.__version__
    assert told == sorted(told, reverse=True)
    assert len({version for version, _ in told}) == len(told)


@pytest.mark.parametrize("heading", ["0.3.0", "0.3.0 - 29 Nov 2026", "0.3.0 (2026-11-29)", "Soon"])
def test_a_heading_without_its_day_is_named(heading: str) -> None:
    assert releases("## Unreleased\n\n## 0.1.0 - 2026-11-25\n") == [(Version("0.1.0"), date(2026, 11, 25))]
    with pytest.raises(AssertionError, match="heading"):
        releases(f"## {heading}\n\n## 0.1.0 - 2026-11-25\n")


def test_every_python_that_is_supported_is_checked() -> None:
    sessions = {f"{kind}-{python}" for kind in ("tests", "types") for python in PYTHONS}
    workflow = (ROOT / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"^ +- ((?:tests|types)-\S+)$", workflow, re.M)) == sessions
    noxfile = (ROOT / ".ci" / "noxfile.py").read_text(encoding="utf-8")
    assert tuple(re.findall(r"\"(3\.\d+)\"", noxfile)) == PYTHONS


@pytest.mark.parametrize("wanted", dict.fromkeys(WANTED))
def test_every_dependency_says_what_it_is_for(wanted: str) -> None:
    lines = [line for line in TEXT.splitlines() if line.strip().startswith(f'"{wanted}"')]
    assert len(lines) == WANTED.count(wanted)
    for line in lines:
        _, _, comment = line.partition("# ")
        assert len(comment.split()) >= 2, f"{wanted} carries no comment in pyproject.toml"


def test_licence_and_pythons_are_told() -> None:
    assert PROJECT["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    named = {line.split(" :: ")[-1] for line in PROJECT["classifiers"] if "Python :: 3." in line}
    assert named == set(PYTHONS)
    supported = SpecifierSet(PROJECT["requires-python"])
    assert all(f"{python}.0" in supported for python in PYTHONS)
    assert "3.10.99" not in supported


def test_what_is_installed_says_the_same() -> None:
    try:
        told = importlib.metadata.metadata("rotation-tui")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("run from a checkout that is not installed")
    assert told["Version"] == rotation_tui.__version__
    assert told["License-Expression"] == "MIT"
    assert told["Requires-Python"] == PROJECT["requires-python"]
    (script,) = importlib.metadata.entry_points(group="console_scripts", name="rotation-tui")
    assert callable(script.load())


@pytest.mark.parametrize(("python", "system"), list(product(PYTHONS, SYSTEMS)), ids=str)
def test_the_lock_has_one_version_within_bounds(python: str, system: tuple[str, str, str]) -> None:
    where = environment(python, system)
    locked: dict[str, str] = {}
    for pin in pins():
        if holds(pin.marker, where):
            (exact,) = pin.specifier
            assert exact.operator == "=="
            assert canonicalize_name(pin.name) not in locked, f"{pin.name} is locked twice"
            locked[canonicalize_name(pin.name)] = exact.version
    for wanted in map(Requirement, WANTED):
        if holds(wanted.marker, where):
            version = locked.get(canonicalize_name(wanted.name))
            assert version is not None, f"{wanted.name} is not locked"
            assert version in wanted.specifier, f"{wanted} is locked at {version}"


def test_the_lock_names_no_index_and_no_hashes() -> None:
    lines = [line for line in LOCK.splitlines() if not line.startswith("#")]
    assert "://" not in LOCK
    assert not [line for line in lines if "--" in line or "@" in line]
    assert "uv pip compile" in LOCK
