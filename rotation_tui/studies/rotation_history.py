"""The price half of the verdict: score and regime of one pair, replayed from its first close."""

from collections.abc import Mapping
from datetime import date

import numpy as np
from msgspec import Struct

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.universe import BROAD_PAIRS
from rotation_tui.domain.verdict import Regime, RunCounter, Transition, WayOut
from rotation_tui.studies.pair import Array, join
from rotation_tui.studies.regime import replay
from rotation_tui.studies.score import price_raws, score_series

MIN_CLOSES = 452
"""Closes of both legs below which the state is unknown: 200 for the first score and a year of scores."""
STALE_AFTER = 2
"""Sessions that an index may be behind its fund before the funds stand in for the indexes."""
_HIGH_OF, _HIGH_WITHIN = 252, 63


class RotationHistory(Struct, frozen=True):
    """What closes alone say at the last common close. Ages and lengths are in sessions.

    `raws` are the raw values of the price terms. `regime` is UNKNOWN with too few closes. `since` and `age`
    are of the regime, None where it is as old as the history; `before` is the regime before it and
    `before_age` how long that lasted. `episode_age` is of the running episode, `last_episode` the length of
    the last completed one. `new_high` says whether the ratio made a 252-session high in the last 63.
    """

    pair: str
    last_session: date
    rows: int
    raws: Mapping[str, float | None]
    regime: Regime
    since: date | None = None
    age: int | None = None
    before: Regime | None = None
    before_age: int | None = None
    episode_age: int | None = None
    last_episode: int | None = None
    episodes: tuple[int, ...] = ()
    new_high: bool | None = None
    transitions: tuple[Transition, ...] = ()
    counters: tuple[RunCounter, ...] = ()
    ways_out: tuple[WayOut, ...] = ()


def choose_pair(bars: Mapping[str, Bars], calendar: Calendar) -> tuple[Bars, Bars] | None:
    """The pair that the verdict is about: the indexes, or the funds where an index is missing.

    An index counts as missing without bars, with fewer closes than the state needs, or with its last close
    more than two sessions behind the newest of the four symbols. None where no pair is whole.
    """
    there = {symbol: made for symbol, made in bars.items() if made.dates}
    whole = [(there[small], there[large]) for small, large in BROAD_PAIRS if small in there and large in there]
    if not whole:
        return None
    newest = max(leg.dates[-1] for both in whole for leg in both)
    for both in whole:
        oldest = min(leg.dates[-1] for leg in both)
        if calendar.age(oldest, newest) <= STALE_AFTER and min(map(len, both)) >= MIN_CLOSES:
            return both
    return whole[0]


def study_rotation(small: Bars, large: Bars, calendar: Calendar) -> RotationHistory:
    """Score terms and regime of a pair from all the history there is; nothing is stored between calls.

    Raises RefusedValueError where the legs are on different bases or have no session in common.
    """
    pair = join(small, large, calendar)
    series = price_raws(pair, calendar)
    raws = {name: None if np.isnan(raw[-1]) else float(raw[-1]) for name, raw in series.items()}
    name = f"{small.symbol}-{large.symbol}" + (", total return" if pair.basis is Basis.TOTAL else "")
    last, rows = pair.dates[-1], len(pair)
    if rows < MIN_CLOSES:
        return RotationHistory(name, last, rows, raws, Regime.UNKNOWN)
    scores = [None if np.isnan(value) else value for value in score_series(series).tolist()]
    run = replay(scores)
    at, regime = run.entries[-1] if run.entries else (None, run.states[-1])
    before_at, before = run.entries[-2] if len(run.entries) > 1 else (None, None)
    if at is not None and before is None:
        before = run.states[at - 1]
    lengths = tuple(end - start for start, end in run.episodes)
    return RotationHistory(
        pair=name,
        last_session=last,
        rows=rows,
        raws=raws,
        regime=regime if run.known[-1] else Regime.UNKNOWN,
        since=None if at is None else pair.dates[at],
        age=None if at is None else rows - 1 - at,
        before=before,
        before_age=None if at is None or before_at is None else at - before_at,
        episode_age=None if run.episode_start is None else rows - 1 - run.episode_start,
        last_episode=lengths[-1] if lengths else None,
        episodes=lengths,
        new_high=new_high(pair.ratio),
        transitions=tuple(Transition(pair.dates[row], state) for row, state in run.entries),
        counters=run.counters if run.known[-1] else (),
        ways_out=run.ways_out if run.known[-1] else (),
    )


def new_high(ratio: Array) -> bool | None:
    """Whether the ratio made a 252-session high in the last 63; None with too few closes."""
    if len(ratio) < _HIGH_OF + _HIGH_WITHIN - 1:
        return None
    recent = ratio[-(_HIGH_OF + _HIGH_WITHIN - 1) :]
    highs = np.lib.stride_tricks.sliding_window_view(recent, _HIGH_OF).max(axis=1)
    return bool((recent[_HIGH_OF - 1 :] >= highs).any())
