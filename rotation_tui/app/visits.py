"""When the user has looked: what stood there at the last key press is kept, and later boards are compared with it."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from rotation_tui.app.fingerprint import fingerprint
from rotation_tui.app.setup import Run
from rotation_tui.board.contract import Board, Mode
from rotation_tui.board.since import look_of
from rotation_tui.domain.look import Look
from rotation_tui.store.last_look import AWAY, FORMAT, Visit, keep_visit, read_visit

_log = logging.getLogger(__name__)

_WRITTEN_EVERY = timedelta(minutes=3)


class Visits:
    """Follows the visits of a user to the live board; a demo and a past day leave no trace."""

    def __init__(self, run: Run, aside: Callable[[Callable[[], None]], object] | None = None) -> None:
        """`aside` does what the screen must not wait for: in a thread, where it is left out."""
        self._aside = aside or _in_thread
        self._run = run
        kept = read_visit(run.state_folder, fingerprint(run.config)) if run.scope.mode is Mode.LIVE else None
        self._seen: Look | None = None if kept is None else kept.seen
        self._kept: Look | None = self._seen
        self._kept_at = run.clock.now()
        self._touched = False

    def touch(self) -> None:
        """A key was pressed: whatever is on the screen has been looked at."""
        self._touched = True

    def forget(self) -> None:
        """Compare nothing with what was looked at so far: it was of another config."""
        self._seen = self._kept = None

    def step(self, board: Board) -> None:
        """Take note of the live board where a key was pressed, and of a visit that is over."""
        if self._run.scope.mode is not Mode.LIVE or not (self._touched or self._seen):
            return
        now = self._run.clock.now()
        if self._seen is not None and now - self._seen.at >= AWAY and self._run.scope.before is not self._seen:
            self._run.scope = replace(self._run.scope, before=self._seen)
        if self._touched and board.mode is Mode.LIVE and board.loading is None:
            self._touched = False
            self._seen = replace(look_of(board), at=now)
        if self._seen is not self._kept and now - self._kept_at >= _WRITTEN_EVERY:
            visit = self._visit(now)
            self._aside(lambda: self._keep(visit, synced=False))

    def close(self, board: Board | None) -> None:
        """Keep what was seen, to the end: the last key is the one that ends the program."""
        if board is not None:
            self.step(board)
        if self._seen is not self._kept:
            self._keep(self._visit(self._run.clock.now()), synced=True)

    def _visit(self, now: datetime) -> Visit:
        assert self._seen is not None
        self._kept, self._kept_at = self._seen, now
        return Visit(FORMAT, fingerprint(self._run.config), self._seen, self._run.scope.before)

    def _keep(self, visit: Visit, *, synced: bool) -> None:
        try:
            keep_visit(self._run.state_folder, visit, synced=synced)
        except OSError as fault:
            _log.warning("what was looked at cannot be kept: %s", fault)


def _in_thread(work: Callable[[], None]) -> None:
    asyncio.get_running_loop().run_in_executor(None, work)
