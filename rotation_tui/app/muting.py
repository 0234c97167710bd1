"""Muting a check for a while: one key takes it from a session to a week, to a month, and back."""

from datetime import date, timedelta

from rotation_tui.app.setup import Run
from rotation_tui.app.viewer import Viewer
from rotation_tui.board.risk import MANUAL
from rotation_tui.domain.session import EASTERN
from rotation_tui.screens import steer
from rotation_tui.widgets.keyed import key as key_of

_WEEK = timedelta(days=7)
_MONTH = timedelta(days=30)


def next_until(until: date | None, today: date, session: date) -> date | None:
    """The last day on which a check is muted after one more press; None lets it speak again.

    First the end of `session`, the one that runs or comes next, then a week from today, a month, and not at all;
    not at all as well from a date that was chosen on another day, because an end of it is what is wanted then.
    """
    ends: tuple[date | None, ...] = (None, session, today + _WEEK, today + _MONTH)
    return ends[(ends.index(until) + 1) % len(ends)] if until in ends else None


def press(run: Run, viewer: Viewer) -> str:
    """Mute the check in sight for longer, or no more; what to tell of it."""
    check = None if viewer.sheet is None else steer.check_in_sight(viewer.view, viewer.sheet)
    if check is None:
        return f"a check is muted on its screen, {key_of('4')}"
    if viewer.past is not None:
        return f"a past board is not muted; {key_of(']')} leads back to now"
    if check.startswith(MANUAL):
        return "a check by hand has its own last day, in the config"
    now, calendar = run.clock.now(), run.scope.calendar
    today = now.astimezone(EASTERN).date()
    by_config = run.config.risk.mute.get(check)
    if by_config is not None and by_config >= today:
        return f"{check} is muted until {by_config} by the config"
    session = calendar.next(calendar.last_completed(now))
    until = next_until(viewer.view.muted.get(check), today, session)
    viewer.view = steer.muted(viewer.view, check, until, today)
    run.mute(viewer.view.muted)
    return f"{check} is muted until the end of {until}" if until is not None else f"{check} speaks again"
