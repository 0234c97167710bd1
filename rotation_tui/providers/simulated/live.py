"""Prices inside a session of the simulated market: they follow from the moment and end at the close."""

import math
from datetime import date, datetime

from msgspec import Struct

from rotation_tui.domain.session import EASTERN
from rotation_tui.providers.simulated import facts
from rotation_tui.providers.simulated.columns import high, volume
from rotation_tui.providers.simulated.market import FROM_VIX, GAP, Market
from rotation_tui.providers.simulated.noise import TICKS, session_bridge

_INSIDE = 0.7  # volatility inside a session as a share of the day's
_THIN, _RARELY = 1.0, 8  # under so many million shares a day a price prints only every eighth tick
_VIX_SWINGS = {"VIX": -5.0, "VIX3M": -3.0, "RVX": -4.5}  # log move of volatility for one of the market
_RUT_LARGE, _RUT_OWN = 1.1, 0.65


class LivePrice(Struct, frozen=True):
    """A price of a running or ended session, its print's time, and the close before it."""

    price: float
    at: datetime
    session: date
    previous_close: float
    previous_session: date


def live_price(market: Market, symbol: str, now: datetime) -> LivePrice:
    """The last regular price at `now`; from a close to the next opening, exactly that close."""
    calendar = market.calendar
    day = now.astimezone(EASTERN).date()
    if not calendar.is_session(day) or now < calendar.open_at(day):
        day = calendar.previous(day)
    opened, closed = calendar.open_at(day), calendar.close_at(day)
    tick = min(TICKS, int((now - opened) / (closed - opened) * TICKS))
    shares = volume(market, symbol)
    if shares is not None and shares < _THIN:
        tick -= tick % _RARELY
    row = market.sessions(day.year).index(day)
    closes = market.closes(symbol, day.year)
    before = closes[row - 1] if row else market.year_end(symbol, day.year - 1)
    price = closes[row] if tick == TICKS else _inside(market, symbol, day, row, tick, before)
    at = opened + (closed - opened) * tick / TICKS
    return LivePrice(price, at, day, before, calendar.previous(day))


def _inside(market: Market, symbol: str, day: date, row: int, tick: int, before: float) -> float:
    """Price at a tick: from the gap at the opening to the close, with a bridge that is 0 at both ends."""
    move = math.log(market.closes(symbol, day.year)[row] / before)
    sd = market.deviations(day.year)[row] * _INSIDE
    path = math.log(before) + move * (GAP + (1 - GAP) * tick / TICKS) + _bend(market, symbol, day, tick, sd)
    if symbol not in facts.RECORDS and facts.FOLLOWERS.get(symbol, ("",))[0] not in facts.RECORDS:
        return round(math.exp(path), 2)
    # Only these have a record that a live price must stay under; it is folded, for a clipped one would stand.
    top = high(market, symbol, day.year, row)
    return min(top, round(math.exp(math.log(top) - abs(math.log(top) - path)), 2))


def _bend(market: Market, symbol: str, day: date, tick: int, sd: float) -> float:
    """Log distance from the straight line; a follower bends with its index, a fund with both market legs."""
    if symbol in facts.FOLLOWERS:
        return _bend(market, facts.FOLLOWERS[symbol][0], day, tick, sd)
    large = sd * session_bridge(tick, market.seed, "SPX", day)
    if symbol == "SPX":
        return large
    if symbol == "VIX" or symbol in FROM_VIX:
        return _VIX_SWINGS[symbol] * large + 0.02 * session_bridge(tick, market.seed, "VIX", day)
    if symbol == "RUT":
        return _RUT_LARGE * large + sd * _RUT_OWN * session_bridge(tick, market.seed, "RUT", day)
    profile = market.profile(symbol)
    bend = profile.large * large
    if profile.small:
        bend += profile.small * (_bend(market, "RUT", day, tick, sd) - large)
    shared = session_bridge(tick, market.seed, profile.sector, day)
    own = session_bridge(tick, market.seed, symbol, day)
    return bend + sd * (profile.shared * shared + profile.own * own)
