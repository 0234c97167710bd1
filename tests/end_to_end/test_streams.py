"""Prices that are told as they happen, in the running program: from local sources that speak each format, and hurt."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.home import SMALL_BOARD, Home, price_shown, quit_cleanly
from tests.terminal.pty_session import PtySession
from tests.upstream.keyed import KEY, SECRET
from tests.upstream.market import UpstreamMarket
from tests.upstream.server import Upstream
from tests.upstream.streams import Streams

pytestmark = pytest.mark.terminal

TRADING = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
"""Eleven in the morning of a Thursday in New York, the session after the histories' last."""
FEEDS = "".join(f'[[feeds]]\nprovider = "{name}"\n' for name in ("{}", "yahoo", "cboe", "newyorkfed", "fred"))


@pytest.fixture(scope="module")
def trading() -> UpstreamMarket:
    """The market of a running session."""
    return UpstreamMarket(at=TRADING)


@pytest.fixture
def open_market(trading: UpstreamMarket) -> Iterator[Upstream]:
    """A server of that market."""
    with Upstream(trading) as server:
        yield server
    trading.restore()


@pytest.fixture
def streams(trading: UpstreamMarket) -> Iterator[Streams]:
    """What is listened to."""
    with Streams(trading.now) as served:
        yield served


def user(folder: Path, upstream: Upstream, streams: Streams, filled: Path, source: str, key: str = KEY) -> Home:
    """A user of six symbols whose first feed is this source, with a key in a file beside the config."""
    lines = {source: f'stream_url = "{streams.url(source)}"\n{"stream = true" * (source == "yahoo")}\n'}
    feeds = FEEDS.format(source) if source != "yahoo" else FEEDS.replace('[[feeds]]\nprovider = "{}"\n', "")
    home = Home(folder, upstream, tables=feeds + SMALL_BOARD, filled=filled, own=lines)
    file = home.config.parent / f"{source}.key"
    file.write_text(f"{key}\n{SECRET}\n")
    file.chmod(0o600)
    return home


def start(home: Home) -> PtySession:
    return home.start(columns=200, rows=50, env={"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"})


def shown(session: PtySession, **prices: float) -> None:
    """Wait until the rows have these prices."""
    session.wait_for(lambda seen: all(price_shown(seen, row) == f"{price:,.2f}" for row, price in prices.items()))


def near(market: UpstreamMarket, symbol: str, by: float) -> float:
    """A price that the symbol may well have."""
    return round(market.last(symbol).price * (1 + by / 100), 2)


@pytest.mark.parametrize(
    "source", ["alpaca", *(pytest.param(name, marks=pytest.mark.slow) for name in ("finnhub", "yahoo"))]
)
def test_prices_are_told_as_they_happen_and_a_stream_that_breaks_heals(
    source: str, tmp_path: Path, open_market: Upstream, streams: Streams, filled: Path
) -> None:
    market = open_market.market
    home = user(tmp_path, open_market, streams, filled, source)
    with start(home) as session:
        session.wait_until(lambda: {"IWM", "SPY"} <= streams.listening(source), "both to be listened to")
        first, second, late, last = (near(market, "IWM", by) for by in (1.0, 1.25, -1.0, 1.5))
        streams.tell(source, IWM=first, SPY=near(market, "SPY", 1))
        shown(session, IWM=first, SPY=near(market, "SPY", 1))
        session.wait_for(lambda seen: re.search(r" IWM› .* stream\b", seen) is not None)
        streams.tell(source, IWM=second)
        streams.tell(source, timedelta(seconds=-20), IWM=late)  # out of order
        streams.tell(source, SPY=near(market, "SPY", 2))
        shown(session, IWM=second, SPY=near(market, "SPY", 2))
        assert price_shown(session.screen_text(), "IWM") == f"{second:,.2f}"
        streams.drop(source)
        session.wait_for(f"{source}: ")
        session.wait_until(lambda: streams.opened[source] >= 2, "the next connection")
        session.wait_until(lambda: {"IWM", "SPY"} <= streams.listening(source), "both to be listened to again")
        rising = [round(last + n / 1000, 2) for n in range(20_000, 0, -1)]
        streams.flood(source, "IWM", [*(p / 10 + last * 0.9 for p in rising), last])
        shown(session, IWM=last)
        quit_cleanly(session)
    assert home.log().count("Traceback") == 0


@pytest.mark.slow
def test_a_stream_that_stalls_without_closing_is_noticed(
    tmp_path: Path, open_market: Upstream, streams: Streams, filled: Path
) -> None:
    home = user(tmp_path, open_market, streams, filled, "alpaca")
    with start(home) as session:
        session.wait_until(lambda: "IWM" in streams.listening("alpaca"), "a stream")
        streams.tell("alpaca", IWM=near(open_market.market, "IWM", 1))
        session.wait_for(lambda seen: re.search(r" IWM› .* stream\b", seen) is not None)
        streams.stall("alpaca")
        session.press("6")
        session.wait_for("gives no sign of life")
        session.wait_until(lambda: streams.opened["alpaca"] >= 2, "the next connection")
        quit_cleanly(session)


def test_of_two_monitors_with_one_key_one_listens_and_the_other_says_so_until_it_is_its_turn(
    tmp_path: Path, open_market: Upstream, streams: Streams, filled: Path
) -> None:
    home = user(tmp_path, open_market, streams, filled, "alpaca")
    with start(home) as first:
        first.wait_until(lambda: "IWM" in streams.listening("alpaca"), "a stream")
        with start(home) as second:
            second.press("6")
            second.wait_for("another of your monitors listens with this key")
            assert streams.opened["alpaca"] == 1
            quit_cleanly(first)
            second.wait_until(lambda: streams.opened["alpaca"] == 2, "its turn")
            second.press("1")
            price = near(open_market.market, "IWM", 1)
            streams.tell("alpaca", IWM=price)
            shown(second, IWM=price)
            quit_cleanly(second)


def test_a_wrong_key_is_said_and_shown_nowhere_while_the_next_feed_stands_in(
    tmp_path: Path, open_market: Upstream, streams: Streams, filled: Path
) -> None:
    wrong = "a-key-that-nobody-knows"
    home = user(tmp_path, open_market, streams, filled, "alpaca", wrong)
    with start(home) as session:
        session.wait_for(lambda seen: price_shown(seen, "IWM") not in (None, "?"))
        session.press("6")
        session.wait_for("Alpaca does not take the key from file")
        session.wait_for(lambda seen: re.search(r"alpaca .*DOWN .*retry in", seen) is not None)
        assert wrong.encode() not in session.raw
        quit_cleanly(session)
    kept = "".join(f.read_text(errors="replace") for f in home.state.rglob("*") if f.is_file())
    assert wrong not in kept
    assert SECRET not in kept


def test_a_cancelled_trade_is_taken_back_on_the_screen(
    tmp_path: Path, open_market: Upstream, streams: Streams, filled: Path
) -> None:
    market = open_market.market
    home = user(tmp_path, open_market, streams, filled, "alpaca")
    with start(home) as session:
        session.wait_until(lambda: "IWM" in streams.listening("alpaca"), "a stream")
        good, bad = near(market, "IWM", 1), near(market, "IWM", 9)
        streams.tell("alpaca", IWM=good)
        shown(session, IWM=good)
        at = market.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        streams.say("alpaca", f'[{{"T":"t","S":"IWM","i":99,"x":"V","p":{bad},"s":90,"c":["@"],"z":"B","t":"{at}"}}]')
        shown(session, IWM=bad)
        streams.say("alpaca", f'[{{"T":"x","S":"IWM","i":99,"x":"V","p":{bad},"s":90,"a":"C","z":"B","t":"{at}"}}]')
        shown(session, IWM=good)
        session.wait_for("was cancelled")
        quit_cleanly(session)
