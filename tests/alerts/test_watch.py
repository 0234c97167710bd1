"""Watching a run: at every revision, whoever looks; told once by each channel."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from rotation_tui.alerts.outbox import SENT, Channel, Outbox, Outcome
from rotation_tui.alerts.rules import Rule, step
from rotation_tui.alerts.watch import Lookout, Watch, time_of
from rotation_tui.board.contract import Board, Loading
from rotation_tui.domain.alert import Delivery, Firing, RuleState
from rotation_tui.store.alert_book import AlertBook
from tests.alerts.material import BOARD, at, rule, with_ticker
from tests.patience import PATIENCE_S


def look(lookout: Lookout, board: Board) -> list[str]:
    fired, _ = lookout.look(board, time_of(board))
    return [firing.alert for firing, _, _ in fired]


def later(board: Board, seconds: float) -> Board:
    return replace(board, generated_at=at(seconds))


def test_of_a_board_only_the_rules_whose_row_moved_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    rules = [rule("RUT > 100", name="rut"), rule("SPX > 1000000000", name="spx"),
             rule("verdict changes", name="verdict"), rule("session.phase changes", name="phase")]  # fmt: skip

    def noted(one: Rule, *rest: Any) -> Any:
        judged.append(one.alert.name)
        return step(one, *rest)

    monkeypatch.setattr("rotation_tui.alerts.watch.step", noted)
    lookout = Lookout(rules)
    look(lookout, BOARD)
    assert sorted(judged) == ["phase", "rut", "spx", "verdict"]
    judged.clear()
    moved = with_ticker(BOARD, last=101.0)
    assert look(lookout, moved) == ["rut"]
    assert judged == ["rut"]
    judged.clear()
    look(lookout, replace(moved, session=replace(moved.session)))
    assert judged == [], "an equal session is the same session"
    look(lookout, replace(moved, loading=Loading(1, 2, ())))
    assert judged == ["verdict"], "what is provisional has no value, and all else the one that was judged"


def test_a_value_that_stands_is_judged_again_once_the_book_remembers_otherwise() -> None:
    lookout = Lookout([rule("RUT changes")])
    look(lookout, BOARD)
    lookout.adopt({"test": RuleState("RUT changes", last=BOARD.tickers[0].last and 9.0)})
    assert look(lookout, with_ticker(BOARD, name="another row of the same price")) == ["test"]


def test_what_has_to_hold_for_a_while_is_told_when_only_time_has_passed() -> None:
    lookout = Lookout([rule("RUT > 5", confirm="1m")])
    assert look(lookout, BOARD) == []
    assert lookout.waits
    assert look(lookout, later(BOARD, 59)) == []
    assert look(lookout, later(BOARD, 60)) == ["test"]
    assert not lookout.waits


def test_a_symbol_that_has_left_the_board_tells_nothing_but_that_it_is_unknown() -> None:
    lookout = Lookout([rule("RUT > 5", rest=""), rule("RUT unknown for 1m", name="gone")])
    assert look(lookout, BOARD) == ["test"]
    gone = replace(BOARD, tickers=BOARD.tickers[1:])
    assert look(lookout, gone) == []
    assert look(lookout, later(gone, 60)) == ["gone"]


def test_other_rules_are_judged_from_the_next_board_on() -> None:
    lookout = Lookout([rule("RUT > 5", name="one")])
    assert look(lookout, BOARD) == ["one"]
    lookout.use([rule("RUT > 5", name="one"), rule("RUT > 6", name="two")])
    assert look(lookout, BOARD) == ["two"]


class Desk:
    """A board that a test changes, and what was told of it."""

    def __init__(self, folder: Path, *rules: Rule) -> None:
        self.board, self.revision, self.time = BOARD, 0, 0.0
        self.told: list[str] = []
        self.heard: list[Firing] = []
        self.book = AlertBook(folder)
        self.watch = Watch(rules, self.book, lambda: self.board, lambda: self.revision, self.told.append,
                           self.heard.append, lambda: self.time)  # fmt: skip

    async def sees(self, board: Board) -> list[str]:
        self.board, self.revision, before = board, self.revision + 1, len(self.heard)
        self.time += 1
        await self.watch.look()
        return [firing.alert for firing in self.heard[before:]]


async def test_a_monitor_that_starts_again_goes_on_from_the_book(tmp_path: Path) -> None:
    one = rule("RUT > 5", rest="")
    first = Desk(tmp_path, one)
    assert await first.sees(BOARD) == ["test"]
    assert await first.sees(with_ticker(BOARD, last=11.0)) == []
    assert await Desk(tmp_path, one).sees(BOARD) == [], "it holds since it was told"
    assert await first.sees(with_ticker(BOARD, last=4.0)) == []
    await first.watch.close()
    assert await Desk(tmp_path, one).sees(BOARD) == ["test"]


async def test_several_monitors_tell_once(tmp_path: Path) -> None:
    one = rule("verdict.regime changes", rest="")
    desks = [Desk(tmp_path, one) for _ in range(3)]
    changed = replace(BOARD, verdict=replace(BOARD.verdict, regime=type(BOARD.verdict.regime).REVERSAL))
    heard = [await desk.sees(board) for board in (BOARD, changed, changed) for desk in desks]
    assert [name for names in heard for name in names] == ["test"]
    assert len(desks[0].book.read().told) == 1


async def test_while_another_program_holds_the_book_alerts_wait_and_are_told_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import filelock

    from rotation_tui.store import alert_book

    monkeypatch.setattr(alert_book, "_LOCK_S", 0.01)
    desk = Desk(tmp_path, rule("RUT > 5"))
    with filelock.FileLock(tmp_path / f"{alert_book.NAME}.lock"):
        assert await desk.sees(BOARD) == []
        assert await desk.sees(BOARD) == []
    assert len(desk.told) == 1, "said once"
    assert await desk.sees(BOARD) == ["test"]


class Line:
    """A channel of a test: it takes what it is told, or what `answers` says instead."""

    per_hour: int | None = None

    def __init__(self, name: str, answers: Callable[[Firing], Outcome] = lambda _: SENT) -> None:
        self.name = name
        self.got: list[str] = []
        self._answers = answers

    async def send(self, firing: Firing) -> Outcome:
        self.got.append(firing.alert)
        return self._answers(firing)

    async def close(self) -> None:
        return None


def fired(book: AlertBook, *alerts: str, to: tuple[str, ...] = ("phone",)) -> None:
    book.note({}, [(Firing(name, name, at(0), "words", to=to), RuleState("w", False, fired_at=at(0)), timedelta())
                   for name in alerts])  # fmt: skip


def outbox(book: AlertBook, *lines: Channel, now: float = 0) -> tuple[Outbox, list[str]]:
    said: list[str] = []
    return Outbox(book, lines, said.append, lambda: at(now)), said


async def test_each_channel_gets_each_alert_once(tmp_path: Path) -> None:
    book, phone, desk = AlertBook(tmp_path), Line("phone"), Line("desk")
    fired(book, "a", "b", to=("phone", "desk"))
    box, said = outbox(book, phone, desk)
    assert await box.empty()
    assert await box.empty()
    assert (phone.got, desk.got, said) == (["a", "b"], ["a", "b"], [])


async def test_what_did_not_arrive_is_tried_again_and_said_once(tmp_path: Path) -> None:
    book, answers = AlertBook(tmp_path), [*[Outcome(False, "HTTP 500", again=True)] * 2, SENT, SENT]
    phone = Line("phone", lambda _: answers.pop(0))
    fired(book, "a", "b")
    said: list[str] = []
    now = [0.0]
    box = Outbox(book, [phone], said.append, lambda: at(now[0]))
    for moment in (0, 20, 60, 120):
        now[0] = moment
        done = await box.empty()
    assert done
    assert phone.got == ["a", "a", "a", "b"]
    assert said == ["phone: HTTP 500; tried again until it is sent, for a day"]


async def test_what_may_have_arrived_is_never_sent_again_and_what_a_channel_raises_is_told(tmp_path: Path) -> None:
    def breaks(_: Firing) -> Outcome:
        raise RuntimeError("https://hooks.example/secret")

    book = AlertBook(tmp_path)
    fired(book, "a", to=("phone", "odd"))
    lost = Line("phone", lambda _: Outcome(False, "no answer in 10 s; whether it arrived is not known"))
    box, said = outbox(book, lost, Line("odd", breaks))
    assert await box.empty()
    assert said == [
        "phone: a was not sent: no answer in 10 s; whether it arrived is not known",
        "odd: a was not sent: RuntimeError",
    ]
    assert {way.state for way in book.read().told[0].ways.values()} == {Delivery.LOST}


async def test_one_that_fails_for_a_day_is_given_up(tmp_path: Path) -> None:
    book = AlertBook(tmp_path)
    fired(book, "a")
    box, said = outbox(book, Line("phone", lambda _: Outcome(False, "HTTP 500", again=True)), now=25 * 3600)
    assert await box.empty()
    assert said == ["phone: a was not sent: HTTP 500"]


async def test_a_channel_that_hangs_holds_up_no_other(tmp_path: Path) -> None:
    class Hanging(Line):
        async def send(self, firing: Firing) -> Outcome:
            self.got.append(firing.alert)
            await asyncio.Event().wait()
            return SENT

    book, hanging, phone = AlertBook(tmp_path), Hanging("hanging"), Line("phone")
    box, _ = outbox(book, hanging, phone)
    running = asyncio.create_task(box.run())
    fired(book, "a", "b", to=("hanging", "phone"))
    async with asyncio.timeout(PATIENCE_S):
        while phone.got != ["a", "b"] or hanging.got != ["a"]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    told = book.read().told[0].ways
    assert told["hanging"].state is Delivery.CLAIMED, "the next program says that nobody knows"


async def test_other_channels_are_told_once_they_are_there_and_the_old_ones_give_back(
    tmp_path: Path,
) -> None:
    class Closing(Line):
        closed = False

        async def close(self) -> None:
            self.closed = True

    book, old, stays, new = AlertBook(tmp_path), Closing("phone"), Closing("screen"), Closing("phone")
    box, _ = outbox(book, old, stays)
    running = asyncio.create_task(box.run())
    fired(book, "a", to=("phone", "screen"))
    async with asyncio.timeout(PATIENCE_S):
        while old.got != ["a"] or stays.got != ["a"]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        box.use([stays, new])
        while not old.closed:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        fired(book, "b", to=("phone", "screen"))
        while new.got != ["b"] or stays.got != ["a", "b"]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert old.got == ["a"]
    assert not stays.closed


async def test_more_than_an_hour_takes_wait_and_that_is_said(tmp_path: Path) -> None:
    book, phone = AlertBook(tmp_path), Line("phone")
    phone.per_hour = 3
    fired(book, *"abcde")
    box, said = outbox(book, phone)
    assert not await box.empty()
    assert phone.got == ["a", "b", "c"]
    assert said == ["phone: 2 alerts beyond 3 an hour wait"]


def test_a_thousand_rules_take_little_of_a_frame_in_which_some_prices_moved() -> None:
    """A hundredth of a core at four frames a second: half of what they may, on a machine with other work."""
    ids = [row.id for row in BOARD.tickers]
    rules = [rule(f"{ids[n % len(ids)]}.last > {1_000_000 + n}", name=str(n)) for n in range(700)]
    rules += [rule(f"RUT-SPX.z > {100 + n}", name=f"z{n}") for n in range(300)]
    lookout = Lookout(rules)
    look(lookout, BOARD)
    boards = [with_ticker(with_ticker(BOARD), last=10.0 + n) for n in range(40)]
    spent = []
    for board in boards:
        begin = time.process_time()
        look(lookout, board)
        spent.append(time.process_time() - begin)
    assert sorted(spent)[len(spent) // 2] < 0.0025
