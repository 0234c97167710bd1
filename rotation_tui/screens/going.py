"""Steps that go to a pane, or to a row in it, wherever one is."""

from collections.abc import Mapping

from msgspec.structs import replace

from rotation_tui.screens.view import View

_ALL: Mapping[str, tuple[str, ...]] = {"checks": ("risk",)}
"""Panes whose rows follow what is selected in others."""
_CHOICES: Mapping[str, tuple[str, ...]] = {"claims": ("finding", "chapter")}
"""Settings by which a pane leaves rows out."""


def to_pane(view: View, screen: str, pane: str) -> View:
    """A pane of a screen, brought back where it was hidden."""
    there = replace(view, screen=screen, focus=pane, opened=None, help=False, scroll=0, jumping=False)
    if pane in there.hidden.get(screen, ()):
        there = there.with_hidden(tuple(name for name in there.hidden[screen] if name != pane))
    if there.enlarged.get(screen) not in (None, pane):
        there = there.with_enlarged(None)
    return there


def to_row(view: View, screen: str, pane: str, row: str, *, opens: bool) -> View:
    """A row of a pane, selected and perhaps opened, with nothing that leaves it out."""
    there = to_pane(view, screen, pane).with_filter(pane, "")
    settings = {name: choice for name, choice in there.settings.items() if name not in _CHOICES.get(pane, ())}
    selected = {name: chosen for name, chosen in there.selected.items() if name not in _ALL.get(pane, ())}
    there = replace(there, settings=settings, selected={**selected, pane: row})
    return replace(there, opened=row) if opens else there
