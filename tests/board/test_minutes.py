"""The line of minutes: a ratio where both legs have a price, and nothing made up where one has none."""

import dataclasses
from datetime import timedelta

import pytest

from rotation_tui.board.minutes import COMING, MinuteLine, legs_in, minute_line
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.minutes import Glance, Minutes
from rotation_tui.domain.session import Phase
from rotation_tui.domain.universe import Ticker
from rotation_tui.store.market_store import Snapshot
from tests.board.material import FRIDAY, MONDAY, NYSE, TUESDAY, UNIVERSE, at, bars

OPEN = at(TUESDAY, "9:30")


def told(symbol: str, prices: dict[int, float], source: str = "yahoo", delay_s: int = 0) -> Minutes:
    """Prices by minutes from the open."""
    times = tuple((OPEN + timedelta(minutes=minute)).timestamp() for minute in prices)
    return Minutes(symbol, 60, times, tuple(prices.values()), source, at(TUESDAY, "10:00"), delay_s)


def line(*minutes: Minutes, last: object = MONDAY) -> MinuteLine | str:
    histories = [bars(m.symbol, MONDAY if last is MONDAY else FRIDAY) for m in minutes]
    snapshot = Snapshot(
        minutes={Glance(m.symbol, 1): m for m in minutes}, bars={(b.symbol, b.basis): b for b in histories}
    )
    return minute_line(tuple(m.symbol for m in minutes), 1, snapshot, NYSE)


def test_a_ratio_is_of_the_minutes_that_both_have() -> None:
    made = line(
        told("IWM", {-2: 90.0, 0: 100.0, 1: 101.0, 3: 102.0}), told("SPY", {0: 200.0, 2: 201.0, 3: 204.0, 4: 1.0})
    )
    assert isinstance(made, MinuteLine)
    assert made.values == (0.5, None, None, 0.5)
    assert made.columns == ((100.0, 101.0, None, 102.0), (200.0, None, 201.0, 204.0))
    assert set(made.phases) == {Phase.OPEN}
    assert made.sessions == (TUESDAY,)


def test_minutes_before_the_open_and_after_the_close_are_told_apart() -> None:
    made = line(told("IWM", {-5: 99.0, 0: 100.0, 389: 101.0, 390: 102.0}))
    assert isinstance(made, MinuteLine)
    assert made.phases == (Phase.PRE, Phase.OPEN, Phase.OPEN, Phase.POST)
    assert made.values == (99.0, 100.0, 101.0, 102.0)


def test_it_is_set_against_the_close_before_and_against_none_that_is_older() -> None:
    made, without = line(told("IWM", {0: 100.0})), line(told("IWM", {0: 100.0}), last=FRIDAY)
    assert isinstance(made, MinuteLine)
    assert isinstance(without, MinuteLine)
    assert (made.base_session, made.bases) == (MONDAY, (bars("IWM", MONDAY).close(-1),))
    assert (without.base_session, without.bases) == (None, None)


def test_the_later_source_tells_how_late_it_is() -> None:
    made = line(told("IWM", {0: 100.0}), told("SPY", {0: 200.0}, "cboe", 900))
    assert isinstance(made, MinuteLine)
    assert (made.source, made.delay_s) == ("yahoo and cboe", 900)


def test_where_there_is_none_it_says_why() -> None:
    assert line(told("IWM", {0: 100.0}), told("SPY", {1: 200.0})) == "the legs have no minute in common"
    assert minute_line(("IWM",), 1, Snapshot(), NYSE) == COMING
    lacking = Snapshot(missing={Glance("IWM", 5).name: "yahoo: no"})
    assert minute_line(("IWM",), 5, lacking, NYSE) == "yahoo: no"
    assert minute_line(("IWM",), 1, lacking, NYSE) == COMING


@pytest.mark.parametrize(
    ("name", "legs"),
    [("IWM-SPY", ("IWM", "SPY")), ("small", ("RUT",)), ("AAPL/MSFT", ("AAPL", "MSFT")), ("AAPL", ("AAPL",))],
)
def test_a_row_is_drawn_of_the_symbols_behind_it(name: str, legs: tuple[str, ...]) -> None:
    universe = UNIVERSE.looking_at(UNIVERSE.spreads, ("AAPL",))
    named = Ticker("small", Instrument.of("RUT"))
    assert legs_in(name, dataclasses.replace(universe, tickers=(*universe.tickers, named))) == legs
