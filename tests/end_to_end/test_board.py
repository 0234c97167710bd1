"""What stands on the screen: the server's prices, at every size, in few colours or characters, and at rest."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from rotation_tui.config.schema import Config
from tests.end_to_end.home import Home, answered, feeds_well, quit_cleanly, shows
from tests.terminal.pty_session import PtySession
from tests.upstream.server import Upstream

pytestmark = pytest.mark.terminal

Prices = Callable[..., dict[str, str]]
TICKERS = tuple(row.id for row in Config().tickers)
COLOUR = re.compile(rb"(?:^|;)(?:3[0-8]|4[0-8]|9\d|10\d)(?:;|:|$)")


def test_the_board_fills_with_the_servers_prices_and_asks_yahoo_little(
    tmp_path: Path, upstream: Upstream, filled: Path, prices: Prices
) -> None:
    home = Home(tmp_path, upstream, filled=filled, poll_s=600)
    with home.start() as session:
        session.wait_for(lambda seen: shows(seen, prices(*TICKERS)))
        session.wait_for(feeds_well)
        before = upstream.count("yahoo")
        assert 0 < before <= 4, [r.path for r in upstream.seen("yahoo")]
        upstream.market.scale("RUT", 1.01)
        session.press("r")
        session.wait_for(lambda seen: shows(seen, prices(*TICKERS)))
        session.settle()
        assert 0 < upstream.count("yahoo") - before <= 4
        assert upstream.count("cboe") == 0
        quit_cleanly(session)
    assert home.log() == ""


def assert_fits(session: PtySession, columns: int, rows: int) -> None:
    """The first and the last line in their places, and frames, where there are any, from edge to edge."""
    lines = session.lines()
    assert len(lines) == rows
    assert re.search(r" (PRE|OPEN|POST|CLOSED) ", lines[0])
    assert columns - 2 <= len(lines[0]) <= columns
    assert "quit" in lines[-1]
    assert not any("NYSE" in line or "q quit" in line for line in lines[1:-1])
    for line in lines[1:-1]:
        if line.startswith(("┌", "│", "└")):
            assert len(line) == columns
            assert line[-1] in "┐│┃┘"
    assert any(line.startswith("┌") for line in lines) is (columns >= 110)


def test_every_size_is_filled_exactly_and_too_small_heals(full_home: Home, prices: Prices) -> None:
    few = prices("RUT", "SPX", "NDX", "VIX")
    with full_home.start(columns=80, rows=24) as session:
        session.wait_for(lambda seen: shows(seen, few))
        assert_fits(session, 80, 24)
        for columns, rows in ((120, 40), (200, 60), (60, 18), (122, 36), (80, 24)):
            session.resize(columns, rows)
            session.wait_for(lambda seen: "q quit" in seen.splitlines()[-1] and shows(seen, few))
            session.wait_until(lambda w=columns: len(session.lines()[0]) >= w - 2, "the whole width")  # type: ignore[misc]
            session.settle()
            assert_fits(session, columns, rows)
        session.resize(59, 17)
        session.wait_for("needs at least 60x18")
        session.wait_for("59x17")
        session.resize(120, 40)
        session.wait_for(lambda seen: shows(seen, prices(*TICKERS)))
        session.wait_until(lambda: session.lines()[-1].strip().endswith("quit"), "the last line")
        session.wait_until(
            lambda: re.search(r" (PRE|OPEN|POST|CLOSED) ", session.lines()[0]) is not None, "the first line"
        )
        session.settle()
        assert_fits(session, 120, 40)
        quit_cleanly(session)


def test_ascii_shows_nothing_else(full_home: Home, prices: Prices) -> None:
    with full_home.start("--ascii") as session:
        session.wait_for(lambda seen: shows(seen.replace("|", " "), prices("RUT", "SPX")))
        session.wait_for(answered)
        for key, words in (("2", "2 spreads"), ("3", "sectors"), ("4", "risk"), ("6", "failover"), ("?", "this help")):
            session.press(key)
            session.wait_for(words)
        session.settle()
        assert session.raw.isascii()
        session.press("escape")
        session.wait_gone("this help")
        quit_cleanly(session)


def sgr_parameters(raw: bytes) -> set[bytes]:
    return set(re.findall(rb"\x1b\[([\d;:]*)m", raw))


@pytest.mark.parametrize(
    ("arguments", "env"), [(("--color", "none"), {}), ((), {"NO_COLOR": "1"})], ids=["option", "NO_COLOR"]
)
def test_no_colour_is_sent_where_none_is_wanted(
    quick_home: Home, prices: Prices, arguments: tuple[str, ...], env: Mapping[str, str]
) -> None:
    with quick_home.start(*arguments, env=env) as session:
        session.wait_for(lambda seen: shows(seen, prices("RUT", "SPX")))
        session.press("t", "3", "?")
        session.wait_for("this help")
        coloured = {p for p in sgr_parameters(session.raw) if COLOUR.search(p)}
        assert not coloured
        session.press("escape")
        session.wait_gone("this help")
        quit_cleanly(session)


def test_colours_are_sent_otherwise(quick_home: Home, prices: Prices) -> None:
    with quick_home.start() as session:
        session.wait_for(lambda seen: shows(seen, prices("RUT", "SPX")))
        assert any(COLOUR.search(p) for p in sgr_parameters(session.raw))


def test_nothing_is_written_while_nothing_changes(full_home: Home, upstream: Upstream, prices: Prices) -> None:
    with full_home.start() as session:
        session.wait_for(lambda seen: shows(seen, prices(*TICKERS)))
        session.wait_for(answered)
        for _ in range(5):
            if not written_while_polling(session, upstream):  # all has come that was on its way
                break
        assert written_while_polling(session, upstream) == 0
        quit_cleanly(session)


def written_while_polling(session: PtySession, upstream: Upstream) -> int:
    """Bytes written in the time of six requests, all in one minute: ages and the countdown step at its turn."""
    while True:
        minute, asked, written = upstream.market.moment().minute, upstream.count("yahoo"), session.bytes_written
        session.wait_until(lambda asked=asked: upstream.count("yahoo") >= asked + 6, "six requests")  # type: ignore[misc]
        session.settle()
        if upstream.market.moment().minute == minute:
            return session.bytes_written - written
