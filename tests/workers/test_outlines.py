"""A start without any history: recent closes of all symbols come first, then the histories; each is studied once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from rotation_tui.domain.bars import Basis
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.universe import Spread, Ticker, Universe
from rotation_tui.evaluation.question import Question
from rotation_tui.providers.base import BadReply, HasOutlines, OutlineReply, ProviderFault, RateLimited, UnknownSymbol
from rotation_tui.providers.unfit import Held
from rotation_tui.store.shelf import Shelf
from rotation_tui.workers import waves
from rotation_tui.workers.feed import Job
from tests.workers.fakes import (
    MONDAY,
    MORNING,
    TUESDAY,
    FakeProvider,
    Trading,
    history,
    trading,
    until,
)

NAMES = ("RUT", "SPX", "IWM", "SPY", "PSCF", "XLF")
SIX = Universe(tuple(Ticker(name, Instrument.of(name)) for name in NAMES), (), ())


@dataclass
class Outlining(FakeProvider):
    """A source that tells the last 40 closes of what is in `outlined` at once; its histories wait for `deep`."""

    outlined: tuple[str, ...] = NAMES
    asked: list[tuple[str, ...]] = field(default_factory=list)
    refuses: ProviderFault | None = None
    scale: float = 1.0
    deep: asyncio.Event = field(default_factory=asyncio.Event)

    async def outlines(self, instruments: Sequence[Instrument], now: datetime) -> OutlineReply:
        assert self.count(Job.HISTORY) == 0
        self.asked.append(tuple(i.symbol for i in instruments))
        await asyncio.sleep(0)
        if self.refuses is not None:
            raise self.refuses
        told = [self.bars_of[i.symbol].tail(40) for i in instruments if i.symbol in self.outlined]
        found = tuple(
            replace(b, closes=tuple(c * self.scale for c in b.closes), outline=True, fetched_at=now) for b in told
        )
        missing = {i.symbol: "not there" for i in instruments if i.symbol not in self.outlined}
        return OutlineReply(found, missing)


def source(**more: object) -> Outlining:
    made = Outlining("first", bars_of={name: history(name, TUESDAY) for name in NAMES})
    made.gates = {Job.HISTORY: made.deep}
    return replace(made, **more)  # type: ignore[arg-type]


def outlines(desk: Trading) -> set[str]:
    return {symbol for (symbol, _), bars in desk.now.bars.items() if bars.outline}


async def test_all_is_studied_when_the_outlines_are_in_and_once_more_at_the_end(studied: list[Question]) -> None:
    first = source()
    async with trading(first, universe=SIX) as desk:
        await until(lambda: studied)
        assert first.asked == [NAMES]
        assert outlines(desk) == set(NAMES)
        assert {b.dates[-1] for b in desk.now.bars.values()} == {MONDAY}  # Tuesday's session is under way
        assert len(desk.now.bars["RUT", Basis.PRICE]) == 39
        first.deep.set()
        await desk.settled()
        assert (outlines(desk), len(desk.now.bars["RUT", Basis.PRICE])) == (set(), 59)
        assert len(studied) == 2
        assert first.asked_for(Job.HISTORY) == dict.fromkeys(NAMES, 1)
        assert len(first.asked) == 1


async def test_a_change_later_in_the_day_is_studied_by_itself(studied: list[Question]) -> None:
    first = source()
    first.deep.set()
    async with trading(first, universe=SIX) as desk:
        await desk.settled()
        before = len(studied)
        desk.clock.at = MORNING + timedelta(hours=7)
        await until(lambda: all(b.dates[-1] == TUESDAY for b in desk.now.bars.values()))
        await desk.settled()
        assert len(studied) > before
        assert len(first.asked) == 1


async def test_a_pair_that_is_typed_meanwhile_waits_for_no_wave(studied: list[Question]) -> None:
    first = source()
    async with trading(first, universe=SIX) as desk:
        await until(lambda: len(studied) == 1)
        desk.desk.follow(Universe(SIX.tickers, (Spread("IWM-SPX", "IWM", "SPX"),), ()))
        await until(lambda: len(studied) == 2)
        assert outlines(desk) == set(NAMES)


async def test_while_histories_arrive_there_is_a_study_now_and_then(
    studied: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waves, "_WHILE_ARRIVING_S", 0.02)
    first = source()
    async with trading(first, universe=SIX) as desk:
        await until(lambda: len(studied) == 1)
        first.gates = {}
        first.gate = asyncio.Event()
        first.deep.set()  # the one that is under way comes in, and no other
        await until(lambda: len(studied) == 2)
        assert outlines(desk) == set(NAMES) - {"RUT"}
        first.gate.set()


async def test_series_that_are_late_are_studied_when_they_come(
    studied: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first study waits for them a few seconds, then does without; the next one waits for no history."""
    monkeypatch.setattr(waves, "_FIRST_WAVE_S", 0.02)
    late = FakeProvider("late", offers=lambda name: name == "NFCI", gates={Job.SERIES: asyncio.Event()})
    late.observations["NFCI"] = Observations("NFCI", (date(2026, 2, 27),), (0.1,), "late", MORNING)
    async with trading(source(), late, universe=SIX, series=("NFCI",)) as desk:
        await until(lambda: len(studied) == 1)
        assert not studied[0].snapshot.observations
        late.gates[Job.SERIES].set()
        await until(lambda: len(studied) == 2)
        assert set(studied[1].snapshot.observations) == {"NFCI"}
        assert outlines(desk) == set(NAMES)


async def test_an_outline_is_never_kept(tmp_path: Path) -> None:
    first = source()
    async with trading(first, universe=SIX, folder=tmp_path) as desk:
        await until(lambda: outlines(desk) == set(NAMES))
    assert list((tmp_path / "history").rglob("*.json")) == []
    again = source()
    again.deep.set()
    async with trading(again, universe=SIX, folder=tmp_path) as desk:
        await desk.settled()
    assert again.asked == [NAMES]
    kept = Shelf(tmp_path / "history" / "first").bars("RUT")
    assert kept is not None
    assert [(len(b), b.outline) for b in kept.bars] == [(59, False)]
    third = source()
    async with trading(third, universe=SIX, folder=tmp_path) as desk:
        await desk.settled()
        assert third.asked == []


async def test_the_history_counts_where_it_contradicts_the_outline() -> None:
    first = source(scale=1.01)
    first.deep.set()
    async with trading(first, universe=SIX) as desk:
        await desk.settled()
        assert desk.now.bars["RUT", Basis.PRICE].closes == history("RUT", MONDAY, rows=59).closes


async def test_an_outline_goes_where_the_history_is_refused() -> None:
    first = source()
    whole = first.bars_of["RUT"]
    async with trading(first, universe=SIX) as desk:
        await until(lambda: outlines(desk) == set(NAMES))
        first.bars_of["RUT"] = replace(whole, closes=(*whole.closes[:-10], *(c / 2 for c in whole.closes[-10:])))
        first.deep.set()
        await desk.settled()
        assert ("RUT", Basis.PRICE) not in desk.now.bars
        assert "no split on record" in desk.now.quarantined["history of RUT from first"]


async def test_an_outline_that_cannot_be_true_is_not_taken() -> None:
    first = source(scale=1e9)
    async with trading(first, universe=SIX) as desk:
        await until(lambda: first.count(Job.HISTORY))
        assert (dict(desk.now.bars), desk.now.quarantined) == ({}, {})
        first.deep.set()
        await desk.settled()
        assert len(desk.now.bars) == 6


async def test_an_outline_stays_where_nobody_has_the_history() -> None:
    first = source(fault_of={"RUT": UnknownSymbol("no history of RUT")})
    first.deep.set()
    async with trading(first, universe=SIX) as desk:
        await desk.settled()
        assert outlines(desk) == {"RUT"}
        assert "no history of RUT" in desk.now.missing["history of RUT"]
        assert desk.now.awaits_histories() is False


@pytest.mark.parametrize("fault", [BadReply("no spark, but ads"), RateLimited("slow down", pause_s=1.0)], ids=str)
async def test_without_outlines_the_histories_are_asked_for_all_the_same(fault: ProviderFault) -> None:
    first = source(refuses=fault)
    first.deep.set()
    async with trading(first, universe=SIX) as desk:
        await desk.settled()
        assert len(desk.now.bars) == 6
        assert f"first gives no outlines: {fault}" in desk.event_texts
        assert len(first.asked) == 1


async def test_what_the_outlines_lack_comes_with_the_histories() -> None:
    first = source(outlined=NAMES[1:])
    async with trading(first, universe=SIX) as desk:
        await until(lambda: outlines(desk) == set(NAMES[1:]))
        assert "history of RUT" not in desk.now.missing
        first.deep.set()
        await desk.settled()
        assert {symbol for symbol, _ in desk.now.bars} == set(NAMES)


async def test_few_symbols_and_past_days_need_no_outlines() -> None:
    few, past = source(), source()
    few.deep.set()
    past.deep.set()
    async with trading(few, universe=Universe(SIX.tickers[:3], (), ())) as desk:
        await desk.settled()
    async with trading(past, universe=SIX, as_of=date(2026, 2, 20)) as desk:
        await desk.settled()
    assert (few.asked, past.asked) == ([], [])


async def test_a_file_that_ends_early_is_continued_whatever_an_outline_tells() -> None:
    """The outline of five other symbols changes nothing for the one that a file has."""
    file = FakeProvider("file", bars_of={"RUT": history("RUT", date(2026, 2, 20))}, offers=lambda name: name == "RUT")
    first = source()
    first.deep.set()
    async with trading(file, first, universe=SIX, local=("file",)) as desk:
        await desk.settled()
        await until(lambda: desk.now.bars["RUT", Basis.PRICE].dates[-1] == MONDAY)
        assert not outlines(desk)


def test_a_source_of_another_package_keeps_its_outlines() -> None:
    held = [Held(made, str) for made in (source(), FakeProvider())]
    assert [isinstance(made, HasOutlines) for made in held] == [True, False]
