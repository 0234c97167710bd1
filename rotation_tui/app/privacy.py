"""Hiding how much is held: by key, and in what alerts tell."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from rotation_tui.app.setup import Run
from rotation_tui.app.viewer import Viewer
from rotation_tui.board.private import AMOUNTS
from rotation_tui.domain.alert import Firing
from rotation_tui.widgets.keyed import key

if TYPE_CHECKING:
    from rotation_tui.alerts.places import Place

_PARTS = ("positions", "portfolio")
_WITHIN = ("lots", "rebalance")
"""Fields of their rows that have amounts within."""


def press(run: Run, viewer: Viewer) -> str:
    """Hide how much is held, or show it; what to tell of it."""
    private = not run.scope.private
    run.hide(private=private)
    viewer.view = replace(viewer.view, private=private)
    if private:
        return f"how much you hold is hidden; {key('$')} shows it"
    by_config = "; from the next start on it is hidden again, as the config says" if run.config.display.private else ""
    return f"how much you hold is shown{by_config}"


def is_amount(place: "Place") -> bool:
    """Whether a value of the board says how much is held."""
    return place.part in _PARTS and not set(place.path.split(".")).isdisjoint(AMOUNTS)


def discreet_firing(firing: Firing, place: "Place") -> Firing:
    """What is told of an alert in private: no amount, neither in words nor in the row beside them."""
    if place.part not in _PARTS:
        return firing
    firing = replace(firing, row={name: v for name, v in firing.row.items() if name not in (*AMOUNTS, *_WITHIN)})
    if not is_amount(place):
        return firing
    when = firing.when if firing.when == firing.alert else place.path  # what it is called is its user's own word
    return replace(firing, words=f"{place.path} has come true, and how much is hidden", value=None, when=when)
