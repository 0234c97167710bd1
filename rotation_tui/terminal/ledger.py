"""The widget that shows rows: it refreshes the lines that changed, and nothing else."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, Span, fit
from rotation_tui.widgets.steady import steadied

StyleOf = Callable[[Span], Style]
Draw = Callable[[Mapping[int, Row]], bool]
"""Brings lines to the terminal past Textual's compositor; False where it cannot."""

# What Textual does not promise and this widget rests on. A test fails when one moves.
#   Screen._compositor.visible_widgets   whatever is in sight
#   Widget._styles_cache.set_dirty       lets a line be rendered anew when Textual next draws it

BEAT_S = 0.45
"""How long a changed digit stays marked."""


class Ledger(Widget, can_focus=False):
    """Rows of spans on one line-API widget; `style_of` turns a span into a style of the current theme.

    `draw` is asked to show lines while nothing else is in sight. Textual's own way to the terminal, through styles,
    cuts and escape sequences that the driver reads again, takes longer than all the rest of a frame.
    """

    DEFAULT_CSS = "Ledger { width: 1fr; height: 1fr; }"

    def __init__(self, style_of: StyleOf, draw: Draw = lambda _: False) -> None:
        super().__init__()
        self._draw = draw
        self._style_of = style_of
        self._rows: tuple[Row, ...] = ()
        self._strips: dict[int, Strip] = {}
        self._marked: dict[int, Row] = {}
        self._beat: asyncio.TimerHandle | None = None

    def show(self, rows: Sequence[Row], *, mark_changes: bool = False, steady: bool = False) -> int:
        """Show `rows`; returns how many lines changed. With `mark_changes` changed digits are reversed for a
        beat, where the line kept its shape. With `steady` lines of dots and blocks stay where they hardly moved.
        """
        if steady:
            rows = [steadied(a, b) if a != b else b for a, b in zip_longest(self._rows, rows, fillvalue=())][
                : len(rows)
            ]
        before, self._rows = self._rows, tuple(rows)
        changed = [y for y, (a, b) in enumerate(zip_longest(before, self._rows)) if a != b]
        if not changed:
            return 0
        self._marked = {}
        for y in changed:
            self._strips.pop(y, None)
            if mark_changes and y < len(before) and y < len(self._rows):
                self._marked[y] = marked(before[y], self._rows[y])
        self._redraw(changed)
        if self._marked:
            self._end_of_beat()
        return len(changed)

    def restyle(self) -> None:
        """Draw everything anew, with other styles."""
        self._strips.clear()
        self.refresh()

    def _end_of_beat(self) -> None:
        self._let_beat_go()
        # on the loop itself: Textual makes a task for a timer, and looks at what it calls each time
        self._beat = asyncio.get_running_loop().call_later(BEAT_S, self._unmark)

    def _let_beat_go(self) -> None:
        if self._beat is not None:
            self._beat.cancel()
            self._beat = None

    def on_unmount(self) -> None:
        self._let_beat_go()

    def _unmark(self) -> None:
        lines, self._marked = list(self._marked), {}
        for y in lines:
            self._strips.pop(y, None)
        self._redraw(lines)

    def _redraw(self, lines: Sequence[int]) -> None:
        width = self.size.width
        regions = [Region(0, y, width, 1) for y in lines]
        if self._is_alone() and self._draw({y: fit(self._row(y), width) for y in lines}):
            self._styles_cache.set_dirty(*regions)
        else:
            self.refresh(*regions)

    def _is_alone(self) -> bool:
        """Whether this is all that is in sight, at the size that the screen has."""
        if not self.is_attached or self.app.screen is not self.screen or self.size != self.app.size:
            return False
        in_sight = self.screen._compositor.visible_widgets.keys()
        return self in in_sight and in_sight <= {self, self.screen}

    def _row(self, y: int) -> Row:
        return self._marked.get(y) or (self._rows[y] if y < len(self._rows) else ())

    def render_line(self, y: int) -> Strip:
        """The strip of line `y`, made once for as long as its row stays."""
        width = self.size.width
        strip = self._strips.get(y)
        if strip is None or strip.cell_length != width:
            strip = Strip([Segment(s.text, self._style_of(s)) for s in fit(self._row(y), width)], width).simplify()
            self._strips[y] = strip
        return strip

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return container.height


def marked(before: Row, after: Row) -> Row:
    """`after` with the digits that differ from `before` reversed; unchanged where the shapes differ.

    What was blank or on its way before is not marked: the first study would light up half the screen.
    """
    if len(before) != len(after) or any(len(a.text) != len(b.text) for a, b in zip(before, after, strict=True)):
        return after
    out: list[Span] = []
    for old, new in zip(before, after, strict=True):
        if old.text == new.text or not _is_update(old.text, new.text):
            out.append(new)
            continue
        out += _split(old.text, new)
    return tuple(out)


def _is_update(old: str, new: str) -> bool:
    """Whether both are values of the same thing: other words are of another row, which has taken the place."""
    return _has_value(old) and _has_value(new) and [*filter(str.isalpha, old)] == [*filter(str.isalpha, new)]


def _has_value(text: str) -> bool:
    return figures.UNKNOWN in text or any(map(str.isdigit, text))


def _split(old: str, new: Span) -> list[Span]:
    parts: list[Span] = []
    for a, b in zip(old, new.text, strict=True):
        differs = a != b and b.isdigit()
        if parts and parts[-1].reverse == (differs or new.reverse):
            parts[-1] = parts[-1]._replace(text=parts[-1].text + b)
        else:
            parts.append(new._replace(text=b, reverse=differs or new.reverse))
    return parts
