"""The bytes that make a terminal show a grid, given what it shows already.

Independent of Textual. Cells that differ are sent with the cheapest cursor move and the smallest change of
style; a short gap of equal cells is sent again where that is shorter than jumping over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rotation_tui.terminal.grid import UNKNOWN, Grid, is_sure
from rotation_tui.terminal.sgr import Style, change
from rotation_tui.widgets.cells import SURE

_AS_EXPECTED: Final = "\x1b[?6l\x1b[r\x1b[4l\x1b(B\x0f"
"""Whole screen, overwriting, plain characters: what another program may have left otherwise, 16 bytes."""
_LONGEST_GAP: Final = 7  # a jump costs at most 8 bytes
_MOST_RUNS_TO_SORT: Final = 400  # beyond, few cells are scattered, and the second attempt costs milliseconds


_MOST_RUNS_IN_COLUMNS = 100  # a frame of quotes has fewer, and with more the third attempt costs as well


class CellRun(NamedTuple):
    """Cells of one row that are sent one after the other, from left to right."""

    y: int
    cells: Sequence[int]


class FrameEncoder:
    """Knows what one terminal shows, and where its cursor and style are."""

    def __init__(self) -> None:
        self._shown = Grid(0, 0)
        self._pen = Pen(None, None, 0)

    def forget(self) -> None:
        """Take nothing about the terminal as known: the next frame draws every cell."""
        self._shown = Grid(0, 0)
        self._pen = Pen(None, None, 0)

    def frame(self, wanted: Grid, cursor: tuple[int, int] | None = None) -> str:
        """What to send so that the terminal shows `wanted`; empty when it does.

        The cursor is left at `cursor` where that is given. The result is taken as sent: the next call
        starts from it.
        """
        shown, prepared = self._shown, ""
        if (shown.width, shown.height) != (wanted.width, wanted.height):
            self.forget()
            shown = self._shown = Grid(wanted.width, wanted.height, UNKNOWN)
            prepared = _AS_EXPECTED
        runs: list[CellRun] = []
        for y in range(wanted.height):
            if wanted.chars[y] != shown.chars[y] or wanted.styles[y] != shown.styles[y]:
                runs += _runs(y, _differing(shown, wanted, y))
                shown.chars[y][:] = wanted.chars[y]
                shown.styles[y][:] = wanted.styles[y]
        self._pen, frame = self._shortest(wanted, runs)
        frame += self._pen.end_link()
        if cursor is not None:
            frame += self._pen.move(min(cursor[0], wanted.width - 1), min(cursor[1], wanted.height - 1))
        return prepared + frame

    def _shortest(self, wanted: Grid, runs: list[CellRun]) -> tuple[Pen, str]:
        """Scattered cells cost less style by style, for a change of style is as long as a move, and where they stand
        in columns less one below the other, for a step down and back is half of one.
        """
        pen = self._pen.copy()
        frame = pen.draw(wanted, runs)
        if 1 < len(runs) <= _MOST_RUNS_TO_SORT:
            first = self._pen.style

            def by_style(run: CellRun) -> tuple[bool, Style]:
                style = wanted.styles[run.y][run.cells[0]]
                return style != first, style

            by_row = sorted(runs, key=by_style)
            orders = [by_row]
            if len(runs) <= _MOST_RUNS_IN_COLUMNS:
                orders.append(sorted(by_row, key=lambda run: (by_style(run), run.cells[0])))
            for order in orders:
                other_pen = self._pen.copy()
                other_frame = other_pen.draw(wanted, order)
                if len(other_frame) < len(frame):
                    pen, frame = other_pen, other_frame
        return pen, frame


class Pen:
    """Where the terminal's cursor is and the style it writes in; None = unknown.

    With x unknown only an absolute address is safe.
    """

    def __init__(self, style: Style | None, x: int | None, y: int) -> None:
        self.style = style
        self.x = x
        self.y = y

    def copy(self) -> Pen:
        return Pen(self.style, self.x, self.y)

    def draw(self, wanted: Grid, runs: list[CellRun]) -> str:
        """Send the cells of the runs, in their order."""
        sent: list[str] = []
        for y, cells in runs:
            chars, styles = wanted.chars[y], wanted.styles[y]
            for x in cells:
                if chars[x] == "":
                    continue
                if x != self.x or y != self.y:
                    sent.append(self._bridge(wanted, x, y) or self.move(x, y))
                if styles[x] is not self.style:
                    sent.append(change(self.style, styles[x]))
                    self.style = styles[x]
                sent.append(chars[x])
                # At the right edge a terminal may or may not hold the wrap back, and a character of
                # doubtful width leaves the cursor in doubt.
                known = x + 1 < wanted.width and (chars[x] in SURE or is_sure(chars[x]))
                self.x = x + 1 if known else None
        return "".join(sent)

    def move(self, x: int, y: int) -> str:
        sent = self._cheapest_move(x, y)
        self.x, self.y = x, y
        return sent

    def end_link(self) -> str:
        """Leave no link open behind a frame."""
        if self.style is None or not self.style.link:
            return ""
        before, self.style = self.style, self.style._replace(link="")
        return change(before, self.style)

    def _bridge(self, wanted: Grid, x: int, y: int) -> str:
        """The equal cells up to x once more, if that is no longer than a jump; else nothing."""
        if self.x is None or self.y != y or not 0 < x - self.x <= _LONGEST_GAP:
            return ""
        chars, styles = wanted.chars[y], wanted.styles[y]
        sent, style = "", self.style
        for gap in range(self.x, x):
            if not is_sure(chars[gap]):
                return ""
            sent += change(style, styles[gap]) + chars[gap]
            style = styles[gap]
        bridge = len((sent + change(style, styles[x])).encode("utf-8", "replace"))
        jump = len(self._cheapest_move(x, y)) + len(change(self.style, styles[x]))
        if bridge > jump:
            return ""
        self.x, self.style = x, style
        return sent

    def _cheapest_move(self, x: int, y: int) -> str:
        address = f"\x1b[{y + 1 if y else ''}{f';{x + 1}' if x else ''}H"
        if self.x is None:
            return address
        step = _step(y - self.y) + _move_in_row(x, x - self.x)
        return step if len(step) < len(address) else address


@lru_cache(256)
def _step(lines: int) -> str:
    return f"\x1b[{_count(abs(lines))}{'A' if lines < 0 else 'B'}" if lines else ""


@lru_cache(2048)  # digits change in the same columns frame after frame
def _move_in_row(x: int, distance: int) -> str:
    return min(_moves_in_row(x, distance), key=len)


def _moves_in_row(x: int, distance: int) -> list[str]:
    if distance == 0:
        return [""]
    moves = [f"\x1b[{_count(x + 1)}G"]
    if distance > 0:
        return [*moves, f"\x1b[{_count(distance)}C"]
    return [*moves, "\b" * -distance, f"\x1b[{_count(-distance)}D", *(["\r"] if x == 0 else [])]


def _count(number: int) -> str:
    return "" if number == 1 else str(number)


def _differing(shown: Grid, wanted: Grid, y: int) -> Sequence[int]:
    chars, old_chars = wanted.chars[y], shown.chars[y]
    styles, old_styles = wanted.styles[y], shown.styles[y]
    cells = [x for x in range(wanted.width) if chars[x] != old_chars[x] or styles[x] != old_styles[x]]
    if SURE.issuperset(map(chars.__getitem__, cells)) and SURE.issuperset(map(old_chars.__getitem__, cells)):
        return cells
    for x in cells:
        old = old_chars[x]
        if not (is_sure(chars[x]) and (old == UNKNOWN or is_sure(old))):
            # Its neighbours may be covered on a terminal that is of another mind about the width.
            start = x
            while start > 0 and chars[start] == "":
                start -= 1
            return [*(x for x in cells if x < start), *range(start, wanted.width)]
    return cells


def _runs(y: int, cells: Sequence[int]) -> Iterator[CellRun]:
    start = 0
    for index in range(1, len(cells)):
        if cells[index] - cells[index - 1] > _LONGEST_GAP:
            yield CellRun(y, cells[start:index])
            start = index
    yield CellRun(y, cells[start:])
