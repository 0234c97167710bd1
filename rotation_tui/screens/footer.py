"""The last line: keys of the pane with the focus and those that work everywhere, or the answer to the last one."""

from collections.abc import Sequence
from functools import lru_cache

from rotation_tui.screens.hints import hint
from rotation_tui.screens.keymap import DEFAULT, Keymap
from rotation_tui.screens.keys import Key
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import Row, Span, cut, spread_out, width_of


def footer_row(
    view: View,
    width: int,
    *,
    own: Sequence[tuple[Key, str]] = (),
    note: str = "",
    hidden: int = 0,
    keys_shown: bool = True,
    keymap: Keymap = DEFAULT,
) -> Row:
    """The last line of every screen; where it is narrow keys go from its end, but never help and quit.

    `own` are the keys of the pane with the focus. That panes are `hidden` is said with the key that brings them back,
    before any `note`. What the last key is answered with stands in place of all of them.
    """
    if view.said is not None:
        return _answer(keymap.told(view.said), width, keymap)
    return _named(view.screen, width, tuple(own), note, hidden, keys_shown, keymap)


@lru_cache(maxsize=16)  # it changes with the focus, and is asked for with every frame
def _named(
    screen: str,
    width: int,
    own: tuple[tuple[Key, str], ...],
    note: str,
    hidden: int,
    keys_shown: bool,
    keymap: Keymap,
) -> Row:
    said = f"{hidden} hidden, {keymap.shown('=')} shows" if hidden and keys_shown else note
    room = width - (len(said) + 4 if hidden and keys_shown else 0)
    keys = [(k, k.short) for k in keymap.keys if k.footer and k.keys] if keys_shown else []
    named = [*own, *keys] if keys_shown else []
    gap = " " if _columns(named, 2) > room else "  "
    while _columns(named, len(gap)) > room:
        last = next((k for k in reversed(named) if k[0].short not in ("help", "quit")), None)
        if last is None:  # keys of long names
            break
        named.remove(last)
    spans: list[Span] = [Span(" ")]
    for key, word in named:
        current = word == screen
        spans += [*hint(key, word, bright=True, tone="bright" if current else "dim"), Span(gap)]
    left = width - width_of(tuple(spans))
    if said and left > len(said) + 2:
        spans += [Span(" " * (left - len(said) - 1)), Span(said, "watch")]
    return tuple(spans)


def _columns(keys: Sequence[tuple[Key, str]], gap: int) -> int:
    return sum(width_of(hint(key, word, bright=True)) + gap for key, word in keys)


def _answer(said: str, width: int, keymap: Keymap) -> Row:
    """What a key is answered with, at the left, where prompts stand as well; help and quit stay named if it fits."""
    far: list[Span] = [Span("  ")]
    for key in (k for k in keymap.keys if k.short in ("help", "quit") and k.keys):
        far += [*hint(key, key.short, bright=True), Span("  ")]
    if width_of((Span(said), *far)) >= width:
        far = []
    return spread_out((Span(" " + cut(said, width - width_of(tuple(far)) - 1)),), tuple(far), width)
