"""The curves of a pair or of one symbol, their highest points, and what is read of them at a date."""

from collections.abc import Sequence

from msgspec import Struct

from rotation_tui.board.contract import Board, SpreadRow
from rotation_tui.board.lines import Drawable, Lines, PriceLine, parsed
from rotation_tui.panes.base import Setting, dated_rows
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, Span
from rotation_tui.widgets.plot import Scale


def is_pair(board: Board, row: str | None) -> bool:
    """Whether a row is of a pair; what no row is of counts as one, for a chart begins with the first pair."""
    if row is None:
        return True
    found = dated_rows(board).get(row)
    return parsed(row) is not None if found is None else isinstance(found, SpreadRow)


MONTHS = "months"
"""The choice that is no curve: what the months of the year made of a pair."""
KIND = Setting("kind", "m", ("ratio", "legs", "spread", MONTHS), "ratio, both legs, spread, or months", on=is_pair)


class Curve(Struct, frozen=True):
    """One line in the frame. `values` are as drawn, `raw` as they were over the whole history, None where they
    have no meaning without the frame; `name` is what it is called when read.
    """

    name: str
    tone: str
    values: Sequence[float | None]
    raw: Sequence[float | None] | None = None
    peak: bool = True


class Peak(Struct, frozen=True):
    """The highest value in the frame, where it was last, and whether no close in the history is higher."""

    point: int
    value: float
    record: bool


def curves_of(history: Drawable, first: int, kind: str, tone: str = "highlight") -> tuple[Curve, ...]:
    """What is drawn from row `first` on: prices as they are, lines of pairs from 100, a spread from 0 pp
    (METHODOLOGY.md#chart).
    """
    if isinstance(history, PriceLine):
        return (
            Curve("close", tone, history.closes[first:], history.closes),
            Curve("200d", "dim", history.mean[first:], history.mean, peak=False),
        )

    def rebased(column: Sequence[float | None], base: float) -> tuple[float | None, ...]:
        return tuple(None if value is None else 100.0 * value / base for value in column[first:])

    if kind == "ratio":
        base = history.ratio[first]
        return (
            Curve("ratio", tone, rebased(history.ratio, base), history.ratio),
            Curve("200d", "dim", rebased(history.mean, base), history.mean, peak=False),
        )
    small, large = history.small_closes, history.large_closes
    if kind == "legs":
        return (
            Curve(history.small, tone, rebased(small, small[first]), small),
            Curve(history.large, "text", rebased(large, large[first]), large),
        )
    pairs = zip(small[first:], large[first:], strict=True)
    return (Curve("spread", tone, tuple(100.0 * (a / small[first] - b / large[first]) for a, b in pairs)),)


def scale_of(history: Drawable, kind: str) -> Scale:
    """How the values stand, and where the faint line across is."""
    if isinstance(history, PriceLine):
        return Scale(log=True)
    spread = kind == "spread"
    return Scale(not spread, 0.0 if spread else 100.0, figures.signed if spread else figures.amount)


def peak_of(curve: Curve, first: int, outline: bool) -> Peak | None:
    """The highest of a curve; a close that equals an earlier record is a new one. Neither a spread is ever a record,
    nor what an outline shows.
    """
    known = [(value, point) for point, value in enumerate(curve.values) if value is not None]
    if not curve.peak or not known:
        return None
    value, point = max(known)
    if curve.raw is None or outline:
        return Peak(point, value, record=False)
    here = curve.raw[first + point]
    return Peak(point, value, here is not None and here >= max(v for v in curve.raw if v is not None))


def read(history: Drawable, first: int, kind: str, point: int, frame: str) -> list[Row]:
    """What the curves say at row `point` of the history, in a frame that is called so."""
    if isinstance(history, PriceLine):
        return _price(history, first, point, frame)
    small, large = history.small_closes, history.large_closes
    if kind == "ratio":
        return _ratio(history, first, point)
    legs = ((history.small, small), (history.large, large))
    if kind == "legs":
        return [
            value(name, figures.amount(closes[point]), figures.amount(100.0 * closes[point] / closes[first]))
            for name, closes in legs
        ]
    spread = 100.0 * (small[point] / small[first] - large[point] / large[first])
    returns = [value(n, figures.signed(100.0 * (c[point] / c[first] - 1.0), 2) + " %") for n, c in legs]
    return [value("spread", figures.signed(spread, 2) + " pp"), *returns]


def _price(line: PriceLine, first: int, point: int, frame: str) -> list[Row]:
    close, mean = line.closes[point], line.mean[point]
    since = 100.0 * (close / line.closes[first] - 1.0)
    return [
        value("close", figures.amount(close)),
        value(frame, figures.signed(since, 2) + " %"),
        value("200d", figures.amount(mean)),
        _above(close, mean),
    ]


def _ratio(lines: Lines, first: int, point: int) -> list[Row]:
    mean, base = lines.mean[point], lines.ratio[first]
    return [
        value("ratio", figures.significant(lines.ratio[point]), figures.amount(100.0 * lines.ratio[point] / base)),
        value("200d", figures.significant(mean), None if mean is None else figures.amount(100.0 * mean / base)),
        _above(lines.ratio[point], mean),
    ]


def _above(here: float, mean: float | None) -> Row:
    off = None if mean is None else 100.0 * (here / mean - 1.0)
    return value("vs 200d", figures.signed(off, 2) + (" %" if off is not None else ""))


def value(name: str, text: str, drawn: str | None = None) -> Row:
    """One value of the reading line, with the value that is drawn of it where that is another."""
    tone = "unknown" if text == figures.UNKNOWN else "bright"
    return (Span(f"{name} ", "dim"), Span(text, tone), *((Span(f" = {drawn}", "dim"),) if drawn else ()))


def of_peak(history: Drawable, kind: str, raw: float) -> str:
    """The highest value as it is written."""
    if isinstance(history, PriceLine) or kind == "legs":
        return figures.amount(raw)
    return figures.significant(raw) if kind == "ratio" else figures.signed(raw, 2)
