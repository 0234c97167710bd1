"""Line charts over dates, in braille or ASCII: lines by `widgets/raster.py`, axes and tones are laid over them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.widgets import figures
from rotation_tui.widgets.axis import date_ticks, ticks
from rotation_tui.widgets.cells import Row, Span, after, fit, left, right, width_of
from rotation_tui.widgets.glyphs import UNICODE, Glyphs
from rotation_tui.widgets.raster import Bits, Field, draw, drawable, runs_of

_ASCII = "*+ox"
_NAMES_FROM = 40
"""Columns from which there is room for the names of lines at their ends."""


class Trace(Struct, frozen=True):
    """One line: a value a date, None a gap. `name` stands at its end."""

    values: Sequence[float | None]
    tone: str
    name: str = ""


class Annotation(Struct, frozen=True):
    """A character above one value of the point `point`."""

    point: int
    value: float
    text: str
    tone: str


class Scale(Struct, frozen=True):
    """How values stand: evenly, or by their logarithm; `guide` is a value with a faint line across.

    `text` writes the number beside the axis to so many decimals; `margin` is how many columns these take at least.
    """

    log: bool = False
    guide: float | None = None
    text: Callable[[float, int], str] = figures.amount
    margin: int = 0


class Plot(Struct, frozen=True):
    """Rows of a chart. `points` tells for each column of the field, which begins at `start`, the newest point
    at or before it.
    """

    rows: tuple[Row, ...]
    start: int
    points: tuple[int, ...]

    def with_cursor(self, column: int, text: str, tone: str) -> tuple[Row, ...]:
        """The rows with a vertical cursor through a column of the field; what is drawn there stays, in reverse."""
        at = self.start + column
        return tuple(self._crossed(row, at, text, tone) for row in self.rows[:-1]) + self.rows[-1:]

    def with_lines(self, columns: Sequence[int], text: str) -> "Plot":
        """The same with faint lines down these columns of the field, behind all that is drawn there."""
        rows = self.rows
        for at in (self.start + column for column in columns):
            rows = tuple(self._ruled(row, at, text) for row in rows[:-1]) + rows[-1:]
        return replace(self, rows=rows)

    def with_foot(self, labels: Sequence[tuple[int, str]]) -> "Plot":
        """The same with these labels at its foot, each from its column of the field on."""
        width = width_of(self.rows[-1])
        foot = fit((Span(" " * self.start), *_foot(labels, 0)), width)
        return replace(self, rows=(*self.rows[:-1], foot))

    def _ruled(self, row: Row, at: int, text: str) -> Row:
        under = fit(after(row, at), 1)[0]
        free = under.text.isspace() or under.tone == "line"
        return (*fit(row, at), Span(text, "line"), *after(row, at + 1)) if free else row

    def _crossed(self, row: Row, at: int, text: str, tone: str) -> Row:
        under = fit(after(row, at), 1)[0]
        free = under.text.isspace() or under.tone == "line"
        here = Span(text, tone) if free else under._replace(tone=tone, reverse=True)
        return (*fit(row, at), here, *after(row, at + 1))


def plot(
    traces: Sequence[Trace],
    dates: Sequence[date],
    width: int,
    height: int,
    *,
    scale: Scale | None = None,
    annotations: Sequence[Annotation] = (),
    glyphs: Glyphs = UNICODE,
) -> Plot:
    """A chart of exactly `width` x `height`; the first trace is the one that is seen where lines meet.

    Dates stand evenly, whatever lies between them. Where there are more of them than dots, a column of dots
    reaches from the lowest to the highest of its values. Costs about 10 ms a line.
    """
    scale = scale or Scale()
    traces = [replace(one, values=drawable(one.values, log=scale.log)) for one in traces]
    known = [v for one in traces for v in one.values if v is not None]
    if not known or width < 1 or height < 2:
        return Plot(tuple(fit((), width) for _ in range(height)), 0, ())
    low, high, tall = min(known), max(known), height - 1
    side = axis_of(low, high, tall, scale)
    start = side.width
    names = max((len(one.name) + 1 for one in traces if one.name), default=0)
    names = names if width >= _NAMES_FROM + names else 0
    if width - start - names < width // 2:
        start = names = 0
    dots = (2, 4) if glyphs.braille else (1, 1)
    room = Field(width - start - names, tall, len(dates), low, high, scale.log, *dots)
    annotations = [one for one in annotations if low <= one.value <= high]
    if tall > 3 and any(room.row(one.value) == 0 for one in annotations):
        room = replace(room, headroom=1)
    drawn = [draw(runs_of(one.values, room), room, braille=glyphs.braille) for one in traces]
    cells = _painted(traces, drawn, room, scale, annotations, glyphs)
    points = tuple(max(0, room.first((x + 1) * room.across) - 1) for x in range(room.columns))
    return assembled(cells, room, side if start else None, dates, points, width, _ends(traces, room, names))


class AxisNumbers(Struct, frozen=True):
    """The numbers beside a chart: where they stand and how they are written, and the columns they take."""

    numbers: tuple[float, ...]
    texts: tuple[str, ...]
    width: int


def axis_of(low: float, high: float, lines: int, scale: Scale) -> AxisNumbers:
    """Round numbers for a chart so many lines tall."""
    numbers, decimals = ticks(low, high, max(1, (2 * lines + 2) // 5), log=scale.log)
    texts = tuple(scale.text(number, decimals) for number in numbers)
    return AxisNumbers(tuple(numbers), texts, max(scale.margin, max(map(len, texts), default=-1) + 1))


def assembled(
    cells: Sequence[Sequence[Span]],
    room: Field,
    axis: AxisNumbers | None,
    dates: Sequence[date],
    points: tuple[int, ...],
    width: int,
    ends: Mapping[int, Row] | None = None,
) -> Plot:
    """The cells of a field with numbers before them, names behind them and dates below."""
    start = axis.width if axis is not None else 0
    names = width - start - room.columns
    side = {room.row(n): text for n, text in zip(axis.numbers, axis.texts, strict=True)} if axis is not None else {}
    rows = [
        (
            *((Span(right(side.get(y, ""), start - 1) + " ", "faint"),) if start else ()),
            *_joined(line),
            *(ends or {}).get(y, (Span(" " * names),)),
        )
        for y, line in enumerate(cells)
    ]
    rows.append((Span(" " * start), *_foot(date_ticks([dates[at] for at in points]), names)))
    return Plot(tuple(fit(row, width) for row in rows), start, points)


def _foot(labels: Sequence[tuple[int, str]], names: int) -> Row:
    line = ""
    for column, text in labels:
        line = left(line, column) + text
    return (Span(line + " " * names, "faint"),)


def _painted(
    traces: Sequence[Trace],
    drawn: Sequence[Bits],
    room: Field,
    scale: Scale,
    annotations: Sequence[Annotation],
    glyphs: Glyphs,
) -> list[list[Span]]:
    """The field by cell: the guide, the lines over it with the first one uppermost, the annotations over all."""
    guide = room.row(scale.guide) if scale.guide is not None and room.low <= scale.guide <= room.high else None
    free = Span(" ")
    cells = [[Span(glyphs.dot, "line") if y == guide and x % 2 == 0 else free for x in range(room.columns)]
             for y in range(room.lines)]  # fmt: skip
    lit = [[0] * room.columns for _ in range(room.lines)]
    for at in reversed(range(len(traces))):
        tone, letter = traces[at].tone, _ASCII[at % len(_ASCII)]
        for y, line in enumerate(drawn[at]):
            for x, bits in enumerate(line):
                if bits:
                    lit[y][x] |= bits
                    cells[y][x] = Span(chr(0x2800 + lit[y][x]) if glyphs.braille else letter, tone)
    for one in annotations:
        y = max(0, room.row(one.value) - 1)
        cells[y][room.x(one.point) // room.across] = Span(one.text[:1], one.tone)
    return cells


def _joined(line: Sequence[Span]) -> Row:
    """Neighbours of one tone in one span."""
    return tuple(Span("".join(cell.text for cell in cells), tone) for tone, cells in groupby(line, lambda c: c.tone))


def _ends(traces: Sequence[Trace], room: Field, names: int) -> dict[int, Row]:
    """The names of the lines beside their last values, one a row; those that meet stand in the order of the values."""
    named = [(last, one) for one in traces if names and one.name and (last := _last(one)) is not None]
    falling = sorted(named[: room.lines], key=lambda pair: pair[0], reverse=True)
    rows: list[int] = []
    for last, _ in falling:
        rows.append(max(room.row(last), rows[-1] + 1 if rows else 0))
    lowest = room.lines - 1
    for at in reversed(range(len(rows))):
        rows[at] = min(rows[at], lowest)
        lowest = rows[at] - 1
    return {y: (Span(" " + left(one.name, names - 1), one.tone),) for y, (_, one) in zip(rows, falling, strict=True)}


def _last(one: Trace) -> float | None:
    return next((v for v in reversed(one.values) if v is not None), None)
