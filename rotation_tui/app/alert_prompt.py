"""An alert made by a key: the condition that the selected row offers, and what comes of what is typed."""

from collections.abc import Callable
from datetime import tzinfo

from msgspec.structs import replace

from rotation_tui.app.prompts import Asked
from rotation_tui.app.setup import Run
from rotation_tui.app.viewer import Viewer
from rotation_tui.domain.alert import BELL, SCREEN, Alert
from rotation_tui.domain.clock import LOCAL
from rotation_tui.panes.alerts import clock, state_words
from rotation_tui.panes.base import Space
from rotation_tui.screens import steer
from rotation_tui.screens.overlay import Offers
from rotation_tui.widgets.keyed import key as key_of

ALERTS = "alerts"
"""The pane that has a row for each."""
LONGEST = 90
DROP = "drop "
"""Begins what is typed to watch for an alert no more."""


def offered_alert(run: Run, viewer: Viewer) -> str:
    """A condition on the selected row, to be typed over; empty where its pane offers none.

    Among the alerts it is the one that was dropped last, if any.
    """
    board, sheet = viewer.board, viewer.sheet
    if board is None or sheet is None:
        return ""
    name, rows = steer.focused(viewer.view, sheet)
    pane = next((pane for pane in viewer.panes if pane.name == name), None)
    chosen = viewer.view.opened or viewer.view.selected.get(name) or next(iter(rows), None)
    if name == ALERTS and run.alerting.dropped:
        return run.alerting.dropped
    return "" if pane is None else pane.alert(board, chosen)


def drop_selected(run: Run, viewer: Viewer) -> str | None:
    """Watch for the selected alert no more: what to tell of it; None where the alerts have not the focus."""
    view, sheet = viewer.view, viewer.sheet
    if sheet is None or view.help or steer.focused(view, sheet)[0] != ALERTS:
        return None
    name = view.opened or view.selected.get(ALERTS)
    if name is None:
        return f"{key_of('x')} drops the alert that is selected; none is"
    why_not = run.alerting.drop(name)
    if why_not is not None:
        return why_not
    viewer.view = replace(view, opened=None)
    return f"no longer watched for: {name}; {key_of('A')} offers it again"


def asked_alert(
    run: Run,
    say: Callable[[str], None],
    again: Callable[[Asked, str, str], None],
    show: Callable[[Offers | None], None],
    zone: tzinfo = LOCAL,
) -> Asked:
    """The prompt for a condition, under a list of the alerts there are: an arrow chooses one, tab asks to drop it.

    `show` draws the list, with times of a zone, or takes it away; `again` gets the prompt anew, why nothing came of it,
    and what was typed.
    """
    at = [-1]

    def draw() -> None:
        show(Offers(standing(run, zone), at[0], "alerts", 40) if run.alerting.all else None)

    def typed(_: str) -> None:
        if at[0] < 0:
            draw()

    def moved(step: int) -> None:
        if rows := len(run.alerting.all):
            at[0] = (at[0] + step) % rows if at[0] >= 0 else (0 if step > 0 else rows - 1)
            draw()

    def completed(text: str) -> str:
        return text if at[0] < 0 else DROP + run.alerting.all[at[0]].name

    def entered(text: str) -> None:
        show(None)
        if not text:
            return
        why_not, said = _done(run, text)
        if why_not is None:
            say(said)
        else:
            again(asked, why_not, text)

    hint = "what to be told of: RUT-SPX.z > 2, C1 becomes ALERT, verdict changes"
    asked = Asked(hint, typed, entered, lambda: show(None), moved, completed, LONGEST)
    return asked


def _done(run: Run, text: str) -> tuple[str | None, str]:
    """Do what was typed: why it cannot be done, None where it is, and what is said of it then."""
    if text.startswith(DROP):
        name = text.removeprefix(DROP)
        return run.alerting.drop(name), f"no longer watched for: {name}"
    return run.alerting.add(Alert(name=text[:60], when=text, to=(SCREEN, BELL))), f"watched for: {text}"


def standing(run: Run, zone: tzinfo) -> tuple[tuple[str, str], ...]:
    """Each alert by its name, with how it stands, as its row says that, and what it asks."""
    space = Space(0, 0, run.clock.now(), zone)
    rows = {row.id: row for row in run.store.snapshot().alerts or ()}
    made = []
    for alert in run.alerting.all:
        row = rows.get(alert.name)
        stands = "watched" if row is None else state_words(row, space)
        told = () if row is None or row.told_at is None else (f"told {clock(row.told_at, space)}",)
        asks = () if alert.when == alert.name else (alert.when,)
        made.append((alert.name, ", ".join((stands, *told, *asks))))
    return tuple(made)
