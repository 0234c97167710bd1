"""What stands beside the simulated closes: the first and the extreme prices of each session, and the shares traded."""

import math
from collections.abc import Iterator
from datetime import date
from typing import Literal

from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.providers.simulated import facts
from rotation_tui.providers.simulated.market import GAP, Market
from rotation_tui.providers.simulated.noise import noises

_ALL = slice(None)
_LIVE_BELOW_RECORD = 0.9995  # prices inside a session stay under this share of the standing record


def volume(market: Market, symbol: str) -> float | None:
    """Million shares on a usual day, None where nothing trades (an index) or nothing is told (a future)."""
    if symbol in facts.FOLLOWERS:
        return facts.FOLLOWERS[symbol][3]
    return market.profile(symbol).volume if kind_of(symbol) is Kind.ETF else None


def highs(market: Market, symbol: str, year: int) -> list[float]:
    """Highest prices of all sessions of a year: never under the close, never beyond the record."""
    return _extremes(market, symbol, year, "high")


def high(market: Market, symbol: str, year: int, row: int) -> float:
    """The same of one session of the year, without the cost of all."""
    return _extremes(market, symbol, year, "high", slice(row, row + 1))[0]


def lows(market: Market, symbol: str, year: int) -> list[float]:
    """Lowest prices of all sessions of a year: never above the close."""
    return _extremes(market, symbol, year, "low")


def opens(market: Market, symbol: str, year: int) -> list[float]:
    """First prices of all sessions of a year: the close before and what of the day's move came overnight."""
    if symbol in facts.FOLLOWERS:
        base, factor, _, _ = facts.FOLLOWERS[symbol]
        return [round(price * factor, 2) for price in opens(market, base, year)]
    days = zip(market.closes(symbol, year), market.moves(symbol, year), strict=True)
    return [round(close * math.exp((GAP - 1) * move), 2) for close, move in days]


def _extremes(market: Market, symbol: str, year: int, which: Literal["high", "low"], rows: slice = _ALL) -> list[float]:
    beyond, sign = (max, 1) if which == "high" else (min, -1)
    closes = market.closes(symbol, year)[rows]
    if symbol in facts.FOLLOWERS:
        base, factor, _, _ = facts.FOLLOWERS[symbol]
        followed = (price * factor for price in _extremes(market, base, year, which, rows))
        return [beyond(close, round(price, 2)) for close, price in zip(closes, followed, strict=True)]
    ceiling = market.ceiling(symbol, year) * _LIVE_BELOW_RECORD if which == "high" else math.inf
    reach = (
        math.exp(beyond(0.0, (GAP - 1) * move) + sign * abs(n) * sd / 2)
        for move, sd, n in _days(market, symbol, year, which, rows)
    )
    return [beyond(close, round(min(ceiling, close * factor), 2)) for close, factor in zip(closes, reach, strict=True)]


def volumes(market: Market, symbol: str, year: int) -> list[float] | None:
    """Shares traded in all sessions of a year: more on days that move, fewer on half days."""
    usual = volume(market, symbol)
    if usual is None:
        return None
    days = zip(market.sessions(year), _days(market, symbol, year, "volume"), strict=True)
    return [
        float(int(usual * _part(market, day) * (0.7 + 0.4 * abs(move) / sd) * math.exp(0.25 * n) * 1e6))
        for day, (move, sd, n) in days
    ]


def _days(
    market: Market, symbol: str, year: int, what: str, rows: slice = _ALL
) -> Iterator[tuple[float, float, float]]:
    """Log return, standard deviation of the market and noise of its own for sessions of a year."""
    moves = market.moves(symbol, year)
    own = noises(len(moves), market.seed, what, symbol, year)
    return zip(moves[rows], market.deviations(year)[rows], own[rows], strict=True)


def _part(market: Market, day: date) -> float:
    return 0.55 if market.calendar.is_early_close(day) else 1.0
