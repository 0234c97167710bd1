"""What boards are compared with where nobody has looked at one before: the board of the session before."""

import time
from datetime import date

from msgspec.structs import replace

from rotation_tui.app.past import past_board
from rotation_tui.app.setup import Run
from rotation_tui.board.contract import Board, Mode
from rotation_tui.board.since import look_of
from rotation_tui.domain.look import Look
from rotation_tui.domain.session import Phase
from rotation_tui.workers.desk import PAPERS
from rotation_tui.workers.studying import NotStudied

_AGAIN_S = 60.0
"""After a board that could not be made."""


class SessionBefore:
    """Has the boards of a run tell what has changed since the session before the one they show; those that can be
    compared with what the user saw are left as they are.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._again_at = 0.0
        self._under_way = False

    def is_due(self, board: Board) -> bool:
        """Whether `compare` has something to do: a whole board is there, and its session before is not known yet."""
        before = self._run.scope.before
        if before is not None and before.session is None:
            return False  # somebody has looked: first, because it is asked at every beat
        if board.mode not in (Mode.LIVE, Mode.DEMO) or board.loading is not None or self._under_way:
            return False
        if before is not None and before.session == self._session():
            return False
        desk = self._run.desk
        return time.monotonic() >= self._again_at and desk.fed(but=PAPERS) and desk.studied()

    async def compare(self) -> None:
        """Make the board of the session before, and compare with it from now on; where that fails it is due again."""
        run, config, session = self._run, self._run.config, self._session()
        self._under_way = True
        try:
            look = await self._look(session)
        except NotStudied as fault:
            self._again_at = time.monotonic() + _AGAIN_S
            run.warn(f"there is no board of {session} to compare with: {fault}")
            return
        finally:
            self._under_way = False
        looked = run.scope.before is not None and run.scope.before.session is None
        if run.config is config and not looked:  # else another config was taken up meanwhile, or the user is back
            run.scope = replace(run.scope, before=look)

    def _session(self) -> date:
        """The session before the one that is shown: before today's once that has opened."""
        calendar, now = self._run.scope.calendar, self._run.clock.now()
        state = calendar.state(now)
        today = state.session if state.phase is Phase.OPEN else None
        return calendar.previous(today or calendar.last_completed(now))

    async def _look(self, session: date) -> Look:
        run = self._run
        board, _ = await past_board(run, run.store.snapshot(), session)
        look = look_of(board)
        if run.is_told:  # by a server, whose limits are not known here
            groups, checks = {}, {}
        else:
            # of a past day nothing is known of members: a group or claim that rests on them would differ by that alone
            known = {group.id: group.known for group in run.board().risk}
            groups = {g.title: look.groups[g.title] for g in board.risk if known.get(g.id) == g.known}
            checks = dict(look.checks)
        at = run.scope.calendar.close_at(session)
        return replace(look, at=at, groups=groups, checks=checks, findings={}, session=session)
