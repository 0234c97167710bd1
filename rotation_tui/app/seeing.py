"""Which symbols of watch lists nobody sees, so that their quotes are asked for less often."""

from rotation_tui.board.assemble import Scope
from rotation_tui.domain.alert import Alert
from rotation_tui.domain.watchlist import watched_by

LISTS = "watchlists"
"""The screen of watch lists, and the part of the board that they are."""
_ALL_SHOWN = "charts"
"""A screen that has a row of each of their symbols."""


def unseen(scope: Scope, alerts: tuple[Alert, ...], screen: str, listed: str) -> frozenset[str]:
    """Symbols that only watch lists have which are out of sight; `listed` is the one that was stepped to.

    Where an alert reads a watch list all of them count as seen: it must not judge an old price.
    """
    lists = scope.watchlists
    if screen == _ALL_SHOWN or any(f"{LISTS}." in alert.when for alert in alerts):
        return frozenset()
    shown = next((one for one in lists if one.name == listed), next(iter(lists), None)) if screen == LISTS else None
    legs = {leg for spread in scope.universe.spreads for leg in (spread.small, spread.large)}
    seen = {*watched_by(() if shown is None else (shown,)), *scope.looked, *legs}
    alone = {instrument.symbol for instrument in scope.universe.visitors}
    return frozenset(symbol for symbol in watched_by(lists) if symbol in alone and symbol not in seen)
