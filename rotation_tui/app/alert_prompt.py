"""An alert made by a key: the condition that the selected row offers, and what comes of what is typed."""

from collections.abc import Callable

from rotation_tui.app.prompts import Asked
from rotation_tui.app.setup import Run
from rotation_tui.app.viewer import Viewer
from rotation_tui.domain.alert import BELL, SCREEN, Alert
from rotation_tui.screens import steer

LONGEST = 90
_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/^=")


def offered_alert(run: Run, viewer: Viewer) -> str:
    """A condition on the selected row, to be typed over; empty where no row that has one is selected."""
    board, sheet = viewer.board, viewer.sheet
    if board is None or sheet is None:
        return ""
    pane, rows = steer.focused(viewer.view, sheet)
    chosen = viewer.view.opened or viewer.view.selected.get(pane) or next(iter(rows), None)
    if pane in ("verdict", "rotation", "answers"):
        return "verdict.regime changes"
    if chosen is None:
        return ""
    name = chosen if set(chosen) <= _BARE else f'"{chosen}"'
    prices = {row.id: row.last for row in (*board.tickers, *board.looked)}
    if chosen in prices and pane in ("indexes", "symbols"):
        part = "" if any(row.id == chosen for row in board.tickers) else "looked."
        price = prices[chosen]
        return f"{part}{name}.last crosses {price:.2f}" if price is not None else f"{part}{name}.change_pct < -2"
    if any(row.id == chosen for row in board.spreads) and pane in ("spreads", "symbols", "chart"):
        typed = all(row.id != chosen for row in run.config.spreads)
        return f"{'spreads.' if typed else ''}{name}.z > 2"
    return {
        "sectors": f"{name}.rank <= 3",
        "risk": f"risk.{name} becomes ALERT",
        "checks": f"{name} becomes ALERT",
        "claims": f"{name} changes",
        "feeds": f"feeds.{name} becomes DOWN",
    }.get(pane, "")


def asked_alert(run: Run, say: Callable[[str], None], again: Callable[[Asked, str, str], None]) -> Asked:
    """The prompt for a condition; `again` gets it anew, why one cannot be watched for, and what was typed."""

    def entered(text: str) -> None:
        if not text:
            return
        why_not = run.alerting.add(Alert(name=text[:60], when=text, to=(SCREEN, BELL)))
        if why_not is None:
            say(f"watched for: {text}")
        else:
            again(asked, why_not, text)

    hint = "what to be told of: RUT-SPX.z > 2, C1 becomes ALERT, verdict changes"
    asked = Asked(hint, lambda _: None, entered, lambda: None, longest=LONGEST)
    return asked
