"""The pane of alerts: what a row says of what waits and failed, and what opens on it."""

from datetime import UTC, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board, Mode
from rotation_tui.domain.alert import Alert, AlertRow, Delivery, Sending, Stand, Telling
from rotation_tui.panes.alerts import PANE
from rotation_tui.panes.base import Space
from rotation_tui.widgets.cells import plain
from tests.boards import EMPTY, FULL, NOW

SPACE = Space(160, 20, NOW, UTC)
ALERT = Alert(name="over", when="RUT.last > 2600", back=2550, confirm="2m", to=("screen", "phone"))
ROW = AlertRow("over", ALERT, Stand.TRUE, path="RUT.last", asks="> 2600", value=-2610.5,
               since=NOW - timedelta(hours=1), told_at=NOW - timedelta(minutes=58))  # fmt: skip


def told(**sent: Sending) -> tuple[Telling, ...]:
    return (Telling(NOW - timedelta(minutes=58), "RUT.last 2,601.00 (RUT.last > 2600)", sent),)


def line(row: AlertRow, board: Board = FULL) -> str:
    return plain(PANE.draw(replace(board, alerts=(row,)), SPACE).rows)


def test_a_row_has_value_and_limit_and_by_whom_it_was_told() -> None:
    row = replace(ROW, told=told(screen=Sending(Delivery.SENT), phone=Sending(Delivery.SENT)))
    began, ago = (f"{NOW - timedelta(minutes=m):%H:%M}" for m in (60, 58))
    assert line(row).split() == ["over", "true", "since", began, "−2,610.50", ">", "2600", ago, "screen,", "phone"]


@pytest.mark.parametrize(
    ("sending", "words"),
    [
        (Sending(Delivery.FIRED, not_before=NOW + timedelta(minutes=5), why="HTTP 500"), "phone: HTTP 500, again at"),
        (Sending(Delivery.FIRED), "phone: waits"),
        (Sending(Delivery.CLAIMED), "phone: being sent"),
        (Sending(Delivery.LOST, why="no answer in 10 s"), "phone: not sent, no answer in 10 s"),
    ],
)
def test_what_waits_or_failed_at_a_channel_is_told_with_what_happens_next(sending: Sending, words: str) -> None:
    row = replace(ROW, told=told(screen=Sending(Delivery.SENT), phone=sending))
    assert words in line(row)
    assert words in plain(PANE.detail(replace(FULL, alerts=(row,)), "over", SPACE)) if PANE.detail else False


def test_what_is_unknown_or_cannot_be_read_says_why() -> None:
    assert "its price is stale" in line(replace(ROW, stand=Stand.UNKNOWN, value=None, why="its price is stale"))
    unread = replace(ROW, stand=Stand.UNREADABLE, path="", value=None, since=None, why='no "lst" there')
    assert 'no "lst" there' in line(unread)
    assert "?" not in line(unread), "there is no value that could be unknown"


@pytest.mark.parametrize(
    ("board", "words"),
    [
        (EMPTY, "about to be read"),
        (replace(EMPTY, alerts=()), "A makes one"),
        (replace(EMPTY, mode=Mode.AS_OF), "board of now"),
    ],
)
def test_without_alerts_it_says_why_there_are_none(board: Board, words: str) -> None:
    assert words in plain(PANE.draw(board, SPACE).rows)
