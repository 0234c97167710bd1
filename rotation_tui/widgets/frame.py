"""A face in its place: framed with title and subtitle, or tight with the title beside the column names."""

from rotation_tui.widgets.cells import Face, Row, Span, cut, fit, width_of
from rotation_tui.widgets.glyphs import Glyphs
from rotation_tui.widgets.table import RowCache


def framed(
    face: Face, width: int, height: int, glyphs: Glyphs, *, focused: bool, cache: RowCache | None = None
) -> tuple[Row, ...]:
    """The face in a box of exactly `width` x `height`; `cache` has the rows of the frame before."""
    cache = cache or RowCache()
    tone = "highlight" if focused else "line"
    side = Span(glyphs.vertical, tone)
    inner = width - 4
    rows: list[Row] = [_top(face, width, glyphs, tone, focused)]
    body = ((face.header,) if face.header else ()) + face.rows
    room = height - 2
    if face.note and len(body) < room:
        body = (*body, face.note)

    def boxed(row: Row) -> Row:
        return (side, Span(" "), *fit(row, inner), Span(" "), side)

    shape = ("framed", width, tone, glyphs)
    rows += [cache.of(shape, body[i] if i < len(body) else (), boxed) for i in range(room)]
    rows.append(_bottom(face, width, glyphs, tone))
    return tuple(rows)


def _top(face: Face, width: int, glyphs: Glyphs, tone: str, focused: bool) -> Row:
    title = cut(face.title, width - 6)
    left = Span(glyphs.corner_top_left + glyphs.horizontal + " ", tone)
    name = Span(title + " ", "highlight" if focused else "title", bold=True)
    line = glyphs.horizontal * max(0, width - width_of((left, name)) - 1)
    return fit((left, name, Span(line + glyphs.corner_top_right, tone)), width)


def _bottom(face: Face, width: int, glyphs: Glyphs, tone: str) -> Row:
    words = cut(face.subtitle, width - 6)
    right_end = Span((" " if words else "") + glyphs.horizontal + glyphs.corner_bottom_right, tone)
    name = Span((" " if words else "") + words, "faint")
    line = glyphs.horizontal * max(0, width - width_of((name, right_end)) - 1)
    return fit((Span(glyphs.corner_bottom_left + line, tone), name, right_end), width)


def tight(face: Face, width: int, height: int, *, focused: bool) -> tuple[Row, ...]:
    """The face without a box: the title stands over the first column, the column names behind it."""
    title = Span(cut(face.title, width) + " ", "highlight" if focused else "title", bold=True)
    first: Row = (title,)
    if face.header:
        first = _beside(title, face.header)
    body = (first, *face.rows)
    return tuple(fit(body[i] if i < len(body) else (), width) for i in range(height))


def _beside(title: Span, header: Row) -> Row:
    """Column names with their beginning hidden behind the title."""
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
