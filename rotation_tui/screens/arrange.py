"""Where each pane of a screen stands: framed in two columns or one, or tight where room is scarce."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from rotation_tui.board.contract import Board
from rotation_tui.panes.base import Pane

LEAST = (60, 18)
"""Columns and rows below which nothing but the request for more room is shown."""
_TWO_COLUMNS = 110
WIDE = (110, 36)
"""Columns and rows of a terminal from which on some panes of the overview make room for others..."""
TALL = 44
"""...and rows from which on there is room for both."""
LARGE = (150, 45)
"""Columns and rows of a terminal from which on the overview has more panes, in two columns of their own heights."""
_TOP = 1
"""Where panes begin: under the first line."""


class Slot(Struct, frozen=True):
    """A pane's place: column and line of its corner, its size, and whether it has a frame.

    `titled` is whether its title is seen: only a pane of a single line stands without one.
    """

    pane: Pane
    x: int
    y: int
    width: int
    height: int
    framed: bool

    @property
    def titled(self) -> bool:
        return self.framed or self.height > 1


class Overview(NamedTuple):
    """Names of the overview's panes in reading order; the first `left` are a column of their own, 0 for bands."""

    names: tuple[str, ...]
    left: int = 0


def overview(
    names: Sequence[str], wide: Sequence[str], yielding: Sequence[str], large: Sequence[str], width: int, height: int
) -> Overview:
    """The panes that the overview has in a terminal of this size.

    On a large one those of `large` as well: then the first half of `names` stands in the left column, and the right
    one begins with what came in. On a wide one those of `wide` stand behind the first two, beside or in the place of
    those `yielding`: the answers to the questions are read before what they are made of.
    """
    more = [name for name in large if name not in names]
    if not more or width < LARGE[0] or height < LARGE[1]:
        between, last = [n for n in wide if n not in names], [n for n in names if n in yielding]
        if between and last and width >= WIDE[0] and height >= WIDE[1]:
            others = [n for n in names if n not in yielding]
            return Overview((*others[:2], *between, *others[2:], *(last if height >= TALL else ())))
        return Overview(tuple(names))
    half = -(-len(names) // 2)
    return Overview((*names[:half], *more, *names[half:]), half)


def arrange(
    panes: Sequence[Pane],
    board: Board,
    width: int,
    height: int,
    *,
    stacked: bool = False,
    paired: bool = False,
    left: int = 0,
    share: float = 0.5,
) -> tuple[Slot, ...]:
    """Places for `panes`, in reading order, in a field of `width` x `height` under the first line.

    Two columns where the width allows it, unless `stacked` puts every pane under the one before; `paired` has two
    at every width and lets the bands share what is spare. The first `left` panes stand in a column beside all others,
    where both have the room, and has a `share` of the width.
    """
    if len(panes) == 1:
        return (Slot(panes[0], 0, _TOP, width, height, framed=height >= 20),)
    if 0 < left < len(panes):
        middle = int(width * share)
        both = (
            _column(panes[:left], board, 0, middle, height),
            _column(panes[left:], board, middle, width - middle, height),
        )
        if all(both):
            return (*both[0], *both[1])
    wide = width >= _TWO_COLUMNS
    columns = 2 if paired or (wide and not stacked) else 1
    bands = [panes[i : i + columns] for i in range(0, len(panes), columns)]
    wants = [max(p.wants(board) for p in band) + 2 for band in bands]
    if sum(wants) <= height:
        heights = (_shared if paired else _grown)(bands, wants, board, height)
        return _framed(bands, heights, width, height)
    if columns == 2 and wide and sum(wants) - wants[-1] + 4 <= height:
        wants[-1] = height - sum(wants[:-1])
        return _framed(bands, wants, width, height)
    return _tight(bands, board, width, height)


def _column(panes: Sequence[Pane], board: Board, x: int, width: int, height: int) -> tuple[Slot, ...]:
    """Panes under each other in frames; none where not even their least fits.

    What they want goes first, top to bottom, rows that can be opened before pictures; then those get all that they can
    use for whom it suffices, the most modest first, and the one that can use most takes the rest.
    """
    heights = [p.least + (2 if p.detail is None else 3) for p in panes]  # tables have the names of their columns
    spare = height - sum(heights)
    if spare < 0:
        return ()
    most = [(p.wants if p.most is None else p.most)(board) + 2 for p in panes]
    modest = sorted(range(len(panes)), key=lambda i: most[i])
    for i in sorted(range(len(panes)), key=lambda i: panes[i].detail is None):
        more = max(0, min(spare, panes[i].wants(board) + 2 - heights[i]))
        heights[i] += more
        spare -= more
    for i in modest:
        more = max(0, most[i] - heights[i])
        if more <= spare:
            heights[i] += more
            spare -= more
    heights[modest[-1]] += spare
    tops = [_TOP + sum(heights[:i]) for i in range(len(panes))]
    return tuple(Slot(pane, x, y, width, rows, framed=True) for pane, y, rows in zip(panes, tops, heights, strict=True))


def _grown(bands: Sequence[Sequence[Pane]], wants: list[int], board: Board, height: int) -> list[int]:
    """Band heights with what is spare given, top to bottom, to panes that can use it."""
    heights = list(wants)
    for i, band in enumerate(bands):
        spare = height - sum(heights)
        heights[i] += max(0, min(_useful(band, board) - heights[i], spare))
    return heights


def _shared(bands: Sequence[Sequence[Pane]], wants: list[int], board: Board, height: int) -> list[int]:
    """Band heights with what is spare given to all alike, and no more to a band than it says that it can use."""
    heights, spare = list(wants), height - sum(wants)
    useful = [max(_useful(band, board), want) for band, want in zip(bands, wants, strict=True)]
    waiting = sorted(range(len(bands)), key=lambda i: useful[i] - wants[i])
    for at, i in enumerate(waiting):
        more = min(useful[i] - wants[i], spare // (len(waiting) - at))
        heights[i] += more
        spare -= more
    return heights


def _useful(band: Sequence[Pane], board: Board) -> int:
    return max(p.most(board) if p.most is not None else p.wants(board) for p in band) + 2


def _framed(bands: Sequence[Sequence[Pane]], heights: list[int], width: int, height: int) -> tuple[Slot, ...]:
    spare = height - sum(heights)
    # air first where the eye rests: one line each for the upper bands, what is left to the last
    for i in range(len(heights) - 1):
        if spare > 0:
            heights[i] += 1
            spare -= 1
    heights[-1] += spare
    return _placed(bands, heights, width, framed=True)


def _tight(bands: Sequence[Sequence[Pane]], board: Board, width: int, height: int) -> tuple[Slot, ...]:
    """No frames; every band its least, then more to those that want it, top to bottom; the last bands go first."""
    shown = list(bands)
    while len(shown) > 1 and _lines([_least(band) for band in shown]) > height:
        shown.pop()
    heights = [_least(band) for band in shown]
    wanted = [max(p.wants(board) for p in band) for band in shown]
    grown = True
    while grown:
        grown = False
        for i, now in enumerate(heights):
            more = [*heights[:i], now + 1, *heights[i + 1 :]]
            if now < wanted[i] and _lines(more) <= height:
                heights, grown = more, True
    return _placed(shown, heights, width, framed=False)


def _placed(bands: Sequence[Sequence[Pane]], heights: Sequence[int], width: int, *, framed: bool) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    y = _TOP
    for band, rows in zip(bands, heights, strict=True):
        y += _gap(rows) if slots and not framed else 0
        places = _side_by_side(band, width, 0 if framed else 2)
        slots += [Slot(pane, x, y, wide, rows, framed) for pane, x, wide in places]
        y += rows
    return tuple(slots)


def _side_by_side(band: Sequence[Pane], width: int, gap: int) -> list[tuple[Pane, int, int]]:
    """Column and width of each pane of a band, by weight; the last one takes what rounding leaves."""
    room, total = width - gap * (len(band) - 1), sum(p.weight for p in band)
    places: list[tuple[Pane, int, int]] = []
    x = 0
    for pane in band:
        wide = width - x if pane is band[-1] else room * pane.weight // total
        places.append((pane, x, wide))
        x += wide + gap
    return places


def _lines(heights: Sequence[int]) -> int:
    """Lines that tight bands of these heights take, with what is blank between them."""
    return sum(heights) + sum(map(_gap, heights[1:]))


def _gap(rows: int) -> int:
    """Blank lines above a tight band; a single line needs none."""
    return 0 if rows == 1 else 1


def _least(band: Sequence[Pane]) -> int:
    """Rows that a band needs, its title included; a pane of one row stands without a title."""
    return max(1 if p.least == 1 else p.least + 1 for p in band)
