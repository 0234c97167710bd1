"""What is installed: version, metadata, and versions that are tested together."""

import importlib.metadata
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import tomli
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import rotation_tui

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomli.loads(TEXT)["project"]
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


def test_one_version_everywhere_and_the_changes_tell_of_it() -> None:
    assert PROJECT["version"] == rotation_tui.__version__
    changes = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert changes[0] == rotation_tui.__version__


@pytest.mark.parametrize("wanted", WANTED)
def test_every_dependency_says_what_it_is_for(wanted: str) -> None:
    (line,) = [line for line in TEXT.splitlines() if line.strip().startswith(f'"{wanted}"')]
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
