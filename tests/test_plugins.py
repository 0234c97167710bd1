"""Parts of other people's packages: found by their entry points, used by their names, and no danger to the rest.

The package in `tests/plugin` lies on the path of a program of its own, with what an installer would write beside it.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
import tomli

from rotation_tui import plugins
from rotation_tui.app.chosen_panes import pane_of
from rotation_tui.app.roster import part_of
from rotation_tui.board.assemble import assemble
from rotation_tui.board.contract import Board
from rotation_tui.config.load import parse
from rotation_tui.panes.base import NOWHERE, Pane, Setting, Space
from rotation_tui.screens import steer
from rotation_tui.screens.compose import Canvas, compose
from rotation_tui.screens.view import View
from rotation_tui.store.market_store import Snapshot
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.widgets.cells import Face, Span, plain
from rotation_tui.widgets.glyphs import UNICODE
from tests.boards import NOW, SCOPE
from tests.patience import PATIENCE_S
from tests.terminal.pty_session import PtySession
from tests.test_contributing import EXAMPLES

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ROOT = Path(__file__).resolve().parents[1]
PLUGIN = ROOT / "tests" / "plugin"
PROJECT = tomli.loads((PLUGIN / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENTRIES: Mapping[str, Mapping[str, str]] = PROJECT["entry-points"]
SOURCE = (PLUGIN / "rotation_tui_example.py").read_text(encoding="utf-8")

CONFIG = """
feeds = [{ provider = "example" }]
tickers = [{ id = "IWM", symbol = "IWM" }, { id = "SPY", symbol = "SPY" }]
spreads = [{ id = "IWM-SPY", small = "IWM", large = "SPY" }]
sectors = []
[layout]
overview = ["indexes", "dearest"]
"""


def install(site: Path, name: str, module: str, text: str, entries: Mapping[str, Mapping[str, str]]) -> None:
    """A package as an installer leaves it in a folder of packages."""
    site.mkdir(exist_ok=True)
    (site / f"{module}.py").write_text(text, encoding="utf-8")
    about = site / f"{module}-1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n", encoding="utf-8")
    groups = (f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in found.items()) for group, found in entries.items())
    (about / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of packages with the example in it."""
    install(tmp_path / "site", PROJECT["name"], "rotation_tui_example", SOURCE, ENTRIES)
    return tmp_path / "site"


def home(site: Path, config: str) -> dict[str, str]:
    """The surroundings of a user with these packages and this config."""
    folder = site.parent
    (folder / "mine.toml").write_text(config, encoding="utf-8")
    folders = {"HOME": folder, "XDG_STATE_HOME": folder / "state", "XDG_CONFIG_HOME": folder / "config"}
    settings = {"ROTATION_TUI_CONFIG": folder / "mine.toml", "PYTHONPATH": site}
    return {name: str(value) for name, value in (folders | settings).items()}


def program(site: Path, *arguments: str, config: str = CONFIG) -> subprocess.CompletedProcess[str]:
    """The real program with these packages and a home of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "ROTATION_TUI_"))}
    return subprocess.run(
        [sys.executable, "-m", "rotation_tui", *arguments], env=kept | home(site, config), cwd=ROOT,
        capture_output=True, text=True, timeout=3 * PATIENCE_S, check=False,
    )  # fmt: skip


def board(site: Path, config: str = CONFIG) -> str:
    """The board as text."""
    run = program(site, "snapshot", "--size", "109x60", config=config)
    assert run.returncode in (0, 3, 4), run.stderr
    return run.stdout


def words_of(board: str) -> str:
    """The words on a board, without what stands around them."""
    return " ".join(re.sub("[│─┌┐└┘]", " ", board).split())


def row_of(board: str, symbol: str) -> str:
    """The line of a ticker."""
    return next(line for line in board.splitlines() if re.match(rf"[│|] {symbol} ", line))


@pytest.mark.whole
def test_a_source_and_a_pane_of_another_package_are_used_by_their_names(site: Path) -> None:
    shown = board(site)
    assert "234.56" in row_of(shown, "IWM")
    assert "SPY at 678.90" in shown


BROKEN = {
    "import": ("import nothing_that_is_there", "ModuleNotFoundError"),
    "syntax": ("PROVIDER = ", "SyntaxError"),
    "error": ("raise RuntimeError('a \\x1b[2J mess')", "RuntimeError"),
    "exit": ("import sys; sys.exit('over')", "SystemExit: over"),
    "nothing": ("", "AttributeError"),
    "another kind": ("PROVIDER, PANE = 1, 'x'", "is a"),
    "when used": (
        "from msgspec.structs import replace\nimport rotation_tui_example as good\n"
        "def fail(*_): raise RuntimeError('not today')\n"
        "PROVIDER, PANE = replace(good.PROVIDER, build=fail), replace(good.PANE, draw=fail, wants=fail)",
        "RuntimeError: not today",
    ),
    "of no use": (
        "from msgspec.structs import replace\nimport rotation_tui_example as good\n"
        "PROVIDER, PANE = replace(good.PROVIDER, build=lambda _: 1), replace(good.PANE, draw=lambda *_: 1)",
        "Error",
    ),
    "when asked what it has": (
        "from msgspec.structs import replace\nimport rotation_tui_example as good\n"
        "def fail(*_): raise RuntimeError('not today')\n"
        "class Bad(good.Example): offers_quotes = requests_last_hour = fail\n"
        "PROVIDER, PANE = replace(good.PROVIDER, build=Bad), replace(good.PANE, draw=fail)",
        "RuntimeError: not today",
    ),
    "an address that is none": (
        "from msgspec.structs import replace\nimport rotation_tui_example as good\n"
        "PROVIDER, PANE = replace(good.PROVIDER, endpoint='https://it.example'), 1",
        "is a int, not a Pane",
    ),
}
"""Modules that cannot be used, and what has to be said of them."""
BESIDE = CONFIG.replace('[{ provider = "example" }]', '[{ provider = "broken" }, { provider = "example" }]').replace(
    '"dearest"]', '"dearest", "broken", "feeds"]'
)


@pytest.mark.whole
@pytest.mark.parametrize("how", BROKEN)
def test_what_cannot_be_used_is_told_by_its_name_and_takes_nothing_down(site: Path, how: str) -> None:
    module, said = BROKEN[how]
    entries = {group: {"broken": f"broken_module:{a}"} for group, a in zip(ENTRIES, ("PROVIDER", "PANE"), strict=True)}
    install(site, "broken-package", "broken_module", module, entries)
    shown = board(site, BESIDE)
    assert "234.56" in row_of(shown, "IWM")
    assert "SPY at 678.90" in shown
    feed = next(line for line in shown.splitlines() if re.search(r"[│|] broken +DOWN", line))
    assert '"broken" of broken-package 1.2' in feed
    assert words_of(shown).count('"broken" of broken-package 1.2') == 2, "in its feed and in its pane"
    assert said in words_of(shown)
    assert "\x1b" not in shown


@pytest.mark.terminal
def test_the_monitor_shows_them_and_goes_on_beside_one_that_is_broken(site: Path) -> None:
    module, _ = BROKEN["when used"]
    entries = {group: {"broken": f"broken_module:{a}"} for group, a in zip(ENTRIES, ("PROVIDER", "PANE"), strict=True)}
    install(site, "broken-package", "broken_module", module, entries)
    env = home(site, BESIDE) | {"LANG": "C.UTF-8"}
    with PtySession([sys.executable, "-m", "rotation_tui"], columns=109, rows=50, env=env, cwd=ROOT) as session:
        session.wait_for("SPY at 678.90")
        session.wait_for(lambda seen: "234.56" in row_of(seen, "IWM") and re.search(r"broken +DOWN", seen) is not None)
        session.wait_for('"broken" of broken-package 1.2 cannot be drawn: RuntimeError: not today')
        session.press("6")
        session.wait_for('"broken" of broken-package 1.2 cannot be made: RuntimeError: not today')
        session.press("1", "q")
        assert session.exit_code() == 0
        assert session.not_restored() == []


@pytest.mark.whole
def test_the_doctor_and_the_check_of_the_config_know_them(site: Path) -> None:
    found = program(site, "config", "check")
    assert found.returncode == 0, found.stderr
    assert 'feeds[1].provider: "example" of rotation-tui-example 1.2' in found.stdout
    assert 'layout.overview: "dearest" of rotation-tui-example 1.2' in found.stdout
    install(site, "broken-package", "broken_module", "1 / 0", {"rotation_tui.panes": {"broken": "broken_module"}})
    refused = program(site, "config", "check", config=CONFIG.replace('"dearest"', '"broken"'))
    assert refused.returncode == 2
    assert re.search(r'mine.toml:\d+: layout.overview: "broken" of broken-package 1.2 .*ZeroDivision', refused.stderr)
    told = program(site, "doctor", config=CONFIG.replace('"dearest"', '"broken"'))
    assert told.returncode == 3
    lines = " ".join(told.stdout.split())
    assert 'ok plugin "example" of rotation-tui-example 1.2' in lines
    assert 'pane "dearest" of rotation-tui-example 1.2, which the config does not name' in lines
    assert 'FAULT plugin "broken" of broken-package 1.2 cannot be loaded: ZeroDivisionError' in lines
    assert "ok example IWM 234.56" in lines
    assert "The example's prices are made up." in lines


@pytest.mark.whole
def test_a_name_that_nobody_has_is_answered_with_those_of_plugins_as_well(site: Path) -> None:
    refused = program(site, "config", "check", config=CONFIG.replace('"example"', '"exampel"'))
    assert refused.returncode == 2
    assert 'no provider "exampel", did you mean "example"?' in refused.stderr
    assert "yahoo, example" in refused.stderr


@pytest.mark.whole
def test_our_own_name_wins_and_the_doctor_says_so(site: Path) -> None:
    install(
        site, "broken-package", "broken_module", "1 / 0", {"rotation_tui.providers": {"simulated": "broken_module"}}
    )
    told = program(site, "doctor", config='feeds = [{ provider = "simulated" }]')
    assert told.returncode == 3
    lines = " ".join(told.stdout.split())
    assert 'warn plugin source "simulated" of broken-package 1.2 is not used: ours has that name' in lines
    assert "ok simulated" in lines


@pytest.mark.whole
def test_a_name_that_two_packages_have_is_nobodys(site: Path) -> None:
    install(site, "other-package", "other_module", SOURCE, {"rotation_tui.panes": {"dearest": "other_module"}})
    shown = words_of(board(site))
    assert '"dearest" is not used: other-package 1.2 and rotation-tui-example 1.2 have one of that name' in words_of(
        shown
    )
    assert "SPY at 678.90" not in shown


@pytest.mark.whole
def test_what_a_plugin_prints_is_not_among_what_we_print(site: Path) -> None:
    (site / "rotation_tui_example.py").write_text(f"print('hello')\n{SOURCE}", encoding="utf-8")
    run = program(site, "snapshot", "--format", "json")
    assert json.loads(run.stdout)["feeds"][0]["name"] == "example"
    assert "hello" in run.stderr


def test_what_is_installed_is_not_looked_through_for_what_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(group: str) -> None:
        pytest.fail(f"looked for {group}")

    monkeypatch.setattr(plugins, "declared", never)
    config = parse((ROOT / "config.example.toml").read_text(encoding="utf-8"))
    assert all(part_of(feed.provider).name == feed.provider for feed in config.feeds)
    assert all(pane_of(name).name == name for name in config.layout.overview)


def test_a_list_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(**_: str) -> None:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "torn")

    monkeypatch.setattr("importlib.metadata.entry_points", torn)
    with pytest.raises(ConfigFault, match='no pane "mine" of ours, and what other packages have cannot be listed'):
        parse('layout.overview = ["mine"]')
    with pytest.raises(plugins.UnknownPartError, match='there is no "mine"'):
        plugins.load("rotation_tui.panes", "mine", "PANE")


def chosen(monkeypatch: pytest.MonkeyPatch, theirs: Pane) -> Pane:
    """A pane of another package as the screen gets it."""
    entry = SimpleNamespace(load=lambda: theirs)
    plugin = plugins.Plugin("theirs", "their-package 1.2", cast("EntryPoint", entry))
    monkeypatch.setattr(plugins, "other", lambda *_: plugin)
    return pane_of("theirs")


def test_whatever_a_pane_is_asked_it_stays_in_its_own_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Any:
        raise RuntimeError("not today")

    settings = (Setting("side", "d", ("one", "two"), "side", more=fail), Setting("empty", "m", (), "none"))
    theirs = Pane("theirs", "Theirs", fail, fail, 1, fail, most=fail, settings=settings, pinned=fail)
    pane, board = chosen(monkeypatch, theirs), assemble(Snapshot(), SCOPE, NOW)
    canvas = Canvas(109, 40, UNICODE, UTC)
    shown = plain(compose(board, View(focus="theirs", opened="a row"), [pane], canvas, NOW).rows)
    assert shown.count("cannot be drawn: RuntimeError: not today") >= 1
    for key in ("d", "m"):
        steer.next_setting(View(), board, lambda _: [pane], key, 1)


@pytest.mark.parametrize(
    "rows",
    [((Span("x", "no tone"),),), ((Span(cast("str", 5)),),), (("x",),), None],
    ids=["no tone of ours", "no text", "no span", "nothing"],
)
def test_what_opens_on_a_row_is_looked_at_before_it_is_drawn(monkeypatch: pytest.MonkeyPatch, rows: Any) -> None:
    theirs = Pane("theirs", "Theirs", lambda *_: Face("Theirs", ()), lambda _: 1, 1, lambda *_: rows)
    pane, board = chosen(monkeypatch, theirs), assemble(Snapshot(), SCOPE, NOW)
    assert pane.detail is not None
    told = pane.detail(board, "a row", replace(NOWHERE, width=200))
    assert "cannot be drawn" in plain(told)


def test_a_pane_that_fails_otherwise_with_every_frame_is_in_the_log_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    frames = count(1)

    def fail(_: Board, space: Space) -> Face:
        raise RuntimeError(f"frame {next(frames)} at {space.width}")

    pane, board = chosen(monkeypatch, Pane("theirs", "Theirs", fail, lambda _: 1, 1)), assemble(Snapshot(), SCOPE, NOW)
    for number in (1, 2, 3):
        said = "".join(span.text for row in pane.draw(board, replace(NOWHERE, width=200)).rows for span in row)
        assert said.endswith(f"RuntimeError: frame {number} at 200")
    assert len(caplog.records) == 1


def contract(site: Path, names: str, *arguments: str) -> str:
    """What pytest says of the parts of these names."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *arguments]
    env = kept | {"PYTHONPATH": str(site), "ROTATION_TUI_PLUGINS": names}
    run = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    return run.stdout


@pytest.mark.whole
def test_an_author_holds_a_plugin_to_our_contracts(site: Path) -> None:
    """The source is the example of CONTRIBUTING, so that it talks over a network."""
    bank, reply = (
        EXAMPLES[f"{folder}/example_bank.py"] for folder in ("rotation_tui/providers", "tests/providers/replies")
    )
    entries = {"rotation_tui.providers": "bank_module:PROVIDER", "rotation_tui.replies": "bank_replies"}
    install(site, "bank", "bank_module", bank, {group: {"example_bank": value} for group, value in entries.items()})
    (site / "bank_replies.py").write_text(reply, encoding="utf-8")
    said = contract(site, "example_bank,dearest", "-k", "example_bank", "tests/providers/test_contract.py")
    assert int(said.split(" passed")[0].split()[-1]) >= 35
    said = contract(site, "example_bank,dearest", "-k", "dearest", "tests/panes/test_contract.py")
    assert int(said.split(" passed")[0].split()[-1]) >= 8
