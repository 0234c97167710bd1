"""A board's world in small: sessions of early 2026, closes that rise a little, and quotes upon them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from rotation_tui.board.marks import Moment
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.results import Studies
from rotation_tui.domain.session import EASTERN, nyse
from rotation_tui.domain.universe import Spread, Ticker, Universe
from rotation_tui.store.market_store import Snapshot
from rotation_tui.studies.leaderboard import study_sectors
from rotation_tui.studies.spreads import study_spread
from rotation_tui.studies.tickers import study_ticker

NYSE = nyse()
FRIDAY, MONDAY, TUESDAY, WEDNESDAY = date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
IWM, SPY = Ticker("IWM", Instrument.of("IWM")), Ticker("SPY", Instrument.of("SPY"))
PAIR = Spread("IWM-SPY", "IWM", "SPY")
UNIVERSE = Universe((IWM, SPY), (PAIR,), ())


def at(day: date, clock: str) -> datetime:
    """A moment by New York's clock."""
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=EASTERN).astimezone(UTC)


def moment(day: date, clock: str, *, past: bool = False) -> Moment:
    return Moment.at(at(day, clock), NYSE, past=past)


def bars(symbol: str, last: date = MONDAY, rows: int = 300, start: float = 100.0, step: float = 0.5) -> Bars:
    """Closes that rise by `step` a session."""
    days = NYSE.sessions(NYSE.offset(last, 1 - rows), last)
    closes = tuple(start + step * n for n in range(rows))
    return Bars(symbol, Basis.PRICE, days, closes, "history", at(last, "16:30"))


def close_of(symbol_bars: Bars, day: date) -> float:
    return symbol_bars.closes[symbol_bars.dates.index(day)]


def quote(symbol: str, price: float, printed: datetime, **more: Any) -> Quote:
    return Quote(symbol, price, printed, printed.astimezone(EASTERN).date(), "yahoo", **more)


def snapshot(
    *histories: Bars,
    quotes: tuple[Quote, ...] = (),
    checked: datetime | None = None,
    universe: Universe = UNIVERSE,
    **more: Any,
) -> Snapshot:
    """The state after studies of these histories; every quote was last checked at `checked`, or when printed."""
    by_symbol: Mapping[str, Bars] = {b.symbol: b for b in histories}
    tickers = {symbol: study_ticker(b, NYSE) for symbol, b in by_symbol.items()}
    spreads = {
        s.id: study_spread(s, by_symbol[s.small], by_symbol[s.large], NYSE)
        for s in universe.spreads
        if s.small in by_symbol and s.large in by_symbol
    }
    sectors = study_sectors(universe, dict(by_symbol), {}, NYSE)
    last = max((t.last_session for t in tickers.values()), default=None)
    whole = Snapshot(
        quotes={q.symbol: q for q in quotes},
        checked={q.symbol: checked or q.as_of + timedelta(seconds=q.delay_s) for q in quotes},
        studies=Studies(last, None, tickers, spreads, sectors),
    )
    return replace(whole, **more)
