"""Every file in `valid` loads; every file in `invalid` is refused with the words beside it.

Write a new `.toml` and its `.expected`, which is the whole message after the file's path.
"""

from pathlib import Path

import pytest

from rotation_tui import plugins
from rotation_tui.checks import evaluate
from rotation_tui.config import load as loading
from rotation_tui.config.load import load
from rotation_tui.toml_file.fault import ConfigFault

HERE = Path(__file__).parent
PARTS = {
    "rotation_tui.providers": (
        "cboe",
        "cnbc",
        "csv_file",
        "fred",
        "ishares",
        "newyorkfed",
        "sec",
        "simulated",
        "treasury",
        "yahoo",
    ),
    "rotation_tui.panes": ("answers", "chart", "events", "feeds", "indexes", "risk", "sectors", "since", "spreads"),
}
THEMES = ("blue_orange", "dark", "high_contrast", "light", "terminal16")


class _Check:
    def __init__(self, check_id: str, kind: str = "numeric", *, higher_is_worse: bool = True) -> None:
        self.id, self.kind, self.higher_is_worse = check_id, kind, higher_is_worse


CHECKS = (_Check("E1"), _Check("E2", higher_is_worse=False), _Check("F1", "flag"))


@pytest.fixture(autouse=True)
def _parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The messages list the parts there are; a new part is not to change every expectation."""
    monkeypatch.setattr(plugins, "declaring", lambda package, _attribute: PARTS[package])
    monkeypatch.setattr(evaluate, "all_checks", lambda: CHECKS)
    monkeypatch.setattr(loading, "theme_names", lambda _folder: THEMES)


@pytest.mark.parametrize("file", sorted(HERE.glob("valid/*.toml")), ids=lambda file: file.stem)
def test_a_valid_file_loads(file: Path) -> None:
    assert load(file).path == file


@pytest.mark.parametrize("file", sorted(HERE.glob("invalid/*.toml")), ids=lambda file: file.stem)
def test_an_invalid_file_is_refused_with_place_and_remedy(file: Path) -> None:
    with pytest.raises(ConfigFault) as refused:
        load(file)
    said = str(refused.value).replace(str(HERE), "HERE")
    assert said == f"HERE/invalid/{file.name}" + file.with_suffix(".expected").read_text().rstrip("\n")


def test_each_invalid_file_has_its_expectation() -> None:
    stems = {suffix: {f.stem for f in HERE.glob(f"invalid/*{suffix}")} for suffix in (".toml", ".expected")}
    assert stems[".toml"] == stems[".expected"]
