"""What happened on a tape, in a few sentences: how long, how much, and how the last board differs from the first."""

from collections import Counter

from msgspec.structs import replace

from rotation_tui.app.playback import Playback
from rotation_tui.board.contract import Board, Mode
from rotation_tui.board.since import look_of, since_of
from rotation_tui.domain.wording import counted
from rotation_tui.widgets import figures

_MOST = 8
"""Differences that are told one by one."""


class SummingUp:
    """Looks at the boards of a replay as they come; `sentences` says what it came to."""

    def __init__(self, playback: Playback) -> None:
        self._playback = playback
        self._first: Board | None = None

    @property
    def began(self) -> bool:
        """Whether there has been a board with an answer."""
        return self._first is not None

    def look(self, board: Board) -> None:
        """Take the first board that has an answer; others cost nothing."""
        if self._first is None and board.verdict.score is not None:
            self._first = board

    def sentences(self, board: Board) -> tuple[str, ...]:
        """What happened up to the board."""
        played = self._playback
        last = min(board.generated_at, played.ends)
        span = f"{played.begins:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S} UTC"
        told = [f"{span}: {counted(played.states, 'state')} played"]
        if played.lost:
            told.append(f"{counted(played.lost, 'part')} of the tape cannot be read and {_was(played.lost)} skipped")
        if last >= played.ends and not played.ended:
            told.append("the tape was not closed: the program was killed, or still records")
        events = Counter(event.severity for event in board.events if event.at >= played.begins)
        if events:
            kinds = ("alert", "watch", "info")
            named = ", ".join(f"{events[kind]} {kind}" for kind in kinds if events[kind])
            told.append(f"events: {named}")
        return (*told, *self._differences(board))

    def _differences(self, board: Board) -> tuple[str, ...]:
        first = self._first
        if first is None:
            return ("no answer was known: the histories are not on the tape",)
        found = since_of(look_of(first), replace(board, mode=Mode.LIVE, loading=None)).changes
        told = [f"{d.what}: {d.was} to {d.now}" for d in found[:_MOST]]
        if len(found) > _MOST:
            told.append(f"and {counted(len(found) - _MOST, 'more change')}")
        was, now = first.verdict.leads, board.verdict.leads
        if was is not None and now is not None:
            told.append(f"the half: {figures.signed(was.half_pp)} to {figures.signed(now.half_pp)} pp")
        return tuple(told)


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
