"""What tables show of the past in a few cells: a line with its base, how far from that it ends, and a ruler."""

from rotation_tui.board.contract import SectorRow, SpreadRow, TickerRow
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.state import State
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, Span, right
from rotation_tui.widgets.glyphs import Glyphs
from rotation_tui.widgets.spark import INK, STALE, Ink

LEAST_LINE = 10
"""Cells of the shortest line that still says something."""
DISTANCE = 6
"""Columns of the distance from a base line: "↑12.3%"."""


def ink_of(row: TickerRow | SpreadRow | SectorRow) -> Ink:
    """Gain and loss on the sides of a base line; what is old, and what is no gain to anybody, in one tone."""
    if State.STALE in (row.state, row.study_state) or row.state is State.UNKNOWN:
        return STALE
    return _NEUTRAL if isinstance(row, TickerRow) and kind_of(row.symbol) is Kind.VOLATILITY else INK


_NEUTRAL = Ink("spark", "spark")


def distance(percent: float | None, glyphs: Glyphs, ink: Ink) -> Span:
    """How far above or below its base line a line ends, in `DISTANCE` columns: an arrow and percent."""
    if percent is None:
        return Span(right(figures.UNKNOWN, DISTANCE), "unknown")
    arrow = glyphs.higher if percent >= 0 else glyphs.lower
    for decimals in (1, 0):
        text = f"{arrow}{figures.amount(abs(percent), decimals)}%"
        if len(text) <= DISTANCE:
            return Span(right(text, DISTANCE), ink.above if percent >= 0 else ink.below)
    return Span("#" * DISTANCE, "unknown")  # a number is never shown in part


def with_distance(line: Row, percent: float | None, glyphs: Glyphs, ink: Ink) -> Row:
    """A line of one row with how far from its base it ends."""
    return (*line, Span(" "), distance(percent, glyphs, ink))


def titles_of(glyphs: Glyphs, what: str) -> tuple[str, ...]:
    """What a line of two years over its mean is called, longest first; blocks and strokes show the distance itself."""
    if glyphs.spark == "braille":
        mean = f"{glyphs.dotted} 200d mean"
        return f"{what}, 2 years  {mean}", f"{what}, 2y {mean}", f"{what}, 2y"
    return f"{what} from 200d mean, 2 years", f"{what} from 200d, 2y", "200d, 2y"


def longest(width: int, *titles: str) -> str:
    """The first of the titles that fits, or the last."""
    return next((title for title in titles if len(title) <= width), titles[-1])
