"""A face in its place: framed with title and subtitle, or tight with the title beside the column names."""

from collections.abc import Hashable
from itertools import chain, repeat
from typing import NamedTuple

from rotation_tui.widgets.cells import Face, Row, Span, after, cut, fit, width_of
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
    tone: str = "title",
) -> tuple[Row, ...]:
    """The face in a box of exactly `width` x `height`; `cache` has the rows of the frame before.

    `tone` is that of the title where it has not the focus.

    Where not all rows are in sight `extent` says so at the upper edge and by a mark on the right one; `keys` stand at
    the lower edge, and the subtitle is cut where it leaves them no room.
    """
    cache = cache or RowCache()
    edge = "highlight" if focused else "line"
    side, mark = Span(glyphs.vertical, edge), Span(glyphs.thumb, edge)
    inner = width - 4
    # the edges follow from a few words, mostly the same object as in the frame before
    named = "highlight" if focused else tone
    shape: Hashable = ("top", width, named, glyphs.horizontal, extent)  # glyphs as a whole are dear to hash
    rows: list[Row] = [cache.of(shape, face.title, lambda title: _top(title, width, glyphs, edge, named, extent))]
    body = ((face.header,) if face.header else ()) + face.rows
    room = height - 2
    if face.note and len(body) < room:
        body = (*body, face.note)

    def boxed(row: Row) -> Row:
        return (side, Span(" "), *fit(row, inner), Span(" "), side)

    def marked(row: Row) -> Row:
        return (side, Span(" "), *fit(row, inner), Span(" "), mark)

    shape = ("framed", width, edge, side.text)
    under = ("marked", width, edge, mark.text)
    first = 1 if face.header else 0
    thumb = extent.thumb(room - first) if extent is not None else range(0)
    rows += [
        cache.of(under, row, marked) if at - first in thumb else cache.of(shape, row, boxed)
        for at, row in zip(range(room), chain(body, repeat(())), strict=False)
    ]
    shape = ("bottom", width, edge, glyphs.horizontal, keys)
    rows.append(cache.of(shape, face.subtitle, lambda subtitle: _bottom(subtitle, width, glyphs, edge, keys)))
    return tuple(rows)


def _top(whole: str, width: int, glyphs: Glyphs, edge: str, tone: str, extent: Extent | None) -> Row:
    end = Span(glyphs.horizontal + glyphs.corner_top_right, edge)
    long, short = ("", "") if extent is None else (f" {extent.seen}{word}{extent.total} " for word in (" of ", "/"))
    said = long if width_of((Span(whole),)) + len(long) + 6 <= width else short
    seen: Row = (Span(said, "dim"),) if said and width - len(said) >= _TITLE else ()
    title = _whole_pieces(whole, width - 6 - width_of(seen), f" {glyphs.dot} ")
    # a mark, because there may be no colour that shows it
    left = Span(glyphs.corner_top_left + (glyphs.cursor if tone == "highlight" else glyphs.horizontal) + " ", edge)
    name = Span(title + " ", tone, bold=True)
    line = glyphs.horizontal * max(0, width - width_of((left, name, *seen, end)))
    if not seen:
        return fit((left, name, Span(line + end.text, edge)), width)
    return fit((left, name, Span(line, edge), *seen, end), width)


def _whole_pieces(words: str, room: int, apart: str) -> str:
    """As many of its pieces as there is room for, since half a word says nothing; the first one is cut."""
    while apart in words and width_of((Span(words),)) > room:
        words = words.rpartition(apart)[0]
    return cut(words, room)


def _bottom(subtitle: str, width: int, glyphs: Glyphs, tone: str, keys: Row) -> Row:
    keys = keys if width_of(keys) + 8 <= width else ()
    words = _whole_pieces(subtitle, width - 6 - (width_of(keys) + 4 if keys else 0), f" {glyphs.dot} ")
    right_end = Span((" " if words else "") + glyphs.horizontal + glyphs.corner_bottom_right, tone)
    name = Span((" " if words else "") + words, "faint")
    corner = glyphs.corner_bottom_left
    named: Row = ()
    if keys:
        corner, named = "", (Span(f"{glyphs.corner_bottom_left}{glyphs.horizontal} ", tone), *keys, Span(" "))
    line = glyphs.horizontal * max(0, width - width_of((*named, name, right_end)) - len(corner))
    return fit((*named, Span(corner + line, tone), name, right_end), width)


def tight(
    face: Face,
    width: int,
    height: int,
    glyphs: Glyphs,
    *,
    focused: bool,
    extent: Extent | None = None,
    tone: str = "title",
) -> tuple[Row, ...]:
    """The face without a box: the title stands over the first column, the column names behind it.

    Where not all rows are in sight `extent` says so on that line.
    """
    mark = glyphs.cursor if focused else ""
    whole = mark + face.title
    brief = whole.partition(",")[0]
    if _hidden(whole, face.header) > _hidden(brief, face.header):  # the unit is the least of what stands there
        whole = brief
    title = Span(cut(whole, width) + " ", "highlight" if focused else tone, bold=True)
    first = _titled(title, face.header)
    if extent is not None:
        first = _with_extent(fit(first, width), width_of((title,)), extent, glyphs)
    body = (first, *face.rows)
    return tuple(fit(body[i] if i < len(body) else (), width) for i in range(height))


def _hidden(title: str, header: Row) -> int:
    """How many names of columns the title would stand over."""
    return len("".join(span.text for span in header)[: width_of((Span(title),)) + 1].split())


def _with_extent(row: Row, title: int, extent: Extent, glyphs: Glyphs) -> Row:
    """The first line with how much is in sight: at its end, behind the title, or in the last gap between two names.

    It covers no name of a column; where there is no room at all it stands behind the title nevertheless.
    """
    way = (glyphs.less if extent.above else "") + (glyphs.more if extent.below else "")
    long, short = (f"{extent.seen}{word}{extent.total} {way}" for word in (" of ", "/"))
    text = "".join(span.text for span in row)
    if not text.isascii() and width_of(row) != len(text):  # wide characters: columns are not letters
        places = [(title, short)]
    else:
        places = [(len(text) - len(said), said) for said in (long, short) if not text[-len(said) - 1 :].strip()]
        bare = f"{extent.seen}/{extent.total}"
        behind = ((title, said) for said in (short, bare) if title + len(said) <= len(text))
        places += [(at, said) for at, said in behind if not text[at : at + len(said) + 1].strip()]
        gap = text.rfind(" " * (len(short) + 2))
        places += [(gap + 1, short)] if gap >= title else []
    if not places:  # the unit behind the comma is the least of what stands there
        name, brief = row[0].text.partition(",")[0].rstrip(), f" {extent.seen}/{extent.total} "
        if len(name) + len(brief) <= title:
            row = (row[0]._replace(text=name.ljust(title)), *row[1:])
            places = [(len(name), brief)]
        else:
            has_room = not text[title : title + len(way) + 1].strip()
            places = [(title, way if has_room else short)]
    at, said = places[0]
    return (*fit(row, at), Span(said, "dim"), *after(row, at + len(said)))


def _titled(title: Span, header: Row) -> Row:
    """Title and column names, with the beginning of these hidden behind it."""
    covered = width_of((title,))
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
    return (title, *rest)
