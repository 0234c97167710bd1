"""Lines of dots and rows of blocks that hardly moved stay as they are shown, for a link on which every glyph counts."""

from rotation_tui.widgets.cells import Row, Span
from rotation_tui.widgets.glyphs import BRAILLE_BITS
from rotation_tui.widgets.spark import BLOCKS, STROKES

_BRAILLE = "\u2800"

Ends = tuple[tuple[int, int], ...]
"""The lowest and the highest dot of each side, (-1, -1) where there is none."""


def steadied(before: Row, after: Row) -> Row:
    """`after`, with each of its lines as in `before` where no point of it lies more than one step away.

    A glyph is four steps high; of the eight heights of a block two are a step. What is kept is compared with
    what is shown, so an error of one step never grows.
    """
    shown = "".join(span.text for span in before)
    out: list[Span] = []
    at = 0
    for span in after:
        old = shown[at : at + len(span.text)]
        at += len(span.text)
        keeps = old != span.text and len(old) == len(span.text) and _is_line(span)
        out.append(span._replace(text=old) if keeps and all(map(_is_near, old, span.text)) else span)
    return tuple(out)


def _is_line(span: Span) -> bool:
    if span.text.isascii():  # points and strokes stand in words and numbers as well
        return span.tone in ("spark", "highlight") and set(span.text) <= {*STROKES, " "}
    return any((c > _BRAILLE and c <= "\u28ff") or c in BLOCKS for c in span.text)


def _is_near(old: str, new: str) -> bool:
    if old == new:
        return True
    if old in BLOCKS and new in BLOCKS:
        return abs(BLOCKS.index(old) - BLOCKS.index(new)) <= 2
    a, b = _ends(old), _ends(new)
    return a is not None and b is not None and all(map(_one_step, a, b))


def _one_step(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return (a[0] < 0) == (b[0] < 0) and abs(a[0] - b[0]) <= 1 and abs(a[1] - b[1]) <= 1


def _ends(glyph: str) -> Ends | None:
    if glyph == " ":
        return ((-1, -1), (-1, -1))
    if glyph in STROKES:
        level = STROKES.index(glyph)
        return ((level, level), (level, level))
    bits = ord(glyph) - ord(_BRAILLE)
    if not 0 <= bits < 256:
        return None
    lit = [[level for level, bit in enumerate(side) if bits & bit] for side in BRAILLE_BITS]
    return tuple((levels[0], levels[-1]) if levels else (-1, -1) for levels in lit)
