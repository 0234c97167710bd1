"""A screen as a grid of cells: characters with their styles, wide characters held together.

Independent of Textual. A character two columns wide stands in its first cell and leaves "" in the second;
combining characters stand in the cell of the character they belong to.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import cell_len, split_graphemes

from rotation_tui.terminal.sgr import PLAIN, Style, styled
from rotation_tui.widgets.cells import SURE

UNKNOWN: Final = "\x00"
"""Stands in a cell of which nobody knows what the terminal shows; equal to no character that is drawn."""

Piece = tuple[str, str]
"""A text and the parameters of its SGR sequence."""
# Dingbats and symbols that some terminals draw as emoji, two columns wide.
_PICTURES: Final = range(0x2600, 0x27C0)


@lru_cache(4096)
def is_sure(cell: str) -> bool:
    """Whether every terminal moves its cursor by exactly one column for this cell."""
    if cell in SURE:
        return True
    return (
        len(cell) == 1
        and unicodedata.east_asian_width(cell) in ("N", "Na", "H", "A")
        and unicodedata.category(cell)[0] in "LNPSZ"
        and ord(cell) not in _PICTURES
        and cell_len(cell) == 1
    )


class DrawnLine(NamedTuple):
    """Pieces that a line was drawn of last, and the column behind each."""

    pieces: Sequence[Piece]
    ends: Sequence[int]


_NOTHING: Final = DrawnLine((), ())


class Grid:
    """`width` by `height` cells; `chars[y][x]` and `styles[y][x]` are read by whoever compares grids."""

    def __init__(self, width: int, height: int, fill: str = " ") -> None:
        self.width = width
        self.height = height
        self.chars = [[fill] * width for _ in range(height)]
        self.styles = [[PLAIN] * width for _ in range(height)]
        self._drawn: dict[int, DrawnLine] = {}

    def resize(self, width: int, height: int) -> None:
        """Keep what fits from the top left corner; new cells are blank."""
        self._drawn.clear()
        for y, (chars, styles) in enumerate(zip(self.chars, self.styles, strict=True)):
            if width < len(chars) and chars[width] == "":
                self._clear_halves(y, width, width)
            more = max(0, width - len(chars))
            chars[width:] = [" "] * more
            styles[width:] = [PLAIN] * more
        for _ in range(height - len(self.chars)):
            self.chars.append([" "] * width)
            self.styles.append([PLAIN] * width)
        del self.chars[height:], self.styles[height:]
        self.width, self.height = width, height

    def draw(self, y: int, pieces: Sequence[Piece]) -> None:
        """Write pieces one behind the other from the first column of line `y` on.

        Of some thirty one or two differ from those that the line was drawn of last. The others are there already
        where they stand as they stood, for no character belongs to two of them.
        """
        before, stood = self._drawn.pop(y, _NOTHING)
        known, x, ends = len(before), 0, [0] * len(pieces)
        for at, piece in enumerate(pieces):
            if at < known and piece == before[at] and x == (stood[at - 1] if at else 0):
                x = stood[at]
            else:
                x = self._write(x, y, piece[0], styled(PLAIN, piece[1]))
            ends[at] = x
        self._drawn[y] = DrawnLine(pieces, ends)

    def put(self, x: int, y: int, text: str, style: Style) -> int:
        """Write text without control characters from (x, y) on; returns the column after it.

        What lies outside the grid is left out, and half of a wide character that is overwritten becomes a
        space, as terminals do.
        """
        self._drawn.pop(y, None)
        return self._write(x, y, text, style)

    def _write(self, x: int, y: int, text: str, style: Style) -> int:
        if SURE.issuperset(text):
            self._put_cells(x, y, list(text), style)
            return x + len(text)
        cells: list[str] = []
        for start, end, width in split_graphemes(text)[0]:
            character = "".join(c for c in text[start:end] if unicodedata.category(c) not in ("Cc", "Cs"))
            fits = x + len(cells) + width <= self.width
            # What has no column of its own here joins nothing, and is left out.
            cells += [character, *[""] * (width - 1)] if width and character and fits else [" "] * width
        self._put_cells(x, y, cells, style)
        return x + len(cells)

    def _put_cells(self, x: int, y: int, cells: list[str], style: Style) -> None:
        count = min(len(cells), self.width - x)
        if count <= 0 or not 0 <= y < self.height:
            return
        chars = self.chars[y]
        self._clear_halves(y, x, x + count)
        chars[x : x + count] = cells[:count]
        self.styles[y][x : x + count] = [style] * count

    def _clear_halves(self, y: int, start: int, end: int) -> None:
        """Blank what remains of wide characters when the cells from start to before end go."""
        chars = self.chars[y]
        if chars[start] == "":
            while chars[start] == "":
                chars[start] = " "
                start -= 1
            chars[start] = " "
        while end < len(chars) and chars[end] == "":
            chars[end] = " "
            end += 1
