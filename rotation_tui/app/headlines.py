"""The board as one line, and when that is too old."""

from datetime import datetime, timedelta

from rotation_tui.board.contract import Board
from rotation_tui.domain.session import Calendar, CalendarRange, Phase
from rotation_tui.domain.verdict import Leader, Leads
from rotation_tui.store.headline import FORMAT, Headline

HOLDS = timedelta(minutes=3)
"""A monitor saves its state every minute where it moved, and prices of an open exchange move."""
_NOBODY = Leads(Leader.UNKNOWN, None, None, None)


def headline_of(board: Board, calendar: Calendar, waiting: int = 0) -> Headline:
    """The answer of a board; `waiting` are alerts that wait for a channel."""
    verdict, leads = board.verdict, board.verdict.leads or _NOBODY
    return Headline(
        format=FORMAT,
        saved_at=board.generated_at,
        old_from=_old_from(board, calendar),
        pair=leads.pair,
        side=leads.side,
        half_pp=leads.half_pp,
        ytd_pp=leads.ytd_pp,
        month_pp=leads.month_pp,
        state=leads.state,
        regime=verdict.regime,
        age_sessions=verdict.age_sessions,
        score=verdict.score,
        waiting=waiting,
    )


def _old_from(board: Board, calendar: Calendar) -> datetime:
    now, session = board.generated_at, board.session
    if session.phase is Phase.OPEN:
        return now + HOLDS
    if session.next_phase is Phase.OPEN:
        return session.next_change + HOLDS
    try:
        return calendar.open_at(calendar.next(calendar.last_completed(now))) + HOLDS
    except CalendarRange:
        return now + HOLDS
