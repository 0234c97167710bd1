"""What may become a value: finite or refused, in UTC, ascending; and which bars are complete."""

import dataclasses
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.domain import refusal
from rotation_tui.domain.bars import Bars, Basis, completed
from rotation_tui.domain.instrument import Instrument, Kind, canonical, kind_of
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.quote import Extended, Quote
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.session import Phase, nyse
from rotation_tui.domain.universe import Sector, Spread, Ticker, Universe
from rotation_tui.domain.window import Window, nominal_base
from tests.golden import golden

NOON = datetime(2026, 3, 3, 17, tzinfo=UTC)
DAYS = (date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 3))
QUOTE = Quote("IWM", 250.0, NOON, DAYS[-1], "yahoo")
BARS = Bars("IWM", Basis.PRICE, DAYS, (1.0, 2.0, 3.0), "yahoo", NOON, volumes=(1.0, None, 3.0), last_print=NOON)
SERIES = Observations("DGS10", DAYS, (4.1, -0.2, 0.0), "fred", NOON)
NO_PRICES = [0.0, -0.01, math.nan, math.inf, -math.inf]

PRICED: dict[str, Callable[[float], object]] = {
    "quote": lambda value: replace(QUOTE, price=value),
    "previous close": lambda value: replace(QUOTE, previous_close=value),
    "day's high": lambda value: replace(QUOTE, day_high=value),
    "extended": lambda value: Extended(value, NOON, Phase.POST),
    "bar": lambda value: dataclasses.replace(BARS, closes=(1.0, value, 3.0)),
}


@pytest.mark.parametrize("value", NO_PRICES)
@pytest.mark.parametrize("make", PRICED.values(), ids=PRICED.keys())
def test_what_is_no_price_is_refused_with_its_name(make: Callable[[float], object], value: float) -> None:
    make(0.01)
    with pytest.raises(RefusedValueError, match=str(value)):
        make(value)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_observations_may_be_negative_but_not_infinite(value: float) -> None:
    assert dataclasses.replace(SERIES, values=(-1.0, 0.0, 1e9)).values[0] == -1.0
    with pytest.raises(RefusedValueError, match="DGS10"):
        dataclasses.replace(SERIES, values=(1.0, value, 2.0))


@pytest.mark.parametrize(
    "make",
    [
        lambda at: replace(QUOTE, as_of=at).as_of,
        lambda at: Extended(1.0, at, Phase.PRE).as_of,
        lambda at: dataclasses.replace(BARS, fetched_at=at).fetched_at,
        lambda at: dataclasses.replace(SERIES, fetched_at=at).fetched_at,
    ],
)
def test_times_have_a_zone_and_become_utc(make: Callable[[datetime], datetime]) -> None:
    tokyo = NOON.astimezone(timezone(timedelta(hours=9)))
    assert make(tokyo).tzinfo is UTC
    assert make(tokyo) == NOON
    with pytest.raises(RefusedValueError, match="no time zone"):
        make(NOON.replace(tzinfo=None))


@pytest.mark.parametrize("whole", [BARS, SERIES])
@pytest.mark.parametrize("days", [DAYS[::-1], (DAYS[0], DAYS[0], DAYS[1]), DAYS[:2]])
def test_rows_ascend_and_columns_are_of_one_length(whole: Any, days: tuple[date, ...]) -> None:
    with pytest.raises(RefusedValueError, match=r"ascending|length|dates but"):
        dataclasses.replace(whole, dates=days)


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(RefusedValueError, match="3 dates but 2 highs"):
        dataclasses.replace(BARS, highs=(1.0, 2.0))
    with pytest.raises(RefusedValueError, match="3 dates but 4 volumes"):
        dataclasses.replace(BARS, volumes=(1.0, 2.0, 3.0, 4.0))


def test_values_cannot_be_changed() -> None:
    for value, name in ((QUOTE, "price"), (BARS, "closes"), (SERIES, "values"), (Instrument.of("IWM"), "symbol")):
        with pytest.raises(AttributeError):
            setattr(value, name, None)


@given(st.dates(date(2026, 2, 20), date(2026, 3, 10)))
def test_bars_before_and_from_a_day_make_the_whole(day: date) -> None:
    early, late = BARS.until(day - timedelta(days=1)), BARS.since(day)
    assert early.dates + late.dates == DAYS
    assert early.closes + late.closes == BARS.closes
    assert (early.volumes or ()) + (late.volumes or ()) == BARS.volumes
    assert all(d < day for d in early.dates)
    assert all(d >= day for d in late.dates)
    assert early.last_print == (NOON if early.dates == DAYS else None)
    assert SERIES.until(day).dates == tuple(d for d in DAYS if d <= day)


def _closes(*days: date, last_print: datetime | None = None, fetched: datetime = NOON) -> Bars:
    return Bars("IWM", Basis.PRICE, days, (1.0,) * len(days), "yahoo", fetched, last_print=last_print)


def test_only_completed_bars_count_golden() -> None:
    """C05: Thanksgiving week; Friday closes early, at 18:00 UTC."""
    case = golden("C05")
    given_bars = _closes(*map(date.fromisoformat, case["input"]["bars"]))
    for now, expected in zip(case["input"]["now"], case["output"], strict=True):
        done = completed(given_bars, nyse(), datetime.fromisoformat(now))
        assert [d.isoformat() for d in done.dates] == expected


CLOSE = datetime(2026, 3, 3, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "last_print", "final"),
    [
        (CLOSE - timedelta(seconds=1), None, False),
        (CLOSE, None, True),
        (CLOSE, CLOSE - timedelta(minutes=15), False),
        (CLOSE + timedelta(minutes=14), CLOSE - timedelta(minutes=1), False),
        (CLOSE + timedelta(minutes=16), CLOSE, True),
        (CLOSE + timedelta(minutes=61), CLOSE - timedelta(minutes=90), True),
        (CLOSE + timedelta(hours=17, minutes=31), CLOSE - timedelta(minutes=1), True),
    ],
    ids=[
        "before the close",
        "at the close",
        "15-minute feed at the close",
        "15-minute feed, a minute short",
        "15-minute feed, close told",
        "a thin fund, asked an hour after the close",
        "repeated by the next session's reply",
    ],
)
def test_a_bar_is_final_when_its_source_has_told_the_close(
    now: datetime, last_print: datetime | None, final: bool
) -> None:
    done = completed(_closes(*DAYS, last_print=last_print, fetched=now), nyse(), now)
    assert done.dates == (DAYS if final else DAYS[:-1])


def test_rows_of_days_without_a_session_are_no_bars() -> None:
    """A file filled forward over a week-end would make every window count too few sessions."""
    filled = _closes(DAYS[0], date(2026, 2, 28), date(2026, 3, 1), DAYS[1])
    assert completed(filled, nyse(), NOON).dates == (DAYS[0], DAYS[1])
    ends_on_sunday = _closes(DAYS[0], date(2026, 2, 28), date(2026, 3, 1))
    assert completed(ends_on_sunday, nyse(), NOON).dates == (DAYS[0],)
    assert completed(_closes(date(2026, 2, 28)), nyse(), NOON).dates == ()


def test_no_bars_are_complete_bars() -> None:
    assert completed(_closes(), nyse(), NOON).dates == ()


@pytest.mark.parametrize(
    ("spelling", "symbol", "kind"),
    [
        ("^RUT", "RUT", Kind.INDEX),
        ("^gspc", "SPX", Kind.INDEX),
        ("_VIX", "VIX", Kind.VOLATILITY),
        (" iwm ", "IWM", Kind.ETF),
        ("RTY=F", "RTY=F", Kind.FUTURE),
        ("^XYZ", "^XYZ", Kind.INDEX),
        ("PSCF", "PSCF", Kind.ETF),
    ],
)
def test_vendors_spellings_become_one(spelling: str, symbol: str, kind: Kind) -> None:
    assert (canonical(spelling), kind_of(spelling)) == (symbol, kind)
    assert canonical(symbol) == symbol
    assert Instrument.of(spelling, "") == Instrument(symbol, symbol, kind)


@pytest.mark.parametrize("value", ["a\x1b[2Jb", "a\x07b", "a\nb", "a\u200eb\u202e"])
def test_nothing_a_source_says_can_drive_a_terminal(value: str) -> None:
    plain = refusal.plain_text(value)
    assert plain.isprintable()
    assert plain.startswith("a")
    assert len(refusal.plain_text("x" * 1000)) == 200


@pytest.mark.parametrize(
    ("window", "session", "base"),
    [
        (Window.MTD, date(2026, 3, 2), date(2026, 2, 28)),
        (Window.MTD, date(2024, 3, 1), date(2024, 2, 29)),
        (Window.QTD, date(2026, 6, 30), date(2026, 3, 31)),
        (Window.HALF, date(2026, 6, 30), date(2025, 12, 31)),
        (Window.HALF, date(2025, 7, 1), date(2025, 6, 30)),
        (Window.YTD, date(2026, 1, 2), date(2025, 12, 31)),
    ],
)
def test_calendar_windows_start_on_the_last_day_of_the_period_before(window: Window, session: date, base: date) -> None:
    assert nominal_base(window, session) == base


def test_a_universe_names_every_instrument_once_in_the_order_shown() -> None:
    universe = Universe(
        (Ticker("RUT", Instrument.of("^RUT", "Russell 2000")), Ticker("ES", Instrument.of("ES=F"), bars=False)),
        (Spread("IWM-SPY", "IWM", "SPY"), Spread("RUT-SPY", "RUT", "SPY")),
        (Sector("PSCF", "PSCF", "Financials", "S&P 600", "small", "XLF"),),
        background=(Instrument.of("HYG"), Instrument.of("IWM"), Instrument.of("RUT")),
    )
    assert [i.symbol for i in universe.instruments] == ["RUT", "ES=F", "IWM", "SPY", "PSCF", "XLF"]
    assert universe.instruments[0].name == "Russell 2000"
    assert [i.symbol for i in universe.with_bars] == ["RUT", "IWM", "SPY", "PSCF", "XLF", "HYG"]


def test_a_visitor_stands_behind_all_others_and_is_nobodys_peer() -> None:
    pair = Spread("IWM-SPY", "IWM", "SPY")
    universe = Universe(
        tuple(Ticker(s, Instrument.of(s)) for s in ("RUT", "IWM", "SPY")), (pair,), (), (Instrument.of("HYG"),)
    )
    typed = Spread("AAPL-HYG", "AAPL", "HYG")
    looking = universe.looking_at((pair, typed), ("MSFT", "IWM"))
    assert [i.symbol for i in looking.visitors] == ["MSFT", "AAPL", "HYG"], "IWM is of the board"
    assert [i.symbol for i in looking.instruments] == ["RUT", "IWM", "SPY", "MSFT", "AAPL", "HYG"]
    assert [i.symbol for i in looking.with_bars] == ["RUT", "IWM", "SPY", "HYG", "MSFT", "AAPL"]
    assert looking.peers("RUT") == universe.peers("RUT") == ("IWM", "SPY")
    assert looking.peers("MSFT") == ()
    assert looking.own == universe
    assert looking.looking_at((pair,), ()) == universe
