"""Points in a plane with the ways that led to them, in braille dots or in ASCII characters."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from msgspec import Struct
from rich.cells import cell_len

from rotation_tui.widgets.cells import Row, Span, printable, right
from rotation_tui.widgets.glyphs import BRAILLE_BITS, UNICODE, Glyphs

_FAR_OFF = 0.3
"""How many crossed dots a label may save by standing one place further from the first choice."""


class Axis(Struct, frozen=True):
    """What one direction shows: from `low` to `high`, which is larger, with texts at some values."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()

    def place(self, value: float, count: int) -> int:
        """Which of `count` places a value has, counted from `low`; what lies beyond stands at the edge."""
        share = (value - self.low) / (self.high - self.low)
        return round(min(1.0, max(0.0, share)) * (count - 1))


class Path(Struct, frozen=True):
    """A line through points, interrupted where one is not finite."""

    points: tuple[tuple[float, float], ...]
    tone: str = "faint"


class Point(Struct, frozen=True):
    """A point, one column wide, and its label where there is room for it."""

    x: float
    y: float
    glyph: str
    tone: str = "text"
    label: str = ""
    label_tone: str = "dim"
    bold: bool = False


class Caption(Struct, frozen=True):
    """Words at an edge: `across` is -1 left, 1 right, 0 beside the cross-hair; `up` is 1 top, -1 bottom, 0 at it."""

    text: str
    across: int
    up: int
    tone: str = "faint"


class ScatterChart(Struct, frozen=True):
    """What is drawn. Of two paths or points in one place the first one shows, of labels it is placed first."""

    x: Axis
    y: Axis
    paths: tuple[Path, ...] = ()
    points: tuple[Point, ...] = ()
    captions: tuple[Caption, ...] = ()
    cross: tuple[float, float] | None = None


class Drawn(Struct, frozen=True):
    """The picture's rows, and the labels that found no room in it."""

    rows: tuple[Row, ...]
    unplaced: tuple[str, ...] = ()


def scatter(chart: ScatterChart, width: int, height: int, glyphs: Glyphs = UNICODE) -> Drawn:
    """The chart in exactly `height` rows of `width` columns, its axes' texts included where there is room."""
    if width <= 0 or height <= 0:
        return Drawn(((),) * max(0, height))
    gutter = max((cell_len(text) for _, text in chart.y.ticks), default=-1) + 1
    gutter = gutter if width >= 3 * gutter else 0
    foot = 1 if chart.x.ticks and height >= 4 else 0
    canvas = _Canvas(width - gutter, height - foot, glyphs)
    canvas.cross(chart)
    for path in chart.paths:
        canvas.path(path, chart)
    heads = canvas.heads(chart)
    captions = canvas.reserve(chart)
    unplaced = canvas.label(heads)
    canvas.write(captions)
    beside = {canvas.row(chart.y, value): text for value, text in chart.y.ticks} if gutter else {}
    rows = [
        (*((Span(right(beside.get(y, ""), gutter - 1) + " ", "faint"),) if gutter else ()), *line)
        for y, line in enumerate(canvas.rows())
    ]
    if foot:
        rows.append((*((Span(" " * gutter),) if gutter else ()), _foot(chart.x, canvas.width)))
    return Drawn(tuple(rows), unplaced)


def _foot(axis: Axis, width: int) -> Span:
    """The line of texts under the picture; one that has no room beside the one before is left out."""
    line = ""
    for value, text in sorted(axis.ticks):
        start = max(0, min(width - cell_len(text), axis.place(value, width) - cell_len(text) // 2))
        if cell_len(text) <= width and (not line or start > cell_len(line)):
            line += " " * (start - cell_len(line)) + text
    return Span(line + " " * (width - cell_len(line)), "faint")


@dataclass(slots=True)
class _Canvas:
    """Characters by cell over dots by cell over the cross-hair; the first to take a cell keeps it."""

    width: int
    height: int
    glyphs: Glyphs
    text: dict[tuple[int, int], Span] = field(default_factory=dict)
    dots: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)
    lines: dict[tuple[int, int], str] = field(default_factory=dict)
    reserved: set[tuple[int, int]] = field(default_factory=set)

    def column(self, axis: Axis, value: float) -> int:
        return axis.place(value, self.width)

    def row(self, axis: Axis, value: float) -> int:
        return self.height - 1 - axis.place(value, self.height)

    def cross(self, chart: ScatterChart) -> None:
        if chart.cross is None:
            return
        at, on = self.column(chart.x, chart.cross[0]), self.row(chart.y, chart.cross[1])
        self.lines |= {(x, on): self.glyphs.horizontal for x in range(self.width)}
        self.lines |= {(at, y): self.glyphs.vertical for y in range(self.height)}
        self.lines[at, on] = "┼" if self.glyphs.braille else "+"

    def path(self, path: Path, chart: ScatterChart) -> None:
        across, up = (2, 4) if self.glyphs.braille else (1, 1)
        spots = [
            (chart.x.place(x, self.width * across), chart.y.place(y, self.height * up))
            if math.isfinite(x) and math.isfinite(y)
            else None
            for x, y in path.points
        ]
        for start, end in pairwise(spots):
            if start is None or end is None:
                continue
            steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
            for step in range(steps + 1):
                x = start[0] + round((end[0] - start[0]) * step / steps)
                y = self.height * up - 1 - start[1] - round((end[1] - start[1]) * step / steps)
                cell = x // across, y // up
                bit, tone = self.dots.get(cell, (0, path.tone))
                self.dots[cell] = (bit | (BRAILLE_BITS[x % 2][3 - y % 4] if across == 2 else 1), tone)

    def heads(self, chart: ScatterChart) -> list[tuple[int, int, Point]]:
        """Points that can be drawn, with their cells."""
        found = []
        for point in chart.points:
            if math.isfinite(point.x) and math.isfinite(point.y):
                cell = self.column(chart.x, point.x), self.row(chart.y, point.y)
                if cell_len(point.glyph) == 1:
                    self.text.setdefault(cell, Span(point.glyph, point.tone, point.bold))
                found.append((*cell, point))
        return found

    def reserve(self, chart: ScatterChart) -> list[tuple[int, int, Caption]]:
        """Places of the captions, which labels keep clear of; one that would touch another is left out."""
        at, on = (0, 0) if chart.cross is None else chart.cross
        found: list[tuple[int, int, Caption]] = []
        for caption in chart.captions:
            size = cell_len(caption.text)
            x = {-1: 0, 0: self.column(chart.x, at) + 2, 1: self.width - size}[caption.across]
            y = {-1: self.height - 1, 0: self.row(chart.y, on) - 1, 1: 0}[caption.up]
            cells = {(x + i, y) for i in range(size)}
            around = {(x + i, y) for i in range(-2, size + 2)}
            if x >= 0 and x + size <= self.width and 0 <= y < self.height and not around & self.reserved:
                self.reserved |= cells
                found.append((x, y, caption))
        return found

    def write(self, captions: Sequence[tuple[int, int, Caption]]) -> None:
        for x, y, caption in captions:
            self._put(x, y, caption.text, caption.tone, bold=False)

    def label(self, heads: Sequence[tuple[int, int, Point]]) -> tuple[str, ...]:
        """Write every label where it hides least; returns those that would hide something else's text."""
        unplaced: list[str] = []
        for x, y, point in heads:
            label = "".join(c for c in printable(point.label) if cell_len(c))
            size = cell_len(label)
            if not size:
                continue
            choices = [
                (crossed + _FAR_OFF * number, start, line)
                for number, (start, line) in enumerate(_around(x, y, size))
                if (crossed := self._crossed(start, line, size, (x, y))) is not None
            ]
            if not choices:
                unplaced.append(label)
                continue
            _, start, line = min(choices)
            self._put(start, line, label, point.label_tone, bold=point.bold)
        return tuple(unplaced)

    def _crossed(self, start: int, line: int, size: int, head: tuple[int, int]) -> int | None:
        """Dots' cells under a label, None where it would leave the picture or touch other text."""
        if start < 0 or start + size > self.width or not 0 <= line < self.height:
            return None
        near = {(x, line) for x in range(start - 1, start + size + 1)} - {head}
        if near & self.reserved or near & self.text.keys():
            return None
        return sum((x, line) in self.dots for x in range(start, start + size))

    def _put(self, x: int, y: int, text: str, tone: str, *, bold: bool) -> None:
        for character in text:
            cells = [(x + i, y) for i in range(cell_len(character))]
            if cells and not any(cell in self.text for cell in cells):
                self.text[cells[0]] = Span(character, tone, bold)
                self.text |= {cell: Span("", tone, bold) for cell in cells[1:]}
            x += len(cells)

    def rows(self) -> list[Row]:
        return [self._line([self._cell(x, y) for x in range(self.width)]) for y in range(self.height)]

    def _cell(self, x: int, y: int) -> Span:
        written = self.text.get((x, y))
        if written is not None:
            return written
        dotted = self.dots.get((x, y))
        if dotted is not None:
            return Span(chr(0x2800 + dotted[0]) if self.glyphs.braille else ".", dotted[1])
        line = self.lines.get((x, y))
        return Span(" ") if line is None else Span(line, "line")

    @staticmethod
    def _line(cells: Sequence[Span]) -> Row:
        alike = groupby(cells, key=lambda span: (span.tone, span.bold))
        return tuple(Span("".join(s.text for s in same), tone, bold) for (tone, bold), same in alike)


def _around(x: int, y: int, size: int) -> tuple[tuple[int, int], ...]:
    """Where a label may begin, best first: right, left, above, below, and the corners."""
    after, before, centred = x + 2, x - 1 - size, x - size // 2
    return (
        *((after, y), (before, y), (centred, y - 1), (centred, y + 1)),
        *((after, y - 1), (after, y + 1), (before, y - 1), (before, y + 1)),
    )
