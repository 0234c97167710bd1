"""What tests of alerts start from: a board with known ids, rules on it, and moments of one session."""

from datetime import datetime, time, timedelta
from typing import Any

from msgspec.structs import replace

from rotation_tui.alerts.places import Known, rows_of
from rotation_tui.alerts.rules import Rule, Time, rule_of
from rotation_tui.board.contract import Board
from rotation_tui.domain.alert import Alert
from rotation_tui.domain.session import Phase
from rotation_tui.domain.state import State
from tests.boards import FULL, NOW

BOARD = replace(
    FULL,
    tickers=tuple(replace(row, study_state=State.CLOSED) for row in FULL.tickers),
    watchlists=tuple(
        replace(listed, rows=tuple(replace(row, study_state=State.CLOSED) for row in listed.rows))
        for listed in FULL.watchlists
    ),
)
"""A board on which every row can be trusted."""
PARTS = ("tickers", "spreads", "sectors", "risk", "feeds", "claims", "drivers", "watchlists")
KNOWN = Known({part: tuple(rows_of(getattr(BOARD, part), part)) for part in PARTS})


def rule(when: str, **given: Any) -> Rule:
    return rule_of(Alert(name=given.pop("name", "test"), when=when, **given), KNOWN)


def moment(seconds: float = 0, phase: Phase = Phase.OPEN, local: time = time(11)) -> Time:
    return Time(NOW + timedelta(seconds=seconds), local, phase)


def with_ticker(board: Board, **changed: Any) -> Board:
    """The board with another first ticker."""
    first, *others = board.tickers
    return replace(board, tickers=(replace(first, **changed), *others))


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)
