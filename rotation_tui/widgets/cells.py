"""Rows of text with tones: what panes make and the ledger shows."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import cached_cell_len, chop_cells, set_cell_size


class Span(NamedTuple):
    """Some text in one tone of the theme; bold, reverse and the selected row's background go on top of it.

    `act` is what a click on it does, for whoever takes the click.
    """

    text: str
    tone: str = "text"
    bold: bool = False
    reverse: bool = False
    selected: bool = False
    act: str = ""


Row = tuple[Span, ...]
"""One line, left to right."""
Rows = tuple[Row, ...]

# One column on every terminal. Geometric shapes, boxes, blocks and braille are what this program draws with.
_PLAIN_RANGES: Final = ((0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x2FF), (0x2500, 0x25FC), (0x2800, 0x28FF))
_PLAIN_SIGNS: Final = "−×ΔΣρσ…–—≤≥←↑→↓↖↗↘↙"
SURE: Final = frozenset(chr(code) for first, last in _PLAIN_RANGES for code in range(first, last + 1)) | {*_PLAIN_SIGNS}
"""Characters whose width is known without looking."""


class Answers(NamedTuple):
    """What the rows of a table can be asked by: its columns by each name that they have, in small letters.

    `value` gives that of a row, by its id and the key of a column; `is_number` tells of a key what its values are, None
    where none is known.
    """

    names: Mapping[str, str]
    value: Callable[[str, str], float | str | None]
    is_number: Callable[[str], bool | None]


class Answering:
    """Makes answers once somebody asks; of two faces that look alike none is another one for it."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Answers]) -> None:
        self.make = make

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Answering)

    def __hash__(self) -> int:
        return 0


class Face(NamedTuple):
    """What a pane shows: title, rows, and what to say at its lower edge.

    `ids` has an entry a row: the id of the thing it is about, None for headers and notes. `header` is the
    line of column names, kept apart so that tight layouts can put it beside the title. `legend` has name and words of
    each column. `answers` has what its rows can be asked by, where they are a table.
    """

    title: str
    rows: tuple[Row, ...]
    ids: tuple[str | None, ...] = ()
    subtitle: str = ""
    header: Row = ()
    note: Row = ()
    legend: tuple[tuple[str, str], ...] = ()
    answers: Answering | None = None


def printable(text: str) -> str:
    """`text` without what a terminal would obey instead of showing; a blank stands for each odd blank.

    Variation selectors and skin tones go too: terminals do not agree on the width of what they change.
    """
    if text.isprintable() and (text.isascii() or not _SELECTORS.search(text)):
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else "" for c in _SELECTORS.sub("", text))


_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff]")


_RANGES = "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in _PLAIN_RANGES)
is_single = re.compile(f"[{_RANGES}{_PLAIN_SIGNS}β≈≠✓✗]*").fullmatch
"""Whether each character of a text is printed in one column and one of those that are drawn as a rule.

For whole rows: of a short text `measured` tells it sooner.
"""


def measured(text: str) -> tuple[str, int]:
    """`text` as it is printable, and the columns that it takes on a terminal."""
    if text.isascii() and text.isprintable():
        return text, len(text)
    return _measured(text) if len(text) <= _LONGEST_KEPT else _measured.__wrapped__(text)


_LONGEST_KEPT = 300


@lru_cache(512)
def _measured(text: str) -> tuple[str, int]:
    clean = printable(text)
    # past rich's own cache, in which 4,096 texts of a day would stay as well
    return clean, cached_cell_len.__wrapped__(clean)


def width_of(row: Row) -> int:
    """Columns that the row takes on a terminal."""
    text = "".join([span.text for span in row])
    return len(text) if is_single(text) else sum(_width(span.text) for span in row)


def _width(text: str) -> int:
    return len(text) if text.isascii() else measured(text)[1]


def fit(row: Row, width: int) -> Row:
    """The row cut or filled to exactly `width` columns; every row passes here, so nothing unprintable gets by."""
    texts = [span.text for span in row]
    whole = "".join(texts)
    single = is_single(whole)
    if single and len(whole) <= width:  # so nearly all of some thousand spans a frame: no call for each
        if "" in texts:
            row = tuple([span for span in row if span.text])
        return (*row, Span(" " * (width - len(whole)))) if len(whole) < width else row
    room = width
    out: list[Span] = []
    for span in row:
        text, size = (span.text, len(span.text)) if single else measured(span.text)
        if text != span.text:
            span = span._replace(text=text)
        if size > room:
            if room > 0:
                out.append(span._replace(text=set_cell_size(text, room)))
            return tuple(out)
        if size:
            out.append(span)
        room -= size
    if room > 0:
        out.append(Span(" " * room))
    return tuple(out)


def after(row: Row, start: int) -> Row:
    """The row from column `start` on; a blank stands for half of a wide character."""
    out: list[Span] = []
    for span in row:
        size = _width(span.text)
        if start <= 0:
            out.append(span)
        elif size > start:
            out.append(span._replace(text=_tail(span.text, start)))
        start -= size
    return tuple(out)


def _tail(text: str, start: int) -> str:
    if text.isascii():
        return text[start:]
    from rich.segment import (
        Segment,
    )  # here, because it brings rich's styles along, which the first paint has no use for

    return Segment(text).split_cells(start)[1].text


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` in at most `width` columns, with an ellipsis where something was left out.

    A number that does not fit is left out whole, with its unit: a part of it would be read as another number.
    """
    text, size = measured(text)
    if size <= width:
        return text
    if width <= 0:
        return ""
    room = max(0, width - len(ellipsis))
    beginning = set_cell_size(text, room)
    kept = _without_part(beginning, text[len(beginning) :])
    while _NUMBER.match(kept.rpartition(" ")[2]) and kept[-1].isdigit():
        if _width(kept) < room:
            kept += " "  # or the number would seem to go on
            break
        kept = _without_last_word(kept)
    return kept + ellipsis


_NUMBER = re.compile(r"[^\w\s]*[A-Za-z]?\d")
"""Beginning of a word that is a number: of 2,590.61, −4.58pp, (2025-12-29), p76 and 200d."""
_UNIT = re.compile(r"\s*(?:%|(?:pp|bp)\b)")
_DANGLING = " ·,;:/(&"


def _without_part(beginning: str, rest: str) -> str:
    """The beginning of a text that goes on with `rest`, without the part of a number that it may end with."""
    word = beginning.rpartition(" ")[2]
    if not word or not rest[:1].strip():
        kept = beginning.rstrip()
        return _without_last_word(kept) if kept[-1:].isdigit() and _UNIT.match(rest) else kept.rstrip(_DANGLING)
    parted, before = word + rest.partition(" ")[0], _without_last_word(beginning)
    if _NUMBER.match(parted):
        return before
    if _UNIT.match(parted) and before[-1:].isdigit():
        return _without_last_word(before)
    return re.sub(r"[\d.,]+$", "", beginning)


def _without_last_word(text: str) -> str:
    return text.rpartition(" ")[0].rstrip(_DANGLING)


def folded(text: str, width: int) -> list[str]:
    """`text` in pieces of at most `width` columns (two at the least, for wide characters)."""
    return [piece.strip() for piece in chop_cells(printable(text), max(2, width))]


def right(text: str, width: int) -> str:
    """`text` right-aligned in `width` columns."""
    text, size = measured(text)
    return " " * (width - size) + text


def left(text: str, width: int) -> str:
    """`text` left-aligned in `width` columns."""
    text, size = measured(text)
    return text + " " * (width - size)


def spread_out(near: Row, far: Row, width: int) -> Row:
    """`near` at the left edge and `far` at the right one; `near` is cut where both do not fit."""
    room = width - width_of(far)
    return fit((*fit(near, max(0, room)), *far), width)


def plain(rows: Iterable[Row]) -> str:
    """The rows as text, without trailing blanks."""
    return "\n".join("".join(s.text for s in row).rstrip() for row in rows)
