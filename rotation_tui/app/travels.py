"""What the keys of the time machine do, and what they say."""

import logging
from collections.abc import Callable
from datetime import date

from msgspec import Struct

from rotation_tui.app.past import TimeMachine
from rotation_tui.app.setup import Run
from rotation_tui.app.viewer import Viewer
from rotation_tui.widgets.keyed import key as key_of
from rotation_tui.workers.studying import NotStudied

_log = logging.getLogger(__name__)


class Voice(Struct, frozen=True):
    """How the app answers: on the last line until the next key, in a toast; and how it works in the background."""

    say: Callable[[str | None], None]
    notify: Callable[..., None]
    work: Callable[..., object]


class Travels:
    """Takes the screen to past sessions and back, and says where to."""

    def __init__(self, run: Run, viewer: Viewer, voice: Voice) -> None:
        self._run = run
        self._viewer = viewer
        self._voice = voice
        self._machine = TimeMachine(run, viewer)
        self._arrived: str | None = None
        """What is said when the day on the way is shown."""

    @property
    def in_the_past(self) -> bool:
        """Whether a past session is shown or on its way."""
        return self._machine.goal is not None

    def step(self, sessions: int) -> None:
        """Go so many sessions on, or back."""
        before = self._machine.goal
        self._machine.step(sessions)
        goal = self._machine.goal
        if goal != before:
            self._set_out("back to now" if goal is None else f"building {goal}")
        else:
            now = f"this is now; {key_of('[')} goes back in time"
            self._voice.say(now if goal is None else f"{goal} has the first close there is")

    def leave(self) -> None:
        """Go back to now."""
        if self._machine.goal is None:
            self._voice.say("this is now")
        else:
            self._machine.leave()
            self._set_out("back to now")

    def jump(self, day: date) -> None:
        """Go to the session of a day, or to the last one before it."""
        if (why_not := self._machine.jump(day)) is not None:
            self._voice.say(why_not)
            return
        goal = self._machine.goal
        known = "" if goal == day else f"{day} is no session: "
        what = f"{goal} is on the screen" if goal == self._viewer.past else f"building {goal}"
        self._set_out(known + what, f"{known}{goal} is the last one before" if known else None)

    def _set_out(self, said: str, arrived: str | None = None) -> None:
        """Say where to, and what is to be said there."""
        self._arrived = arrived
        self._voice.say(said)
        if self._machine.resting:
            self._voice.work(self._travel(), group="past", exit_on_error=False)

    async def _travel(self) -> None:
        try:
            async for _ in self._machine.travel():
                self._voice.say(self._arrived)
        except NotStudied as fault:
            why = f"no board of that day: {fault}; {fault.instead or 'the key tries again'}"
            self._run.warn(why)
            self._voice.notify(why, severity="error")
        except Exception as fault:  # no board of that day, and the monitor goes on
            _log.exception("no board of a past day", exc_info=fault)
            self._voice.notify(f"no board of that day ({type(fault).__name__}: {fault})", severity="error")
