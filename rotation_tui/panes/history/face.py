"""A history as a face or as part of a detail: the drawing, what is read of it, and its title."""

from rotation_tui.board.contract import Board
from rotation_tui.board.lines import Drawable, PriceLine
from rotation_tui.panes.base import Space
from rotation_tui.panes.history.curves import KIND, MONTHS, of_peak, read, value
from rotation_tui.panes.history.drawing import SHAPE, Drawing, Manner, drawing
from rotation_tui.panes.history.frames import FRAME, cursor_of, first_of, is_all
from rotation_tui.panes.history.inside import days_in, inside_detail
from rotation_tui.panes.history.lower import LOWER, told
from rotation_tui.panes.history.periods import candle_at
from rotation_tui.panes.history.regimes import regime_on, regimes_of
from rotation_tui.panes.parts import as_fits, sentence
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Rows, Span, cut, width_of
from rotation_tui.widgets.glyphs import Glyphs


def face_of(history: Drawable, board: Board, space: Space, *, stale: bool) -> Face:
    """The chart in all of its place, with the cursor where there is one."""
    frame, manner = space.setting(FRAME), _manner_of(history, board, space, stale=stale)
    first = first_of(history.dates, frame)
    if first is None:
        year = history.dates[-1].year
        return sentence(
            f"{history.name} {frame}",
            f"no close from the last week of {year - 1}, so {year} has no base; {space.key('w')} shows another frame",
            width=space.width,
        )
    made = drawing(history, first, manner)
    found = made.plot
    rows, point = found.rows, len(history.dates) - 1
    back = cursor_of(space)
    if back and found.points:
        column = max(0, len(found.points) - 1 - back)
        rows, point = found.with_cursor(column, space.glyphs.vertical, "bright"), first + found.points[column]
    title = _title(history, first, manner.kind, made, space)
    pieces: list[Row] = [(Span(str(history.dates[point]), "highlight" if back else "dim", bold=bool(back)),)]
    pieces += _read(history, first, manner, made, point, frame)
    pieces += _peaks(history, first, manner.kind, made, space.glyphs)
    covered = width_of((Span(title),)) + 1 if space.tight else 0
    header = (Span(" " * covered), *as_fits(pieces, space.width - covered))
    return Face(title, rows, (None,) * len(rows), _subtitle(history, space), header)


def _manner_of(history: Drawable, board: Board, space: Space, *, stale: bool, height: int | None = None) -> Manner:
    return Manner(
        kind=_kind(space),
        shape=space.setting(SHAPE),
        lower=space.setting(LOWER),
        regimes=regimes_of(board, history),
        stale=stale,
        width=space.width,
        height=space.height if height is None else height,
        glyphs=space.glyphs,
    )


def _kind(space: Space) -> str:
    """The curves that are drawn; the ratio where the months are chosen, which are no curve."""
    kind = space.setting(KIND)
    return "ratio" if kind == MONTHS else kind


def _read(history: Drawable, first: int, manner: Manner, made: Drawing, point: int, frame: str) -> list[Row]:
    """What the reading line says at a row: the candle there or the curves, the regime, and what stands below."""
    if made.candles:
        one = candle_at(made.candles, point - first)
        known = (("O", one.open), ("H", one.high), ("L", one.low), ("C", one.close))
        pieces = [value(name, figures.amount(price)) for name, price in known]
    else:
        pieces = read(history, first, manner.kind, point, frame)
    below = told(history, manner.lower, first, point, frame)
    if below is not None:
        pieces.append(value(*below))
    regime = regime_on(manner.regimes, history.dates[point])
    return [*pieces, *([value("regime", regime.value)] if regime is not None else [])]


_LEAST, _MOST = 6, 16
"""Lines of a chart in a detail, its dates included."""
_ROOM = 18
"""Lines of a detail from which on a chart stands in it."""


def with_chart(name: str, facts: Rows, board: Board, space: Space, *, stale: bool) -> Rows:
    """A detail with the chart of its row above what is said of it, where there is room and a history.

    What is said goes on below the last line, where it can be scrolled to, before the chart gets too low to be read.
    """
    if space.height < _ROOM:
        return facts
    days = days_in(space)
    if days is not None:
        return inside_detail(name, days, facts, board, space)
    history = space.lines(name)
    first = None if history is None else first_of(history.dates, space.setting(FRAME))
    if history is None or first is None:
        return facts
    height = max(_LEAST, min(_MOST, space.height - len(facts) - 2))
    manner = _manner_of(history, board, space, stale=stale, height=height)
    made = drawing(history, first, manner)
    words = f"{_title(history, first, manner.kind, made, space)} {space.glyphs.dot} {history.basis.value} return"
    head: Row = (Span(cut(words, space.width), "title"),)
    room = space.width - width_of(head) - 2
    marked = as_fits(_peaks(history, first, manner.kind, made, space.glyphs), room)
    return ((*head, Span("  "), *marked) if marked else head, *made.plot.rows, (), *facts)


def _title(history: Drawable, first: int, kind: str, made: Drawing, space: Space) -> str:
    dot, frame = f" {space.glyphs.dot} ", space.setting(FRAME)
    if isinstance(history, PriceLine):
        what, unit, axis = history.name, "", "log axis"
    elif kind == "spread":
        what, unit, axis = f"{history.small} {space.glyphs.minus} {history.large}", "pp", ""
    else:
        what = f"{history.name} ratio" if kind == "ratio" else f"{history.small} and {history.large}"
        unit, axis = "100", "log axis"
    words = f"{what} {frame}"
    if space.tight:
        short = f" by {made.period}" if made.candles else " log"
        return words + (" pp" if unit == "pp" else short)
    if is_all(history.dates, frame):
        words += ", all there is"
    since = history.dates[first]
    based = {"pp": f"pp since {since}", "100": f"100 on {since}", "": f"from {since}"}[unit]
    candles = [f"a candle a {made.period}"] if made.candles else []
    if not made.candles and isinstance(history, PriceLine) and space.setting(SHAPE) == "candles":
        candles = ["closes alone, no candles"]
    return dot.join([words, *candles, based, *([axis] if axis else [])])


def _subtitle(history: Drawable, space: Space) -> str:
    closes = f"{len(history.dates):,} closes {history.dates[0]} to {history.dates[-1]}"
    return f"{history.basis.value} return {space.glyphs.dot} {closes}"


def _peaks(history: Drawable, first: int, kind: str, made: Drawing, glyphs: Glyphs) -> list[Row]:
    """The highest of each curve in the frame: a record where no close of the history is higher."""
    found: list[Row] = []
    for curve, peak in zip(made.curves, made.peaks, strict=True):
        if peak is None:
            continue
        raw = peak.value if curve.raw is None else curve.raw[first + peak.point] or peak.value
        word = "widest" if curve.name == "spread" else "record" if peak.record else "high"
        name = f"{curve.name} " if kind == "legs" and not isinstance(history, PriceLine) else ""
        text = of_peak(history, kind, raw)
        found.append(
            (
                Span(f"{glyphs.up} ", "watch" if peak.record else curve.tone),
                Span(f"{name}{word} {text} {history.dates[first + peak.point]}", "text" if peak.record else "dim"),
            )
        )
    return found
