"""A line of a few cells through the averages of its slots, over a dotted base line and up to a bright last point."""

from collections.abc import Hashable, Sequence

from msgspec import Struct

from rotation_tui.widgets.axis import is_flat
from rotation_tui.widgets.cells import Row, Span, fit
from rotation_tui.widgets.glyphs import BRAILLE_BITS, UNICODE, Glyphs
from rotation_tui.widgets.raster import drawable

BLOCKS = "▁▂▃▄▅▆▇█"
STROKES = "_.-'\""
_APART = 4
"""Columns of dots from one dot of a base line to the next, so that it is told from the line."""


class Ink(Struct, frozen=True):
    """Tones of a line: above and below its base line, of that line, of the last point, and where there is no base."""

    above: str = "gain"
    below: str = "loss"
    base: str = "faint"
    last: str = "bright"
    none: str = "spark"


INK = Ink()
STALE = Ink("stale", "stale", "stale", "stale", "stale")
Base = float | Sequence[float | None] | None
"""A base line: one value all along, or one that moves, in as many values as it likes."""


def spark(
    values: Sequence[float | None],
    width: int,
    glyphs: Glyphs,
    *,
    base: Base = None,
    last: float | None = None,
    tall: bool = False,
    ink: Ink = INK,
) -> tuple[Row, ...]:
    """The line in `width` columns: one row of text, two where it is `tall` and in braille.

    Each slot of the line is the mean of what is known of its values; one without any is a gap. Fewer values than
    slots stand at the right. The last cell is for the newest value, `last`, which is no part of any slot and moves
    neither them nor the scale: only that cell changes with it. The uppermost dots stay free, so that lines under each
    other do not touch. Blocks and strokes cannot show a base line in the same cell: they are drawn by the distance from
    it, and their middle height is the base.
    """
    rows = 2 if tall and glyphs.spark == "braille" else 1
    if width <= 0:
        return ((),) * rows
    cells = width if last is None else width - 1
    body = _body(values, base, (cells, rows, glyphs.spark, ink))
    if last is None:
        return body.rows
    at = rows - 1 - body.scale.level(last) // 4 if rows > 1 else 0
    ends = (Span(glyphs.point, ink.last, bold=True) if row == at else Span(" ", ink.base) for row in range(rows))
    return tuple((*line, end) for line, end in zip(body.rows, ends, strict=True))


class _Scale(Struct, frozen=True):
    """Which height a value has, from 0 to `top`; in the middle where nothing differs."""

    low: float
    high: float
    top: int

    def level(self, value: float) -> int:
        if is_flat(self.low, self.high):
            return self.top // 2
        return max(0, min(self.top, round((value - self.low) / (self.high - self.low) * self.top)))


class _Body(Struct, frozen=True):
    rows: tuple[Row, ...]
    scale: _Scale


_MOST_CACHED = 64
_cached: dict[Hashable, tuple[object, object, _Body]] = {}
"""Lines by the identity of what they are of, which a study makes once: adding up 504 values takes 0.2 ms."""


def _body(values: Sequence[float | None], base: Base, shape: tuple[int, int, str, Ink]) -> _Body:
    """The line without its last point; cached where it is of tuples, which cannot change."""
    if not isinstance(values, tuple) or isinstance(base, list):
        return _drawn(values, base, *shape)
    key = (id(values), id(base) if isinstance(base, tuple) else base, shape)
    found = _cached.get(key)
    # an entry holds its values, so no others can have come to the same address
    if found is None:
        if len(_cached) >= _MOST_CACHED:
            del _cached[next(iter(_cached))]
        found = _cached[key] = (values, base, _drawn(values, base, *shape))
    return found[2]


def _drawn(values: Sequence[float | None], base: Base, cells: int, rows: int, manner: str, ink: Ink) -> _Body:
    count = cells * 2 if manner == "braille" else cells
    slots, bases = averaged(values, count), _bases(base, len(values), count)
    if manner == "braille":
        scale = _scale([v for v in (*slots, *bases) if v is not None], 4 * rows - 2)
        lines, touched = _dots(slots, bases, scale, rows)
    else:
        lines, touched, scale = _heights(slots, bases, BLOCKS[:-1] if manner == "blocks" else STROKES)
    per_cell = count // cells if cells else 1
    sides = [_tone(slots[at : at + per_cell], bases[at : at + per_cell], ink) for at in range(0, count, per_cell)]
    toned = (
        _runs(line, [side if there else ink.base for side, there in zip(sides, touches, strict=True)])
        for line, touches in zip(lines, touched, strict=True)
    )
    return _Body(tuple(toned), scale)


def _scale(known: Sequence[float], top: int) -> _Scale:
    return _Scale(min(known, default=0.0), max(known, default=0.0), top)


def _bases(base: Base, values: int, count: int) -> list[float | None]:
    """The base line in the slots that values stand in, and before them the first of it that is known."""
    known = drawable((base or (None,)) if isinstance(base, Sequence) else (base,), log=False)
    filled = min(values, count)
    if len(known) >= filled:
        slots = averaged(known, filled)
    else:
        slots = [known[at * len(known) // filled] for at in range(filled)]
    return [None if len(known) > 1 else known[0]] * (count - filled) + slots


def averaged(values: Sequence[float | None], count: int) -> list[float | None]:
    """The mean of what is known in each of `count` slots of equal length, None where that is nothing."""
    known = drawable(values, log=False)
    total = len(known)
    if total <= count:
        return [None] * (count - total) + list(known)
    slots: list[float | None] = []
    for at in range(count):
        slot = [v for v in known[at * total // count : (at + 1) * total // count] if v is not None]
        slots.append(sum(slot) / len(slot) if slot else None)
    return slots


def _dots(
    slots: Sequence[float | None], bases: Sequence[float | None], scale: _Scale, rows: int
) -> tuple[list[str], list[list[bool]]]:
    """The rows in braille, and which of their cells the line itself goes through."""
    bits = [[0] * (len(slots) // 2) for _ in range(rows)]

    def dot(x: int, y: int) -> None:
        bits[rows - 1 - y // 4][x // 2] |= BRAILLE_BITS[x % 2][y % 4]

    before: int | None = None
    for x, value in enumerate(slots):
        level = None if value is None else scale.level(value)
        if level is not None:
            start = level if before is None or before == level else before + (1 if level > before else -1)
            for y in range(min(start, level), max(start, level) + 1):
                dot(x, y)
        before = level
    touched = [[bool(cell) for cell in row] for row in bits]
    for x in range(0, len(slots), _APART):
        if (base := bases[x]) is not None:
            dot(x, scale.level(base))
    return ["".join(chr(0x2800 + cell) if cell else " " for cell in row) for row in bits], touched


def _heights(
    slots: Sequence[float | None], bases: Sequence[float | None], heights: str
) -> tuple[list[str], list[list[bool]], _Scale]:
    """The row in blocks or strokes, which of its cells have one, and its scale: over a base that of the distance."""
    pairs = list(zip(slots, bases, strict=True))
    off = [v if b is None else v - b for v, b in pairs if v is not None]
    based = any(b is not None for b in bases)
    reach = max(map(abs, off), default=0.0)
    scale = _scale([-reach, reach] if based else off, len(heights) - 1)
    gap = UNICODE.dotted if based and heights[0] in BLOCKS else " "
    line = "".join(gap if v is None else heights[scale.level(v if b is None else v - b)] for v, b in pairs)
    return [line], [[v is not None for v in slots]], scale


def _tone(slots: Sequence[float | None], bases: Sequence[float | None], ink: Ink) -> str:
    """By the side that most of it is on; quiet where no base is known."""
    off = [v - b for v, b in zip(slots, bases, strict=True) if v is not None and b is not None]
    return ink.none if not off else ink.above if sum(off) >= 0 else ink.below


def _runs(text: str, tones: Sequence[str]) -> Row:
    spans: list[Span] = []
    for character, tone in zip(text, tones, strict=True):
        if spans and spans[-1].tone == tone:
            spans[-1] = spans[-1]._replace(text=spans[-1].text + character)
        else:
            spans.append(Span(character, tone))
    return tuple(spans)


def ruler(
    value: float | None, low: float | None, high: float | None, width: int, glyphs: Glyphs, ink: Ink = INK
) -> Row:
    """A scale of `width` columns from `low` to `high` with a mark where `value` lies, and a tick at zero inside it.

    Blank where one of the three is unknown, or where there is no room for a scale. Ends are no places: a value that
    is the lowest or the highest stands beside its end.
    """
    if value is None or low is None or high is None or width < 3:
        return fit((), max(0, width))
    places = width - 2
    scale = _Scale(low, high, places - 1)
    marks = [glyphs.horizontal] * places
    if low < 0 < high:
        marks[scale.level(0.0)] = glyphs.tick
    at = scale.level(value)
    return (
        Span(glyphs.ruler_left + "".join(marks[:at]), ink.base),
        Span(glyphs.point, ink.last, bold=True),
        Span("".join(marks[at + 1 :]) + glyphs.ruler_right, ink.base),
    )
