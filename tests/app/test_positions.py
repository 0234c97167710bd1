"""What is held while the program runs: files that change, the key that hides it, what alerts then tell."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.alerts.condition import parsed
from rotation_tui.alerts.places import Known
from rotation_tui.app.own_positions import PositionsAtHand
from rotation_tui.app.portfolio import EXAMPLE
from rotation_tui.app.privacy import discreet_firing, press
from rotation_tui.app.remember import recall, remember
from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import prepare
from rotation_tui.app.viewer import Viewer
from rotation_tui.config.schema import Config, Display, Loaded
from rotation_tui.domain.alert import Firing
from rotation_tui.domain.positions import Portfolio, Position, PositionsFile
from rotation_tui.screens.view import View


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def write(file: Path, text: str, stamp: int) -> None:
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(stamp, stamp))


def test_a_file_is_read_again_when_it_changes_and_keeps_what_it_held_when_it_cannot(tmp_path: Path) -> None:
    books: list[Portfolio] = []
    file, at_hand = tmp_path / "p.csv", PositionsAtHand(books.append)
    config = Config(positions=(Position(symbol="SPY", quantity=1),), positions_files=(PositionsFile(path="p.csv"),))
    write(file, "Symbol,Qty\nIWM,5\n", 1)
    assert at_hand.go_by(config, tmp_path)
    assert not at_hand.read
    at_hand.first_look()
    assert at_hand.read
    assert books[-1].quantities == (("SPY", 1.0), ("IWM", 5.0))

    async def looked() -> None:
        await at_hand.look()

    asyncio.run(looked())
    assert len(books) == 1, "nothing has changed"
    write(file, "Symbol,Qty\nIWM,7\n", 2_000_000_000)
    asyncio.run(looked())
    assert books[-1].quantities == (("SPY", 1.0), ("IWM", 7.0))
    write(file, "Symbol,Qty\nIWM,1.234\n", 3_000_000_000)
    asyncio.run(looked())
    assert books[-1].quantities == (("SPY", 1.0), ("IWM", 7.0))
    assert "decimal" in books[-1].faults[0]
    assert "what it held before is shown" in books[-1].faults[0]
    file.unlink()
    asyncio.run(looked())
    assert "No such file" in books[-1].faults[0]
    write(file, "Symbol,Qty\nIWM,9\n", 4_000_000_000)
    asyncio.run(looked())
    assert (books[-1].quantities, books[-1].faults) == ((("SPY", 1.0), ("IWM", 9.0)), ())


def test_what_is_held_is_followed_and_another_file_is_taken_up(tmp_path: Path) -> None:
    write(tmp_path / "p.csv", "Symbol,Qty\nACME,5\n", 1)
    config = Config(positions_files=(PositionsFile(path="p.csv"),))
    run = prepare(Loaded(config, tmp_path / "config.toml"), Wish())
    assert [i.symbol for i in run.scope.universe.visitors] == ["ACME"]
    assert run.scope.universe.held == (("ACME", 5.0),)
    run.own_positions.go_by(Config(), tmp_path)
    run.own_positions._tell()
    assert run.scope.universe.visitors == ()
    assert run.board().portfolio is None


def test_a_demo_has_a_book_of_nobodys_whatever_the_config_holds() -> None:
    mine = Config(positions=(Position(symbol="MINE", quantity=1),))
    run = prepare(Loaded(mine, None), Wish(demo_seed=7, demo_speed=None))
    assert {held.symbol for held in run.scope.book.held} == {position.symbol for position in EXAMPLE}
    portfolio = run.board().portfolio
    assert portfolio is not None
    assert portfolio.example


def test_the_key_hides_how_much_and_the_next_start_remembers(tmp_path: Path) -> None:
    run = prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None))
    viewer = Viewer(run, View(), ascii_only=False)
    viewer.draw(122, 38)
    assert "hidden" in press(run, viewer)
    viewer.draw(122, 38)
    assert viewer.board is not None
    assert all(row.quantity is None for row in viewer.board.positions)
    file = tmp_path / "view.json"
    remember(file, viewer.view)
    assert recall(file).private
    assert "shown" in press(run, viewer)
    viewer.draw(122, 38)
    assert all(row.quantity is not None for row in viewer.board.positions)


def test_a_past_board_is_hidden_and_shown_as_well_without_being_made_anew() -> None:
    run = prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None))
    viewer = Viewer(run, View(), ascii_only=False)
    day = run.scope.calendar.last_completed(run.clock.now())
    viewer.show_past(day, run.board())
    for hidden in (True, False):
        press(run, viewer)
        viewer.draw(122, 38)
        assert viewer.board is not None
        assert all((row.quantity is None) is hidden for row in viewer.board.positions)


def test_where_the_config_hides_it_every_start_does() -> None:
    config = Config(display=Display(private=True))
    run = prepare(Loaded(config, None), Wish(demo_seed=7, demo_speed=None))
    assert run.scope.private
    assert all(row.value is None for row in run.board().positions)


def test_in_private_an_alert_tells_no_amount() -> None:
    known = Known({"positions": ("IWM",)})
    row = {"quantity": 10.0, "value": 2_000.0, "weight_pct": 40.0, "lots": [{"quantity": 10.0}]}
    words, when = "positions.IWM.value 2,000.00 (positions.IWM.value > 1)", "positions.IWM.value > 1"
    firing = Firing("1", "rich", datetime(2026, 3, 2, tzinfo=UTC), words, when, 2_000.0, row=row)
    told = discreet_firing(firing, parsed("positions.IWM.value > 1", known).place)
    assert "2,000" not in told.line
    assert (told.value, told.row) == (None, {"weight_pct": 40.0})
    assert told.when == "positions.IWM.value"
    share = replace(firing, words="portfolio.small_share 41.00", when="portfolio.small_share > 40", value=41.0)
    kept = discreet_firing(share, parsed("portfolio.small_share > 40", known).place)
    assert (kept.words, kept.value) == (share.words, 41.0)
    other = discreet_firing(firing, parsed("RUT > 1", Known({"tickers": ("RUT",)})).place)
    assert other is firing
