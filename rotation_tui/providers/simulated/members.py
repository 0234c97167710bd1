"""Prices of the demo's made-up companies: each moves with its index, with its sector, and by itself.

They are made when they are asked for, and nobody keeps them: a path takes less time than the memory is worth.
"""

import math
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from rotation_tui.providers.simulated import companies as made
from rotation_tui.providers.simulated.companies import MadeUp, companies
from rotation_tui.providers.simulated.market import Market
from rotation_tui.providers.simulated.noise import noise, noises
from rotation_tui.providers.simulated.papers import price_at

FUND_OF = {True: "IWM", False: "IVV"}
"""The fund that reckons the shares of small companies, and of large ones."""
_INDEX = {True: "IWM", False: "SPY"}
_SHARED = {True: 0.5, False: 0.35}
_OWN = {True: 1.5, False: 0.9}
"""Noise of a sector and of a company, in standard deviations of the large-cap market on the day."""
_DRIFT = {True: 0.12, False: 0.08}
_YEAR = 252
_OVERNIGHT = 0.7
"""Share of a day's move that comes before the first price."""
_HALF_SPREAD = {True: 0.3, False: 0.03}
"""Half of what lies between bid and ask, in the same deviations: it widens with them."""
_TRADED = 0.007
"""Share of its worth of which a company changes hands on a usual day."""
_THIN_EVERY, _THIN_AT, _THIN = 31, 7, 0.03
"""Which of the small trade less, and how much of what they would."""


def company_of(seed: int, ticker: str) -> MadeUp | None:
    """Whose share a ticker is, in either class; None where it is none of the made-up companies'."""
    return _by_ticker(seed).get(ticker)


@cache
def _by_ticker(seed: int) -> dict[str, MadeUp]:
    every = companies(seed)
    classes = {f"{c.ticker}{letter}": c for c in every if not c.small and c.place == made.CLASSES for letter in "AB"}
    return {c.ticker: c for c in every} | classes


def closes(market: Market, company: MadeUp, years: range, last: date) -> tuple[float, ...]:
    """Closes of all sessions of some years up to `last`, at which the fund reckons a share at the last one."""
    at, path, rows = 0.0, list[float](), 0
    drift = _DRIFT[company.small] * noise(market.seed, "drift", company.small, company.place) / _YEAR
    beta = 1 + 0.15 * noise(market.seed, "beta", company.small, company.place)
    for year in years:
        n = len(market.sessions(year))
        rows += sum(day <= last for day in market.sessions(year))
        days = zip(
            market.moves(_INDEX[company.small], year),
            market.deviations(year),
            noises(n, market.seed, "sector of", company.small, company.sector, year),
            noises(n, market.seed, "member", company.small, company.place, year),
            strict=True,
        )
        for index, sd, shared, own in days:
            at += beta * index + drift + sd * (_SHARED[company.small] * shared + _OWN[company.small] * own)
            path.append(at)
    end, ends_at = path[rows - 1], price_at(market, company, FUND_OF[company.small], last)
    return tuple(round(ends_at * math.exp(step - end), 4) for step in path[:rows])


class Beside(NamedTuple):
    """What stands beside closes, for as many sessions."""

    highs: tuple[float, ...]
    lows: tuple[float, ...]
    volumes: tuple[float, ...]


def beside(market: Market, company: MadeUp, year: int, before: float, path: Sequence[float]) -> Beside:
    """Highs, lows and volumes of the first sessions of a year with these closes, `before` being the close before them.

    The last trade is at the bid or the ask, and so are the extremes: what lies between can be told from them.
    """
    name = (market.seed, company.small, company.place, year)
    highs, lows, volumes = list[float](), list[float](), list[float]()
    thin = _THIN if company.small and company.place % _THIN_EVERY == _THIN_AT else 1.0
    days = zip(
        path,
        market.sessions(year),
        market.deviations(year),
        noises(len(path), "member range", *name),
        noises(len(path), "member traded", *name),
        strict=False,
    )
    for close, day, sd, width, traded in days:
        half, move = _HALF_SPREAD[company.small] * sd, math.log(close / before)
        between, first = -math.copysign(half, width), (_OVERNIGHT - 1) * move
        reach = abs(width) * sd / 2 + half
        highs.append(max(close, round(close * math.exp(between + max(0.0, first) + reach), 4)))
        lows.append(min(close, round(close * math.exp(between + min(0.0, first) - reach), 4)))
        part = 0.55 if market.calendar.is_early_close(day) else 1.0
        dollars = company.worth * _TRADED * thin * part * (0.7 + 0.2 * abs(move) / sd) * math.exp(0.25 * traded)
        volumes.append(float(int(dollars / close)))
        before = close
    return Beside(tuple(highs), tuple(lows), tuple(volumes))
