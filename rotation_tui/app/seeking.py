"""What is typed to find something: the rows of a pane that have it, or the way to it."""

from collections.abc import Callable, Sequence
from typing import Protocol

from rotation_tui.app.destinations import Destination, Ways, offered
from rotation_tui.app.prompts import Asked
from rotation_tui.app.viewer import Viewer
from rotation_tui.screens import steer
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.overlay import Offers
from rotation_tui.screens.view import View
from rotation_tui.widgets.keyed import key as key_of

LONGEST = 90
"""Characters of a filter."""


class Steers(Protocol):
    """Takes one step from the view on the screen."""

    def __call__(self, step: Callable[[View, Sheet], View], *, by_key: bool = True) -> None: ...


def asked_filter(pane: str, step: Steers, say: Callable[[str], None]) -> Asked:
    """What the rows of `pane` are to have in them; they are filtered as it is typed."""

    def typed(text: str) -> None:
        step(lambda view, _: steer.sought(view, pane, text), by_key=False)

    def entered(text: str) -> None:
        typed(text)
        if text:
            say(f"{key_of('esc')} shows all rows again")

    hint = f"rows of {pane} that have a text, or as 1M > 5 and 1D < 0; esc: all"
    return Asked(hint, typed, entered, lambda: typed(""), longest=LONGEST)


NO_TAPE = "no tape is played; rotation-tui replay FILE does that"


def asked_time(go: Callable[[str], str], say: Callable[[str], None]) -> Asked:
    """To what time of a tape to go; it is taken once it is whole."""
    hint = "14:30, 14:30:05 (New York), +1h30m from the beginning"
    return Asked(hint, lambda _: None, lambda text: say(go(text)), lambda: None)


def asked_way(every: Sequence[Destination], ways: Ways, viewer: Viewer, show: Callable[[Offers | None], None]) -> Asked:
    """Where to go, by name; what is typed leaves fewer offers, arrows choose among them."""
    found: list[Destination] = []

    def offer(at: int) -> None:
        show(Offers(tuple((d.name, d.words) for d in found), at) if found else None)

    def typed(text: str) -> None:
        found[:] = offered(text, every, ways)
        offer(0)

    def moved(step: int) -> None:
        if (offers := viewer.offers) is not None:
            offer((offers.at + step) % len(found))

    def chosen() -> Destination | None:
        return found[viewer.offers.at] if viewer.offers is not None else None

    def entered(text: str) -> None:
        there = chosen() if text or (viewer.offers is not None and viewer.offers.at) else None
        show(None)
        if there is not None:
            there.go()

    def completed(text: str) -> str:
        return there.name if (there := chosen()) is not None else text

    hint = "a symbol, pair, screen, check, claim, pane, theme or day"
    return Asked(hint, typed, entered, lambda: show(None), moved, completed)
