"""Who leads: sector funds against their benchmark and against their pair, over 63 sessions (METHODOLOGY.md#sectors)."""

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import fmean

from msgspec import Struct

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import Rotation, SectorStudy
from rotation_tui.domain.rotation import WHOLE, all_members, rotation_of
from rotation_tui.domain.rotation_past import RotationPast
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.universe import BENCHMARKS, Sector, Universe
from rotation_tui.studies.lines import in_steps
from rotation_tui.studies.pair import Pair, join
from rotation_tui.studies.relative_strength import YEAR
from rotation_tui.studies.returns import change_pct, row_of, spread_pp
from rotation_tui.studies.rotation_graph import DAILY, PRESETS, WEEKLY, Preset, rotation_past
from rotation_tui.studies.tickers import VOLUME_KNOWN, VOLUME_SESSIONS, median_dollar_volume, year_range

WINDOW = 63
MEAN_ROWS = 200
RANK_LAG = 21
"""The rank is compared with the one of so many sessions ago."""
LINE_SESSIONS, LINE_STEP = 250, 5
"""Sessions of the past that the line of the excess has, and how many of them each of its values is the mean of."""
ILLIQUID_BELOW = 500_000.0
"""Dollars a day; house default."""
ABSENT_SESSIONS = 3
"""A fund without a close for so many sessions is treated as gone."""
_DAILY_ROWS = 900
_NO_VOLUME = f"needs the volume of {VOLUME_KNOWN} of the last {VOLUME_SESSIONS} sessions"

BarsBySymbol = Mapping[str, Bars]
Pasts = dict[tuple[str, str, str], RotationPast]
"""What has been worked out, by preset, symbol and benchmark."""


class _Margins(Struct, frozen=True):
    """Return of a symbol or its spread over another, now and `RANK_LAG` sessions ago, and why it has none.

    `line` are the spreads of the past year.
    """

    now: float | None
    before: float | None
    rows: int
    refused: str | None = None
    of: str = "common closes"
    line: tuple[float | None, ...] = ()

    def why(self, needed: int, value: float | None) -> str | None:
        """Why a value is unknown, None where it is not."""
        if value is not None:
            return None
        if self.refused is not None or self.rows < needed:
            return self.refused or f"needs {needed} {self.of}, have {self.rows}"
        return "no close of a session that it needs"


class PairsLed(Struct, frozen=True):
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
    universe: Universe, price: BarsBySymbol, total: BarsBySymbol, calendar: Calendar, pasts: Pasts | None = None
) -> dict[str, SectorStudy]:
    """Study of every sector of the universe by its id; symbols without bars give unknowns.

    Returns are told on price closes, or on total-return closes where a pair has only these; rotation the
    other way round. Excess is over the sector's own benchmark. Ranks are within a side, by return over the window,
    1 is best, ties share the better. What is worked out of the rotation goes into `pasts`.
    """
    pasts = {} if pasts is None else pasts
    ranks: dict[str, int | None] = {}
    changes: dict[str, int | None] = {}
    unranked: dict[str, _Margins] = {}
    for side in BENCHMARKS:
        here = [sector for sector in universe.sectors if sector.side == side]
        returns = _returns(here, price, total, calendar)
        new, old = rank({i: r.now for i, r in returns.items()}), rank({i: r.before for i, r in returns.items()})
        ranks |= new
        changes |= rank_change(old, new)
        unranked |= returns
    studies: dict[str, SectorStudy] = {}
    for sector in universe.sectors:
        symbol = sector.symbol
        own, alone = _margins(symbol, sector.against, (price, total), calendar), unranked[sector.id]
        paired = None if sector.pair is None else _margins(symbol, sector.pair, (price, total), calendar)
        traded = _dollar_volume(symbol, price, total)
        year = year_range(price.get(symbol) or total.get(symbol))
        reasons = {
            "excess_pp": own.why(WINDOW + 1, own.now),
            "rank": alone.why(WINDOW + 1, alone.now),
            "rank_change": alone.why(WINDOW + RANK_LAG + 1, alone.before),
            "pair_spread_pp": None if paired is None else paired.why(WINDOW + 1, paired.now),
            "year_range_pct": _why_no_range(price.get(symbol) or total.get(symbol)) if year is None else None,
            "median_dollar_volume": _NO_VOLUME if traded is None else None,
        }
        studies[sector.id] = SectorStudy(
            id=sector.id,
            symbol=symbol,
            side=sector.side,
            excess_pp=own.now,
            pair_spread_pp=None if paired is None else paired.now,
            rank=ranks[sector.id],
            rank_change=changes[sector.id],
            illiquid=None if traded is None else traded < ILLIQUID_BELOW,
            median_dollar_volume=traded,
            year_range=year,
            mean=_mean(price.get(symbol) or total.get(symbol)),
            reasons={name: why for name, why in reasons.items() if why is not None},
            excess_line=own.line,
            rotation=_rotation(symbol, BENCHMARKS[sector.side], (total, price), calendar, WEEKLY, pasts),
            rotation_daily=_rotation(symbol, BENCHMARKS[sector.side], (total, price), calendar, DAILY, pasts),
        )
    return studies


def study_small_against_large(
    price: BarsBySymbol, total: BarsBySymbol, calendar: Calendar, pasts: Pasts | None = None
) -> tuple[Rotation, ...]:
    """Rotation of small caps as a whole against large caps (IWM against SPY), by each preset."""
    known = {} if pasts is None else pasts
    return tuple(_rotation(*WHOLE, (total, price), calendar, preset, known) for preset in PRESETS)


def study_pasts(
    universe: Universe, price: BarsBySymbol, total: BarsBySymbol, calendar: Calendar, pasts: Pasts
) -> tuple[RotationPast, ...]:
    """The rotation of small caps as a whole and of each member of every list against each of its benchmarks.

    Those in `pasts` have been worked out already.
    """
    wanted = dict.fromkeys([WHOLE, *((symbol, other) for _, symbol, other in all_members(universe))])
    return tuple(
        _past(symbol, other, (total, price), calendar, preset, pasts) for symbol, other in wanted for preset in PRESETS
    )


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


def _returns(
    sectors: Sequence[Sector], price: BarsBySymbol, total: BarsBySymbol, calendar: Calendar
) -> dict[str, _Margins]:
    """Return of every sector over the window, for their order: all on the basis that most have, price where equal.

    A fund without closes for three sessions, or whose window is another one for want of rows, has none.
    """
    on = max((price, total), key=lambda bars: sum(s.symbol in bars for s in sectors))
    known = [bars[name] for s in sectors for name in (s.symbol, s.against) for bars in (price, total) if name in bars]
    newest = max((bars.dates[-1] for bars in known), default=None)
    found: dict[str, _Margins] = {}
    for sector in sectors:
        bars = on.get(sector.symbol)
        if bars is None or newest is None:
            other = sector.symbol in price or sector.symbol in total
            why = f"{sector.symbol} has not the basis of the others" if other else f"no closes of {sector.symbol}"
            found[sector.id] = _Margins(None, None, 0, why)
        elif calendar.age(bars.dates[-1], newest) >= ABSENT_SESSIONS:
            found[sector.id] = _Margins(None, None, 0, f"{sector.symbol} has had no close since {bars.dates[-1]}")
        else:
            now, before = (_return(bars, ago, calendar) for ago in (0, RANK_LAG))
            found[sector.id] = _Margins(now, before, len(bars), of="closes")
    return found


def _return(bars: Bars, ago: int, calendar: Calendar) -> float | None:
    """Return over the window as of `ago` sessions before the last, None where one of the two closes is missing."""
    end = calendar.offset(bars.dates[-1], -ago)
    now, base = _close_of(bars, end), _close_of(bars, calendar.offset(end, -WINDOW))
    return change_pct(base, now)


def _close_of(bars: Bars, day: date) -> float | None:
    row = row_of(bars.dates, day)
    return None if row is None else bars.close(row)


def _same_basis(symbol: str, other: str, choices: tuple[BarsBySymbol, ...]) -> tuple[Bars, Bars] | None:
    """Bars of both symbols from the first choice that has both; never one leg of each."""
    for bars in choices:
        if symbol in bars and other in bars and bars[symbol].dates and bars[other].dates:
            return bars[symbol], bars[other]
    return None


def _pair(symbol: str, other: str, choices: tuple[BarsBySymbol, ...], calendar: Calendar) -> Pair:
    """Common rows of two symbols; RefusedValueError where one has none or has been without closes for too long."""
    both = _same_basis(symbol, other, choices)
    if both is None:
        raise RefusedValueError(f"no closes of {symbol} and {other} on one basis")
    pair = join(*both, calendar)
    newest = max(both[0].dates[-1], both[1].dates[-1])
    if calendar.age(pair.dates[-1], newest) >= ABSENT_SESSIONS:
        raise RefusedValueError(f"{symbol} and {other} have had no common close since {pair.dates[-1]}")
    return pair


def _margins(symbol: str, other: str, choices: tuple[BarsBySymbol, ...], calendar: Calendar) -> _Margins:
    try:
        pair = _pair(symbol, other, choices, calendar)
    except RefusedValueError as refused:
        return _Margins(None, None, 0, str(refused))
    return _Margins(_spread(pair, 0), _spread(pair, RANK_LAG), len(pair), line=_line(pair))


def _spread(pair: Pair, ago: int) -> float | None:
    """Spread of a pair over the window, as of `ago` sessions before the last."""
    end, start = pair.row_before(ago), pair.row_before(ago + WINDOW)
    if end is None or start is None:
        return None
    return spread_pp(*(float(leg[row]) for leg in (pair.small, pair.large) for row in (start, end)))


def _line(pair: Pair) -> tuple[float | None, ...]:
    """The spreads over the window at the rows of the past year, in means of what is known of so many rows."""
    return in_steps(pair.spread(WINDOW)[-LINE_SESSIONS:].tolist(), LINE_STEP)


def _dollar_volume(symbol: str, *choices: BarsBySymbol) -> float | None:
    traded = (median_dollar_volume(bars[symbol]) for bars in choices if symbol in bars)
    return next((value for value in traded if value is not None), None)


def _mean(bars: Bars | None) -> float | None:
    """Mean of the last 200 closes; None with fewer."""
    return None if bars is None or len(bars) < MEAN_ROWS else fmean(bars.closes_in(slice(-MEAN_ROWS, None)))


def _why_no_range(bars: Bars | None) -> str:
    rows = 0 if bars is None else len(bars)
    return f"needs {YEAR} closes, have {rows}" if rows < YEAR else "nothing varies"


def _rotation(
    symbol: str, other: str, choices: tuple[BarsBySymbol, ...], calendar: Calendar, preset: Preset, pasts: Pasts
) -> Rotation:
    return rotation_of(_past(symbol, other, choices, calendar, preset, pasts))


def _past(
    symbol: str, other: str, choices: tuple[BarsBySymbol, ...], calendar: Calendar, preset: Preset, pasts: Pasts
) -> RotationPast:
    key = preset.name, symbol, other
    if key not in pasts:
        pasts[key] = _made(symbol, other, choices, calendar, preset)
    return pasts[key]


def _made(
    symbol: str, other: str, choices: tuple[BarsBySymbol, ...], calendar: Calendar, preset: Preset
) -> RotationPast:
    both = _same_basis(symbol, other, choices)
    if both is None:
        return RotationPast(preset.name, symbol, other, why=f"no closes of {symbol} and {other} on one basis")
    if preset is DAILY:  # an average over 60 rows has forgotten what lies so far back
        both = (both[0].tail(_DAILY_ROWS), both[1].tail(_DAILY_ROWS))
    try:
        return rotation_past(*both, calendar, preset)
    except RefusedValueError as refused:
        return RotationPast(preset.name, symbol, other, why=str(refused))
