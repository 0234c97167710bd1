"""Channels of the terminal: a line among the events, the bell, a notification of the desktop."""

import os
import time
from collections.abc import Callable
from datetime import timedelta

from rotation_tui.alerts.outbox import SENT, Channel, Outcome
from rotation_tui.app.setup import Run
from rotation_tui.domain.alert import BELL, DESKTOP, ON_TERMINAL, SCREEN, Firing
from rotation_tui.domain.clock import Clock
from rotation_tui.domain.feed import Event
from rotation_tui.terminal.notification import AUTO, RING, notification

_STALE_CALL = timedelta(minutes=10)
"""A bell that is older calls nobody; its line among the events stays."""
_MOST_CALLS, _CALLS_S = 3, 10.0
"""Notifications that are shown within so many seconds; of a hundred alerts at once the events have the rest."""


class OnTerminal:
    """A channel of the terminal: `show` tells of an alert there. One older than `lasts` calls nobody."""

    per_hour: int | None = None

    def __init__(self, name: str, show: Callable[[Firing], None], clock: Clock, lasts: timedelta | None) -> None:
        self.name = name
        self._show = show
        self._clock = clock
        self._lasts = lasts

    async def send(self, firing: Firing) -> Outcome:
        if self._lasts is None or self._clock.now() - firing.at < self._lasts:
            self._show(firing)
        return SENT

    async def close(self) -> None:
        """It holds nothing."""


class Calls:
    """What calls the user to the terminal: the bell and notifications, at most so many in some seconds.

    `kind` is that of the notifications, as the config has it.
    """

    def __init__(
        self, send: Callable[[str], None], clock: Callable[[], float] = time.monotonic, kind: str = AUTO
    ) -> None:
        self._kind = kind
        self._send = send
        self._clock = clock
        self._lately: dict[str, list[float]] = {}

    def ring(self, _: Firing) -> None:
        if self.may(BELL, 1):
            self._send(RING)

    def notify(self, firing: Firing) -> None:
        if self.may(DESKTOP, _MOST_CALLS):
            title = f"rotation-tui: {firing.alert}"
            self._send(notification(title, _words(firing), os.environ, self._kind, firing.id))

    def may(self, what: str, most: int) -> bool:
        """Whether there is room for one more of a kind."""
        now = self._clock()
        lately = [at for at in self._lately.get(what, ()) if now - at < _CALLS_S]
        self._lately[what] = [*lately, now] if len(lately) < most else lately
        return len(lately) < most


def on_terminal(run: Run, calls: Calls) -> tuple[Channel, ...]:
    """The channels that a monitor tells by."""

    def line(firing: Firing) -> None:
        run.store.put_event(Event(firing.at, firing.line, firing.severity))

    shows = {SCREEN: (line, None), BELL: (calls.ring, _STALE_CALL), DESKTOP: (calls.notify, _STALE_CALL)}
    return tuple(OnTerminal(name, shows[name][0], run.clock, shows[name][1]) for name in ON_TERMINAL)


def _words(firing: Firing) -> str:
    return firing.words + (f" ({firing.note})" if firing.note else "")
