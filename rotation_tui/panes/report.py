"""Everything about one risk check: its level and value, its past with the limits, and what would change it."""

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from rotation_tui.domain.reading import InputReading, Level, Reading
from rotation_tui.panes.base import Space
from rotation_tui.panes.levels import LIMIT_TONES, badge, limits_of, turn_of, value_of
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, Span, cut, left, width_of
from rotation_tui.widgets.glyphs import Glyphs
from rotation_tui.widgets.plot import Trace, plot
from rotation_tui.widgets.spark import STALE, Ink, spark

_LABEL = 9
_LEAST_PLOT, _MOST_PLOT = 4, 24
"""Lines of the chart, its dates included; below the least a sparkline stands for it."""


def report(check: Reading, space: Space) -> tuple[Row, ...]:
    """State and body of the report, what matters most first."""
    return (state(check, space), *body(check, replace(space, height=space.height - 1)))


def body(check: Reading, space: Space) -> tuple[Row, ...]:
    """The report without its first line, in at most as many rows as there is room for."""
    room = max(2, space.height)
    first = _mute(check, space)
    words = [
        *_lines("beside", check.beside, space),
        *_turns(check, space),
        *_limits(check, space),
        *_inputs(check, space),
        *_lines("formula", check.formula, space, "dim"),
    ]
    free = room - len(first)
    past = _past(check, space, max(_LEAST_PLOT, free - len(words)) if free > _LEAST_PLOT + 1 else 1)
    below = words[: max(0, free - len(past))]
    return (*first, *past, *below)


def state(check: Reading, space: Space) -> Row:
    """Level, value, its date and what it says, in one line."""
    sign = badge(check.level, space.glyphs)
    value = Span(f"  {value_of(check)}", "unknown" if check.value is None else "bright", bold=check.value is not None)
    if check.value is None:
        return (sign, Span(f"  {check.why}", "text"))
    row = (sign, value, Span(f"  {check.as_of}  ", "dim"))
    return (*row, Span(cut(check.why, space.width - width_of(row)), "text"))


def _mute(check: Reading, space: Space) -> list[Row]:
    if check.muted_until is None:
        return []
    return _lines("muted", f"until the end of {check.muted_until}; it does not raise its group", space, "watch")


def _past(check: Reading, space: Space, room: int) -> tuple[Row, ...]:
    """The values of the past with a line a limit, as tall as there is room; one line where there is little."""
    trail = space.trail(check.id)
    if trail is None or len(trail.values) < 2:
        return ()
    tone = "stale" if check.level is Level.UNKNOWN else "highlight"
    if room < _LEAST_PLOT:
        return (past_of(check, space.width, space),)
    limits = tuple(
        (name, value)
        for name, value in (("watch", check.watch), ("alert", check.alert))
        if value is not None and check.level is not Level.UNKNOWN
    )
    height = min(room, _MOST_PLOT)
    return _plotted(trail.dates, trail.values, limits, tone, space.width, height, space.glyphs)


def past_of(check: Reading, width: int, space: Space) -> Row:
    """The values of the past in one row of text, with the limit of watch as base and the colour of watch beyond it."""
    trail = space.trail(check.id)
    if trail is None:
        return ()
    beyond, within = ("watch", "spark") if check.higher_is_worse else ("spark", "watch")
    ink = STALE if check.level is Level.UNKNOWN else Ink(beyond, within)
    return spark(trail.values, width, space.glyphs, base=check.watch, last=check.value, ink=ink)[0]


@lru_cache(maxsize=8)
def _plotted(
    dates: tuple[date, ...],
    values: tuple[float, ...],
    limits: tuple[tuple[str, float], ...],
    tone: str,
    width: int,
    height: int,
    glyphs: Glyphs,
) -> tuple[Row, ...]:
    """Cached, since a board that moved has the same past for hours."""
    lines = [
        Trace(values, tone),
        *(Trace((at,) * len(dates), LIMIT_TONES[Level(name.upper())], name) for name, at in limits),
    ]
    return plot(lines, dates, width, height, glyphs=glyphs).rows


def _turns(check: Reading, space: Space) -> list[Row]:
    rows: list[Row] = []
    for turn in check.turns:
        name = {Level.OK: "ok"}.get(turn.level, turn.level.value)
        rows += _lines(name, turn_of(turn, check), space, "text", LIMIT_TONES[turn.level])
    if not rows and check.level is not Level.UNKNOWN and check.formula:
        rows += _lines("changes", "when what the formula says comes or goes; it has no distance", space)
    return rows


def _limits(check: Reading, space: Space) -> list[Row]:
    known = [f"{name} {value}" for name, value in limits_of(check)]
    if check.thresholds_changed:
        return _lines("limits", f"{', '.join(known)}, changed in the config", space, "highlight")
    return _lines("limits", "; ".join([*([", ".join(known)] if known else []), check.threshold_source]), space, "dim")


def _inputs(check: Reading, space: Space) -> list[Row]:
    rows: list[Row] = []
    for at, given in enumerate(check.inputs):
        rows += _lines("" if at else "inputs", _input(given), space, "unknown" if given.value is None else "dim")
    return rows


def _input(given: InputReading) -> str:
    if given.value is None:
        return f"{given.id} is not there"
    old = f", {given.stale}" if given.stale else ""
    return f"{given.id} {figures.amount(given.value)} of {given.as_of} from {given.source}{old}"


def _lines(name: str, words: str, space: Space, tone: str = "text", label: str = "faint") -> list[Row]:
    """Words behind a label, as many lines as they need."""
    pieces: Sequence[str] = textwrap.wrap(words, max(10, space.width - _LABEL)) or ([""] if name else [])
    return [
        (Span(left("" if at else name, _LABEL), label), Span(piece, tone)) for at, piece in enumerate(pieces) if words
    ]
