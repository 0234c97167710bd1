"""A face in its place: framed with title and subtitle, or tight with the title beside the column names."""

from typing import NamedTuple

from rotation_tui.widgets.cells import Face, Row, Span, cut, fit, width_of
from rotation_tui.widgets.glyphs import Glyphs
from rotation_tui.widgets.table import RowCache

_TITLE = 12
"""Columns that a title has with its frame, however narrow it is, before anything stands beside it."""


class Extent(NamedTuple):
    """How much of a pane is in sight: `seen` of `total` rows, after so many `above` them."""

    above: int
    seen: int
    total: int

    @property
    def below(self) -> int:
        return self.total - self.seen - self.above

    def thumb(self, room: int) -> range:
        """The lines of `room` on which the scroll mark stands."""
        length = min(room, max(1, room * self.seen // self.total))
        free = room - length
        start = free * self.above // (self.total - self.seen)
        if self.above and self.below and free > 1:
            start = max(1, min(free - 1, start))
        return range(start, start + length)


def framed(
    face: Face,
    width: int,
    height: int,
    glyphs: Glyphs,
    *,
    focused: bool,
    cache: RowCache | None = None,
    keys: Row = (),
    extent: Extent | None = None,
) -> tuple[Row, ...]:
    """The face in a box of exactly `width` x `height`; `cache` has the rows of the frame before.

    Where not all rows are in sight `extent` says so at the upper edge and by a mark on the right one; `keys` stand at
    the lower edge, and the subtitle is cut where it leaves them no room.
    """
    cache = cache or RowCache()
    tone = "highlight" if focused else "line"
    side, mark = Span(glyphs.vertical, tone), Span(glyphs.thumb, tone)
    inner = width - 4
    rows: list[Row] = [_top(face, width, glyphs, tone, focused, extent)]
    body = ((face.header,) if face.header else ()) + face.rows
    room = height - 2
    if face.note and len(body) < room:
        body = (*body, face.note)

    def boxed(row: Row) -> Row:
        return (side, Span(" "), *fit(row, inner), Span(" "), side)

    def marked(row: Row) -> Row:
        return (side, Span(" "), *fit(row, inner), Span(" "), mark)

    shape = ("framed", width, tone, glyphs)
    under = "marked", width, tone, glyphs
    first = 1 if face.header else 0
    thumb = extent.thumb(room - first) if extent is not None else range(0)
    rows += [
        cache.of(under, row, marked) if at - first in thumb else cache.of(shape, row, boxed)
        for at, row in enumerate(body[i] if i < len(body) else () for i in range(room))
    ]
    rows.append(_bottom(face, width, glyphs, tone, keys))
    return tuple(rows)


def _top(face: Face, width: int, glyphs: Glyphs, tone: str, focused: bool, extent: Extent | None) -> Row:
    end = Span(glyphs.horizontal + glyphs.corner_top_right, tone)
    long, short = ("", "") if extent is None else (f" {extent.seen}{word}{extent.total} " for word in (" of ", "/"))
    said = long if width_of((Span(face.title),)) + len(long) + 6 <= width else short
    seen: Row = (Span(said, "dim"),) if said and width - len(said) >= _TITLE else ()
    title = cut(face.title, width - 6 - width_of(seen))
    # a mark, because there may be no colour that shows it
    left = Span(glyphs.corner_top_left + (glyphs.cursor if focused else glyphs.horizontal) + " ", tone)
    name = Span(title + " ", "highlight" if focused else "title", bold=True)
    line = glyphs.horizontal * max(0, width - width_of((left, name, *seen, end)))
    if not seen:
        return fit((left, name, Span(line + end.text, tone)), width)
    return fit((left, name, Span(line, tone), *seen, end), width)


def _bottom(face: Face, width: int, glyphs: Glyphs, tone: str, keys: Row) -> Row:
    keys = keys if width_of(keys) + 8 <= width else ()
    words = cut(face.subtitle, width - 6 - (width_of(keys) + 4 if keys else 0))
    right_end = Span((" " if words else "") + glyphs.horizontal + glyphs.corner_bottom_right, tone)
    name = Span((" " if words else "") + words, "faint")
    corner = glyphs.corner_bottom_left
    named: Row = ()
    if keys:
        corner, named = "", (Span(f"{glyphs.corner_bottom_left}{glyphs.horizontal} ", tone), *keys, Span(" "))
    line = glyphs.horizontal * max(0, width - width_of((*named, name, right_end)) - len(corner))
    return fit((*named, Span(corner + line, tone), name, right_end), width)


def tight(
    face: Face, width: int, height: int, glyphs: Glyphs, *, focused: bool, extent: Extent | None = None
) -> tuple[Row, ...]:
    """The face without a box: the title stands over the first column, the column names behind it.

    Where not all rows are in sight `extent` says so at the end of that line, or behind the title.
    """
    mark = glyphs.cursor if focused else ""
    title = Span(cut(mark + face.title, width) + " ", "highlight" if focused else "title", bold=True)
    first: Row = _titled(title, (), face.header)
    if extent is not None:
        way = (glyphs.less if extent.above else "") + (glyphs.more if extent.below else "")
        long, short = (Span(f"{extent.seen}{word}{extent.total} {way}", "dim") for word in (" of ", "/"))
        line = fit(first, width)
        blank = width - len("".join(span.text for span in line).rstrip())
        said = next((span for span in (long, short) if len(span.text) < blank), None)
        if said is not None:
            first = (*fit(first, width - len(said.text)), said)
        else:
            first = _titled(title, (short, Span(" ")), face.header)
    body = (first, *face.rows)
    return tuple(fit(body[i] if i < len(body) else (), width) for i in range(height))


def _titled(title: Span, more: Row, header: Row) -> Row:
    """Title and column names, with the beginning of these hidden behind it."""
    covered = width_of((title, *more))
    rest: list[Span] = []
    for span in header:
        if covered >= len(span.text):
            covered -= len(span.text)
            continue
        seen = span.text[covered:]
        if span.text[:covered].strip():  # half a word says nothing
            seen = " " * len(seen)
        rest.append(span._replace(text=seen))
        covered = 0
    return (title, *more, *rest)
