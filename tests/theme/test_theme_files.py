"""Theme files: where they are found, which wins, and what a faulty one gives."""

import os
import shutil
from pathlib import Path

import pytest
from rich.color import Color

from rotation_tui.theme.load import PACKAGE, MarketTheme, ThemeFault, load_themes, read_theme, theme_folders
from rotation_tui.theme.palette import Paint, Palette, colour_of

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


def faults(found: MarketTheme | tuple[ThemeFault, ...]) -> tuple[ThemeFault, ...]:
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ('gain = "#87af5f"', 'gian = "#87af5f"', "market.gian", "did you mean gain?"),
        ('gain = "#87af5f"', "", "market.gain", "is missing"),
        ('gain = "#87af5f"', 'gain = "bold"', "market.gain", "needs a colour"),
        ('gain = "#87af5f"', 'gain = "#87af5"', "market.gain", "'#87af5' is not a colour"),
        ('gain = "#87af5f"', 'gain = "green"', "market.gain", "(allowed: #rrggbb"),
        ('gain = "#87af5f"', 'gain = "#87af5f #d7875f"', "market.gain", "one colour"),
        ('gain = "#87af5f"', "gain = 107", "market.gain", "not text"),
        ('gain = "#87af5f"', 'gain = "#d7875f"', "market.gain", "looks like market.loss"),
        ('gain = "#87af5f"', 'gain = "#1d1d1d"', "market.gain", "looks like colours.background"),
        ('primary = "#87afd7"', 'primary = "#xyzxyz"', "colours.primary", "is not a colour"),
        ('primary = "#87afd7"', "primary = []", "colours.primary", "not text"),
        ('primary = "#87afd7"', "", "colours.primary", "is missing"),
        ("[colours]", "[colors]", "colors", "did you mean colours?"),
        ("dark = true", 'dark = "yes"', "dark", "(allowed: true, false)"),
        ("dark = true", "dark = true\nansi = true", "market.gain", "bright_green"),
        ("dark = true", "dark = true\nansi = 1", "ansi", "does not fit"),
        ("dark = true", "dark = true\nname = 'x'", "name", "unknown key"),
        ("[market]", "[[market]]", "market", "a table [market]"),
        ("dark = true", "dark = ", "", "is not TOML"),
        pytest.param("dark = true", "dark = " + "9" * 5000, "", "cannot be read", id="figures without end"),
        pytest.param("dark = true", "dark = 0x" + "f" * 5000, "", "cannot be read", id="a number without end"),
        pytest.param("dark = true", "dark = " + "[" * 2000 + "]" * 2000, "", "too deep", id="lists without end"),
    ],
)
def test_a_faulty_file_is_named_with_key_and_remedy(tmp_path: Path, old: str, new: str, key: str, says: str) -> None:
    assert old in GOOD
    file = write(tmp_path, "mine", GOOD.replace(old, new))
    found = [fault for fault in faults(read_theme(file)) if fault.key == key]
    assert any(says in str(fault) and str(file) in str(fault) for fault in found), found


def test_all_faults_of_a_file_come_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('gain = "', 'gain = "green ').replace("watch =", "wach =")
    assert {fault.key for fault in faults(read_theme(write(tmp_path, "mine", text)))} == {
        *("market.gain", "market.wach", "market.watch"),
    }


def test_faulty_files_keep_no_other_from_loading(tmp_path: Path) -> None:
    write(tmp_path, "mine", GOOD)
    broken = write(tmp_path, "dark", "colours = 1")
    badly_named = write(tmp_path, "a,b", GOOD)
    (tmp_path / "latin.toml").write_bytes('description = "Börse"'.encode("latin-1"))
    (tmp_path / "folder.toml").mkdir()
    loaded = load_themes(tmp_path)
    assert set(loaded.themes) == {*SHIPPED.themes, "mine"}
    assert loaded.themes["dark"].palette == SHIPPED.themes["dark"].palette
    assert {fault.file for fault in loaded.failed} == {
        *(broken, badly_named, tmp_path / "latin.toml", tmp_path / "folder.toml"),
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
def test_themes_are_found_in_a_wheel_and_in_a_checkout(tmp_path: Path, where: str) -> None:
    package = tmp_path / "rotation_tui"
    package.mkdir()
    shutil.copytree(theme_folders(None)[0], tmp_path / where)
    assert set(load_themes(None, package).themes) == set(SHIPPED.themes)


def test_the_wheels_own_folder_comes_first(tmp_path: Path) -> None:
    package = tmp_path / "rotation_tui"
    write(package / "themes", "inside", GOOD)
    write(tmp_path / "themes", "beside", GOOD)
    assert set(load_themes(None, package).themes) == {"inside"}
    assert theme_folders(tmp_path / "own", PACKAGE)[-1] == tmp_path / "own"


def test_no_theme_at_all_is_a_fault_that_names_the_folder(tmp_path: Path) -> None:
    [fault] = load_themes(None, tmp_path / "rotation_tui").failed
    assert fault.file == tmp_path / "themes"


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
