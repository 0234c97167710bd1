"""Whether the numbers on the board can be trusted, in a word and what bears it out."""

from collections.abc import Sequence

from msgspec import Struct

from rotation_tui.board.contract import Board, Mode, TickerRow
from rotation_tui.domain.feed import FeedState
from rotation_tui.domain.reading import Level
from rotation_tui.domain.state import State
from rotation_tui.domain.wording import counted

_NAMED = 3
"""So many symbols or feeds in trouble are named, more are counted."""


class Trust(Struct, frozen=True):
    """`word` answers in `tone`; `pieces` say why, what is wrong first."""

    word: str
    tone: str
    pieces: tuple[str, ...]


def trust_of(board: Board) -> Trust:
    """Yes where every price is current, closes are not old and all feeds answer; no where there is no price at all."""
    wrong = _wrong(board)
    sound = (*_prices(board.tickers), *_checks(board), *_feeds(board))
    if board.mode is Mode.DEMO:
        return Trust("demo:", "watch", ("a made-up market, no price is real", *wrong, *sound))
    if board.mode is Mode.AS_OF:
        return Trust("past:", "watch", ("closes stand in for prices", *wrong, *_checks(board)))
    if all(row.last is None for row in board.tickers):
        return Trust("not yet:" if board.loading else "no:", "dim" if board.loading else "alert", (*wrong, *sound))
    if wrong:
        return Trust("in part:", "watch", (*wrong, *sound))
    if board.loading is not None:
        return Trust("not yet:", "watch", ("histories are on their way", *sound))
    return Trust("yes:", "bright", sound)


def _wrong(board: Board) -> tuple[str, ...]:
    old = [row.id for row in board.tickers if row.last is not None and not _is_new(row)]
    unknown = [row.id for row in board.tickers if row.last is None]
    down = [f.name for f in board.feeds if f.state in (FeedState.DOWN, FeedState.LATE)]
    closes = [row.id for row in board.spreads if row.study_state is State.STALE]
    named = (("old prices", old), ("no price", unknown), ("feeds in trouble", down), ("old closes", closes))
    return tuple(f"{what}: {_listed(names)}" for what, names in named if names)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _is_new(row: TickerRow) -> bool:
    """Whether no later price has to be there: the close before is old once today's session has opened.

    A fund that is answered for and has not traded for a while is new, though its age stands beside it.
    """
    return row.current if row.state is State.CLOSED else row.state not in (State.STALE, State.UNKNOWN)


def _prices(rows: Sequence[TickerRow]) -> tuple[str, ...]:
    sound = [row for row in rows if _is_new(row)]
    if not sound:
        return ()
    states = {row.state for row in sound}
    closes = states == {State.CLOSED}
    word = "of the close" if closes else _late([(row.delay_s or 0) // 60 for row in sound])
    return (f"prices {word}" if len(sound) == len(rows) else f"{len(sound)} of {len(rows)} prices {word}",)


def _late(minutes: Sequence[int]) -> str:
    """By how much the prices are late, from the least to the most."""
    least, most = min(minutes), max(minutes)
    return "current" if not most else f"{most}m late" if least == most else f"{least}-{most}m late"


def _feeds(board: Board) -> tuple[str, ...]:
    asked = [f for f in board.feeds if f.state is not FeedState.OFF]
    well = sum(f.state is FeedState.LIVE for f in asked)
    return (f"{well} of {len(asked)} feeds well",) if asked else ()


def _checks(board: Board) -> tuple[str, ...]:
    checks = [check for group in board.risk for check in group.checks]
    known = sum(check.level is not Level.UNKNOWN for check in checks)
    lacking = len(checks) - known
    return (f"{counted(lacking, 'check')} unknown" if lacking else f"all {known} checks known",) if checks else ()
