"""Theme files: where they are found, which wins, and what a faulty one gives."""

import os
import shutil
from pathlib import Path

import pytest
from rich.color import Color

from rotation_tui.theme.load import MarketTheme, load_themes, read_theme
from rotation_tui.theme.palette import Paint, Palette, colour_of
from rotation_tui.toml_file import read
from rotation_tui.toml_file.fault import ConfigFault

SHIPPED = load_themes(None)

GOOD = """
description = "A theme of somebody's own"
dark = true
[colours]
primary = "#87afd7"
foreground = "#d0d0d0"
background = "#1c1c1c"
surface = "#262626"
panel = "#303030"
[market]
dim = "#808080"
gain = "#87af5f"
loss = "#d7875f"
watch = "#d7af5f"
alert = "#ff8787"
"""


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def faults(found: MarketTheme | tuple[ConfigFault, ...]) -> tuple[ConfigFault, ...]:
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('gain = "#87af5f"', 'gian = "#87af5f"', 12, 'market.gian: unknown key, did you mean "gain"?'),
        ('gain = "#87af5f"', "", 10, "market.gain: is missing; allowed: #rrggbb"),
        ('gain = "#87af5f"', 'gain = "bold"', 12, "market.gain: needs a colour"),
        ('gain = "#87af5f"', 'gain = "#87af5"', 12, "market.gain: '#87af5' is not a colour"),
        ('gain = "#87af5f"', 'gain = "green"', 12, "market.gain: 'green' is not a colour; allowed: #rrggbb"),
        ('gain = "#87af5f"', 'gain = "#87af5f #d7875f"', 12, "market.gain: '#87af5f #d7875f' is not one colour"),
        ('gain = "#87af5f"', "gain = 107", 12, "market.gain: 107 does not fit; allowed: #rrggbb"),
        ('gain = "#87af5f"', 'gain = "#d7875f"', 12, "market.gain: looks like market.loss"),
        ('gain = "#87af5f"', 'gain = "#1d1d1d"', 12, "market.gain: looks like colours.background"),
        ('primary = "#87afd7"', 'primary = "#xyzxyz"', 5, "colours.primary: '#xyzxyz' is not a colour"),
        ('primary = "#87afd7"', "primary = []", 5, "colours.primary: a list does not fit"),
        ('primary = "#87afd7"', "", 4, "colours.primary: is missing; allowed: #rrggbb"),
        ("[colours]", "[colors]", 4, 'colors: unknown key, did you mean "colours"?'),
        ("dark = true", 'dark = "yes"', 3, 'dark: "yes" does not fit; allowed: true or false'),
        ("dark = true", "dark = true\nansi = true", 13, "market.gain: '#87af5f' is not one of the terminal's own"),
        ("dark = true", "dark = true\nansi = 1", 4, "ansi: 1 does not fit"),
        ("dark = true", "dark = true\nname = 'x'", 4, "name: unknown key"),
        ("[market]", "[[market]]", 10, "market: a list does not fit; allowed: a table with dim, gain"),
        ("dark = true", "dark = ", 3, "is not TOML"),
        pytest.param("dark = true", "dark = " + "9" * 5000, 3, "holds a number", id="figures without end"),
        pytest.param("dark = true", "dark = 0x" + "f" * 5000, 3, "dark: a number of", id="a number without end"),
        pytest.param("dark = true", "dark = " + "[" * 2000 + "]" * 2000, 3, "lists or tables", id="lists without end"),
    ],
)
def test_a_faulty_file_is_named_with_line_key_and_remedy(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    assert old in GOOD
    file = write(tmp_path, "mine", GOOD.replace(old, new))
    found = [str(fault) for fault in faults(read_theme(file))]
    assert any(fault.startswith(f"{file}:{line}: {says}") for fault in found), found


def test_all_colours_at_fault_come_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('gain = "', 'gain = "green ').replace('watch = "', 'watch = "#')
    file = write(tmp_path, "mine", text)
    assert [str(fault).split(": ")[:2] for fault in faults(read_theme(file))] == [
        *([f"{file}:12", "market.gain"], [f"{file}:14", "market.watch"]),
    ]


def test_faulty_files_keep_no_other_from_loading(tmp_path: Path) -> None:
    write(tmp_path, "mine", GOOD)
    broken = write(tmp_path, "dark", "colours = 1")
    badly_named = write(tmp_path, "a,b", GOOD)
    (tmp_path / "latin.toml").write_bytes('description = "Börse"'.encode("latin-1"))
    (tmp_path / "folder.toml").mkdir()
    loaded = load_themes(tmp_path)
    assert set(loaded.themes) == {*SHIPPED.themes, "mine"}
    assert loaded.themes["dark"].palette == SHIPPED.themes["dark"].palette
    assert {str(fault).split(": ")[0] for fault in loaded.failed} == {
        *(f"{broken}:1", str(badly_named), str(tmp_path / "latin.toml"), str(tmp_path / "folder.toml")),
    }


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_fault(tmp_path: Path) -> None:
    file = write(tmp_path, "mine", GOOD)
    file.chmod(0)
    assert "cannot be read" in str(faults(read_theme(file))[0])


def test_a_users_theme_wins_by_name(tmp_path: Path) -> None:
    write(tmp_path, "dark", GOOD)
    loaded = load_themes(tmp_path)
    assert loaded.themes["dark"].description == "A theme of somebody's own"
    assert not loaded.failed


def test_a_user_without_a_theme_folder_has_the_shipped_ones(tmp_path: Path) -> None:
    loaded = load_themes(tmp_path / "absent")
    assert set(loaded.themes) == set(SHIPPED.themes)
    assert not loaded.failed


@pytest.mark.parametrize("where", ["rotation_tui/themes", "themes"])
def test_themes_are_found_in_a_wheel_and_in_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    shutil.copytree(read.shipped("themes"), tmp_path / where)
    monkeypatch.setattr(read, "PACKAGE", tmp_path / "rotation_tui")
    assert set(load_themes(None).themes) == set(SHIPPED.themes)


def test_the_wheels_own_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "rotation_tui"
    write(package / "themes", "inside", GOOD)
    write(tmp_path / "themes", "beside", GOOD)
    monkeypatch.setattr(read, "PACKAGE", package)
    assert set(load_themes(None).themes) == {"inside"}
    write(tmp_path / "own", "inside", GOOD.replace("dark = true", "dark = false"))
    assert not load_themes(tmp_path / "own").themes["inside"].dark


def test_no_theme_at_all_is_a_fault_that_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "PACKAGE", tmp_path / "rotation_tui")
    [fault] = load_themes(None).failed
    assert str(fault).startswith(f"{tmp_path / 'themes'}: no theme")


def test_a_tone_left_out_takes_the_look_of_its_source(tmp_path: Path) -> None:
    theme = read_theme(write(tmp_path, "mine", GOOD))
    assert isinstance(theme, MarketTheme)
    style = theme.palette.style
    assert style("text").color == colour_of("#d0d0d0", ansi=False)
    assert style("selected").bgcolor == colour_of("#303030", ansi=False)
    assert style("faint") == style("stale") == style("unknown") == style("header") == style("dim")
    assert style("title") == style("bright") == style("text", bold=True)
    assert style("changed") == style("text", reverse=True)
    assert style("key").color == style("highlight").color == colour_of("#87afd7", ansi=False)


def test_a_palette_with_a_hole_and_a_tone_nobody_knows_are_refused() -> None:
    with pytest.raises(ValueError, match=r"tones without paint: .*gain"):
        Palette({"text": Paint()}, Color.default(), Paint())
    with pytest.raises(KeyError):
        SHIPPED.themes["dark"].palette.style("profit")
