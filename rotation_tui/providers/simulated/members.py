"""Closes of the demo's made-up companies: each moves with its index, with its sector, and by itself.

They are made when they are asked for, and nobody keeps them: a path takes less time than the memory is worth.
"""

import math
from datetime import date
from functools import cache

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
