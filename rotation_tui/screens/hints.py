"""The keys that work in a pane, in few words: for its border, and for the last line while it has the focus."""

from functools import lru_cache

from rotation_tui.board.contract import Board
from rotation_tui.panes.base import Pane
from rotation_tui.screens.keymap import DEFAULT, Keymap
from rotation_tui.screens.keys import SETTINGS, Key
from rotation_tui.widgets.cells import Row, Span, width_of

_OF_SEVERAL = ("enlarge", "hide")
"""What makes sense only where a screen has more panes than one."""


def hints(
    pane: Pane,
    board: Board,
    row: str | None = None,
    *,
    several: bool = True,
    alone: bool = False,
    keymap: Keymap = DEFAULT,
) -> tuple[tuple[Key, str], ...]:
    """Keys with their words, what is the pane's own first; `row` is the one that is looked at.

    Only one of `several` panes can be enlarged or hidden; one that is `alone` was enlarged.
    """
    settings = {setting.key: setting.name for setting in pane.settings if setting.on(board, row)}
    own = [(key, settings[name]) for name in SETTINGS if name in settings and (key := keymap.of(name)) is not None]
    here = [key for key in keymap.of_panes if key.works_in is not None and key.works_in(pane)]
    words = {"enlarge": "give back"} if alone else {}
    own = [(key, word) for key, word in own if key.keys]
    return (*own, *((k, words.get(k.short, k.short)) for k in here if several or k.short not in _OF_SEVERAL))


@lru_cache(maxsize=256)  # nine panes name the same keys in every frame
def hint_row(keys: tuple[tuple[Key, str], ...], width: int, *, bright: bool, gap: str = "  ") -> Row:
    """As many of the hints as there is room for."""
    row: Row = ()
    for key, word in keys:
        more = (*row, *((Span(gap),) if row else ()), *hint(key, word, bright=bright))
        if width_of(more) > width:
            break
        row = more
    return row


def hint(key: Key, word: str, *, bright: bool, tone: str = "dim") -> Row:
    """One key and its word; a click does what the key does."""
    shown = key.shown.partition(" ")[0] or key.shown
    tones = ("key", tone) if bright else ("faint", "faint")
    return (Span(shown, tones[0], act=key.action), Span(f" {word}", tones[1], act=key.action))
