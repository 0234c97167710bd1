"""Keys, pressed in the real program."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.end_to_end.home import Home, answered, feeds_well, price_shown, quit_cleanly, shows
from tests.terminal.pty_session import PtySession
from tests.upstream.market import UpstreamMarket
from tests.upstream.server import Upstream

pytestmark = pytest.mark.terminal


class Desk(NamedTuple):
    """The program that several tests use, and its server."""

    session: PtySession
    upstream: Upstream

    def price(self, symbol: str) -> str:
        return f"{self.upstream.market.last(symbol).price:,.2f}"


@pytest.fixture(scope="module")
def running(market: UpstreamMarket, filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    market.hold()
    with Upstream(market) as upstream:
        home = Home(tmp_path_factory.mktemp("keys"), upstream, filled=filled)
        with home.start() as session:
            session.wait_for(lambda seen: shows(seen, {"RUT": f"{market.last('RUT').price:,.2f}"}))
            session.wait_for(answered)
            yield Desk(session, upstream)
    market.restore()


@pytest.fixture
def desk(running: Desk) -> Desk:
    """The program on its overview, nothing open, nothing selected."""
    running.session.press(
        "backspace", "backspace", "1", "backspace"
    )  # escape and a key in one breath are alt and the key
    running.session.wait_for(lambda seen: "Indexes" in seen and "Events" in seen and "esc closes" not in seen)
    return running


@pytest.mark.parametrize(
    ("key", "there", "not_there"),
    [
        ("2", "RUT−SPX", "Events ─"),
        ("3", "large caps: S&P 500", "RUT−SPX"),
        ("4", "F1 ", "RUT−SPX"),
        ("6", "order of failover", "RUT−SPX"),
    ],
)
def test_a_number_shows_a_screen_and_one_comes_back(desk: Desk, key: str, there: str, not_there: str) -> None:
    desk.session.press(key)
    desk.session.wait_for(lambda seen: there in seen and not_there not in seen)
    desk.session.press("1")
    desk.session.wait_for(lambda seen: "Indexes" in seen and "Events" in seen)


def go(session: PtySession, letter: str) -> None:
    """Focus a pane by its letter."""
    session.press("g")
    session.wait_for(f"[{letter}] ")
    session.press(letter)
    session.wait_gone(f"[{letter}] ")


def test_u_mutes_the_check_in_sight_and_lets_it_speak_again(desk: Desk) -> None:
    session = desk.session
    session.press("4")
    session.wait_for("u mutes the selected one")
    session.press("u")
    session.wait_for("is muted until the end of")
    session.wait_for("1 muted")
    session.press("u")
    session.press("u")
    session.press("u")
    session.wait_for("speaks again")
    session.wait_gone("1 muted")
    session.press("1")


def test_y_copies_a_value_by_its_name_and_Y_the_pane(desk: Desk) -> None:
    session = desk.session
    go(session, "a")
    session.press("y")
    session.wait_for(lambda seen: "row" in seen and "every value, under its name" in seen)
    session.press("l", "a", "s", "t")
    session.wait_gone("every value, under its name")
    session.press("enter")
    session.wait_for("if nothing arrives, doctor says why")
    assert copied(session) == f"{desk.upstream.market.last('RUT').price:.10g}"
    session.press("Y")
    session.wait_for("(pane); if nothing arrives")
    head, *rows = copied(session).splitlines()
    assert head.startswith("id\tsymbol\tname\tlast")
    assert rows[0].startswith("RUT\tRUT\t")


def copied(session: PtySession) -> str:
    """What the terminal was given for its clipboard last."""
    return base64.b64decode(re.findall(rb"\x1b\]52;c;([^\x07\x1b]*)\x1b\\", session.raw)[-1]).decode()


def test_g_names_the_panes_and_a_letter_goes_there(desk: Desk) -> None:
    session = desk.session
    session.press("g")
    session.wait_for(lambda seen: "[a] Indexes" in seen and "[s] Small" in seen and "[g] Sectors" in seen)
    session.press("g")
    session.wait_gone("[g] Sectors")
    session.press("enter")
    session.wait_for(lambda seen: "esc closes" in seen and "tracks" in seen)
    session.press("escape")
    session.wait_gone("esc closes")


def test_tab_goes_through_the_panes_and_shift_tab_back(desk: Desk) -> None:
    session = desk.session
    go(session, "a")
    session.press("tab", "enter")
    session.wait_for(lambda seen: "esc closes" in seen and "streak" in seen)
    session.press("backspace", "shift+tab", "enter")
    session.wait_for(lambda seen: "esc closes" in seen and "printed" in seen)


def test_arrows_choose_a_row_enter_opens_it_and_escape_closes(desk: Desk) -> None:
    session = desk.session
    go(session, "a")
    session.press("home", "enter")
    session.wait_for("Russell 2000 (RUT)")
    session.wait_for(f"last     {desk.price('RUT')}")
    session.press("down")
    session.wait_for("S&P 500 (SPX)")
    session.press("down", "up", "up")
    session.wait_for("Russell 2000 (RUT)")
    session.press("end")
    session.wait_for("(IJR)")
    session.press("home")
    session.wait_for("Russell 2000 (RUT)")
    session.press("escape")
    session.wait_gone("esc closes")


@pytest.mark.parametrize(("key", "row"), [("down", "RUT"), ("home", "RUT"), ("up", "IJR"), ("end", "IJR")])
def test_the_first_arrow_starts_at_the_end_it_comes_from(desk: Desk, key: str, row: str) -> None:
    go(desk.session, "a")
    desk.session.press(key, "enter")
    desk.session.wait_for(f"({row})")


def test_a_pair_is_seen_while_it_is_typed(desk: Desk) -> None:
    session = desk.session
    session.press(":")
    session.wait_for("a symbol, pair, screen")
    session.press(*"QQQ/RSP")
    session.wait_for(lambda seen: "QQQ/RSP" in seen.splitlines()[-1])
    session.press("escape")
    session.wait_for(lambda seen: "1 overview" in seen.splitlines()[-1])


def test_z_switches_the_zone_of_times(desk: Desk) -> None:
    session = desk.session
    go(session, "a")
    session.press("home", "enter")
    session.wait_for(lambda seen: "EST" in seen or "EDT" in seen)
    session.press("z")
    session.wait_for("JST")
    session.press("z")
    session.wait_gone("JST")


def test_a_frozen_screen_stands_while_data_go_on_and_then_shows_the_newest(desk: Desk) -> None:
    session, upstream = desk.session, desk.upstream
    before = desk.price("RUT")
    session.press("f")
    session.wait_for("FROZEN")
    try:
        upstream.market.scale("RUT", 1.02)
        asked = upstream.count("yahoo/v7")
        session.wait_until(lambda: upstream.count("yahoo/v7") >= asked + 4, "two more refreshes")
        session.settle()
        assert price_shown(session.screen_text(), "RUT") == before
        session.press("f")
        session.wait_for(lambda seen: price_shown(seen, "RUT") == desk.price("RUT") != before)
        assert "FROZEN" not in session.screen_text()
    finally:
        upstream.market.scale("RUT", 1)
    session.wait_for(lambda seen: price_shown(seen, "RUT") == before)


def test_r_asks_at_once(desk: Desk) -> None:
    asked = desk.upstream.count("yahoo/v7")
    desk.session.press("r")
    desk.session.wait_until(lambda: desk.upstream.count("yahoo/v7") > asked, "a request")


def look(session: PtySession) -> list[tuple[str, str]]:
    """Colours of the first line, which does not depend on the screen."""
    row = session.emulator.screen.buffer[0]
    return sorted({(row[x].fg, row[x].bg) for x in range(session.emulator.columns)})


def above(session: PtySession) -> list[str]:
    """All but the last line, on which keys are answered."""
    return session.screen_text().splitlines()[:-1]


def test_t_changes_colours_and_nothing_else(desk: Desk) -> None:
    session = desk.session
    session.wait_gone("Changed since you last looked")  # until it is known what has
    session.press("f")  # ages and the countdown step with the minute
    session.wait_for("FROZEN")
    session.settle()
    text, seen = above(session), [look(session)]
    for _ in range(5):
        session.press("t")
        session.wait_until(lambda: look(session) != seen[-1], "other colours")
        session.settle()
        assert above(session) == text
        seen.append(look(session))
    session.press("f")
    session.wait_gone("FROZEN")
    assert seen[0] == seen[-1]
    assert len({tuple(one) for one in seen}) == 5


def test_help_fits_and_closes(desk: Desk) -> None:
    session = desk.session
    session.press("?")
    session.wait_for(lambda seen: "this help" in seen and "sort: next column, or turn" in seen and "esc closes" in seen)
    session.press("?")
    session.wait_gone("this help")
    session.press("?")
    session.wait_for("this help")
    session.press("q")
    session.wait_gone("this help")


def test_the_palette_opens_finds_and_closes(desk: Desk) -> None:
    session = desk.session
    session.wait_gone("Changed since you last looked")  # until it is known what has
    session.press("f")  # ages and the countdown step with the minute
    session.wait_for("FROZEN")
    session.settle()
    before = above(session)
    session.press("ctrl+p")
    session.wait_for("Search for commands")
    session.press("escape")
    session.wait_gone("Search for commands")
    session.wait_until(lambda: above(session) == before, "the screen as it was")
    session.press("f")
    session.wait_gone("FROZEN")
    session.press("ctrl+p")
    session.wait_for("Search for commands")
    session.send("sectors")
    session.wait_for("key 3")
    session.press("down", "enter")
    session.wait_for("large caps: S&P 500")


def order_of(screen: str) -> list[str]:
    """Tickers from the top."""
    found = {row: screen.find(f"│ {row} ") for row in ("RUT", "SPX", "NDX", "VIX", "IWM", "SPY", "QQQ", "RSP", "IJR")}
    return sorted((row for row in found if found[row] >= 0), key=lambda row: found[row])


def test_s_sorts_and_its_capital_the_other_way(desk: Desk) -> None:
    session = desk.session
    own = order_of(session.screen_text())
    assert own == ["RUT", "SPX", "NDX", "VIX", "IWM", "SPY", "QQQ", "RSP", "IJR"]
    go(session, "a")
    session.press("s")
    session.wait_for(lambda seen: order_of(seen) == sorted(own))
    session.press("S")
    session.wait_for(lambda seen: order_of(seen) == sorted(own, reverse=True))
    session.press("S", "s")
    by_price = sorted(own, key=lambda row: desk.upstream.market.last(row).price, reverse=True)
    session.wait_for(lambda seen: order_of(seen) == by_price)


def test_the_view_is_remembered(full_home: Home) -> None:
    with full_home.start() as session:
        session.wait_for(lambda seen: feeds_well(seen) and answered(seen))
        colours = look(session)
        session.press("t")
        session.wait_until(lambda: look(session) != colours, "other colours")
        go(session, "a")
        session.press("s", "z", "3")
        session.wait_for("large caps: S&P 500")
        chosen = look(session)
        quit_cleanly(session)
    assert (full_home.state / "last_look.json").exists(), "what was looked at is kept as well"
    with full_home.start() as session:
        session.wait_for("large caps: S&P 500")
        session.wait_until(lambda: look(session) == chosen, "the chosen colours")
        session.press("1")
        session.wait_for(lambda seen: "Indexes" in seen and order_of(seen)[:2] == ["IJR", "IWM"])
        go(session, "a")
        session.press("enter")
        session.wait_for("JST")
        session.press("q")
        session.wait_gone("esc closes")
        quit_cleanly(session)
