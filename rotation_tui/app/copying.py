"""What is seen into the clipboard: a value, a row, a pane or a link, by name."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from rotation_tui.app.export import table_rows
from rotation_tui.app.prompts import Asked
from rotation_tui.board.contract import Board
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.wording import counted
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.overlay import Offers
from rotation_tui.screens.steer import focused
from rotation_tui.screens.view import View
from rotation_tui.terminal.clipboard import TooLong, has_clipboard, to_clipboard
from rotation_tui.widgets.cells import cut, plain, printable
from rotation_tui.widgets.keyed import key as key_of
from rotation_tui.widgets.spreadsheet import columns_of, in_csv, written

if TYPE_CHECKING:
    from rotation_tui.app.viewer import Viewer

_PAGES: Mapping[str, str] = {
    "fred": "https://fred.stlouisfed.org/series/{}",
    "yahoo": "https://finance.yahoo.com/quote/{}",
}
"""Where a source shows to people what it tells us."""


class Choice(Struct, frozen=True):
    """Something that can be copied: its name, what it is, and the text."""

    name: str
    words: str
    text: str


def choices(board: Board, view: View, sheet: Sheet) -> tuple[Choice, ...]:
    """What can be copied of the focused pane and its selected row: the row, the pane, links, then values by name."""
    pane, _ = focused(view, sheet)
    rows, chosen = table_rows(board, view, sheet), _chosen(view, sheet)
    row = next((row for row in rows if getattr(row, "id", None) == chosen), None)
    made: list[Choice] = []
    if row is not None:
        made.append(Choice("row", f"{chosen}: every value, under its name", in_csv(*columns_of([row]), "\t")))
    if seen := _line_of(sheet, pane, chosen):
        made.append(Choice("line", f"the row as it is seen: {seen.strip()}", " ".join(seen.split()) + "\n"))
    if (whole := pane_text(board, view, sheet)) is not None:
        made.append(whole)
    made.append(Choice("picture", "the pane as it is seen", _text_of(sheet, pane) + "\n"))
    made += [Choice(f"link {name}", link, link) for name, link in _links(row)]
    names, values = columns_of([row]) if row is not None else ([], [[]])
    made += [
        Choice(name, told, told)
        for name, value in zip(names, values[0], strict=True)
        if value is not None and (told := written(value))
    ]
    return tuple(made)


def pane_text(board: Board, view: View, sheet: Sheet) -> Choice | None:
    """The focused pane as a table whose columns a spreadsheet takes apart, None where it is no table of the board."""
    rows = table_rows(board, view, sheet)
    if not rows:
        return None
    words = f"{counted(len(rows), 'row')} of {focused(view, sheet)[0]}, a tab between two values"
    return Choice("pane", words, in_csv(*columns_of(rows), "\t"))


def _chosen(view: View, sheet: Sheet) -> str | None:
    pane, ids = focused(view, sheet)
    return view.opened or view.selected.get(pane) or next(iter(ids), None)


def _line_of(sheet: Sheet, pane: str, chosen: str | None) -> str:
    for slot, ids in sheet.spots:
        if slot.pane.name == pane and chosen is not None and chosen in ids:
            y = slot.y + ids.index(chosen)
            return _cells(sheet, y, slot.x, slot.width, framed=slot.framed)
    return ""


def _text_of(sheet: Sheet, pane: str) -> str:
    for slot, _ in sheet.spots:
        if slot.pane.name == pane:
            lines = range(slot.y, min(slot.y + slot.height, len(sheet.rows)))
            return "\n".join(_cells(sheet, y, slot.x, slot.width, framed=False).rstrip() for y in lines)
    return plain(sheet.rows)


def _cells(sheet: Sheet, y: int, x: int, width: int, *, framed: bool) -> str:
    """What stands in so many columns of a line; without the edges of a frame."""
    line = "".join(span.text for span in sheet.rows[y]) if y < len(sheet.rows) else ""
    return line[x + framed : x + width - framed]


def _links(row: Struct | None) -> list[tuple[str, str]]:
    """Pages of the sources of a row: a symbol's, or those of the series that a check reads."""
    given: Sequence[Any] = getattr(row, "inputs", ())
    read = [(each.id, each.source) for each in given]
    symbol = getattr(row, "symbol", None)
    if symbol is not None:
        read.append((symbol, getattr(row, "source", None)))
    return [
        (name, _PAGES[source].format(name))
        for name, source in read
        # an index has another name at its source than here
        if source in _PAGES and (source == "fred" or kind_of(name) is Kind.ETF) and printable(name) == name
    ]


class Copier:
    """Copies by the terminal, and says what came of it as far as anybody can know.

    `send` writes to the terminal, `say` answers the key.
    """

    def __init__(self, viewer: "Viewer", send: Callable[[str], None], say: Callable[[str], None]) -> None:
        self._viewer, self._send, self._say = viewer, send, say

    def pane(self) -> None:
        """Copy the focused pane: as a table, where it is one of the board, else as it is seen."""
        viewer = self._viewer
        if viewer.board is not None and viewer.sheet is not None:
            whole = pane_text(viewer.board, viewer.view, viewer.sheet)
            pane = focused(viewer.view, viewer.sheet)[0]
            self.copy(whole or Choice("picture", "", _text_of(viewer.sheet, pane) + "\n"))

    def copy(self, choice: Choice) -> None:
        """Send a text to the clipboard."""
        if not has_clipboard(os.environ):
            self._say(f"a console has no clipboard; {key_of('e')} writes to disk")
            return
        try:
            self._send(to_clipboard(choice.text, os.environ))
        except TooLong as fault:
            self._say(f"{fault} for a terminal's clipboard; {key_of('e')} writes them to disk")
            return
        count = counted(len(choice.text), "character")
        self._say(f"sent {count} ({cut(choice.name, 20)}); if nothing arrives, doctor says why")

    def asked(self, show: Callable[[Offers | None], None]) -> Asked:
        """What to copy, by name: what is typed leaves fewer offers, arrows choose among them."""
        viewer = self._viewer
        every = () if viewer.board is None or viewer.sheet is None else choices(viewer.board, viewer.view, viewer.sheet)
        found: list[Choice] = []
        at = [0]

        def offer(to: int) -> None:
            at[0] = to
            rows = tuple((choice.name, choice.words) for choice in found)
            show(Offers(rows, to, "copy", 24) if found else None)

        def typed(text: str) -> None:
            sought = text.strip().lower()
            found[:] = sorted(
                (c for c in every if sought in c.name.lower()), key=lambda c: not c.name.lower().startswith(sought)
            )
            offer(0)

        def moved(step: int) -> None:
            if found:
                offer((at[0] + step) % len(found))

        def entered(text: str) -> None:
            show(None)
            if found:
                self.copy(found[at[0]])
            else:
                self._say(f"there is no {text} here")

        def completed(text: str) -> str:
            return found[at[0]].name if found else text

        hint = "copy: enter the row; or pane, line, link, or a value by its name"
        return Asked(hint, typed, entered, lambda: show(None), moved, completed)
