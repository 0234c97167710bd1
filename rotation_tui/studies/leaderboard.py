"""Who leads: sector funds against their benchmark and against their pair, over 63 sessions (quant.md 3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import Rotation, SectorStudy
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.universe import Universe
from rotation_tui.studies.pair import Pair, join
from rotation_tui.studies.relative_strength import spread_series
from rotation_tui.studies.rotation_graph import DAILY, WEEKLY, Preset, rotation
from rotation_tui.studies.tickers import median_dollar_volume

WINDOW = 63
RANK_LAG = 21
"""The rank is compared with the one of so many sessions ago."""
ILLIQUID_BELOW = 500_000.0
"""Dollars a day; house default."""
ABSENT_SESSIONS = 3
"""A fund without a close for so many sessions is treated as gone."""
_DAILY_ROWS = 900
BENCHMARKS = {"small": "IWM", "large": "SPY"}

BarsBySymbol = Mapping[str, Bars]


@dataclass(frozen=True, slots=True)
class PairsLed:
    """Of `total` small-minus-large pairs `known` have a 63-session spread, and small caps lead `led`."""

    led: int
    known: int
    total: int

    @property
    def share(self) -> float | None:
        """Share led of the known pairs, None with fewer than half of them known."""
        return self.led / self.known if self.known and 2 * self.known >= self.total else None

    @property
    def broad(self) -> bool | None:
        """Whether at least two thirds (6 of 9) are led; None where the unknown ones decide."""
        needed = 2 * self.total
        if self.total and 3 * self.led >= needed:
            return True
        return False if self.total and 3 * (self.led + self.total - self.known) < needed else None


def study_sectors(
    universe: Universe, price: BarsBySymbol, total: BarsBySymbol, calendar: Calendar
) -> dict[str, SectorStudy]:
    """Study of every sector of the universe by its id; symbols without bars give unknowns.

    Returns are told on price closes, or on total-return closes where a pair has only these; rotation the
    other way round. Ranks are within a side, by excess over IWM or SPY, 1 is best, ties share the better.
    """
    now: dict[str, float | None] = {}
    before: dict[str, float | None] = {}
    for sector in universe.sectors:
        pair = _pair(sector.symbol, BENCHMARKS[sector.side], (price, total), calendar)
        now[sector.id], before[sector.id] = _spread(pair, 0), _spread(pair, RANK_LAG)
    ranks: dict[str, int | None] = {}
    changes: dict[str, int | None] = {}
    for side in BENCHMARKS:
        ids = [sector.id for sector in universe.sectors if sector.side == side]
        new, old = (rank({i: values[i] for i in ids}) for values in (now, before))
        ranks |= new
        changes |= rank_change(old, new)
    studies: dict[str, SectorStudy] = {}
    for sector in universe.sectors:
        paired = None
        if sector.pair is not None:
            paired = _spread(_pair(sector.symbol, sector.pair, (price, total), calendar), 0)
        studies[sector.id] = SectorStudy(
            id=sector.id,
            symbol=sector.symbol,
            side=sector.side,
            excess_pp=now[sector.id],
            pair_spread_pp=paired,
            rank=ranks[sector.id],
            rank_change=changes[sector.id],
            illiquid=_illiquid(sector.symbol, price, total),
            rotation=_rotation(sector.symbol, BENCHMARKS[sector.side], (total, price), calendar, WEEKLY),
            rotation_daily=_rotation(sector.symbol, BENCHMARKS[sector.side], (total, price), calendar, DAILY),
        )
    return studies


def rank(values: Mapping[str, float | None]) -> dict[str, int | None]:
    """Rank from 1 for the highest; equal values share the better rank, unknown ones have none."""
    known = [value for value in values.values() if value is not None]
    return {key: None if value is None else 1 + sum(other > value for other in known) for key, value in values.items()}


def rank_change(old: Mapping[str, int | None], new: Mapping[str, int | None]) -> dict[str, int | None]:
    """Places gained since the old rank, None where either is unknown."""
    changes: dict[str, int | None] = {}
    for key, rank_now in new.items():
        rank_then = old.get(key)
        changes[key] = None if rank_then is None or rank_now is None else rank_then - rank_now
    return changes


def pairs_led(universe: Universe, sectors: Mapping[str, SectorStudy]) -> PairsLed:
    """How many small-minus-large pairs small caps lead.

    Where several small sectors share a large one (regional banks and financials), the first in the
    universe stands for the pair, so that no sector counts twice.
    """
    first: dict[str, str] = {}
    for sector in universe.sectors:
        if sector.side == "small" and sector.pair is not None:
            first.setdefault(sector.pair, sector.id)
    studied = [sectors[i].pair_spread_pp for i in first.values() if i in sectors]
    spreads = [spread for spread in studied if spread is not None]
    return PairsLed(sum(spread > 0 for spread in spreads), len(spreads), len(first))


def _same_basis(symbol: str, other: str, choices: tuple[BarsBySymbol, ...]) -> tuple[Bars, Bars] | None:
    """Bars of both symbols from the first choice that has both; never one leg of each."""
    for bars in choices:
        if symbol in bars and other in bars and bars[symbol].dates and bars[other].dates:
            return bars[symbol], bars[other]
    return None


def _pair(symbol: str, other: str, choices: tuple[BarsBySymbol, ...], calendar: Calendar) -> Pair | None:
    """Common rows of two symbols; None where one has none or has been without closes for too long."""
    both = _same_basis(symbol, other, choices)
    if both is None:
        return None
    try:
        pair = join(*both)
    except RefusedValueError:
        return None  # no common session: the row shows unknowns, which is what there is to tell
    newest = max(both[0].dates[-1], both[1].dates[-1])
    return None if calendar.age(pair.dates[-1], newest) >= ABSENT_SESSIONS else pair


def _spread(pair: Pair | None, ago: int) -> float | None:
    """Spread of a pair over the window, as of `ago` rows before the last."""
    if pair is None or len(pair) <= WINDOW + ago:
        return None
    rows = slice(len(pair) - ago - WINDOW - 1, len(pair) - ago)
    value = spread_series(pair.small[rows], pair.large[rows], WINDOW)[-1]
    return None if np.isnan(value) else float(value)


def _illiquid(symbol: str, *choices: BarsBySymbol) -> bool | None:
    for bars in choices:
        if symbol in bars:
            traded = median_dollar_volume(bars[symbol])
            if traded is not None:
                return traded < ILLIQUID_BELOW
    return None


def _rotation(
    symbol: str, other: str, choices: tuple[BarsBySymbol, ...], calendar: Calendar, preset: Preset
) -> Rotation:
    both = _same_basis(symbol, other, choices)
    if both is None:
        return Rotation(symbol, other, reason=f"no closes of {symbol} and {other} on one basis")
    if preset is DAILY:  # an average over 60 rows has forgotten what lies so far back
        both = (both[0].tail(_DAILY_ROWS), both[1].tail(_DAILY_ROWS))
    try:
        return rotation(*both, calendar, preset)
    except RefusedValueError as refused:
        return Rotation(symbol, other, reason=str(refused))
