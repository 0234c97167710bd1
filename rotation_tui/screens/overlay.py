"""Boxes that lie over a screen: the help and what opens on a row."""

import textwrap
from collections.abc import Callable, Sequence

from msgspec import Struct

from rotation_tui.board.contract import Board
from rotation_tui.panes.base import Pane, Space
from rotation_tui.screens.keymap import DEFAULT, Keymap
from rotation_tui.screens.keys import TAPE
from rotation_tui.widgets.cells import Face, Row, Span, after, cut, fit, left, width_of
from rotation_tui.widgets.frame import framed
from rotation_tui.widgets.glyphs import ASCII, Glyphs

_TOO_NARROW = 4
"""Columns beside a box from which on the screen behind it says anything."""


BESIDE = "(detail)"
"""Name of the pane that shows what opens on a row; no pane of a package can be called so."""


class Box(Struct, frozen=True):
    """What lies over a screen: column and line of its corner, and its rows. `scroll` is by how many lines its
    content is moved up, `most` by how many it can be, `page` how many are in sight at a time.
    """

    x: int
    y: int
    rows: tuple[Row, ...]
    scroll: int
    most: int
    page: int


_ABOUT = (
    "every number has a source, a time and a state; ? is unknown, dim is old",
    "Yahoo, Cboe and Nasdaq data are for personal use under their terms",
    "RRG is a trademark of RRG Research; relative rotation here is an open formula",
)


# `v` for the arrow down would be the key of the verdict
_ARROWS = str.maketrans({"↓": "dn", "↑": "up", "←": "<-", "→": "->"})


def _written(key: str, glyphs: Glyphs) -> str:
    """How a key is written where it may be that arrows cannot be."""
    return key if glyphs is not ASCII else key.translate(_ARROWS)


def help_box(
    width: int,
    height: int,
    glyphs: Glyphs,
    scroll: int = 0,
    title: str = "",
    legend: Sequence[tuple[str, str]] = (),
    keymap: Keymap = DEFAULT,
    *,
    tape: bool = False,
) -> Box:
    """All keys by group, in two columns where one would not fit, and below what every number has.

    Those of a tape are there while a `tape` is played. Then, a page further where there is no room, the `legend` of the
    pane with this title: what its columns say.
    """
    entries: list[Row] = []
    room_of_keys = 10 if not keymap.changes else min(14, max(10, *(len(k.shown) + 1 for k in keymap.keys)))
    for group in dict.fromkeys(k.group for k in keymap.keys if tape or k.group != TAPE):
        if entries:
            entries.append(())
        entries.append((Span(group, "title", bold=True),))
        entries += [
            (Span(left(_written(k.shown, glyphs), room_of_keys), "key"), Span(k.words, "text"))
            for k in keymap.keys
            if k.group == group and k.words
        ]
    about: list[Row] = [(), *((Span(line, "dim"),) for line in _ABOUT)]
    room = height - 3
    if len(entries) + len(about) > room and width >= 78:
        if len(entries) > 2 * room:  # air between the groups is the first to go
            entries = [entry for entry in entries if entry]
        if len(entries) > 2 * room:  # then the names of the groups: no key may be missing
            entries = [entry for entry in entries if len(entry) > 1]
        half = -(-len(entries) // 2)
        column = min(50, (width - 8) // 2)
        rows = [
            (*fit(entries[i], column), Span("  "), *fit(entries[i + half] if i + half < len(entries) else (), column))
            for i in range(half)
        ]
    else:
        rows = list(entries)
    return _box(
        "Keys",
        [*rows, *about, *_told(title, legend, width - 6, keymap)],
        width,
        height,
        glyphs,
        scroll,
        below=1,
        keymap=keymap,
    )


class Offers(Struct, frozen=True):
    """What can be gone to, name and words, while it is typed; enter takes the one `at`. Names have `room` columns."""

    rows: tuple[tuple[str, str], ...]
    at: int = 0
    title: str = "go to"
    room: int = 20


_MOST_OFFERS = 12


def offers_box(offers: Offers, width: int, height: int, glyphs: Glyphs) -> Box:
    """The offers that are near the one that enter takes, above the last line, where they are typed."""
    room = min(_MOST_OFFERS, height - 4)
    first = max(0, min(offers.at - room // 2, len(offers.rows) - room))
    shown = offers.rows[first : first + room]
    indent = min(max((width_of((Span(name),)) for name, _ in shown), default=0), offers.room) + 2
    rows: list[Row] = []
    for at, (name, words) in enumerate(shown, first):
        row: Row = (Span(left(cut(name, indent - 2), indent), "key"), Span(words, "text"))
        mark = Span(glyphs.cursor if at == offers.at else " ", "highlight")
        rows.append((mark, Span(" "), *(span._replace(bold=at == offers.at) for span in row)))
    box_width = min(width, max((width_of(row) for row in rows), default=0) + 4, 64)
    more = len(offers.rows) - len(shown)
    face = Face(offers.title, tuple(rows), (None,) * len(rows), f"{more} more" if more else "")
    drawn = framed(face, max(box_width, 30), len(rows) + 2, glyphs, focused=True)
    return Box(0, height - 1 - len(drawn), drawn, 0, 0, len(rows))


def _told(title: str, legend: Sequence[tuple[str, str]], room: int, keymap: Keymap) -> list[Row]:
    if not legend:
        return []
    indent = max(width_of((Span(name),)) for name, _ in legend) + 2
    lines: list[Row] = [(Span(left(name, indent), "key"), Span(keymap.told(words), "text")) for name, words in legend]
    return [
        (),
        (Span(f"columns of {title}", "title", bold=True),),
        *(part for row in lines for part in _wrapped(row, room)),
    ]


def detail_box(
    title: str, rows: Sequence[Row], width: int, height: int, glyphs: Glyphs, scroll: int = 0, onward: str = "",
    keymap: Keymap = DEFAULT,
) -> Box:  # fmt: skip
    """What opened on a row; long lines go on under their own beginning. `onward` says what leads further."""
    wrapped = [part for row in rows for part in _wrapped(row, width - 6)]
    return _box(title, wrapped, width, height, glyphs, scroll, onward=onward, keymap=keymap)


def detail_pane(pane: Pane, row_of: Callable[[], str | None]) -> Pane:
    """What opens on a row of `pane` as a pane beside it; `row_of` tells which row, when it is drawn."""

    def draw(board: Board, space: Space) -> Face:
        row = row_of()
        told = () if row is None or pane.detail is None else pane.detail(board, row, space)
        rows = [part for line in told for part in _wrapped(line, space.width)] or [(Span("no row", "dim"),)]
        title = "Detail" if row is None else row
        source = "" if row is None or pane.told_at is None else f"METHODOLOGY.md#{pane.told_at(row)}"
        return Face(title, tuple(rows), (None,) * len(rows), source)

    return Pane(BESIDE, "Detail", draw, lambda _: 12, 4, reads=pane.reads)


def _wrapped(row: Row, room: int) -> list[Row]:
    if not row or width_of(row) <= room:
        return [row]
    lead, last = row[:-1], row[-1]
    indent = width_of(lead)
    firm = _APART.join(_together(group) for group in last.text.split(_APART))
    pieces = [piece.replace(_FIRM, " ") for piece in textwrap.wrap(firm, max(10, room - indent))] or [""]
    first: Row = (*lead, last._replace(text=pieces[0]))
    return [first, *((Span(" " * indent), last._replace(text=piece)) for piece in pieces[1:])]


_APART, _FIRM = "  ", "\u00a0"
_FIGURE = 16
"""Columns of the longest thing between two blanks that is one figure with its name, as "MTD −0.97"."""


def _together(group: str) -> str:
    """A figure with its name, which no line is to part."""
    return group.replace(" ", _FIRM) if len(group) <= _FIGURE else group


def _box(
    title: str, rows: Sequence[Row], width: int, height: int, glyphs: Glyphs, scroll: int, below: int = 2,
    onward: str = "", keymap: Keymap = DEFAULT,
) -> Box:  # fmt: skip
    """`below` is how many lines it leaves free, the first one among them; the help has the keys of the last one."""
    content = max((width_of(r) for r in rows), default=10)
    box_height = min(height - below, len(rows) + 2)
    page = max(1, box_height - 2)
    most = max(0, len(rows) - page)
    scroll = max(0, min(scroll, most))
    hidden = _hidden(scroll, most - scroll, keymap)
    onward = f"{onward} · " if onward and len(hidden) + len(onward) + 20 <= width else ""
    subtitle = f"{hidden}{onward}{keymap.shown('esc')} closes"
    box_width = min(width - 2, max(content + 4, width_of((Span(title),)) + 8, len(subtitle) + 6, 30))
    seen = tuple(rows[scroll : scroll + page])
    face = Face(title, seen, (None,) * len(seen), subtitle)
    if width - box_width <= _TOO_NARROW:  # a sliver of the screen behind would only look like a second frame
        box_width = width
    drawn = framed(face, box_width, box_height, glyphs, focused=True)
    return Box((width - box_width) // 2, max(1, (height - box_height) // 2), drawn, scroll, most, page)


def _hidden(above: int, below: int, keymap: Keymap) -> str:
    """How many lines are out of sight, and the keys that bring them."""
    parts = [f"{below} more, {keymap.shown('pgdn')}"] if below else []
    parts += [f"{above} above, {keymap.shown('pgup')}"] if above else []
    return "".join(f"{part} · " for part in parts)


def laid_over(sheet: tuple[Row, ...], box: Box, width: int, *, fades: bool = True) -> tuple[Row, ...]:
    """The sheet with a box on it; what stays in sight of it goes faint where it `fades`."""
    x, y, rows = box.x, box.y, box.rows
    out: list[Row] = []
    for number, row in enumerate(sheet):
        faint = tuple(s._replace(tone="faint", bold=False, selected=False) for s in row) if fades else row
        inside = number - y
        if 0 <= inside < len(rows):
            beginning, end = fit(faint, x), after(fit(faint, width), x + width_of(rows[inside]))
            out.append((*beginning, *rows[inside], *end))
        else:
            out.append(faint)
    return tuple(out)
