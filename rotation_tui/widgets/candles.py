"""Candles over dates, one a column: the range as a thin line, from open to close as a thick one.

A rise is hollow, a line as thick as a stroke; a fall is filled, as wide as its cell: colour is not the only carrier.
"""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.widgets.cells import Span
from rotation_tui.widgets.glyphs import Glyphs
from rotation_tui.widgets.plot import Annotation, Plot, Scale, assembled, axis_of
from rotation_tui.widgets.raster import Field, drawable

_WICK, _RISE, _FALL = 1, 2, 3
# by what the upper and the lower half of a cell hold
_GLYPHS = {
    (_WICK, _WICK): "│", (_WICK, 0): "╵", (0, _WICK): "╷",
    (_RISE, _RISE): "┃", (_RISE, 0): "╹", (0, _RISE): "╻", (_WICK, _RISE): "╽", (_RISE, _WICK): "╿",
    (_FALL, _FALL): "█", (_FALL, 0): "▀", (0, _FALL): "▄", (_WICK, _FALL): "▄", (_FALL, _WICK): "▀",
}  # fmt: skip
_IN_ASCII = {_WICK: "|", _RISE: "o", _FALL: "#"}


class Candle(Struct, frozen=True):
    """What is known of one period, and `point`, its last close among the dates. None is unknown."""

    point: int
    close: float
    open: float | None = None
    high: float | None = None
    low: float | None = None

    @property
    def known(self) -> tuple[float, ...]:
        """Every price that is known of it: its range reaches from the lowest to the highest."""
        return tuple(v for v in (self.low, self.open, self.close, self.high) if v is not None)


def candles(
    drawn: Sequence[Candle],
    mean: Sequence[float | None],
    dates: Sequence[date],
    width: int,
    height: int,
    *,
    scale: Scale,
    tones: tuple[str, str],
    annotations: Sequence[Annotation] = (),
    glyphs: Glyphs,
) -> Plot:
    """A chart of exactly `width` x `height`, the newest candle at its right edge; `mean` is a dot beside each.

    `tones` are those of a rise and of a fall. Without an open there is no body, only the range that is known with the
    close in it. Of more candles than columns the newest are drawn; there are as many columns as `points`.
    """
    held = [one for one in drawn if None not in drawable(one.known, log=scale.log)]
    tall = height - 1
    if not held or width < 1 or tall < 1:
        return Plot(tuple((Span(" " * width),) for _ in range(height)), 0, ())
    low, high = min(min(one.known) for one in held), max(max(one.known) for one in held)
    side = axis_of(low, high, tall, scale)
    start = side.width if width - side.width >= width // 2 else 0
    columns = width - start
    marked = tall > 3
    room = Field(columns, tall, len(dates), low, high, scale.log, 1, 2, headroom=1 if marked else 0)
    cells = [[Span(" ") for _ in range(columns)] for _ in range(tall)]
    shown = drawn[-columns:]
    across = replace(room, points=len(shown))
    points = [0] * columns
    places: dict[int, tuple[int, Candle]] = {}
    for at, one in enumerate(shown):
        x = across.x(at)
        points[x:] = [one.point] * (columns - x)
        places[one.point] = (x, one)
        if one in held:
            _stand(cells, x, one, room, tones, glyphs)
        average = mean[one.point]
        if average is not None and low <= average <= high and cells[room.row(average)][x].text == " ":
            cells[room.row(average)][x] = Span(glyphs.dot, "dim")
    for note in annotations if marked else ():
        x, one = next((place for point, place in sorted(places.items()) if point >= note.point), (0, drawn[-1]))
        y = max(0, room.row(max(one.known)) - 1)
        cells[y][x] = Span(note.text[:1], note.tone)
    return assembled(cells, room, side if start else None, dates, tuple(points), width)


def _stand(
    cells: list[list[Span]], x: int, one: Candle, room: Field, tones: tuple[str, str], glyphs: Glyphs
) -> None:  # fmt: skip
    """One candle in its column, by halves of cells."""
    halves = [0] * (2 * room.lines)
    for half in range(room.y(min(one.known)), room.y(max(one.known)) + 1):
        halves[half] = _WICK
    fell = one.open is not None and one.close < one.open
    if one.open is not None:
        ends = sorted((room.y(one.open), room.y(one.close)))
        for half in range(ends[0], ends[1] + 1):
            halves[half] = _FALL if fell else _RISE
    tone = "dim" if one.open is None else tones[fell]
    for y in range(room.lines):
        upper, lower = halves[2 * (room.lines - 1 - y) + 1], halves[2 * (room.lines - 1 - y)]
        if upper or lower:
            text = _GLYPHS[upper, lower] if glyphs.braille else _IN_ASCII[max(upper, lower)]
            cells[y][x] = Span(text, tone)
    if one.open is None and len(one.known) > 1:
        cells[room.row(one.close)][x] = Span("┤" if glyphs.braille else "+", tone)
