"""The tape of a run: each state of its store, and what its boards are about, from the first to the last."""

import dataclasses
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from rotation_tui import __version__
from rotation_tui.app.fingerprint import fingerprint
from rotation_tui.app.setup import Run
from rotation_tui.board.assemble import Scope
from rotation_tui.domain.feed import Event
from rotation_tui.tape.frames import Head
from rotation_tui.tape.message import About
from rotation_tui.tape.recorder import Recorded, Recorder, TapeRotation


class Taping:
    """Keeps the session of a run in a file; `begin` before its desk opens.

    `heard` is called with what is told of it among the events, for who has no screen.
    """

    def __init__(
        self, run: Run, path: Path, rotation: TapeRotation, heard: Callable[[str], None] = lambda _: None
    ) -> None:
        self._heard = heard
        self._run = run
        self._path = path
        self._scope: Scope | None = None
        self._about = about_of(run.scope)
        scope = run.scope
        head = Head(
            __version__, fingerprint(run.config), scope.mode.value, run.clock.now(), about_of(scope), scope.notes
        )
        self._recorder = Recorder(path, head, run.clock.now, self._about_now, self._tell, rotation)
        self._ended: Recorded | None = None

    def begin(self) -> None:
        """Record from now on; TapeRefused where nothing can be recorded into the file."""
        store = self._run.store
        self._recorder.start(store.snapshot())
        store.shown_to(self._recorder.see)
        self._run.desk.attend("tape", self._recorder.watch)
        self._tell(f"recording into {self._path.name}", "info")

    def end(self, at: datetime | None = None) -> Recorded:
        """Record what is known at the end; once is enough."""
        if self._ended is None:
            self._ended = self._recorder.stop(self._run.store.snapshot(), at or self._run.clock.now())
        return self._ended

    def _about_now(self) -> About:
        if self._run.scope is not self._scope:
            self._scope, self._about = self._run.scope, about_of(self._run.scope)
        return self._about

    def _tell(self, sentence: str, severity: str) -> None:
        self._run.store.put_event(Event(self._run.clock.now(), sentence, severity))
        self._heard(sentence)


def about_of(scope: Scope) -> About:
    """What of a scope is recorded; not what is held."""
    universe = dataclasses.replace(scope.universe, held=())
    return About(universe, scope.looked, scope.muted, scope.fetches, scope.watchlists)
