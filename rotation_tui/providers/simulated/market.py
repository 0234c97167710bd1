"""Daily closes of the simulated market, made a year at a time and only when asked for.

S&P 500, Russell 2000 and VIX have noise of their own between published closes. Every other instrument
follows from the first two, the noise of its sector and its own. What is made is kept.
"""

import math
from datetime import date
from itertools import pairwise

from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.session import Calendar
from rotation_tui.providers.simulated import facts
from rotation_tui.providers.simulated.noise import noise, noises, tied

GAP = 0.3
"""Share of a day's move that is there at the opening."""

FROM_VIX = {"VIX3M": (0.6, 20.0, 1.0, 0.01), "RVX": (0.95, 20.0, 1.28, 0.02)}
"""Volatility indexes that follow VIX: power, centre, factor and daily noise."""

_BELOW_RECORD = 0.999  # closes fold under this share of the record, so that followers' noise stays below too
_REALISED = 0.85  # realised volatility as a share of what VIX implies
_TRACKING = 0.00012  # daily noise of a follower around its index
_LOADS = {"SPX": (1.0, 0.0), "RUT": (1.1, 0.65)}  # on the market's noise, on the noise of size
_MOST = {"SPX": 0.09, "RUT": 0.11}  # largest daily log move before a path is tied to its ends
_MOST_OTHERS = 0.12
_VIX_PERSISTENCE, _VIX_STEP, _VIX_LEAST, _VIX_MOST = 0.97, 0.065, 9.0, 80.0


class Market:
    """The simulated market of one seed. `paths_made` counts what was generated, one a symbol and year."""

    def __init__(self, seed: int, calendar: Calendar) -> None:
        self.seed = seed
        self.calendar = calendar
        self.paths_made = 0
        self._sessions: dict[int, tuple[date, ...]] = {}
        self._closes: dict[tuple[str, int], tuple[float, ...]] = {}
        self._ends: dict[tuple[str, int], float] = {}
        self._moves: dict[tuple[str, int], list[float]] = {}
        self._deviations: dict[int, list[float]] = {}

    def first(self, symbol: str) -> date:
        year = facts.FIRST_YEAR if symbol in facts.LONG_HISTORY else facts.SHORT_FIRST_YEAR
        return self.calendar.last_of_month(year, 12)

    def sessions(self, year: int) -> tuple[date, ...]:
        if year not in self._sessions:
            self._sessions[year] = self.calendar.sessions(date(year, 1, 1), date(year, 12, 31))
        return self._sessions[year]

    def year_end(self, symbol: str, year: int) -> float:
        """Close of the last session of a year; needs no path."""
        key = (symbol, year)
        if key not in self._ends:
            self._ends[key] = round(self._year_end(symbol, year), 2)
        return self._ends[key]

    def closes(self, symbol: str, year: int) -> tuple[float, ...]:
        """Closes of all sessions of a year, price only."""
        key = (symbol, year)
        if key not in self._closes:
            self._closes[key] = self._path(symbol, year)
            self.paths_made += 1
        return self._closes[key]

    def moves(self, symbol: str, year: int) -> list[float]:
        """Log returns of all sessions of a year."""
        key = (symbol, year)
        if key not in self._moves:
            logs = [math.log(close) for close in (self.year_end(symbol, year - 1), *self.closes(symbol, year))]
            self._moves[key] = [after - before for before, after in pairwise(logs)]
        return self._moves[key]

    def deviations(self, year: int) -> list[float]:
        """Daily standard deviation of the large-cap market for every session of a year."""
        if year not in self._deviations:
            before = (self.year_end("VIX", year - 1), *self.closes("VIX", year)[:-1])
            self._deviations[year] = [vix * _REALISED / 100 / math.sqrt(252) for vix in before]
        return self._deviations[year]

    def profile(self, symbol: str) -> facts.Profile:
        """How a symbol moves; one that is not listed gets a character made from its name."""
        known = facts.PROFILES.get(symbol)
        if known:
            return known
        level, year, large, small, own, volume = noises(6, self.seed, "profile", symbol)
        traded = kind_of(symbol) is Kind.ETF
        return facts.Profile(
            level=round(60 * math.exp(0.4 * level), 2),
            year=round(10 + 5 * year, 1),
            dividend=1.2 if traded else 0.0,
            large=round(1 + 0.1 * large, 2),
            small=round(0.4 + 0.2 * small, 2),
            sector=symbol,
            shared=0.0,
            own=round(0.4 + 0.08 * own, 2),
            volume=round(4 * math.exp(0.5 * volume), 2) if traded else None,
        )

    def dividend(self, symbol: str) -> float:
        """Yield in percent, paid out in four parts; 0 for an index."""
        follower = facts.FOLLOWERS.get(symbol)
        if follower:
            return follower[2]
        return 0.0 if symbol in facts.YEAR_ENDS or symbol in FROM_VIX else self.profile(symbol).dividend

    def ceiling(self, symbol: str, year: int) -> float:
        """The record close that stood in a year, infinite where none is published."""
        return facts.CEILINGS.get(symbol, {}).get(year, facts.RECORDS.get(symbol, math.inf))

    def _year_end(self, symbol: str, year: int) -> float:
        if symbol in facts.FOLLOWERS:
            base, factor, _, _ = facts.FOLLOWERS[symbol]
            return self.year_end(base, year) * factor
        if symbol in FROM_VIX:
            return _from_vix(symbol, self.year_end("VIX", year), 0.0)
        if symbol in facts.YEAR_ENDS:
            if facts.FIRST_YEAR <= year <= facts.LAST_YEAR:
                return facts.YEAR_ENDS[symbol][year - facts.FIRST_YEAR]
            later = noise(self.seed, "year", symbol, year)
            if symbol == "VIX":
                return 17 * math.exp(0.12 * later)
            return facts.RECORDS[symbol] * math.exp(-0.055 + 0.015 * later)
        if year == facts.LAST_YEAR:
            return self.profile(symbol).level
        if year < facts.LAST_YEAR:
            return self.year_end(symbol, year + 1) / math.exp(self._year_move(symbol, year + 1))
        return self.year_end(symbol, year - 1) * math.exp(self._year_move(symbol, year))

    def _year_move(self, symbol: str, year: int) -> float:
        """Log price return of a year for an instrument with a profile."""
        profile = self.profile(symbol)
        if year == facts.LAST_YEAR:
            return math.log(1 + profile.year / 100) + 4 * math.log(1 - profile.dividend / 400)
        large, small = (math.log(self.year_end(base, year) / self.year_end(base, year - 1)) for base in ("SPX", "RUT"))
        shared, own = (noise(self.seed, "year", name, year) for name in (profile.sector, symbol))
        spread = 0.08 * (profile.shared * shared + profile.own * own)
        return profile.large * large + profile.small * (small - large) + spread

    def _path(self, symbol: str, year: int) -> tuple[float, ...]:
        if symbol == "VIX":
            return self._vix(year)
        sessions = self.sessions(year)
        if symbol in FROM_VIX:
            own = noises(len(sessions) - 1, self.seed, symbol, year)
            vix = self.closes("VIX", year)
            return tuple(round(_from_vix(symbol, v, n), 2) for v, n in zip(vix, [*own, 0.0], strict=True))
        if symbol in facts.FOLLOWERS:
            return self._follow(symbol, year)
        deviations = self.deviations(year)
        if symbol in _LOADS:
            steps = self._index_steps(symbol, year, deviations)
        else:
            steps = self._profile_steps(symbol, year, deviations)
        logs = self._tie(symbol, year, steps, [sd * sd for sd in deviations])
        if symbol in facts.RECORDS:
            ceiling = math.log(self.ceiling(symbol, year) * _BELOW_RECORD)
            logs = [ceiling - abs(ceiling - x) for x in logs]
        closes = [round(math.exp(x), 2) for x in logs]
        for day, close in self._ties(symbol, year).items():
            closes[sessions.index(day)] = close
        return tuple(closes)

    def _index_steps(self, symbol: str, year: int, deviations: list[float]) -> list[float]:
        n, (large, size), most = len(deviations), _LOADS[symbol], _MOST[symbol]
        shocks = (noises(n, self.seed, name, year) for name in ("market", "size"))
        return [
            max(-most, min(most, sd * (large * m + size * s))) for sd, m, s in zip(deviations, *shocks, strict=True)
        ]

    def _profile_steps(self, symbol: str, year: int, deviations: list[float]) -> list[float]:
        profile, n, most = self.profile(symbol), len(deviations), _MOST_OTHERS
        in_large, in_small = profile.large - profile.small, profile.small
        of_sector, of_own = profile.shared, profile.own
        rows = zip(
            self.moves("SPX", year),
            self.moves("RUT", year),
            deviations,
            noises(n, self.seed, profile.sector, year),
            noises(n, self.seed, "own", symbol, year),
            strict=True,
        )
        return [
            max(-most, min(most, in_large * r + in_small * s + sd * (of_sector * shared + of_own * own)))
            for r, s, sd, shared, own in rows
        ]

    def _follow(self, symbol: str, year: int) -> tuple[float, ...]:
        base, factor, _, _ = facts.FOLLOWERS[symbol]
        fixed = self._ties(base, year)
        rows = zip(
            self.sessions(year),
            self.closes(base, year),
            noises(len(self.sessions(year)), self.seed, "tracking", symbol, year),
            strict=True,
        )
        return tuple(round(close * factor * (1.0 if day in fixed else 1 + _TRACKING * n), 2) for day, close, n in rows)

    def _vix(self, year: int) -> tuple[float, ...]:
        n = len(self.sessions(year))
        away, steps = 0.0, []
        for market, own in zip(noises(n, self.seed, "market", year), noises(n, self.seed, "VIX", year), strict=True):
            step = _VIX_STEP * (0.66 * own - 0.75 * market) - (1 - _VIX_PERSISTENCE) * away
            away += step
            steps.append(step)
        logs = self._tie("VIX", year, steps, [1.0] * n)
        least = math.log(_VIX_LEAST)
        return tuple(round(min(_VIX_MOST, math.exp(least + abs(x - least))), 2) for x in logs)

    def _ties(self, symbol: str, year: int) -> dict[date, float]:
        """Closes of a year that are given: published ones and the year's end."""
        inner = {day: close for day, close in facts.FIXED.get(symbol, {}).items() if day.year == year}
        return {**inner, self.sessions(year)[-1]: self.year_end(symbol, year)}

    def _tie(self, symbol: str, year: int, steps: list[float], weights: list[float]) -> list[float]:
        """Log path of a year from its first to its last close, through all that are given."""
        sessions, path = self.sessions(year), list[float]()
        start, at = 0, math.log(self.year_end(symbol, year - 1))
        for day, close in self._ties(symbol, year).items():
            stop = sessions.index(day) + 1
            path += tied(at, math.log(close), steps[start:stop], weights[start:stop])
            start, at = stop, math.log(close)
        return path


def _from_vix(symbol: str, vix: float, own: float) -> float:
    power, centre, factor, spread = FROM_VIX[symbol]
    return factor * centre * math.pow(vix / centre, power) * math.exp(spread * own)
