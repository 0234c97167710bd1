"""The studies of many past sessions in one go: what every row has is made once, and each session reads its own.

Each of these answers for a day what the study of the bars up to that day answers, and leaves out what takes its time
and is not told by session: lines, seasons, correlations.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import Breakout, SectorStudy, SpreadStudy, TickerStudy
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.universe import BROAD_PAIRS, Spread, Universe
from rotation_tui.domain.verdict import Regime
from rotation_tui.studies import lines
from rotation_tui.studies import relative_strength as rs
from rotation_tui.studies.leaderboard import ABSENT_SESSIONS, WINDOW, PairsLed, pairs_led
from rotation_tui.studies.pair import Pair, join
from rotation_tui.studies.regime import Replay, replay
from rotation_tui.studies.returns import spread_pp, windows_at
from rotation_tui.studies.rotation_history import MIN_CLOSES, STALE_AFTER, RotationHistory, new_high
from rotation_tui.studies.score import price_raws, score_series
from rotation_tui.studies.spreads import (
    MARGIN,
    PERCENTILE_ROWS,
    legs_at,
    of_recent_years,
    rarity,
    reason,
    window_reasons,
)

BarsByBasis = Sequence[Mapping[str, Bars]]
"""Bars by symbol, on the basis that is taken first and then on the other."""


def _there(bars: Bars | None, day: date) -> bool:
    """Whether a symbol has bars by then."""
    return bars is not None and bool(bars.dates) and bars.dates[0] <= day


def _newest(bars: Bars, day: date) -> date:
    return bars.dates[bisect_right(bars.dates, day) - 1]


def _legs(small: str, large: str, bars: BarsByBasis, day: date) -> tuple[Bars, Bars] | None:
    """Both legs on the first basis on which both have bars by then."""
    for of_basis in bars:
        one, other = of_basis.get(small), of_basis.get(large)
        if one is not None and other is not None and _there(one, day) and _there(other, day):
            return one, other
    return None


class TickersOverTime:
    """The last close of symbols on past days."""

    def __init__(self, symbols: Sequence[str], bars: BarsByBasis, calendar: Calendar) -> None:
        self._symbols, self._bars, self._calendar = symbols, bars, calendar

    def at(self, day: date) -> dict[str, TickerStudy]:
        """The close of each symbol that has one, and nothing else of it."""
        found: dict[str, TickerStudy] = {}
        for symbol in self._symbols:
            bars = next((b[symbol] for b in self._bars if _there(b.get(symbol), day)), None)
            if bars is None or (last := _newest(bars, day)) < self._calendar.first:
                continue
            close = bars.close(bisect_left(bars.dates, last))
            found[symbol] = TickerStudy(symbol, bars.basis, bars.source, bars.dates[0], last, close, {}, None)
        return found


class SpreadOverTime:
    """One spread on past days."""

    def __init__(self, spread: Spread, bars: BarsByBasis, calendar: Calendar) -> None:
        self._spread, self._bars, self._calendar = spread, bars, calendar
        self._made: dict[Basis, _PairRows | None] = {}

    def at(self, day: date) -> SpreadStudy | None:
        """Its windows, margin and ratio; None where its legs have no close in common by then."""
        legs = _legs(self._spread.small, self._spread.large, self._bars, day)
        if legs is None:
            return None
        basis = legs[0].basis
        if basis not in self._made:
            self._made[basis] = _PairRows.of(*legs, self._calendar)
        made = self._made[basis]
        return None if made is None else made.study(self._spread, day)


class _PairRows:
    """What the study of a pair reads by row."""

    def __init__(self, pair: Pair, calendar: Calendar, *, recent: bool) -> None:
        self._pair, self._calendar, self._recent = pair, calendar, recent
        self._spreads = pair.spread(MARGIN)
        self._means = rs.rolling_mean(pair.ratio, lines.MEAN)
        self._distances = rs.distance_from_mean(pair.ratio, lines.MEAN)
        self._states = rs.breakout_states(pair.ratio)

    @classmethod
    def of(cls, small: Bars, large: Bars, calendar: Calendar) -> "_PairRows | None":
        try:
            pair = join(small, large, calendar)
        except RefusedValueError:
            return None
        return cls(pair, calendar, recent=small.outline or large.outline)

    def study(self, spread: Spread, day: date) -> SpreadStudy | None:
        pair = self._pair
        rows = bisect_right(pair.dates, day)
        if rows == 0 or (session := pair.dates[rows - 1]) < self._calendar.first:
            return None
        starts, gaps = windows_at(pair.dates, session, self._calendar)
        bases = {window: None if row is None else legs_at(pair, row) for window, row in starts.items()}
        found = rarity(self._spreads[max(0, rows - PERCENTILE_ROWS) : rows])
        distance, state = float(self._distances[rows - 1]), self._states[rows - 1]
        found["ratio_vs_200d_pct"] = None if np.isnan(distance) else distance
        found["breakout"] = None if state is Breakout.UNKNOWN else 1.0
        whole = bool(pair.numbers[rows - 1] - pair.numbers[0] == rows - 1)
        reasons = {name: reason(name, rows, whole=whole) for name, value in found.items() if value is None}
        if None in bases.values():
            reasons |= window_reasons(bases, pair.dates, rows, self._calendar)
        mean = float(self._means[rows - 1])
        study = SpreadStudy(
            id=spread.id,
            small=spread.small,
            large=spread.large,
            basis=pair.basis,
            first=pair.dates[0],
            last_session=session,
            rows=rows,
            bases={session: bases},
            z=found["z"],
            percentile=found["percentile"],
            ratio=float(pair.small[rows - 1] / pair.large[rows - 1]),
            ratio_vs_200d_pct=found["ratio_vs_200d_pct"],
            breakout=state,
            reasons=reasons,
            gaps={session: gaps},
            ratio_mean_200d=None if np.isnan(mean) else mean,
        )
        return of_recent_years(study) if self._recent else study


class RotationOverTime:
    """The price half of the verdict on past days."""

    def __init__(self, bars: BarsByBasis, calendar: Calendar) -> None:
        self._bars, self._calendar = bars, calendar
        self._made: dict[tuple[str, str, Basis], _Scores] = {}

    def at(self, day: date) -> RotationHistory | None:
        """What closes up to that day alone say; None where no broad pair is whole."""
        chosen = next((pair for pair in (self._chosen(bars, day) for bars in self._bars) if pair is not None), None)
        if chosen is None:
            return None
        small, large = chosen
        key = small.symbol, large.symbol, small.basis
        if key not in self._made:
            self._made[key] = _Scores(small, large, self._calendar)
        return self._made[key].at(day)

    def _chosen(self, bars: Mapping[str, Bars], day: date) -> tuple[Bars, Bars] | None:
        """As `choose_pair` chooses among the bars up to that day."""
        whole = [both for pair in BROAD_PAIRS if (both := _legs(*pair, (bars,), day)) is not None]
        if not whole:
            return None
        newest = max(_newest(leg, day) for both in whole for leg in both)
        for both in whole:
            oldest, closes = min(_newest(leg, day) for leg in both), min(bisect_right(leg.dates, day) for leg in both)
            if self._calendar.age(oldest, newest) <= STALE_AFTER and closes >= MIN_CLOSES:
                return both
        return whole[0]


class _Scores:
    """Score and regime of one pair at every row."""

    def __init__(self, small: Bars, large: Bars, calendar: Calendar) -> None:
        self._pair = pair = join(small, large, calendar)
        self._ratio = pair.ratio
        series = price_raws(pair, calendar)
        self._raws = {name: raw.tolist() for name, raw in series.items()}
        self._scores = [None if np.isnan(value) else value for value in score_series(series).tolist()]
        self._name = f"{small.symbol}-{large.symbol}" + (", total return" if pair.basis is Basis.TOTAL else "")

    @cached_property
    def _run(self) -> Replay:
        return replay(self._scores)

    @cached_property
    def _entered(self) -> list[int]:
        return [row for row, _ in self._run.entries]

    def at(self, day: date) -> RotationHistory:
        """What `study_rotation` says of the rows up to that day; RefusedValueError where there is none."""
        pair, rows = self._pair, bisect_right(self._pair.dates, day)
        if rows == 0:
            raise RefusedValueError(f"{self._name} has no session in common by {day}")
        last = rows - 1
        raws = {name: None if np.isnan(raw[last]) else raw[last] for name, raw in self._raws.items()}
        if rows < MIN_CLOSES:
            return RotationHistory(self._name, pair.dates[last], rows, raws, Regime.UNKNOWN)
        run, entered = self._run, bisect_right(self._entered, last)
        at = self._entered[entered - 1] if entered else None
        before_at, before = run.entries[entered - 2] if entered > 1 else (None, None)
        if at is not None and before is None:
            before = run.states[at - 1]
        over = [(start, end) for start, end in run.episodes if end <= last]
        begun = [start for start, end in run.episodes if start <= last < end]
        if run.episode_start is not None and run.episode_start <= last:
            begun.append(run.episode_start)
        lengths = tuple(end - start for start, end in over)
        return RotationHistory(
            pair=self._name,
            last_session=pair.dates[last],
            rows=rows,
            raws=raws,
            regime=run.states[last] if run.known[last] else Regime.UNKNOWN,
            since=None if at is None else pair.dates[at],
            age=None if at is None else last - at,
            before=before,
            before_age=None if at is None or before_at is None else at - before_at,
            episode_age=last - begun[0] if begun else None,
            last_episode=lengths[-1] if lengths else None,
            episodes=lengths,
            new_high=new_high(self._ratio[:rows]),
        )


class PairsOverTime:
    """How many small-minus-large pairs of sectors small caps lead on past days."""

    def __init__(self, universe: Universe, bars: BarsByBasis, calendar: Calendar) -> None:
        self._universe, self._bars, self._calendar = universe, bars, calendar
        self._paired = [(sector, sector.pair) for sector in universe.sectors if sector.pair is not None]
        self._joined: dict[tuple[str, str, Basis], Pair | None] = {}

    def at(self, day: date) -> PairsLed:
        """As `pairs_led` counts them on the bars up to that day."""
        spreads = {sector.id: self._spread(sector.symbol, pair, day) for sector, pair in self._paired}
        return pairs_led(
            self._universe,
            {
                s.id: SectorStudy(s.id, s.symbol, s.side, pair_spread_pp=spreads.get(s.id))
                for s in self._universe.sectors
            },
        )

    def _spread(self, small: str, large: str, day: date) -> float | None:
        legs = _legs(small, large, self._bars, day)
        if legs is None:
            return None
        key = small, large, legs[0].basis
        if key not in self._joined:
            try:
                self._joined[key] = join(*legs, self._calendar)
            except RefusedValueError:
                self._joined[key] = None
        pair = self._joined[key]
        last = -1 if pair is None else bisect_right(pair.dates, day) - 1
        if pair is None or last < 0:
            return None
        newest = max(_newest(leg, day) for leg in legs)
        if self._calendar.age(pair.dates[last], newest) >= ABSENT_SESSIONS:
            return None
        base = int(np.searchsorted(pair.numbers, pair.numbers[last] - WINDOW))
        if pair.numbers[base] != pair.numbers[last] - WINDOW:
            return None
        return spread_pp(*(float(leg[row]) for leg in (pair.small, pair.large) for row in (base, last)))
