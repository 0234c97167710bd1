"""The history of a pair: ratio with its 200-session mean, both legs, or the spread between them."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from rotation_tui.board.contract import Board, SpreadRow
from rotation_tui.board.lines import Lines
from rotation_tui.domain.state import State
from rotation_tui.domain.window import MAX_BASE_GAP_DAYS, Window, months_before, nominal_base
from rotation_tui.panes.base import Pane, Setting, Space
from rotation_tui.panes.parts import sentence
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Span, width_of
from rotation_tui.widgets.glyphs import Glyphs
from rotation_tui.widgets.plot import Annotation, Plot, Scale, Trace, plot

_LENGTHS = {"1M": 1, "3M": 3, "6M": 6, "1Y": 12, "3Y": 36, "5Y": 60, "10Y": 120}
"""Months from the first visible close to the last one."""

FRAME = Setting("frame", "w", ("1Y", "3Y", "5Y", "10Y", "MAX", "1M", "3M", "6M", "YTD"), "time frame of the chart")
KIND = Setting("kind", "m", ("ratio", "legs", "spread"), "ratio, both legs, or spread")


class Curve(Struct, frozen=True):
    """One line in the frame. `values` are as drawn, `raw` as they were over the whole history, None where they
    have no meaning without the frame; `name` is what it is called when read.
    """

    name: str
    tone: str
    values: tuple[float | None, ...]
    raw: tuple[float | None, ...] | None = None
    peak: bool = True


class Peak(Struct, frozen=True):
    """The highest value in the frame, where it was last, and whether no close in the history is higher."""

    point: int
    value: float
    record: bool


class _Drawing(Struct, frozen=True):
    curves: tuple[Curve, ...]
    peaks: tuple[Peak | None, ...]
    plot: Plot


def first_of(lines: Lines, frame: str) -> int | None:
    """Row of the first visible close, from which everything is rebased; all there is where there is less.

    A frame begins with the base of its window: the last close on or before the same day so many months earlier,
    YTD with the last one of the year before, None where there is none within a week of its end.
    """
    last = len(lines.dates) - 1
    if frame == "YTD":
        end = nominal_base(Window.YTD, lines.dates[last])
        row = bisect_right(lines.dates, end) - 1
        return row if row >= 0 and (end - lines.dates[row]).days <= MAX_BASE_GAP_DAYS else None
    if frame not in _LENGTHS:
        return 0
    return max(0, bisect_right(lines.dates, months_before(lines.dates[last], _LENGTHS[frame])) - 1)


def curves_of(lines: Lines, first: int, kind: str, tone: str = "highlight") -> tuple[Curve, ...]:
    """What is drawn from row `first` on, where lines are 100 and a spread is 0 pp (METHODOLOGY.md#chart)."""

    def rebased(column: Sequence[float | None], base: float) -> tuple[float | None, ...]:
        return tuple(None if value is None else 100.0 * value / base for value in column[first:])

    if kind == "ratio":
        base = lines.ratio[first]
        return (
            Curve("ratio", tone, rebased(lines.ratio, base), lines.ratio),
            Curve("200d", "dim", rebased(lines.mean, base), lines.mean, peak=False),
        )
    small, large = lines.small_closes, lines.large_closes
    if kind == "legs":
        return (
            Curve(lines.small, tone, rebased(small, small[first]), small),
            Curve(lines.large, "text", rebased(large, large[first]), large),
        )
    pairs = zip(small[first:], large[first:], strict=True)
    return (Curve("spread", tone, tuple(100.0 * (a / small[first] - b / large[first]) for a, b in pairs)),)


def peak_of(curve: Curve, first: int) -> Peak | None:
    """The highest of a curve; a close that equals an earlier record is a new one. A spread is never a record."""
    known = [(value, point) for point, value in enumerate(curve.values) if value is not None]
    if not curve.peak or not known:
        return None
    value, point = max(known)
    if curve.raw is None:
        return Peak(point, value, record=False)
    here = curve.raw[first + point]
    return Peak(point, value, here is not None and here >= max(v for v in curve.raw if v is not None))


@lru_cache(maxsize=4)
def _drawing(lines: Lines, first: int, kind: str, tone: str, width: int, height: int, glyphs: Glyphs) -> _Drawing:
    """Everything but the cursor; cached, since a board that moved has the same history for hours."""
    curves = curves_of(lines, first, kind, tone)
    peaks = tuple(peak_of(curve, first) for curve in curves)
    annotations = [
        Annotation(peak.point, peak.value, glyphs.up, "watch" if peak.record else curve.tone)
        for curve, peak in zip(curves, peaks, strict=True) if peak is not None
    ]  # fmt: skip
    traces = [Trace(c.values, c.tone, "" if len(curves) == 1 or c.name == "ratio" else c.name) for c in curves]
    spread = kind == "spread"
    scale = Scale(not spread, 0.0 if spread else 100.0, figures.signed if spread else figures.amount)
    drawn = plot(traces, lines.dates[first:], width, height, scale=scale, annotations=annotations, glyphs=glyphs)
    return _Drawing(curves, peaks, drawn)


def draw(board: Board, space: Space) -> Face:
    """The picked pair, the first one where none is."""
    pair, row = _pair(board, space)
    if pair is None:
        return sentence("History", "no pairs configured")
    lines = space.lines(pair)
    if lines is None:
        legs = f"{row.small} and {row.large}" if row is not None else pair
        why = f": {row.why}" if row is not None and row.why else "; it is drawn as soon as the closes of both are here"
        return sentence(f"History of {pair}", f"no history of {legs} yet{why}")
    frame, kind = space.setting(FRAME), space.setting(KIND)
    first = first_of(lines, frame)
    if first is None:
        year = lines.dates[-1].year
        return sentence(
            f"{lines.name} {frame}",
            f"no close from the last week of {year - 1}, so {year} has no base; w shows another frame",
        )
    tone = "stale" if row is not None and row.state is State.STALE else "highlight"
    drawing = _drawing(lines, first, kind, tone, space.width, space.height, space.glyphs)
    found = drawing.plot
    rows, point = found.rows, len(lines.dates) - 1
    back = _cursor(space)
    if back and found.points:
        column = max(0, len(found.points) - 1 - back)
        rows, point = found.with_cursor(column, space.glyphs.vertical, "bright"), first + found.points[column]
    title = _title(lines, first, frame, kind, space)
    pieces: list[Row] = [(Span(str(lines.dates[point]), "highlight" if back else "dim", bold=bool(back)),)]
    pieces += _values(lines, first, kind, point)
    pieces += _peaks(lines, first, kind, drawing, space.glyphs)
    covered = width_of((Span(title),)) + 1 if space.tight else 0
    header = (Span(" " * covered), *_as_fits(pieces, space.width - covered))
    return Face(title, rows, (None,) * len(rows), _subtitle(lines, space), header)


def _pair(board: Board, space: Space) -> tuple[str | None, SpreadRow | None]:
    """Id of the pair to draw, and its row where the board has one."""
    by_id = {row.id: row for row in board.spreads}
    if space.picked is not None and (space.picked in by_id or space.lines(space.picked) is not None):
        return space.picked, by_id.get(space.picked)
    return (board.spreads[0].id, board.spreads[0]) if board.spreads else (None, None)


def _cursor(space: Space) -> int:
    """Columns that the cursor stands back from the newest one, 0 where there is no cursor."""
    text = space.settings.get("cursor", "0")
    return int(text) if text.isdecimal() else 0


def _title(lines: Lines, first: int, frame: str, kind: str, space: Space) -> str:
    what = {"ratio": f"{lines.name} ratio", "legs": f"{lines.small} and {lines.large}"}.get(
        kind, f"{lines.small} {space.glyphs.minus} {lines.large}"
    )
    words = f"{what} {frame}"
    if space.tight:
        return words + (" pp" if kind == "spread" else " log")
    if frame in _LENGTHS and lines.dates[0] > months_before(lines.dates[-1], _LENGTHS[frame]):
        words += ", all there is"
    since = lines.dates[first]
    dot = space.glyphs.dot
    return f"{words} {dot} pp since {since}" if kind == "spread" else f"{words} {dot} 100 on {since} {dot} log axis"


def _subtitle(lines: Lines, space: Space) -> str:
    dot = f" {space.glyphs.dot} "
    words = [f"{lines.basis.value} return", f"{len(lines.dates):,} closes {lines.dates[0]} to {lines.dates[-1]}"]
    return dot.join(words)


def _values(lines: Lines, first: int, kind: str, point: int) -> list[Row]:
    """What the chart reads at row `point` of the history."""
    small, large = lines.small_closes, lines.large_closes
    if kind == "ratio":
        mean, base = lines.mean[point], lines.ratio[first]
        off = None if mean is None else 100.0 * (lines.ratio[point] / mean - 1.0)
        return [
            _value("ratio", figures.significant(lines.ratio[point]), figures.amount(100.0 * lines.ratio[point] / base)),
            _value("200d", figures.significant(mean), None if mean is None else figures.amount(100.0 * mean / base)),
            _value("vs 200d", figures.signed(off, 2) + (" %" if off is not None else "")),
        ]
    legs = ((lines.small, small), (lines.large, large))
    if kind == "legs":
        return [
            _value(name, figures.amount(closes[point]), figures.amount(100.0 * closes[point] / closes[first]))
            for name, closes in legs
        ]
    spread = 100.0 * (small[point] / small[first] - large[point] / large[first])
    returns = [_value(n, figures.signed(100.0 * (c[point] / c[first] - 1.0), 2) + " %") for n, c in legs]
    return [_value("spread", figures.signed(spread, 2) + " pp"), *returns]


def _value(name: str, text: str, drawn: str | None = None) -> Row:
    tone = "unknown" if text == figures.UNKNOWN else "bright"
    return (Span(f"{name} ", "dim"), Span(text, tone), *((Span(f" = {drawn}", "dim"),) if drawn else ()))


def _peaks(lines: Lines, first: int, kind: str, drawing: _Drawing, glyphs: Glyphs) -> list[Row]:
    """The highest of each curve in the frame: a record where no close of the history is higher."""
    found: list[Row] = []
    for curve, peak in zip(drawing.curves, drawing.peaks, strict=True):
        if peak is None:
            continue
        raw = peak.value if curve.raw is None else curve.raw[first + peak.point]
        text = {"ratio": figures.significant(raw), "legs": figures.amount(raw)}.get(kind, figures.signed(raw, 2))
        word = "widest" if kind == "spread" else "record" if peak.record else "high"
        name = f"{curve.name} " if kind == "legs" else ""
        found.append(
            (
                Span(f"{glyphs.up} ", "watch" if peak.record else curve.tone),
                Span(f"{name}{word} {text} {lines.dates[first + peak.point]}", "text" if peak.record else "dim"),
            )
        )
    return found


def _as_fits(pieces: Sequence[Row], room: int) -> Row:
    """The first pieces that have room, in this order, two blanks between them."""
    out: Row = ()
    for piece in pieces:
        longer = (*out, Span("  "), *piece) if out else piece
        if width_of(longer) > room:
            break
        out = longer
    return out


PANE = Pane("chart", "History", draw, lambda _: 12, 8, settings=(FRAME, KIND))
