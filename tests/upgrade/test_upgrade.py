"""What earlier versions left on disk is what a new one starts with: config, prices, histories, view and budgets.

README.md beside this file tells how the folders were made.
"""

import json
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rotation_tui.app import scene as scenes
from rotation_tui.app.remember import first_sheet, recall
from rotation_tui.app.scene import Scene, Wish, set_scene
from rotation_tui.app.viewer import Viewer
from rotation_tui.cli.program import cli
from rotation_tui.config import schema as settings
from rotation_tui.config.load import load
from rotation_tui.config.schema import as_plain
from rotation_tui.domain.clock import FixedClock
from rotation_tui.domain.verdict import Regime
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.view import View
from rotation_tui.store.kept import all_aside
from rotation_tui.theme.load import load_themes
from rotation_tui.widgets.cells import plain
from tests.end_to_end.home import Home, quit_cleanly
from tests.terminal.pty_session import PtySession
from tests.upstream.market import UpstreamMarket
from tests.upstream.server import Upstream

HERE = Path(__file__).parent
VERSIONS = sorted(folder.name for folder in HERE.glob("[0-9]*"))
MADE = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
"""When the folders were made: at noon of a session."""
NEXT_NOON = MADE + timedelta(days=1)
SOON = MADE + timedelta(minutes=5)
"""Before any history is due again, and within the hour that budgets count."""
PORT = ":8900/"
"""Stands in the configs for the port of the server."""


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> Path:
    folder: Path = HERE / request.param
    return folder


def copied(version: Path, home: Path, port: int) -> tuple[Path, Path]:
    """The user's config file and state folder of a version, below `home`."""
    config = home / "config" / "rotation-tui" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text((version / "user.toml").read_text(encoding="utf-8").replace(PORT, f":{port}/"), encoding="utf-8")
    shutil.copy(version / "closes.csv", config.parent)
    state = home / "state" / "rotation-tui"
    shutil.copytree(version / "state", state, dirs_exist_ok=True)
    return config, state


# The config


def checked(config: Path) -> Result:
    ours = {name: None for name in os.environ if name.startswith("ROTATION_TUI_")}  # which the check would name
    return CliRunner(env=ours).invoke(cli, ["--config", str(config), "config", "check"], prog_name="rotation-tui")


def test_the_example_of_an_earlier_version_is_well(version: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    shutil.copy(version / "config.example.toml", config)
    assert (checked(config).exit_code, checked(config).output) == (0, f"OK {config}\n")


def test_every_key_of_an_earlier_version_is_read(version: Path, tmp_path: Path) -> None:
    text = (version / "config.example.toml").read_text(encoding="utf-8")
    text = re.sub(r"^#(?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)
    between = ";" if 'separator = ";"' in text else ","
    (tmp_path / "closes.csv").write_text(f"date{between}IWM_px\n17.11.2026{between}252.98\n", encoding="utf-8")
    if "date_format" not in text:
        (tmp_path / "closes.csv").write_text("date,IWM_px\n2026-11-17,252.98\n", encoding="utf-8")
    (tmp_path / "company-ca.pem").write_bytes((HERE.parent / "providers" / "localhost.pem").read_bytes())
    config = tmp_path / "config.toml"
    config.write_text(text, encoding="utf-8")
    assert checked(config).exit_code == 0, checked(config).output
    assert checked(config).stderr == ""
    assert checked(config).stdout.startswith(f"OK {config}\n")
    known = load(config).config
    written = tomllib.loads(text)
    assert set(written) <= set(as_plain(known))
    assert [feed.provider for feed in known.feeds] == [feed["provider"] for feed in written["feeds"]]
    assert known.network.ca_file == "company-ca.pem"


def test_a_users_config_of_an_earlier_version_means_what_it_did(version: Path, tmp_path: Path) -> None:
    config, _ = copied(version, tmp_path, 8900)
    assert checked(config).exit_code == 0, checked(config).output
    assert checked(config).stderr == ""
    known = as_plain(load(config).config)
    for name, value in tomllib.loads(config.read_text(encoding="utf-8")).items():
        assert covers(known[name], value), name


def covers(known: Any, written: Any) -> bool:
    """Whether everything that is written in a file is known as it stands there."""
    if isinstance(written, dict):
        return all(key in known and covers(known[key], value) for key, value in written.items())
    if isinstance(written, list):
        return len(known) == len(written) and all(map(covers, known, written))
    return bool(known == written)


def test_a_theme_of_an_earlier_version_is_read(version: Path, tmp_path: Path) -> None:
    shutil.copy(version / "theme.toml", tmp_path / "desks_own.toml")
    themes = load_themes(tmp_path)
    assert themes.failed == ()
    assert "desks_own" in themes.themes


# The first paint, from the disk alone


@pytest.fixture
def scene(version: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """What a start on the next day at noon begins with."""
    config, state = copied(version, tmp_path, 8900)
    monkeypatch.setattr(settings, "state_folder", lambda: state)
    monkeypatch.setattr(scenes, "_clock", lambda *_: FixedClock(NEXT_NOON))
    return set_scene(load(config), Wish())


def started(scene: Scene, view: View) -> Sheet:
    """The first screen, as the monitor makes it."""

    def draw(view: View) -> Sheet:
        scene.show_known(view.pairs)
        scene.mute(view.muted)
        return Viewer(scene, view, ascii_only=False).draw(140, 44)

    return first_sheet(scene, view, scene.state_folder / "view.json", draw)


def test_the_first_screen_has_the_old_prices_with_their_age(version: Path, scene: Scene) -> None:
    told = json.loads((version / "state" / "last_known.json").read_bytes())["quotes"]
    text = plain(started(scene, View()).rows)
    for row, symbol in {"Small": "RUT", "SPX": "SPX", "IWM": "IWM", "SPY": "SPY"}.items():
        price = f"{told[symbol]['price']:,.2f}"
        assert re.search(rf"\b{row} +{re.escape(price)} .* 23h( +│)?$", text, re.M), text
    assert [event.text for event in scene.board().events] == []
    assert all_aside(scene.state_folder) == []


def test_results_that_mean_the_same_today_are_on_the_first_screen(version: Path, scene: Scene) -> None:
    board = scene.board()
    alike = version.name != "0.1.0"  # its 1M was 21 sessions
    for spread in board.spreads:
        assert (spread.windows["YTD"] is not None) == alike
    assert board.verdict is not None
    assert (board.verdict.regime, board.verdict.score is not None) == (
        (Regime.ROTATION, True) if alike else (Regime.UNKNOWN, False)
    )
    assert {check.id for group in board.risk for check in group.checks} >= ({"V1", "E1", "F1"} if alike else {"M1"})


def test_the_view_and_the_mutes_are_as_they_were(scene: Scene) -> None:
    view = recall(scene.state_folder / "view.json", scene.warn)
    assert (view.screen, view.pairs, view.muted) == ("spreads", ("PSCF-XLF",), {"F1": date(2026, 11, 25)})
    assert (view.zone, view.theme, view.theme_over, view.flash) == ("exchange", "dark", "blue_orange", True)
    assert view.orders["spreads"].key == "id"
    assert "Small − large" in plain(started(scene, view).rows)
    assert scene.scope.muted == {"F1": date(2026, 11, 25), "S3": date(2026, 12, 31)}
    assert [event.text for event in scene.board().events] == []


# The whole program


@pytest.fixture(scope="module")
def market() -> UpstreamMarket:
    return UpstreamMarket(at=SOON)


@pytest.fixture
def upstream(market: UpstreamMarket) -> Iterator[Upstream]:
    market.hold(SOON)
    market.shift += SOON - market.moment()
    with Upstream(market) as server:
        yield server
    market.restore()


@pytest.fixture
def home(version: Path, tmp_path: Path, upstream: Upstream) -> Home:
    user = Home(tmp_path, upstream)
    copied(version, tmp_path, upstream.port)
    return user


def sent(state: Path, source: str) -> int:
    """How many requests to a source a state folder has on record."""
    return len(json.loads((state / "requests" / f"{source}@127.0.0.1.json").read_bytes())["sent"])


def counted(screen: str) -> int:
    """How many requests to Yahoo the screen counts in the last hour."""
    found = re.search(r"Yahoo 1 .* (\d+)/900", screen)
    return int(found.group(1)) if found else 0


def whole(session: PtySession) -> None:
    session.wait_for(lambda seen: "session 2026-11-18" in seen and "provisional" not in seen)


@pytest.mark.terminal
def test_a_start_goes_on_with_histories_view_and_budgets(version: Path, home: Home) -> None:
    kept = {path.stem for path in (version / "state" / "history").rglob("*.json")}
    with_split = {"IWM"} if version.name == "0.1.0" else set()  # whose closes may lack it
    before = sent(home.state, "yahoo")
    with home.start(columns=140, rows=44) as session:
        session.wait_for("PSCF−XLF")
        whole(session)
        session.press("4")
        session.wait_for("muted F1")
        session.press("6")
        session.wait_for(lambda seen: counted(seen) > before)
        quit_cleanly(session)
    asked = {request.path.rpartition("/")[2].lstrip("^") for request in home.upstream.seen("yahoo/v8/finance/chart")}
    assert asked & (kept | {"GSPC"}) == with_split
    assert home.upstream.count("fred") == home.upstream.count("newyorkfed") == 0
    assert sent(home.state, "yahoo") == before + home.upstream.count("yahoo")
    assert all_aside(home.state) == []
    assert "Traceback" not in home.log()


def newer(state: Path) -> int:
    """Raise the number of every format in a state folder; returns how many files have one."""
    raised = 0
    for file in state.rglob("*.json"):
        content = file.read_text(encoding="utf-8")
        newer, count = re.subn(r'^\{"format":\d+', '{"format":99', content)
        file.write_text(newer, encoding="utf-8")
        raised += count
    return raised


@pytest.mark.terminal
def test_a_state_of_a_newer_version_is_set_aside_and_named_and_blocks_nothing(
    tmp_path: Path, upstream: Upstream
) -> None:
    home = Home(tmp_path, upstream)
    copied(HERE / VERSIONS[-1], tmp_path, upstream.port)
    raised = newer(home.state)
    view = '{"screen":"of tomorrow"}'
    (home.state / "view.json").write_text(view, encoding="utf-8")
    price = f"{upstream.market.last('IWM').price:,.2f}"
    with home.start(columns=140, rows=44) as session:
        session.wait_for(lambda seen: re.search(rf"│ IWM +{re.escape(price)} ", seen) is not None)
        session.press("6")
        session.wait_for("last_known.json cannot be used (written by a newer version)")
        session.wait_for("view.json cannot be used (there is no screen of tomorrow)")
        session.wait_for(lambda seen: re.search(r"history: .* cannot be used .* more of its files", seen) is not None)
        session.wait_until(lambda: len(all_aside(home.state)) == raised + 1, "all of them set aside")
        quit_cleanly(session)
    assert (home.state / "view.json.unreadable").read_text(encoding="utf-8") == view
    assert json.loads((home.state / "last_known.json").read_bytes())["format"] < 99
