"""The drawing of a history in a place: the chart, what stands under it, and the regimes at its foot."""

from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.board.lines import Drawable, PriceLine
from rotation_tui.domain.verdict import Transition
from rotation_tui.panes.base import Setting
from rotation_tui.panes.history.curves import Curve, Peak, curves_of, is_pair, peak_of, scale_of
from rotation_tui.panes.history.lower import lines_for, margin_for, under
from rotation_tui.panes.history.periods import LONGEST, candles_of, has_more_than_closes
from rotation_tui.panes.history.regimes import band
from rotation_tui.widgets.candles import Candle, candles
from rotation_tui.widgets.glyphs import Glyphs
from rotation_tui.widgets.plot import Annotation, Plot, Trace, axis_of, plot

SHAPE = Setting(
    "shape", "m", ("line", "candles"), "a line or candles", on=lambda board, row: not is_pair(board, row)
)  # fmt: skip
_BAND_FROM = 10
"""Lines of a chart from which on one of them is for the regimes."""


class Manner(Struct, frozen=True):
    """How a history is to be drawn: everything besides itself and its first row that the drawing depends on."""

    kind: str
    shape: str
    lower: str
    regimes: tuple[Transition, ...]
    stale: bool
    width: int
    height: int
    glyphs: Glyphs


class Drawing(Struct, frozen=True):
    """A chart without its cursor. `candles` are those drawn, each of a `period`, both empty where it is of lines."""

    curves: tuple[Curve, ...]
    peaks: tuple[Peak | None, ...]
    plot: Plot
    period: str = ""
    candles: tuple[Candle, ...] = ()


@lru_cache(maxsize=2)
def drawing(history: Drawable, first: int, manner: Manner) -> Drawing:
    """The history from row `first` on; cached, since a board that moved has the same history for hours.

    That of a chart and that of a detail over it are: each holds its history.
    """
    tone = "stale" if manner.stale else "highlight"
    curves = curves_of(history, first, manner.kind, tone)
    peaks = tuple(peak_of(curve, first, history.outline) for curve in curves)
    below = lines_for(history, manner.lower, manner.height)
    banded = bool(manner.regimes) and manner.height >= _BAND_FROM
    size = manner.width, manner.height - below - banded
    margin = margin_for(history, first, manner.lower) if below else 0
    made = _chart(history, first, manner, curves, peaks, size, margin)
    rows = list(made.plot.rows)
    more = under(history, first, manner.lower, made.plot, (manner.width, below), manner.glyphs) if below else []
    if banded:
        more.append(
            band(manner.regimes, history.dates[first:], made.plot, manner.width, manner.glyphs, stale=manner.stale)
        )
    return replace(made, plot=replace(made.plot, rows=(*rows[:-1], *more, rows[-1])))


def _chart(
    history: Drawable, first: int, manner: Manner, curves: tuple[Curve, ...], peaks: tuple[Peak | None, ...],
    size: tuple[int, int], margin: int,
) -> Drawing:  # fmt: skip
    glyphs, dates = manner.glyphs, history.dates[first:]
    annotations = [
        Annotation(peak.point, peak.value, glyphs.up, "watch" if peak.record else curve.tone)
        for curve, peak in zip(curves, peaks, strict=True) if peak is not None
    ]  # fmt: skip
    scale = replace(scale_of(history, manner.kind), margin=margin)
    if isinstance(history, PriceLine) and manner.shape == "candles" and has_more_than_closes(history, first):
        tones = ("stale", "stale") if manner.stale else ("gain", "loss")
        closes = history.closes[first:]
        columns = size[0] - axis_of(min(closes), max(closes), size[1], scale).width
        while True:
            period, found = candles_of(history, first, columns)
            made = candles(found, history.mean[first:], dates, *size, scale=scale, tones=tones,
                           annotations=annotations, glyphs=glyphs)  # fmt: skip
            if period == LONGEST or len(found) <= len(made.points) or not made.points:
                return Drawing(curves, peaks, made, period, found)
            columns = len(made.points)  # highs have longer numbers beside them than closes
    unnamed = ("ratio", "close")
    traces = [Trace(c.values, c.tone, "" if len(curves) == 1 or c.name in unnamed else c.name) for c in curves]
    made = plot(traces, dates, *size, scale=scale, annotations=annotations, glyphs=glyphs)
    return Drawing(curves, peaks, made)
