"""The regimes of the rotation at the foot of their pair, in words, so that colour is not the only carrier."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from rotation_tui.board.contract import Board
from rotation_tui.board.lines import Drawable, Lines
from rotation_tui.domain.verdict import Regime, Transition
from rotation_tui.widgets.cells import Row, Span, fit
from rotation_tui.widgets.glyphs import Glyphs
from rotation_tui.widgets.plot import Plot

_TONES = {
    Regime.ROTATION: "highlight", Regime.EMERGING: "watch", Regime.CONSOLIDATION: "text", Regime.REVERSAL: "loss",
    Regime.NO_ROTATION: "faint",
}  # fmt: skip
_SHORT = {
    Regime.ROTATION: ("ROTATION", "ROT", "R"), Regime.EMERGING: ("EMERGING", "EMG", "E"),
    Regime.CONSOLIDATION: ("CONSOLIDATION", "CONS", "C"), Regime.REVERSAL: ("REVERSAL", "REV", "V"),
    Regime.NO_ROTATION: ("no rotation", ""),
}  # fmt: skip
"""How a regime is written, longest first."""


def regimes_of(board: Board, history: Drawable) -> tuple[Transition, ...]:
    """When each regime of the pair began; none where the verdict is about another one."""
    if not isinstance(history, Lines):
        return ()
    pair = board.verdict.pair.partition(",")[0]
    return board.verdict.transitions if pair == f"{history.small}-{history.large}" else ()


def regime_on(transitions: Sequence[Transition], day: date) -> Regime | None:
    """The regime at the close of a day, None before the first one began."""
    at = bisect_right([one.session for one in transitions], day)
    return transitions[at - 1].regime if at else None


def band(
    transitions: Sequence[Transition], dates: Sequence[date], above: Plot, width: int, glyphs: Glyphs, *, stale: bool
) -> Row:
    """One line of so many columns under a chart: each regime by its name, as long as it lasted."""
    begun = [one.session for one in transitions]
    at = [bisect_right(begun, dates[point]) for point in above.points]
    spans = [Span(" " * above.start)]
    for number, columns in groupby(at):
        room = len(list(columns))
        last = number == at[-1]
        regime = transitions[number - 1].regime if number else None
        if regime is None or regime not in _SHORT:
            spans.append(Span(" " * room))
            continue
        word = next((w for w in _SHORT[regime] if len(w) < room + last or len(w) == room == 1), "")
        fill = " " if regime is Regime.NO_ROTATION else glyphs.horizontal
        spans.append(Span(word.ljust(room, fill), "stale" if stale else _TONES[regime]))
    return fit(tuple(spans), width)
