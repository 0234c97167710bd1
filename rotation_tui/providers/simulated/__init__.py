"""The demo's source: a market that is simulated between a few published closes, without a network."""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

from rotation_tui.domain.bars import Bars, Basis, Dividend
from rotation_tui.domain.clock import Clock
from rotation_tui.domain.filings import Facts, FrameId, Registry
from rotation_tui.domain.holdings import Holdings
from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.minutes import STEPS, Minutes
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.series import SERIES
from rotation_tui.domain.session import EASTERN, Calendar, CalendarRange, nyse
from rotation_tui.providers.base import (
    Misconfigured,
    OutlineReply,
    ProviderPart,
    QuoteReply,
    SeriesReply,
    Surroundings,
    UnknownSymbol,
)
from rotation_tui.providers.simulated import facts, inside, macro, members, papers
from rotation_tui.providers.simulated.columns import highs, lows, opens, volumes
from rotation_tui.providers.simulated.companies import MadeUp
from rotation_tui.providers.simulated.live import live_price
from rotation_tui.providers.simulated.market import Market

DEMO_NOTE = "simulated between a few published closes"
"""What stands beside DEMO wherever these numbers show."""

DEFAULT_SEED = 7

_SOURCE = "simulated"
_OUTLINED_YEARS = 2
_PAID_IN = (3, 6, 9, 12)
_READ_YEARS = 4  # lows and volumes are read over about two years; older ones would double the time of a history


class Simulated:
    """A simulated market at the time of its clock; without a clock, at the time of asking.

    Quotes, bars and series are functions of the seed and that time alone: the order of asking, the number of
    instruments and the process do not matter. A quote at a session's close is the close that bars tell later.
    """

    def __init__(self, seed: int, clock: Clock | None, calendar: Calendar | None = None) -> None:
        self._clock = clock
        self._calendar = nyse() if calendar is None else calendar
        self._market = Market(seed, self._calendar)
        self._macro = macro.Macro(self._market)

    def offers_quotes(self, instrument: Instrument) -> bool:  # noqa: ARG002 - a protocol's name
        """Everything can be quoted; a symbol that is not known moves like a fund of its own."""
        return True

    def offers_bars(self, instrument: Instrument) -> bool:
        """Everything has a history but futures, which are lines to be quoted only."""
        return instrument.kind is not Kind.FUTURE

    def offers_series(self, series_id: str) -> bool:
        return macro.offers(series_id)

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        """Last prices; none before the first session of the histories or after the session table's end."""
        at = self._at(now)
        quotes: list[Quote] = []
        missing: dict[str, str] = {}
        for instrument in instruments:
            try:
                self._last_session(instrument.symbol, at)
            except UnknownSymbol as fault:
                missing[instrument.symbol] = str(fault)
            else:
                quotes.append(self._quote(instrument.symbol, at))
        return QuoteReply(tuple(quotes), missing)

    async def bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:
        """Completed sessions from 2004 (indexes, IWM SPY QQQ IJR RSP) or 2014; funds on both bases."""
        await asyncio.sleep(0)  # a history takes some milliseconds; keys and paints come in between
        symbol, at = instrument.symbol, self._at(now)
        last = self._last_session(symbol, at)
        price = self._price_bars(symbol, last, at)
        found = [price]
        dividend = self._market.dividend(symbol)
        if dividend:
            found = [replace(price, dividends=_dividends(price, dividend)), _total(price, dividend)]
        return tuple(bars if since is None else bars.since(since) for bars in found)

    async def outlines(self, instruments: Sequence[Instrument], now: datetime) -> OutlineReply:
        """Closes of this year and the two before it; of made-up companies highs, lows and volumes of the last two."""
        at = self._at(now)
        found: list[Bars] = []
        missing: dict[str, str] = {}
        for instrument in instruments:
            await asyncio.sleep(0)
            symbol = instrument.symbol
            if not self.offers_bars(instrument):
                missing[symbol] = f"the demo has no history of {symbol}"
                continue
            try:
                last = self._last_session(symbol, at)
            except UnknownSymbol as fault:
                missing[symbol] = str(fault)
                continue
            found.append(self._outline(symbol, last, at))
        return OutlineReply(tuple(found), missing)

    async def series(self, series_ids: Sequence[str], since: date | None, now: datetime) -> SeriesReply:
        """Observations published by now, with the publication lags of the catalogue."""
        at = self._at(now)
        today = at.astimezone(EASTERN).date()
        found: list[Observations] = []
        missing: dict[str, str] = {}
        for series_id in series_ids:
            await asyncio.sleep(0)
            if not macro.offers(series_id):
                missing[series_id] = "the demo does not simulate this series"
                continue
            try:
                newest = SERIES[series_id].newest_known(today, self._calendar)
                dates, values = self._macro.observations(series_id, newest)
            except CalendarRange as fault:
                missing[series_id] = str(fault)
                continue
            if not dates:
                missing[series_id] = f"the simulated series start at {macro.FIRST}"
                continue
            first = 0 if since is None else sum(day < since for day in dates)
            found.append(Observations(series_id, dates[first:], values[first:], _SOURCE, at))
        return SeriesReply(tuple(found), missing)

    def offers_minutes(self, instrument: Instrument, days: int) -> bool:
        """Of whatever has a history."""
        return days in STEPS and self.offers_bars(instrument)

    async def minutes(self, instrument: Instrument, days: int, now: datetime) -> Minutes:
        """Prices of the newest sessions, of funds with some outside regular hours."""
        at = self._at(now)
        self._last_session(instrument.symbol, at)
        return await inside.minutes(self._market, instrument.symbol, days, at, _SOURCE)

    def offers_holdings(self, fund: str) -> bool:
        """Of the three funds that the thesis is measured by."""
        return fund in papers.FUNDS

    async def holdings(self, fund: str, now: datetime) -> Holdings:
        """Made-up companies at the close of the last session."""
        at = self._at(now)
        return papers.holdings(self._market, fund, self._last_session(fund, at), at, _SOURCE)

    def offers_filings(self) -> bool:
        """Of the same companies."""
        return True

    async def registry(self, now: datetime) -> Registry:
        """Which of the made-up companies a ticker is."""
        return papers.registry(self._market.seed, self._at(now), _SOURCE)

    async def facts(self, frame: FrameId, now: datetime) -> Facts | None:
        """What they have filed by now."""
        await asyncio.sleep(0)
        return papers.facts(self._market.seed, frame, self._at(now), _SOURCE)

    def requests_last_hour(self) -> int:
        """None: there is no network."""
        return 0

    async def close(self) -> None:
        """Nothing to give back."""

    def _at(self, now: datetime) -> datetime:
        return now if self._clock is None else self._clock.now()

    def _last_session(self, symbol: str, at: datetime) -> date:
        """The last completed session; UnknownSymbol where the symbol has no close before it."""
        try:
            last = self._calendar.last_completed(at)
        except CalendarRange as fault:
            raise UnknownSymbol(str(fault)) from fault
        first = self._market.first(symbol)
        if last <= first:
            raise UnknownSymbol(f"the simulated history of {symbol} starts at {first}")
        return last

    def _quote(self, symbol: str, at: datetime) -> Quote:
        live = live_price(self._market, symbol, at)
        return Quote(
            symbol=symbol,
            price=live.price,
            as_of=live.at,
            session=live.session,
            source=_SOURCE,
            previous_close=live.previous_close,
            previous_session=live.previous_session,
            extended=inside.extended(self._market, symbol, at),
        )

    def _outline(self, symbol: str, last: date, at: datetime) -> Bars:
        first = max(self._market.first(symbol).year + 1, last.year - _OUTLINED_YEARS)
        years = range(first, last.year + 1)
        days = [day for year in years for day in self._market.sessions(year)]
        rows = bisect_right(days, last)
        company = members.company_of(self._market.seed, symbol)
        if company is not None:
            closes = [*members.closes(self._market, company, years, last)]
        else:
            closes = [close for year in years for close in self._market.closes(symbol, year)]
        printed = self._calendar.close_at(last)
        dates = tuple(days[:rows])
        bars = Bars(symbol, Basis.PRICE, dates, tuple(closes[:rows]), _SOURCE, at, last_print=printed, outline=True)
        return bars if company is None else self._with_columns(bars, company)

    def _with_columns(self, bars: Bars, company: MadeUp) -> Bars:
        """With what was traded in this year and the one before, and between which prices."""
        columns: list[list[float | None]] = [[None] * len(bars), [None] * len(bars), [None] * len(bars)]
        last = bars.dates[-1].year
        for year in (last - 1, last):
            first, end = (bisect_left(bars.dates, date(y, 1, 1)) for y in (year, year + 1))
            told = members.beside(
                self._market, company, year, bars.close(max(0, first - 1)), bars.closes_in(slice(first, end))
            )
            for column, values in zip(columns, told, strict=True):
                column[first:end] = values
        tops, bottoms, shares = map(tuple, columns)
        return replace(bars, highs=tops, lows=bottoms, volumes=shares)

    def _price_bars(self, symbol: str, last: date, at: datetime) -> Bars:
        first = self._market.first(symbol)
        dates, closes = [first], [self._market.year_end(symbol, first.year)]
        tops: list[float | None] = [None]
        bottoms: list[float | None] = [None]
        shares: list[float | None] = [None]
        firsts: list[float | None] = [None]
        with_highs = symbol in facts.LONG_HISTORY and symbol != "VIX"
        for year in range(first.year + 1, last.year + 1):
            sessions = self._market.sessions(year)
            dates += sessions
            closes += self._market.closes(symbol, year)
            tops += highs(self._market, symbol, year) if with_highs else []
            unread: list[float | None] = [None] * len(sessions)
            recent = year > last.year - _READ_YEARS
            bottoms += lows(self._market, symbol, year) if with_highs and recent else unread
            firsts += opens(self._market, symbol, year) if with_highs and recent else unread
            shares += (volumes(self._market, symbol, year) if recent else None) or unread
        rows = dates.index(last) + 1
        traded = any(share is not None for share in shares)
        return Bars(
            symbol=symbol,
            basis=Basis.PRICE,
            dates=tuple(dates[:rows]),
            closes=tuple(closes[:rows]),
            source=_SOURCE,
            fetched_at=at,
            highs=tuple(tops[:rows]) if with_highs else None,
            lows=tuple(bottoms[:rows]) if with_highs else None,
            opens=tuple(firsts[:rows]) if with_highs else None,
            volumes=tuple(shares[:rows]) if traded else None,
            last_print=self._calendar.close_at(last),
        )


def _ex_rows(dates: tuple[date, ...]) -> list[int]:
    """Rows of the first sessions from the 15th of March, June, September and December on."""
    middles = (date(year, month, 15) for year in range(dates[0].year, dates[-1].year + 1) for month in _PAID_IN)
    return [row for middle in middles if 0 < (row := bisect_left(dates, middle)) < len(dates)]


def _dividends(price: Bars, dividend: float) -> tuple[Dividend, ...]:
    """The last ones: a quarter of the yield in percent of the close before the ex-date."""
    rows = _ex_rows(price.dates)[-4:]
    return tuple(Dividend(price.dates[row], round(price.close(row - 1) * dividend / 400, 4)) for row in rows)


def _total(price: Bars, dividend: float) -> Bars:
    """The bars with dividends put back: a quarter of the yield in percent, each third month's mid.

    A close before an ex-date is multiplied by 1 - D / P of the day before it (METHODOLOGY.md#conventions). The ex-dates
    are the first sessions from the 15th of March, June, September and December on.
    """
    dates, left = price.dates, 1 - dividend / 400
    cuts = _ex_rows(dates)
    closes: list[float] = []
    for later, (start, stop) in enumerate(pairwise((0, *cuts, len(dates)))):
        factor = left ** (len(cuts) - later)
        closes += [close * factor for close in price.closes_in(slice(start, stop))]
    return Bars(
        price.symbol,
        Basis.TOTAL,
        price.dates,
        tuple(closes),
        price.source,
        price.fetched_at,
        last_print=price.last_print,
    )


def _build(surroundings: Surroundings) -> Simulated:
    seed = surroundings.options.get("seed", DEFAULT_SEED)
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise Misconfigured(f"seed is {seed!r}, it must be a whole number")
    return Simulated(seed, surroundings.options.get("clock"))


PROVIDER = ProviderPart(
    name="simulated",
    endpoint=None,
    build=_build,
    terms=f"DEMO: {DEMO_NOTE}; no market data.",
)
