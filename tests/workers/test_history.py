"""Daily history: asked for when due and not before, joined where it agrees, kept where the source lies."""

import asyncio
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from rotation_tui.domain.bars import Bars, Basis, Split
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.universe import Ticker, Universe
from rotation_tui.providers.base import BadReply, Refused, ServerFault, UnknownSymbol, Unreachable
from rotation_tui.store.shelf import OVERLAP_ROWS, Shelf
from rotation_tui.workers.feed import Job
from tests.workers.fakes import (
    MONDAY,
    MORNING,
    NYSE,
    TUESDAY,
    FakeProvider,
    MovableClock,
    Trading,
    a_while,
    full_provider,
    history,
    trading,
    until,
)

IWM = ("IWM", Basis.PRICE)
EVENING = datetime(2026, 3, 3, 21, 35, tzinfo=UTC)
"""35 minutes after Tuesday's close: whatever was due after it is due."""


def _last(desk: Trading, symbol: str = "IWM") -> date | None:
    bars = desk.now.bars.get((symbol, Basis.PRICE))
    return None if bars is None else bars.dates[-1]


async def test_the_running_session_is_no_bar_until_it_has_closed() -> None:
    first = full_provider()
    async with trading(first) as desk:
        await desk.settled()
        assert _last(desk) == MONDAY
        desk.clock.at = EVENING
        await until(lambda: _last(desk) == _last(desk, "SPY") == TUESDAY)
        await until(lambda: desk.now.studies.as_of == TUESDAY)


async def test_a_restart_before_the_due_time_asks_nothing(tmp_path: Path) -> None:
    first, again = full_provider(), full_provider()
    async with trading(first, folder=tmp_path) as desk:
        await desk.settled()
        whole = dict(desk.now.bars)
    assert first.asked_for(Job.HISTORY) == {"IWM": 1, "SPY": 1}
    async with trading(again, folder=tmp_path, clock=MovableClock(MORNING + timedelta(hours=3))) as desk:
        await desk.settled()
        await a_while()
        assert again.count(Job.HISTORY) == 0
        assert dict(desk.now.bars) == whole
        desk.clock.at = EVENING
        await until(lambda: _last(desk) == TUESDAY)


@pytest.mark.parametrize("ahead", [timedelta(days=6), timedelta(days=365)])
async def test_a_due_time_that_a_clock_ahead_left_is_not_waited_for(tmp_path: Path, ahead: timedelta) -> None:
    kept = replace(history("IWM", TUESDAY).until(MONDAY), fetched_at=MORNING - timedelta(days=1))
    Shelf(tmp_path / "history" / "first").keep_bars("IWM", [kept], MORNING + ahead)
    first = full_provider()
    async with trading(first, folder=tmp_path) as desk:
        await desk.settled()
        assert first.asked_for(Job.HISTORY) == {"IWM": 1, "SPY": 1}


async def test_a_row_that_a_clock_ahead_took_for_complete_is_none(tmp_path: Path) -> None:
    half = history("IWM", TUESDAY)  # asked for while Tuesday's session was running
    ahead = replace(half, closes=(*half.closes[:-1], 111.0), fetched_at=MORNING + timedelta(days=90))
    Shelf(tmp_path / "history" / "first").keep_bars("IWM", [ahead], MORNING + timedelta(days=91))
    gone = full_provider(faults={Job.HISTORY: Unreachable("no route to host")})
    async with trading(gone, folder=tmp_path) as desk:
        await until(lambda: gone.count(Job.HISTORY) >= 1)
        assert desk.now.bars[IWM].closes == half.closes[:-1]


async def test_a_clock_that_is_put_right_while_the_program_runs_leaves_history_due() -> None:
    first = full_provider()
    async with trading(first, clock=MovableClock(MORNING + timedelta(days=90))) as desk:
        await desk.settled()
        first.calls.clear()
        desk.clock.at = MORNING
        desk.desk.refresh()
        await until(lambda: first.asked_for(Job.HISTORY) == {"IWM": 1, "SPY": 1})


async def test_a_refresh_asks_for_history_too_but_not_time_and_again() -> None:
    first = full_provider()
    async with trading(first) as desk:
        await desk.settled()
        first.calls.clear()
        desk.clock.move(minutes=20)
        for _ in range(3):
            desk.desk.refresh()
            await until(lambda: first.asked_for(Job.HISTORY) == {"IWM": 1, "SPY": 1})
            await desk.settled()
        assert first.asked_for(Job.HISTORY) == {"IWM": 1, "SPY": 1}


async def test_a_start_without_a_network_has_its_history_and_fills_when_it_returns(tmp_path: Path) -> None:
    async with trading(full_provider(), folder=tmp_path) as desk:
        await desk.settled()
    gone = full_provider(faults=dict.fromkeys(Job, Unreachable("no route to host")))
    late = MovableClock(MORNING + timedelta(days=1))
    async with trading(gone, folder=tmp_path, clock=late) as desk:
        await until(lambda: desk.now.studies.as_of == MONDAY)
        await until(lambda: desk.health("first") == ("DOWN", "no route to host"))
        assert len(desk.now.bars[IWM]) == 59
        assert desk.now.quotes["IWM"].as_of == MORNING
        assert desk.now.checked["IWM"] == MORNING  # as old as it is
        gone.faults.clear()
        late.move(minutes=1)
        await until(lambda: _last(desk) == TUESDAY and desk.now.quotes["IWM"].as_of == late.at)


async def test_an_empty_board_fills_by_itself_when_the_network_returns(tmp_path: Path) -> None:
    gone = full_provider(faults=dict.fromkeys(Job, Unreachable("no route to host")))
    async with trading(gone, folder=tmp_path) as desk:
        await until(lambda: desk.desk.settled() and desk.health("first")[0] == "DOWN")
        assert (dict(desk.now.quotes), dict(desk.now.bars)) == ({}, {})
        gone.faults.clear()
        desk.clock.move(minutes=1)
        await until(lambda: len(desk.now.bars) == len(desk.now.quotes) == 2)
        assert desk.health("first") == ("LIVE", None)


async def test_what_is_due_is_fetched_with_an_overlap_and_joined(tmp_path: Path) -> None:
    first = full_provider()
    async with trading(first, folder=tmp_path) as desk:
        await desk.settled()
        first.calls.clear()
        desk.clock.at = EVENING
        await until(lambda: _last(desk) == TUESDAY)
        asked = next(call for call in first.calls if call[0] is Job.HISTORY)
        assert asked[2] == NYSE.offset(MONDAY, 1 - OVERLAP_ROWS)
        assert desk.now.bars[IWM].closes == history("IWM", TUESDAY).closes
        assert first.asked_for(Job.HISTORY)["IWM"] == 1


async def test_a_source_that_restated_its_past_is_taken_all_anew(tmp_path: Path) -> None:
    first = full_provider()
    async with trading(first, folder=tmp_path) as desk:
        await desk.settled()
        halved = history("IWM", TUESDAY)
        first.bars_of["IWM"] = replace(
            halved, closes=tuple(c / 2 for c in halved.closes), splits=(Split(TUESDAY, 2.0),)
        )
        first.calls.clear()
        desk.clock.at = EVENING
        await until(lambda: _last(desk) == _last(desk, "SPY") == TUESDAY)
        assert desk.now.bars[IWM].closes == first.bars_of["IWM"].closes
        assert first.asked_for(Job.HISTORY) == {"IWM": 2, "SPY": 1}
        assert desk.now.quarantined == {} or set(desk.now.quarantined) == {"IWM"}
    kept = Shelf(tmp_path / "history" / "first").bars("IWM")
    assert kept is not None
    assert kept.bars[0].closes == first.bars_of["IWM"].closes


async def test_a_bar_that_is_not_there_yet_is_asked_for_again_soon() -> None:
    first = full_provider()
    first.bars_of["IWM"] = history("IWM", MONDAY)
    async with trading(first, clock=MovableClock(EVENING)) as desk:
        await desk.settled()
        assert _last(desk) == MONDAY
        first.bars_of["IWM"] = history("IWM", TUESDAY, 61)
        desk.clock.move(minutes=31)
        await until(lambda: _last(desk) == TUESDAY)


LIES = {
    "a jump": replace(history("IWM", TUESDAY), closes=(*history("IWM", TUESDAY).closes[:-2], 170.0, 171.0)),
    "nothing": history("IWM", TUESDAY).until(date(2000, 1, 1)),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
async def test_a_lie_never_replaces_the_history_that_is_kept(tmp_path: Path, lie: object) -> None:
    first, second = full_provider(), full_provider("second")
    async with trading(first, folder=tmp_path) as desk:
        await desk.settled()
        true = desk.now.bars[IWM].closes
        kept = (tmp_path / "history" / "first" / "bars" / "IWM.json").read_bytes()
        first.bars_of["IWM"] = lie  # type: ignore[assignment]
        desk.clock.at = EVENING
        await until(lambda: _last(desk, "SPY") == TUESDAY and desk.health("first")[0] == "DEGRADED")
        assert desk.now.bars[IWM].closes == true
        assert (tmp_path / "history" / "first" / "bars" / "IWM.json").read_bytes() == kept
        assert "gives no history of IWM" in str(desk.health("first")[1])
    async with trading(first, second, folder=tmp_path, clock=MovableClock(EVENING)) as desk:
        await until(lambda: _last(desk) == TUESDAY)
        assert desk.now.bars[IWM].source == "second"


async def test_a_lying_history_is_named_until_it_is_put_right() -> None:
    first = full_provider()
    true, first.bars_of["IWM"] = first.bars_of["IWM"], LIES["a jump"]
    async with trading(first) as desk:
        await desk.settled()
        assert set(desk.now.quarantined) == {"history of IWM from first"}
        assert "+61% on 2026-03-02 and no split on record" in desk.now.quarantined["history of IWM from first"]
        assert IWM not in desk.now.bars
        assert _last(desk, "SPY") == MONDAY
        first.bars_of["IWM"] = true
        desk.clock.move(minutes=31)
        await until(lambda: _last(desk) == MONDAY and not desk.now.quarantined)


async def test_a_split_on_record_that_the_closes_lack_is_put_in() -> None:
    first = full_provider()
    first.bars_of["IWM"] = replace(LIES["a jump"], splits=(Split(MONDAY, 0.625),))
    async with trading(first) as desk:
        await desk.settled()
        assert list(desk.now.bars[IWM].closes[-2:]) == pytest.approx([105.7 / 0.625, 170.0])
        assert not any("history" in name for name in desk.now.quarantined)
        assert sum("a split on record that its closes lack" in text for text in desk.event_texts) == 1


def _fallen(symbol: str, share: float, source: str) -> Bars:
    """A history that fell by `share` on Monday and stayed there."""
    whole = history(symbol, TUESDAY, source=source)
    return replace(whole, closes=(*whole.closes[:-2], *(c * (1 - share) for c in whole.closes[-2:])))


async def test_a_real_jump_is_admitted_as_soon_as_a_peer_bears_it_out() -> None:
    first = full_provider(prices={})
    first.bars_of = {"IWM": _fallen("IWM", 0.4, "first"), "SPY": _fallen("SPY", 0.25, "first")}
    async with trading(first) as desk:
        await desk.settled()
        assert len(desk.now.bars[IWM]) == 59
        assert first.asked_for(Job.HISTORY) == {"IWM": 1, "SPY": 1}
        assert not any("history" in name for name in desk.now.quarantined)
        assert any("IWM did move -40% on 2026-03-02: SPY moved -25%" in text for text in desk.event_texts)
        assert desk.health("first")[1] is None or "history" not in str(desk.health("first")[1])


class TwoBases(FakeProvider):
    """A source that gives `totals` beside its prices."""

    totals: Bars

    async def bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:
        prices = await super().bars(instrument, since, now)
        return (*prices, self.totals) if instrument.symbol == self.totals.symbol else prices


async def test_what_was_left_out_of_prices_comes_back_though_total_returns_were_never_in_doubt() -> None:
    def fallen(symbol: str, share: float) -> Bars:
        whole = history(symbol, MONDAY, rows=600)
        return replace(whole, closes=(*whole.closes[:100], *(c * (1 - share) for c in whole.closes[100:])))

    first = TwoBases(bars_of={"IWM": fallen("IWM", 0.4), "SPY": fallen("SPY", 0.25)})
    first.totals = replace(history("IWM", MONDAY, rows=600), basis=Basis.TOTAL)
    async with trading(first) as desk:
        await desk.settled()
        assert {basis: len(bars) for (symbol, basis), bars in desk.now.bars.items() if symbol == "IWM"} == {
            Basis.PRICE: 600,
            Basis.TOTAL: 600,
        }


async def test_a_jump_that_a_second_source_has_too_is_real() -> None:
    first, second = full_provider(prices={}), full_provider("second", prices={})
    first.bars_of["IWM"], second.bars_of["IWM"] = _fallen("IWM", 0.4, "first"), _fallen("IWM", 0.4, "second")
    async with trading(first, second) as desk:
        await until(lambda: IWM in desk.now.bars and desk.now.bars[IWM].source == "first")
        assert not any("history" in name for name in desk.now.quarantined)
    assert second.asked_for(Job.HISTORY)["IWM"] == 1


async def test_a_real_jump_on_the_shelf_needs_no_request(tmp_path: Path) -> None:
    first = full_provider(prices={})
    first.bars_of = {"IWM": _fallen("IWM", 0.4, "first"), "SPY": _fallen("SPY", 0.25, "first")}
    async with trading(first, folder=tmp_path) as desk:
        await desk.settled()
    again = full_provider(prices={})
    async with trading(again, folder=tmp_path) as desk:
        await desk.settled()
        assert len(desk.now.bars[IWM]) == 59
        assert again.count(Job.HISTORY) == 0


@pytest.mark.parametrize(
    "fault", [UnknownSymbol("not known"), BadReply("a NaN"), ServerFault("HTTP 500"), RefusedValueError("close is nan")]
)
async def test_one_symbol_in_trouble_does_not_keep_the_others_waiting(fault: Exception) -> None:
    first = full_provider()
    first.fault_of["IWM"] = fault
    async with trading(first) as desk:
        await until(lambda: first.count(Job.HISTORY) >= 1)
        desk.clock.move(seconds=6)
        await until(lambda: _last(desk, "SPY") == MONDAY)
        assert desk.source_of("IWM") == "first"
        assert desk.health("first")[0] == "DEGRADED"
        del first.fault_of["IWM"]
        desk.clock.move(minutes=31)
        await until(lambda: _last(desk) == MONDAY)


FIVE = Universe(tuple(Ticker(s, Instrument.of(s)) for s in ("IWM", "SPY", "QQQ", "RSP", "IJR")), (), ())


def _of_five() -> FakeProvider:
    names = [t.symbol for t in FIVE.tickers]
    return full_provider(prices=dict.fromkeys(names, 106.0), bars_of={s: history(s, TUESDAY) for s in names})


@pytest.mark.parametrize("fault", [ServerFault("HTTP 500"), Refused("HTTP 403")], ids=["500", "403"])
@pytest.mark.parametrize("bad", ["IWM", "QQQ", "IJR"])
async def test_one_chart_in_trouble_holds_up_no_other_of_the_round(bad: str, fault: Exception) -> None:
    first = _of_five()
    first.fault_of[bad] = fault
    async with trading(first, universe=FIVE) as desk:
        await desk.settled()  # and the clock stands still
        assert {symbol for symbol, _ in desk.now.bars} == {t.symbol for t in FIVE.tickers} - {bad}
        assert first.asked_for(Job.HISTORY)[bad] == 1
        assert desk.health("first") == ("DEGRADED", f"gives no history of {bad}: {fault}")


@pytest.mark.parametrize("fault", [ServerFault("HTTP 500"), Refused("HTTP 403"), Unreachable("no answer")])
async def test_a_source_in_trouble_as_a_whole_ends_the_round_with_one_fault(fault: Exception) -> None:
    first = _of_five()
    first.faults[Job.HISTORY] = fault
    async with trading(first, universe=FIVE) as desk:
        await until(lambda: Job.HISTORY in desk.first.troubles or None in desk.first.troubles)
        await a_while()
        assert first.count(Job.HISTORY) <= 2
        assert sum(str(fault) in text for text in desk.event_texts) <= 1
        for asked in range(first.count(Job.HISTORY), first.count(Job.HISTORY) + 4):
            desk.clock.move(seconds=90)  # in trouble for good: one question a round
            await until(lambda: first.count(Job.HISTORY) > asked)  # noqa: B023 - it has ended before `asked` moves
            await a_while()
            assert first.count(Job.HISTORY) == asked + 1
        first.faults.clear()
        desk.clock.move(minutes=16)
        await until(lambda: len(desk.now.bars) == len(FIVE.tickers))


async def test_charts_that_always_fail_are_asked_for_behind_the_others() -> None:
    first = _of_five()
    first.fault_of = dict.fromkeys(("IWM", "SPY"), Unreachable("no answer"))
    async with trading(first, universe=FIVE) as desk:
        await until(lambda: first.count(Job.HISTORY) == 1)
        for _ in range(3):
            desk.clock.move(seconds=40)
            await a_while()
        assert {symbol for symbol, _ in desk.now.bars} == {"QQQ", "RSP", "IJR"}


async def test_history_in_trouble_for_good_neither_floods_the_events_nor_the_source() -> None:
    first = full_provider()
    first.fault_of = dict.fromkeys(("IWM", "SPY"), ServerFault("HTTP 500"))
    async with trading(first) as desk:
        for _ in range(60):
            desk.clock.move(seconds=30)
            await asyncio.sleep(0.012)
        assert len(desk.now.events) <= 4
        assert first.count(Job.HISTORY) < 20
        assert first.count(Job.QUOTES) > 20


async def test_the_history_of_a_feed_in_trouble_comes_from_the_next() -> None:
    first, second = full_provider(), full_provider("second")
    first.faults[Job.HISTORY] = Unreachable("no answer")
    async with trading(first, second) as desk:
        await until(lambda: len(desk.now.bars) == 2)
        assert {b.source for b in desk.now.bars.values()} == {"second"}


async def test_nothing_after_the_date_of_a_past_board_enters_the_store(tmp_path: Path) -> None:
    first, day = full_provider(), date(2026, 2, 10)
    async with trading(first, folder=tmp_path, as_of=day) as desk:
        await desk.settled()
        assert {b.dates[-1] for b in desk.now.bars.values()} == {day}
        assert desk.now.quotes == {}
        assert first.count(Job.QUOTES) == 0
    kept = Shelf(tmp_path / "history" / "first").bars("IWM")
    assert kept is not None
    assert kept.bars[0].dates[-1] == MONDAY
    async with trading(first, folder=tmp_path, as_of=day) as desk:
        await desk.settled()
        assert {b.dates[-1] for b in desk.now.bars.values()} == {day}
    async with trading(first, folder=tmp_path) as desk:
        await desk.settled()
        assert _last(desk) == MONDAY
    assert first.asked_for(Job.HISTORY) == {"IWM": 1, "SPY": 1}


async def test_a_past_day_before_the_first_close_leaves_the_store_empty() -> None:
    async with trading(full_provider(), as_of=date(2001, 1, 2)) as desk:
        await desk.settled()
        assert dict(desk.now.bars) == {}


def _lacking(bars: Bars, *days: date) -> Bars:
    """A history without the rows of some days."""
    kept = [i for i, day in enumerate(bars.dates) if day not in days]
    return replace(bars, dates=tuple(bars.dates[i] for i in kept), closes=tuple(bars.closes[i] for i in kept))


LOST = NYSE.offset(MONDAY, -30)


async def test_a_row_that_comes_later_arrives_after_a_restart_too(tmp_path: Path) -> None:
    first = full_provider()
    whole = first.bars_of["IWM"]
    first.bars_of["IWM"] = _lacking(whole, LOST)
    async with trading(first, folder=tmp_path) as desk:
        await desk.settled()
        assert len(desk.now.bars[IWM]) == 58
        first.calls.clear()
        desk.clock.move(minutes=70)
        await until(lambda: first.asked_for(Job.HISTORY) == {"IWM": 1})
        (asked,) = (since for job, _, since in first.calls if job is Job.HISTORY)
        assert asked == NYSE.offset(LOST, -OVERLAP_ROWS)
        await desk.settled()  # and on disk
    again = full_provider()
    async with trading(again, folder=tmp_path, clock=MovableClock(MORNING + timedelta(hours=2))) as desk:
        await desk.settled()
        assert again.count(Job.HISTORY) == 0  # not yet: it was asked for an hour ago
        desk.clock.move(hours=3, minutes=30)
        await until(lambda: desk.now.bars[IWM].closes == whole.closes[:-1])
        assert again.asked_for(Job.HISTORY) == {"IWM": 1}


async def test_a_session_that_never_traded_is_asked_for_less_and_less(tmp_path: Path) -> None:
    first = full_provider()
    first.bars_of["IWM"] = _lacking(first.bars_of["IWM"], LOST)
    async with trading(first, folder=tmp_path) as desk:
        await desk.settled()
        first.calls.clear()
        desk.clock.move(hours=1, minutes=1)
        await until(lambda: first.asked_for(Job.HISTORY) == {"IWM": 1})
        await desk.settled()
        desk.clock.move(hours=3)
        quotes = first.count(Job.QUOTES)
        await until(lambda: first.count(Job.QUOTES) > quotes)
        await desk.settled()
        assert first.asked_for(Job.HISTORY)["IWM"] == 1
    kept = Shelf(tmp_path / "history" / "first").bars("IWM")
    assert kept is not None
    assert [(hole.session, hole.asked) for hole in kept.holes] == [(LOST, 2)]


async def test_a_row_that_the_source_loses_is_kept(tmp_path: Path) -> None:
    first = full_provider()
    async with trading(first, folder=tmp_path) as desk:
        await desk.settled()
        first.bars_of["IWM"] = _lacking(first.bars_of["IWM"], NYSE.offset(MONDAY, -3))
        desk.clock.at = EVENING
        await until(lambda: _last(desk) == TUESDAY)
        assert desk.now.bars[IWM].closes == history("IWM", TUESDAY).closes


async def test_a_hole_in_a_file_is_filled_from_the_network() -> None:
    file = full_provider("file", prices={})
    file.bars_of = {s: replace(_lacking(b, LOST), source="file") for s, b in file.bars_of.items()}
    file.bars_of["IWM"] = file.bars_of["IWM"].until(date(2026, 2, 20))
    async with trading(file, full_provider("net"), local=("file",)) as desk:
        await desk.settled()
        assert desk.now.bars[IWM].closes == history("IWM", TUESDAY).closes[:-1]


async def test_a_broken_shelf_is_fetched_anew(tmp_path: Path) -> None:
    async with trading(full_provider(), folder=tmp_path) as desk:
        await desk.settled()
    for file in (tmp_path / "history").rglob("*.json"):
        file.write_bytes(b"{")
    first = full_provider()
    async with trading(first, folder=tmp_path) as desk:
        await desk.settled()
        assert len(desk.now.bars) == 2
        assert first.asked_for(Job.HISTORY) == {"IWM": 1, "SPY": 1}


async def test_a_disk_that_refuses_is_said_and_the_board_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    async with trading(full_provider(), folder=tmp_path) as desk:
        await desk.settled()
        assert desk.now.quarantined == {"history on disk": "cannot be written: No space left on device"}
        assert len(desk.now.bars) == len(desk.now.quotes) == 2
        assert sum("No space left" in text for text in desk.event_texts) == 1
        monkeypatch.undo()


async def test_a_file_is_continued_from_the_network_and_never_takes_its_quotes() -> None:
    file = FakeProvider("file", {"IWM": 104.0}, {"IWM": history("IWM", date(2026, 2, 10), 200, "file", 84.6)})
    net = full_provider("net")
    async with trading(file, net, local=("file",)) as desk:
        await desk.settled()
        bars = desk.now.bars[IWM]
        assert (len(bars), bars.dates[-1], bars.source) == (213, MONDAY, "net")
        assert bars.closes[-59:] == net.bars_of["IWM"].closes[:-1]
        assert desk.source_of("IWM") == "net"


async def test_a_file_that_is_complete_spares_the_network() -> None:
    file, net = full_provider("file", offers=lambda s: s == "IWM"), full_provider("net")
    async with trading(file, net, local=("file",)) as desk:
        await desk.settled()
        assert net.asked_for(Job.HISTORY) == {"SPY": 1}


async def test_a_file_that_was_put_right_is_read_whole() -> None:
    file = full_provider("file")
    async with trading(file, local=("file",)) as desk:
        await desk.settled()
        file.bars_of["IWM"] = history("IWM", TUESDAY, 40, "file", 102.0)
        desk.clock.move(minutes=2)
        await until(lambda: len(desk.now.bars[IWM]) == 39)
