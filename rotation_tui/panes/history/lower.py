"""What stands under a chart: what was traded, or how far the line is below its highest close."""

from collections.abc import Sequence
from itertools import accumulate

from rotation_tui.board.lines import Drawable, Lines
from rotation_tui.panes.base import Setting
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, Span, fit, left, right
from rotation_tui.widgets.columns import bars
from rotation_tui.widgets.glyphs import Glyphs
from rotation_tui.widgets.plot import Plot

LOWER = Setting("lower", "o", ("none", "volume", "drawdown"), "volume or drawdown below")
_ROOM = 10
"""Lines of a chart from which on there is room for anything under it."""


def traded(history: Drawable) -> tuple[Sequence[float | None] | None, str]:
    """Shares of one symbol or dollars of both legs by session, None where the history has none; and the unit."""
    return (history.turnover, "$") if isinstance(history, Lines) else (history.volumes, "")


def fallen(history: Drawable, first: int) -> tuple[float, ...]:
    """By how many percent each close or ratio from row `first` on is below the highest up to it."""
    line = (history.ratio if isinstance(history, Lines) else history.closes)[first:]
    return tuple(100.0 * (value / top - 1.0) for value, top in zip(line, accumulate(line, max), strict=True))


def lines_for(history: Drawable, lower: str, height: int) -> int:
    """How many lines of a chart so tall are for what stands under it."""
    wanted = lower == "drawdown" or (lower == "volume" and traded(history)[0] is not None)
    return max(2, min(6, height // 5)) if wanted and height >= _ROOM else 0


def margin_for(history: Drawable, first: int, lower: str) -> int:
    """Columns that the numbers beside it take."""
    if lower == "volume":
        column, unit = traded(history)
        return max((len(unit + figures.short(v)) for v in (column or ())[first:] if v is not None), default=0) + 1
    return len(figures.signed(-99.0, 0)) + 1


def under(history: Drawable, first: int, lower: str, above: Plot, size: tuple[int, int], glyphs: Glyphs) -> list[Row]:
    """Rows of so many columns and lines that stand under a chart: of each column its mean volume, or deepest fall."""
    (width, height), points = size, above.points
    ranges = [slice(points[x - 1] + 1 if x else 0, here + 1) for x, here in enumerate(points)]
    if lower == "volume":
        column, unit = traded(history)
        known = (column or ())[first:]
        sizes = [_mean(known[rows]) for rows in ranges]
        texts = bars(sizes, height, glyphs)
        most = max((size for size in sizes if size is not None), default=None)
        labels = [unit + figures.short(most), *[""] * (height - 1)]
        names = ("volume", "vol")
    else:
        falls = fallen(history, first)
        sizes = [-min(falls[rows], default=0.0) for rows in ranges]
        texts = bars(sizes, height, glyphs, hanging=True)
        deepest = max((size for size in sizes if size is not None), default=0.0)
        labels = ["0", *[""] * (height - 2), figures.signed(-deepest, 0)]
        names = ("below high, %", "dd %")
    start, behind = above.start, width - above.start - len(points)
    name = next((n for n in names if len(n) < behind), "")
    rows: list[Row] = []
    for at, (text, label) in enumerate(zip(texts, labels, strict=True)):
        said = right(label, start - 1) + " " if start and len(label) < start else " " * start
        word = left(f" {name}" if not at else "", behind)
        rows.append(fit((Span(said, "faint"), Span(text, "dim"), Span(word, "dim")), width))
    return rows


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None


def told(history: Drawable, lower: str, first: int, point: int, frame: str) -> tuple[str, str] | None:
    """What the reading line says of it at a row: name and text; a fall is from the highest close of the frame."""
    if lower == "volume":
        column, unit = traded(history)
        here = None if column is None else column[point]
        return ("traded" if unit else "volume"), unit + figures.short(here) if here is not None else figures.UNKNOWN
    if lower == "drawdown":
        return f"from {frame} high", figures.signed(fallen(history, first)[point - first], 2) + " %"
    return None
