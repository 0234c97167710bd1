"""Prices of every minute of the simulated market: inside a session as quotes tell them, and thin ones around it."""

import asyncio
import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.minutes import STEPS, Minutes
from rotation_tui.domain.quote import Extended
from rotation_tui.domain.session import Phase
from rotation_tui.providers.base import UnknownSymbol
from rotation_tui.providers.simulated.live import live_price
from rotation_tui.providers.simulated.market import GAP, Market
from rotation_tui.providers.simulated.noise import noise

_BEFORE, _AFTER = timedelta(hours=2), timedelta(hours=1)
_THIN = timedelta(minutes=5)
"""How often a fund trades outside regular hours."""
_APART = 0.0002
_AT_ONCE = 40  # rows between which keys and paints come in


async def minutes(market: Market, symbol: str, days: int, at: datetime, source: str) -> Minutes:
    """Rows of the newest sessions that have begun by `at`; a fund has some before the open and after the close."""
    calendar = market.calendar
    first_hour = _BEFORE if kind_of(symbol) is Kind.ETF else timedelta()
    newest = calendar.last_completed(at)
    following = calendar.next(newest)
    if calendar.open_at(following) - first_hour <= at:
        newest = following
    step = timedelta(seconds=STEPS[days])
    rows: list[tuple[float, float]] = []
    for session in (calendar.offset(newest, 1 - days + n) for n in range(days)):
        if session <= market.first(symbol):
            continue
        for moment in _moments(market, symbol, session, step, at):
            rows.append((moment.timestamp(), _price(market, symbol, session, moment, min(moment + step, at))))
            if len(rows) % _AT_ONCE == 0:
                await asyncio.sleep(0)
    if not rows:
        raise UnknownSymbol(f"the simulated history of {symbol} starts at {market.first(symbol)}")
    return Minutes(symbol, STEPS[days], tuple(t for t, _ in rows), tuple(p for _, p in rows), source, at)


def extended(market: Market, symbol: str, at: datetime) -> Extended | None:
    """The last price of a fund before the open or after the close, None within a session and where it has none yet."""
    calendar = market.calendar
    if kind_of(symbol) is not Kind.ETF or calendar.state(at).phase is Phase.OPEN:
        return None
    session = calendar.last_completed(at)
    following = calendar.next(session)
    early = calendar.open_at(following) - _BEFORE
    if early + _THIN <= at:
        begins, ends, phase = early, min(at, calendar.open_at(following)), Phase.PRE
        day = following
    else:
        closed = calendar.close_at(session)
        begins, ends, phase, day = closed, min(at, closed + _AFTER), Phase.POST, session
    rows = (ends - begins) // _THIN
    if rows < 1:
        return None
    printed = begins + rows * _THIN
    return Extended(_price(market, symbol, day, printed - _THIN, printed), printed, phase)


def _moments(market: Market, symbol: str, session: date, step: timedelta, at: datetime) -> Iterator[datetime]:
    opened, closed = market.calendar.open_at(session), market.calendar.close_at(session)
    fund = kind_of(symbol) is Kind.ETF
    moment, last = opened - (_BEFORE if fund else timedelta()), closed + (_AFTER if fund else timedelta())
    while moment < min(last, at):
        yield moment
        moment += step if opened <= moment < closed else max(step, _THIN)


def _price(market: Market, symbol: str, session: date, begins: datetime, ends: datetime) -> float:
    """The last price of a row; outside regular hours about the way from one close to the next open."""
    opened, closed = market.calendar.open_at(session), market.calendar.close_at(session)
    if opened <= begins < closed:
        return live_price(market, symbol, ends).price
    drift = _APART * noise(market.seed, "thin", symbol, begins.isoformat())
    if begins >= closed:
        return round(live_price(market, symbol, closed).price * math.exp(drift), 2)
    before = live_price(market, symbol, opened).previous_close
    row = market.sessions(session.year).index(session)
    gap = GAP * math.log(market.closes(symbol, session.year)[row] / before)
    share = 1 - (opened - begins) / _BEFORE
    return round(before * math.exp(share * gap + drift), 2)
