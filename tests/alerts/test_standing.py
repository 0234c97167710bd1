"""How alerts stand: in which way, since when and until when, and what the book has of their last tellings."""

from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from rotation_tui.alerts.condition import ConditionFault
from rotation_tui.alerts.rules import Rule, Tally, Time
from rotation_tui.alerts.standing import Roll, Sight, Standings, row_of_rule
from rotation_tui.alerts.watch import Watch
from rotation_tui.board.contract import Board, Loading
from rotation_tui.domain.alert import Alert, AlertRow, Delivery, Firing, Notice, RuleState, Stand, Way
from rotation_tui.domain.session import Phase
from rotation_tui.domain.state import State
from rotation_tui.store.alert_book import AlertBook
from tests.alerts.material import BOARD, KNOWN, at, moment, rule, with_ticker

FIRST = BOARD.tickers[0]


def told(one: Rule, **given: Any) -> RuleState:
    return RuleState(one.alert.when, **{"armed": False, "fired_at": at(-600), "since": at(-660), **given})


CASES: dict[str, tuple[Rule, RuleState, Tally, float | None, Time, Stand, float | None, float | None]] = {}
"""By words: the rule, what it remembers, how far it is, the value, when; how it stands, since and until (seconds)."""


def case(
    words: str, one: Rule, state: RuleState | None, tally: Tally, value: float | None, when: Time,
    stand: Stand, since: float | None = None, until: float | None = None,
) -> None:  # fmt: skip
    CASES[words] = (one, state or RuleState(one.alert.when), tally, value, when, stand, since, until)


OVER = rule("RUT > 5")
BACK = rule("RUT > 5", back=4.0)
SLOW = rule("RUT > 5", confirm="2m")
NIGHT = rule("RUT > 5", quiet="22:00-07:00")
DAY = rule("RUT > 5", sessions=("PRE",))
LOST = rule("RUT unknown for 30m")
IDLE = Tally()
case("below its limit", OVER, None, IDLE, 3.0, moment(), Stand.ARMED)
case("above it and told", OVER, told(OVER), IDLE, 6.0, moment(), Stand.TRUE, -660)
case("told by a book that has no beginning", OVER, told(OVER, since=None), IDLE, 6.0, moment(), Stand.TRUE, -600)
case("below its limit and not back", BACK, told(BACK), IDLE, 4.5, moment(), Stand.BACK, -660)
case("told and over", OVER, told(OVER, armed=True), IDLE, 3.0, moment(), Stand.ARMED)
case("told and over just now", OVER, told(OVER, armed=True, fired_at=at(-60)), IDLE, 3.0, moment(),
     Stand.RESTS, -60, 240)  # fmt: skip
case("on its way", SLOW, None, Tally(3, at(-30)), 6.0, moment(), Stand.CONFIRMED, -30, 90)
case("in the night", NIGHT, None, Tally(3, at(-30)), 6.0, moment(0, local=time(23)), Stand.QUIET, -30, 8 * 3600)
case("in another phase", DAY, None, IDLE, 3.0, moment(), Stand.QUIET)
case("of no value", OVER, None, IDLE, None, moment(), Stand.UNKNOWN, 0)
case("of no value, which is its question", LOST, None, Tally(0, None, at(-60)), None, moment(),
     Stand.CONFIRMED, -60, 1740)  # fmt: skip
case("of a value again", LOST, None, IDLE, 6.0, moment(), Stand.ARMED)
case("told once", rule("RUT > 5", repeat="once"), told(OVER, spent=True), IDLE, 6.0, moment(), Stand.SPENT, -600)
case("of another condition by then", OVER, RuleState("RUT > 9", armed=False), IDLE, 6.0, moment(), Stand.ARMED)


@pytest.mark.parametrize("words", CASES)
def test_a_rule_stands_as_it_is_remembered_and_as_it_reads_now(words: str) -> None:
    one, state, tally, value, when, stand, since, until = CASES[words]
    row = row_of_rule(one, Sight(state, tally, value, FIRST), BOARD, when)
    assert (row.stand, row.value) == (stand, value)
    assert row.since == (None if since is None else at(since))
    assert row.until == (None if until is None else at(until))
    assert row.asks in row.alert.when


@pytest.mark.parametrize(
    ("board", "row", "why"),
    [
        (replace(BOARD, loading=Loading(1, 2, ())), FIRST, "on its way"),
        (BOARD, None, "there is no RUT among the tickers now"),
        (BOARD, replace(FIRST, state=State.STALE), "its price is stale"),
        (BOARD, replace(FIRST, why="yahoo: HTTP 500"), "yahoo: HTTP 500"),
        (BOARD, replace(FIRST, reasons={"from_200d_pct": "needs 200 closes"}), "needs 200 closes"),
        (BOARD, FIRST, "its source gives none"),
    ],
)
def test_what_is_unknown_says_why(board: Board, row: Any, why: str) -> None:
    one = rule("RUT.from_200d_pct > 5")
    stands = row_of_rule(one, Sight(RuleState(), Tally(), None, row), board, moment())
    assert stands.stand is Stand.UNKNOWN
    assert why in (stands.why or "")


class Desk:
    """A watch over a board that a test changes, with what was put."""

    def __init__(self, folder: Path, *rules: Rule, roll: Roll | None = None) -> None:
        self.board, self.revision, self.boards, self.time = BOARD, 0, 0, 0.0
        self.put: list[tuple[AlertRow, ...]] = []
        self.watch = Watch(rules, AlertBook(folder), self._made, lambda: self.revision, lambda _: None,
                           clock=lambda: self.time, stands=self._stands, roll=roll)  # fmt: skip

    def _made(self) -> Board:
        self.boards += 1
        return self.board

    def _stands(self, rows: tuple[AlertRow, ...]) -> None:
        self.revision += 1
        self.put.append(rows)

    async def sees(self, board: Board | None = None) -> list[tuple[str, str]]:
        """How the alerts stand after a look; an empty list where none was told to stand otherwise."""
        before = len(self.put)
        if board is not None:
            self.board, self.revision = board, self.revision + 1
        self.time += 0.25
        await self.watch.look()
        return [(row.id, row.stand.value) for row in self.put[-1]] if len(self.put) > before else []


async def test_that_alerts_stand_otherwise_asks_for_no_other_board(tmp_path: Path) -> None:
    desk = Desk(tmp_path, rule("RUT > 5", name="over"), rule("RUT > 50", name="far"))
    assert await desk.sees(with_ticker(BOARD, last=3.0)) == [("over", "armed"), ("far", "armed")]
    assert await desk.sees() == []
    assert desk.boards == 1
    assert await desk.sees(with_ticker(BOARD, last=9.0)) == [("over", "true"), ("far", "armed")]
    assert [row.value for row in desk.put[-1]] == [9.0, 9.0]
    assert await desk.sees() == []
    assert desk.boards == 2
    spx = replace(BOARD.tickers[1], last=1.0)
    assert await desk.sees(replace(desk.board, tickers=(desk.board.tickers[0], spx, *BOARD.tickers[2:]))) == []


async def test_when_a_rest_is_over_it_is_armed_though_nothing_moved(tmp_path: Path) -> None:
    desk = Desk(tmp_path, rule("RUT > 5", name="over", rest="1m"))
    await desk.sees(BOARD)
    assert await desk.sees(with_ticker(BOARD, last=3.0)) == [("over", "resting")]
    desk.time += 5
    assert await desk.sees() == []
    desk.board = replace(desk.board, generated_at=at(61))
    desk.time += 5
    assert await desk.sees() == [("over", "armed")]


async def test_what_cannot_be_read_stands_where_it_stands_in_the_config(tmp_path: Path) -> None:
    first, second = Alert(name="typo", when="RTU > 1"), rule("RUT > 50", name="far")
    roll = Roll((first, second.alert), frozenset({"far"}), {"typo": 'nothing is called "RTU"'})
    desk = Desk(tmp_path, second, roll=roll)
    assert await desk.sees(BOARD) == [("typo", "not readable"), ("far", "armed")]
    assert [(row.own, row.why) for row in desk.put[-1]] == [(False, 'nothing is called "RTU"'), (True, None)]


async def test_what_becomes_of_a_telling_is_told_without_another_board(tmp_path: Path) -> None:
    desk = Desk(tmp_path, rule("RUT > 5", name="over", to=("phone",)))
    await desk.sees(BOARD)
    book = AlertBook(tmp_path)
    desk.watch.noted(book.read().told)
    await desk.sees()
    assert desk.put[-1][0].told[0].sent["phone"].state is Delivery.FIRED
    (errand,) = book.claim("phone", at(1), 1)
    book.settle(errand, Delivery.FIRED, "HTTP 500", at(30))
    desk.watch.noted(book.read().told)
    await desk.sees()
    sending = desk.put[-1][0].told[0].sent["phone"]
    assert (sending.why, sending.not_before, sending.tries) == ("HTTP 500", at(30), 1)
    assert desk.boards == 1


def test_of_many_tellings_the_newest_and_those_that_wait_are_told() -> None:
    notices = [
        Notice(Firing(str(n), "over", at(n), f"{n}"), {"phone": Way(Delivery.FIRED if n == 2 else Delivery.SENT)})
        for n in range(40)
    ]
    put: list[tuple[AlertRow, ...]] = []
    standing, one = Standings(put.append), rule("RUT > 5", name="over")
    standing.use(Roll((one.alert,)))
    standing.noted(notices)
    standing.look(BOARD, moment(), {"over": one}, lambda _: Sight(RuleState(), Tally(), 3.0, FIRST), ())
    assert [telling.words for telling in put[-1][0].told] == ["39", "38", "37", "36", "35", "2"]
    assert put[-1][0].told_at == at(39)


def test_no_alert_follows_from_alerts() -> None:
    with pytest.raises(ConditionFault, match="none can follow from them"):
        rule("alerts.over.stand is ARMED")
    assert "alerts" not in KNOWN.ids


def test_a_clock_that_is_put_back_leaves_no_end_that_never_comes() -> None:
    back = moment(-7200)
    row = row_of_rule(OVER, Sight(told(OVER, armed=True, fired_at=at(0)), Tally(), 3.0, FIRST), BOARD, back)
    assert row.stand is Stand.ARMED
    assert Phase.OPEN is back.phase
    assert timedelta(0) > back.at - at(0)
