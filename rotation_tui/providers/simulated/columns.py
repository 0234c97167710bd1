"""What stands beside the simulated closes: the extreme prices of each session and the shares traded."""

import math
from datetime import date

from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.providers.simulated import facts
from rotation_tui.providers.simulated.market import GAP, Market
from rotation_tui.providers.simulated.noise import noises

_LIVE_BELOW_RECORD = 0.9995  # prices inside a session stay under this share of the standing record


def volume(market: Market, symbol: str) -> float | None:
    """Million shares on a usual day, None where nothing trades (an index) or nothing is told (a future)."""
    if symbol in facts.FOLLOWERS:
        return facts.FOLLOWERS[symbol][3]
    return market.profile(symbol).volume if kind_of(symbol) is Kind.ETF else None


def highs(market: Market, symbol: str, year: int) -> list[float]:
    """Highest prices of all sessions of a year: never under the close, never beyond the record."""
    closes = market.closes(symbol, year)
    if symbol in facts.FOLLOWERS:
        base, factor, _, _ = facts.FOLLOWERS[symbol]
        followed = (high * factor for high in highs(market, base, year))
        return [max(close, round(high, 2)) for close, high in zip(closes, followed, strict=True)]
    ceiling = market.ceiling(symbol, year) * _LIVE_BELOW_RECORD
    rows = zip(
        closes,
        market.moves(symbol, year),
        market.deviations(year),
        noises(len(closes), market.seed, "high", symbol, year),
        strict=True,
    )
    return [
        max(close, round(min(ceiling, close * math.exp(max(0.0, (GAP - 1) * move) + abs(n) * sd / 2)), 2))
        for close, move, sd, n in rows
    ]


def lows(market: Market, symbol: str, year: int) -> list[float]:
    """Lowest prices of all sessions of a year: never above the close."""
    closes = market.closes(symbol, year)
    if symbol in facts.FOLLOWERS:
        base, factor, _, _ = facts.FOLLOWERS[symbol]
        followed = (low * factor for low in lows(market, base, year))
        return [min(close, round(low, 2)) for close, low in zip(closes, followed, strict=True)]
    rows = zip(
        closes,
        market.moves(symbol, year),
        market.deviations(year),
        noises(len(closes), market.seed, "low", symbol, year),
        strict=True,
    )
    return [
        min(close, round(close * math.exp(min(0.0, (GAP - 1) * move) - abs(n) * sd / 2), 2))
        for close, move, sd, n in rows
    ]


def volumes(market: Market, symbol: str, year: int) -> list[float] | None:
    """Shares traded in all sessions of a year: more on days that move, fewer on half days."""
    usual = volume(market, symbol)
    if usual is None:
        return None
    sessions = market.sessions(year)
    rows = zip(
        sessions,
        market.moves(symbol, year),
        market.deviations(year),
        noises(len(sessions), market.seed, "volume", symbol, year),
        strict=True,
    )
    return [
        float(int(usual * _part(market, day) * (0.7 + 0.4 * abs(move) / sd) * math.exp(0.25 * n) * 1e6))
        for day, move, sd, n in rows
    ]


def _part(market: Market, day: date) -> float:
    return 0.55 if market.calendar.is_early_close(day) else 1.0
