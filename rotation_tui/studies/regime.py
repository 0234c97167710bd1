"""The regime machine: the state of the rotation, replayed over all the history there is (METHODOLOGY.md#regime)."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Struct

from rotation_tui.domain.verdict import Regime, RunCounter, Side, WayOut

CONFIRM = 5
"""Completed closes in a row that a condition must hold."""
REVERSAL_SESSIONS = 63
"""A reversal rests so many full sessions after its entry."""
UP, EMERGING, DOWN, LOW, NONE = 40.0, 20.0, 20.0, -20.0, 0.0

_EPISODE = frozenset({Regime.ROTATION, Regime.CONSOLIDATION})


class Replay(Struct, frozen=True):
    """State after every row. `known` is False where the score was unknown and the state only stayed.

    `entries` are the rows at which the state changed, with the new state. `episodes` are first and last row
    of each completed episode (from ROTATION to REVERSAL); `episode_start` is the row of a running one.
    `counters` are as they stand after the last row, `ways_out` what could end its state.
    """

    states: tuple[Regime, ...]
    known: tuple[bool, ...]
    entries: tuple[tuple[int, Regime], ...]
    episodes: tuple[tuple[int, int], ...]
    episode_start: int | None
    counters: tuple[RunCounter, ...]
    ways_out: tuple[WayOut, ...]


@dataclass(slots=True)
class _Runs:
    """For each condition, how many known scores in a row have satisfied it."""

    up: int = 0
    emerging: int = 0
    down: int = 0
    low: int = 0
    none: int = 0

    def count(self, score: float) -> None:
        self.up = self.up + 1 if score >= UP else 0
        self.emerging = self.emerging + 1 if score >= EMERGING else 0
        self.down = self.down + 1 if score < DOWN else 0
        self.low = self.low + 1 if score <= LOW else 0
        self.none = self.none + 1 if score < NONE else 0

    def told(self, confirm: int) -> tuple[RunCounter, ...]:
        """All five, from the highest threshold to the lowest."""
        return (
            RunCounter("up", Side.AT_LEAST, UP, self.up, confirm),
            RunCounter("emerging", Side.AT_LEAST, EMERGING, self.emerging, confirm),
            RunCounter("down", Side.BELOW, DOWN, self.down, confirm),
            RunCounter("none", Side.BELOW, NONE, self.none, confirm),
            RunCounter("low", Side.AT_MOST, LOW, self.low, confirm),
        )


def replay(
    scores: Sequence[float | None], confirm: int = CONFIRM, reversal_sessions: int = REVERSAL_SESSIONS
) -> Replay:
    """Run the machine over a score a row, starting in NO ROTATION.

    An unknown score (None) freezes the state and every counter.
    """
    state, runs, age, start = Regime.NO_ROTATION, _Runs(), 0, None
    states: list[Regime] = []
    entries: list[tuple[int, Regime]] = []
    episodes: list[tuple[int, int]] = []
    for row, score in enumerate(scores):
        if score is not None:
            runs.count(score)
            age += 1
            following = _next(state, runs, confirm, rested=age > reversal_sessions)
            if following is not state:
                if following is Regime.ROTATION and state not in _EPISODE:
                    start = row
                elif following not in _EPISODE and start is not None:
                    episodes.append((start, row))
                    start = None
                state, age = following, 0
                entries.append((row, state))
        states.append(state)
    known = tuple(score is not None for score in scores)
    ways_out = _ways_out(state, max(0, reversal_sessions - age))
    return Replay(tuple(states), known, tuple(entries), tuple(episodes), start, runs.told(confirm), ways_out)


def _next(state: Regime, runs: _Runs, confirm: int, rested: bool) -> Regime:
    if runs.up >= confirm:
        return Regime.ROTATION
    emerging = Regime.EMERGING if runs.emerging >= confirm else None
    match state:
        case Regime.NO_ROTATION:
            return emerging or state
        case Regime.EMERGING:
            return Regime.NO_ROTATION if runs.none >= confirm else state
        case Regime.ROTATION if runs.low >= confirm:
            return Regime.REVERSAL
        case Regime.ROTATION:
            return Regime.CONSOLIDATION if runs.down >= confirm else state
        case Regime.CONSOLIDATION:
            return Regime.REVERSAL if runs.low >= confirm else state
        case Regime.REVERSAL if rested:
            return emerging or Regime.NO_ROTATION
    return state


def _ways_out(state: Regime, rests: int) -> tuple[WayOut, ...]:
    """What `_next` would do, as it is told: the way that is looked at first comes first."""
    up = WayOut(Regime.ROTATION, "up")
    match state:
        case Regime.NO_ROTATION:
            return up, WayOut(Regime.EMERGING, "emerging")
        case Regime.EMERGING:
            return up, WayOut(Regime.NO_ROTATION, "none")
        case Regime.ROTATION:
            return WayOut(Regime.REVERSAL, "low"), WayOut(Regime.CONSOLIDATION, "down")
        case Regime.CONSOLIDATION:
            return up, WayOut(Regime.REVERSAL, "low")
        case Regime.REVERSAL:
            return up, WayOut(Regime.EMERGING, "emerging", rests), WayOut(Regime.NO_ROTATION, None, rests)
    return ()
