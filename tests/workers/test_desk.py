"""The desk: opens with what is known, is settled when all is done, survives anything, and closes in good order."""

import asyncio
import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from rotation_tui.domain.bars import Basis
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.results import Studies
from rotation_tui.domain.rules import Rules
from rotation_tui.domain.universe import Ticker
from rotation_tui.evaluation import evaluate as evaluation
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.evaluate import evaluate
from rotation_tui.evaluation.question import Question
from rotation_tui.providers.base import QuoteReply, Unreachable
from rotation_tui.store.last_known import LastKnown
from rotation_tui.workers.feed import Job
from tests.patience import PATIENCE_S
from tests.workers.fakes import (
    MORNING,
    NYSE,
    TUESDAY,
    UNIVERSE,
    MovableClock,
    a_while,
    full_provider,
    history,
    quoted,
    trading,
    until,
)


async def test_a_desk_is_settled_only_when_all_has_come_and_been_studied(studied: list[Question]) -> None:
    first = full_provider(gate=asyncio.Event())
    async with trading(first) as desk:
        await until(lambda: first.count(Job.HISTORY) == 1)
        assert not desk.desk.settled()
        assert first.gate is not None
        first.gate.set()
        await desk.settled()
        assert len(desk.now.bars) == len(desk.now.quotes) == 2
        assert set(studied[-1].snapshot.bars) == set(desk.now.bars)
    assert not desk.desk.settled()


async def test_a_desk_without_any_answer_is_settled_too() -> None:
    async with trading(full_provider(faults=dict.fromkeys(Job, Unreachable("no route")))) as desk:
        await desk.settled()
        assert desk.health("first") == ("DOWN", "no route")


async def test_the_last_known_board_is_there_before_any_answer(tmp_path: Path) -> None:
    async with trading(full_provider(), folder=tmp_path) as desk:
        await desk.settled()
    silent = full_provider(gate=asyncio.Event())
    async with trading(silent, folder=tmp_path, clock=MovableClock(MORNING + timedelta(hours=1))) as desk:
        assert desk.now.quotes["IWM"].price == 106.0
        assert desk.now.checked["IWM"] == MORNING
        assert desk.now.studies.as_of == date(2026, 3, 2)
        assert silent.calls == []


async def test_what_is_known_is_saved_now_and_then_and_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rotation_tui.workers.desk._SAVE_EVERY_S", 0.01)
    first, known = full_provider(), LastKnown(tmp_path / "last_known.json", "abc")
    async with trading(first, folder=tmp_path) as desk:
        await until(lambda: (saved := known.read()) is not None and len(saved.quotes) == 2)
        monkeypatch.setattr("rotation_tui.workers.desk._SAVE_EVERY_S", 60.0)
        await a_while()
        first.prices["IWM"] = 107.0
        desk.clock.move(seconds=40)
        await until(lambda: desk.now.quotes["IWM"].price == 107.0)
    saved = known.read()
    assert saved is not None
    assert saved.quotes["IWM"].price == 107.0
    assert first.closed


async def test_a_slow_disk_does_not_hold_up_the_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writers: list[threading.Thread] = []
    monkeypatch.setattr(os, "fsync", lambda _: writers.append(threading.current_thread()))
    monkeypatch.setattr("rotation_tui.workers.desk._SAVE_EVERY_S", 0.01)
    async with trading(full_provider(), folder=tmp_path) as desk:
        await desk.settled()
        await until((tmp_path / "last_known.json").exists)
        assert writers
        assert threading.main_thread() not in writers


async def test_a_state_that_cannot_be_saved_is_said_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with trading(full_provider(), folder=tmp_path) as desk:
        await desk.settled()
        with monkeypatch.context() as disk:
            disk.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(30, "Read-only file system")))
            desk.desk.save()
        assert desk.now.quarantined == {"last known state": "cannot be written: Read-only file system"}
        desk.desk.save()
        assert desk.now.quarantined == {}


async def test_a_provider_that_cannot_be_closed_holds_nothing_up() -> None:
    first = full_provider()

    async def stuck() -> None:
        raise RuntimeError("event loop is closed")

    first.close = stuck  # type: ignore[method-assign]
    async with trading(first) as desk:
        await desk.settled()


async def test_a_desk_closes_while_everything_is_under_way() -> None:
    for pause in (0.0, 0.001, 0.003, 0.01):
        async with asyncio.timeout(PATIENCE_S):
            async with trading(full_provider(), full_provider("second")) as desk:
                await asyncio.sleep(pause)
                desk.desk.refresh()


async def test_studies_are_renewed_when_a_session_has_closed_though_nothing_new_came(studied: list[Question]) -> None:
    """Readings grow stale by the passing of time alone."""
    first = full_provider()
    async with trading(first) as desk:
        await desk.settled()
        before = len(studied)
        await a_while()
        assert len(studied) == before
        first.faults = dict.fromkeys(Job, Unreachable("no route"))
        desk.clock.move(hours=7)
        await until(lambda: len(studied) > before)
        assert studied[-1].now == desk.clock.at
        assert desk.now.bars["IWM", next(iter(desk.now.bars))[1]].dates[-1] < TUESDAY


async def test_a_study_that_fails_is_said_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def failing(question: Question, _: Auditor) -> Studies:
        calls.append(question)
        if len(calls) == 1:
            raise ZeroDivisionError("division by zero")
        return Studies(date(2026, 3, 2), question.now)

    monkeypatch.setattr(evaluation, "evaluate", failing)
    async with trading(full_provider()) as desk:
        await until(lambda: desk.now.studies.as_of)
        assert any("evaluation: ZeroDivisionError" in text for text in desk.event_texts)


async def test_studies_say_which_of_them_failed_and_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    from rotation_tui.studies import spreads

    def broken(*_: object) -> None:
        raise ValueError("no such column")

    async with trading(full_provider()) as desk:
        await until(lambda: len(desk.now.bars) == 2)
        question = Question(desk.now, UNIVERSE, NYSE, Rules(), MORNING, None)
    monkeypatch.setattr(spreads, "study_spread", broken)
    studies = evaluate(question, Auditor())
    assert studies.faults == {"spread IWM-SPY": "no such column"}
    assert set(studies.tickers) == {"IWM", "SPY"}
    assert studies.as_of == date(2026, 3, 2)
    assert studies.risk


GROWN = replace(UNIVERSE, tickers=(*UNIVERSE.tickers, Ticker("QQQ", Instrument.of("QQQ"))))


async def test_a_universe_grows_while_the_desk_runs(studied: list[Question]) -> None:
    first = full_provider()
    first.prices["QQQ"], first.bars_of["QQQ"] = 106.2, history("QQQ", TUESDAY)
    async with trading(first) as desk:
        await desk.settled()
        assert set(quoted(desk.now)) == {"IWM", "SPY"}
        desk.desk.follow(GROWN)
        await until(lambda: "QQQ" in desk.now.quotes and ("QQQ", Basis.PRICE) in desk.now.bars)
        await desk.settled()
        assert ("QQQ", Basis.PRICE) in studied[-1].snapshot.bars
        assert first.asked_for(Job.HISTORY) == {"IWM": 1, "SPY": 1, "QQQ": 1}


async def test_what_is_new_in_the_universe_comes_from_disk_where_it_is_there(tmp_path: Path) -> None:
    first, again = full_provider(), full_provider()
    first.prices["QQQ"], first.bars_of["QQQ"] = 106.2, history("QQQ", TUESDAY)
    async with trading(first, folder=tmp_path, universe=GROWN) as desk:
        await desk.settled()
    async with trading(again, folder=tmp_path) as desk:
        await desk.settled()
        assert ("QQQ", Basis.PRICE) not in desk.now.bars
        desk.desk.follow(GROWN)
        await until(lambda: ("QQQ", Basis.PRICE) in desk.now.bars)
        assert again.count(Job.HISTORY) == 0


async def test_what_a_source_offers_may_change_while_it_runs() -> None:
    carried = {"IWM"}
    first = full_provider(offers=carried.__contains__)
    async with trading(first) as desk:
        await desk.settled()
        assert set(quoted(desk.now)) == {"IWM"}
        carried.add("SPY")
        desk.clock.move(minutes=6)
        await until(lambda: set(quoted(desk.now)) == {symbol for symbol, _ in desk.now.bars} == {"IWM", "SPY"})
        carried.remove("IWM")
        desk.clock.move(minutes=6)
        await until(lambda: first.calls[-1][1] == ("SPY",))


class QuotesAlone:
    """A source with quotes and not a method more than that."""

    name = "quotes"

    def __init__(self) -> None:
        self._full = full_provider(self.name)

    def offers_quotes(self, instrument: Instrument) -> bool:
        return self._full.offers_quotes(instrument)

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        return await self._full.quotes(instruments, now)

    def requests_last_hour(self) -> int:
        return 0

    async def close(self) -> None:
        await self._full.close()


class Misspelt:
    """A source that nobody can ask: a method of each capability is called otherwise."""

    name = "misspelt"

    def offer_quotes(self, _: Instrument) -> bool:
        return True

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        raise NotImplementedError

    def requests_last_hour(self) -> int:
        return 0

    async def close(self) -> None:
        """Nothing is open."""


async def test_a_source_that_nobody_can_ask_is_told() -> None:
    async with trading(Misspelt(), full_provider()) as desk:
        await desk.settled()
        assert "misspelt is asked for nothing: its source has none of " in "\n".join(desk.event_texts)
        assert set(quoted(desk.now)) == {"IWM", "SPY"}


async def test_a_source_is_asked_for_what_it_has_and_another_for_the_rest() -> None:
    second = full_provider("second")
    async with trading(QuotesAlone(), second) as desk:
        await desk.settled()
        assert set(desk.now.quotes) == {symbol for symbol, _ in desk.now.bars} == {"IWM", "SPY"}
        assert {quote.source for quote in desk.now.quotes.values()} == {"quotes"}
        assert second.asked_for(Job.HISTORY) == {"IWM": 1, "SPY": 1}
        assert second.count(Job.QUOTES) == 0
