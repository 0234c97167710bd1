"""A network that fails, refuses, lies and comes back, as the user of the real program sees it."""

import json
import re
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from rotation_tui.domain.session import nyse
from tests.end_to_end.home import (
    SMALL_BOARD,
    SMALL_SYMBOLS,
    Home,
    answered,
    feeds_well,
    price_shown,
    quit_cleanly,
    shows,
)
from tests.upstream import replies
from tests.upstream.cboe import DELAY
from tests.upstream.replies import Answer, Fault
from tests.upstream.server import Upstream

pytestmark = pytest.mark.terminal

Prices = Callable[..., dict[str, str]]
SHOWN = ("RUT", "SPX", "IWM", "SPY")


@pytest.fixture
def small_home(tmp_path: Path, upstream: Upstream) -> Home:
    """A user of six symbols who starts for the first time."""
    return Home(tmp_path, upstream, tables=SMALL_BOARD)


@pytest.fixture
def patient_home(tmp_path: Path, upstream: Upstream, filled: Path) -> Home:
    """A user of the default universe whose program asks every three seconds."""
    return Home(tmp_path, upstream, filled=filled, poll_s=3)


def rests(upstream: Upstream) -> bool:
    """Whether nothing has been asked for a while."""
    return time.monotonic() - upstream.seen()[-1].at > 1.2


def test_a_dead_network_shows_and_heals_by_itself(patient_home: Home, upstream: Upstream, prices: Prices) -> None:
    before = prices(*SHOWN)
    with patient_home.start() as session:
        session.wait_for(lambda seen: shows(seen, before) and feeds_well(seen))
        session.wait_until(lambda: rests(upstream), "the end of a round, so that no source answers half of one")
        upstream.kill()
        session.wait_for(lambda seen: "yahoo down" in seen or "feeds down" in seen or "NO FEED" in seen)
        session.wait_for(lambda seen: shows(seen, before))
        session.press("6")
        session.wait_for(lambda seen: re.search(r"yahoo .*DOWN .*retry in .*cannot be reached", seen) is not None)
        upstream.market.scale("RUT", 1.01)
        upstream.start()
        session.wait_for(feeds_well)
        session.wait_for("yahoo answers again")
        session.press("1")
        session.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
        quit_cleanly(session)
    assert patient_home.log() == ""


def test_without_a_network_the_last_known_board_is_there_at_once(
    full_home: Home, upstream: Upstream, prices: Prices
) -> None:
    with full_home.start() as session:
        session.wait_for(lambda seen: shows(seen, prices(*SHOWN)) and answered(seen))
        quit_cleanly(session)
    upstream.kill()
    with full_home.start() as session:
        session.wait_for(lambda seen: shows(seen, prices(*SHOWN)) and answered(seen))
        session.wait_for("yahoo: ")
        assert shows(session.screen_text(), prices(*SHOWN))
        quit_cleanly(session)


def test_an_old_board_says_how_old_it_is(small_home: Home, upstream: Upstream, prices: Prices) -> None:
    with small_home.start() as session:
        session.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
        quit_cleanly(session)
    upstream.kill()
    days = put_back(small_home, upstream.market.moment(), sessions=5)
    with small_home.start() as session:
        session.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
        session.wait_for("partly stale")
        rows = [line for line in session.lines() if re.match(r"^│ (?:RUT|SPX|IWM|SPY) ", line)]
        assert len(rows) == len(SHOWN)
        assert all(f" {days}d " in row for row in rows)
        quit_cleanly(session)


def put_back(home: Home, now: datetime, sessions: int) -> int:
    """Make the saved quotes so many sessions older, without any history; returns their age in days."""
    file = home.state / "last_known.json"
    saved = json.loads(file.read_text())
    del saved["studies"]
    calendar = nyse()
    session = calendar.offset(calendar.last_completed(now), -sessions)
    close = calendar.close_at(session)
    for quote in saved["quotes"].values():
        quote |= {"session": session.isoformat(), "as_of": close.isoformat(), "extended": None}
    saved["checked"] = dict.fromkeys(saved["checked"], close.isoformat())
    file.write_text(json.dumps(saved))
    for shelf in (home.state / "history").rglob("*.json"):
        shelf.unlink()
    return (now - close).days


def test_without_anything_the_board_says_which_feed_failed_and_fills_when_it_can(
    small_home: Home, upstream: Upstream, prices: Prices
) -> None:
    upstream.kill()
    with small_home.start() as session:
        session.wait_for(lambda seen: shows(seen, dict.fromkeys(SHOWN, "?")) and "NO FEED" in seen)
        for feed in ("yahoo", "cboe"):
            session.wait_for(f"{feed}: 127.0.0.1 cannot be reached")
        session.press("6")
        session.wait_for(lambda seen: re.search(r"cboe .*DOWN .*retry in", seen) is not None)
        session.press("1")
        upstream.start()
        session.wait_for(lambda seen: shows(seen, prices(*SHOWN)) and "NO FEED" not in seen)
        quit_cleanly(session)


def test_cboe_takes_over_from_a_yahoo_that_says_too_many_and_yahoo_is_left_alone(
    small_home: Home, upstream: Upstream
) -> None:
    upstream.tell("yahoo", replies.too_many())
    from_cboe = {s: f"{upstream.market.last(s, DELAY, 'cboe').price:,.2f}" for s in SHOWN}
    with small_home.start() as session:
        session.wait_for(lambda seen: shows(seen, from_cboe) and "says too many requests" in seen)
        asked = upstream.count("yahoo")
        assert 0 < asked <= 2
        session.press("g")
        session.wait_for("[a] ")
        session.press("a", "enter")
        session.wait_for("from     cboe, 15 min delayed")
        session.press("backspace", "6")
        session.wait_for(
            lambda seen: re.search(r"yahoo .*DOWN .*retry in 15 min: .*too many requests", seen) is not None
        )
        polled = upstream.count("cboe")
        session.press("r", "r")
        session.wait_until(lambda: upstream.count("cboe") > polled + 1, "two more polls of Cboe")
        assert upstream.count("yahoo") == asked
        session.press("1")
        quit_cleanly(session)
    upstream.behave()
    with small_home.start() as session:
        session.wait_for(lambda seen: shows(seen, from_cboe) and "yahoo down" in seen)
        polled = upstream.count("cboe")
        session.wait_until(lambda: upstream.count("cboe") > polled + 1, "two more polls of Cboe")
        assert upstream.count("yahoo") == asked
        quit_cleanly(session)


def test_a_price_that_lies_is_named_and_never_shown(small_home: Home, upstream: Upstream, prices: Prices) -> None:
    upstream.market.scale("IWM", 1.6, "yahoo")
    upstream.market.scale("IWM", 0.5, "cboe")  # another one: what two sources tell alike would be true
    upstream.market.scale("SPY", 1.6, "yahoo")
    lies = {symbol: f"{upstream.market.last(symbol, provider='yahoo').price:,.2f}" for symbol in ("IWM", "SPY")}
    with small_home.start() as session:
        session.wait_for(lambda seen: "IWM in quarantine: yahoo says" in seen and "SPY in quarantine: yahoo" in seen)
        session.wait_for(lambda seen: price_shown(seen, "IWM") == "?" and shows(seen, prices("RUT", "SPX")))
        # Cboe tells the truth about one of them
        honest = f"{upstream.market.last('SPY', DELAY, 'cboe').price:,.2f}"
        session.wait_for(lambda seen: price_shown(seen, "SPY") == honest)
        session.press("g")
        session.wait_for("[a] ")
        session.press("a", "down", "down", "down", "enter")
        session.wait_for(lambda seen: re.search(r"why \? +in quarantine: .*\+\d\d%", seen) is not None)
        session.press("backspace")
        session.settle()
        assert not any(price_shown(session.screen_text(), symbol) == lie for symbol, lie in lies.items())
        quit_cleanly(session)


HOSTILE = "\x1b]0;pwned\x07\x1b[31mpwned\x9b31m\x1b[2J\u202eend"


def test_what_a_source_says_cannot_drive_the_terminal(small_home: Home, upstream: Upstream, prices: Prices) -> None:
    upstream.market.names.update(dict.fromkeys(SMALL_SYMBOLS, HOSTILE))
    upstream.tell("yahoo/v8", replies.yahoo_error(HOSTILE))
    upstream.tell("cboe", Fault(Answer(HOSTILE.encode(), 400, "text/plain")))
    with small_home.start(columns=240) as session:
        session.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
        session.press("2", "3", "6")
        session.wait_for(lambda seen: re.search(r"yahoo .*pwned", seen) is not None)
        session.press("1")
        session.wait_for("Indexes")
        assert "pwned" not in session.emulator.title
        for sequence in (b"\x1b]0;pwned", b"\x1b[31mpwned", b"\xc2\x9b", b"\x9b31m", "\u202e".encode()):
            assert sequence not in session.raw
        quit_cleanly(session)


def test_a_second_start_asks_for_no_history_before_it_is_due(
    small_home: Home, upstream: Upstream, prices: Prices
) -> None:
    with small_home.start() as session:
        session.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
        kept, of_drivers = small_home.state / "history", 2  # VIX from Yahoo, RVX from Cboe
        session.wait_until(
            lambda: len(list(kept.glob("*/bars/*.json"))) == len(SMALL_SYMBOLS) + of_drivers, "the history on disk"
        )
        session.wait_for(answered)
        quit_cleanly(session)
    first = upstream.count("yahoo/v8/finance/chart"), upstream.count("cboe")
    polled = upstream.count("yahoo/v7")
    with small_home.start() as session:
        session.wait_until(lambda: upstream.count("yahoo/v7") >= polled + 2, "two polls")
        assert (upstream.count("yahoo/v8/finance/chart"), upstream.count("cboe")) == first
        assert re.search(r"RUT−SPX +[+−]\d", session.screen_text())
        quit_cleanly(session)
