"""Closes of funds' members: a sample of each fund whose holdings are there, packed onto the shelf once a day."""

import math
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.closes import Closes
from rotation_tui.domain.holdings import Holdings, Member
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.sampling import SAMPLE, sample
from rotation_tui.providers.base import BadReply, OutlineReply, UnknownSymbol, Unreachable
from rotation_tui.store.documents import Documents, closes_id, holdings_id
from rotation_tui.workers.feed import Job
from tests.workers.fakes import (
    MONDAY,
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

MEMBERS = tuple(Member(f"M{n}", f"Company {n}", "Energy", 1.0 + n / 100) for n in range(SAMPLE + 40))


@dataclass
class Prices(FakeProvider):
    """A source of prices that tells closes of members; `unknown` are those that it does not carry.

    Of those `beside` it tells highs, lows and volumes as well.
    """

    unknown: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    beside: frozenset[str] = frozenset()
    asked: list[tuple[str, ...]] = field(default_factory=list)
    trouble: Exception | None = None

    async def outlines(self, instruments: Sequence[Instrument], now: datetime) -> OutlineReply:
        symbols = tuple(i.symbol for i in instruments)
        if not symbols[0].startswith("M") and "-" not in symbols[0]:
            return OutlineReply((), dict.fromkeys(symbols, "only members"))
        self.asked.append(symbols)
        if self.trouble is not None:
            raise self.trouble
        known = [s for s in symbols if s not in self.unknown and (self.only is None or s in self.only)]
        if not known:
            raise UnknownSymbol("nothing of all that")
        found = tuple(replace(history(s, TUESDAY, 300, self.name), outline=True, fetched_at=now) for s in known)
        found = tuple(_with_columns(bars) if bars.symbol in self.beside else bars for bars in found)
        return OutlineReply(found, {s: f"{s} is not there" for s in symbols if s not in known})


def _with_columns(bars: Bars) -> Bars:
    """With highs, lows and volumes of the last hundred days, the highs and lows a percent from the close."""
    known = [n >= len(bars) - 100 for n in range(len(bars))]
    return replace(
        bars,
        highs=tuple(1.01 * close if there else None for close, there in zip(bars.closes, known, strict=True)),
        lows=tuple(0.99 * close if there else None for close, there in zip(bars.closes, known, strict=True)),
        volumes=tuple(1000.0 if there else None for there in known),
    )


@dataclass
class Fund:
    """A source of holdings alone."""

    name: str = "fund"
    members: tuple[Member, ...] = MEMBERS[:30]
    calls: int = 0

    def offers_holdings(self, fund: str) -> bool:
        return fund == "IWM"

    async def holdings(self, fund: str, now: datetime) -> Holdings:
        self.calls += 1
        return Holdings(fund, MONDAY, self.members, (), 100.0, self.name, now)

    def requests_last_hour(self) -> int:
        return self.calls

    async def close(self) -> None:
        """Nothing is open."""


def prices(**more: object) -> Prices:
    full = full_provider()
    return Prices("first", full.prices, full.bars_of, **more)  # type: ignore[arg-type]


@asynccontextmanager
async def fetching(
    source: Prices, fund: Fund, folder: Path | None, clock: MovableClock | None = None, as_of: date | None = None
) -> AsyncIterator[Trading]:
    async with trading(source, fund, folder=folder, clock=clock, funds=("IWM",), as_of=as_of) as desk:
        yield desk


def kept(desk: Trading) -> Closes:
    document = desk.now.documents[closes_id("IWM")]
    closes = Documents(Path(document.folder)).closes("IWM")
    assert closes is not None
    return closes


async def test_a_sample_is_asked_for_in_few_requests_once_the_holdings_are_there(tmp_path: Path) -> None:
    source = prices()
    async with fetching(source, Fund(members=MEMBERS), tmp_path) as desk:
        await desk.settled()
        closes = kept(desk)
    drawn = [member.ticker for member in sample(MEMBERS)]
    assert [ticker for chunk in source.asked for ticker in chunk] == drawn
    assert len(source.asked) == SAMPLE / 20
    assert (closes.tickers, closes.among, closes.drawn_on) == (tuple(drawn), len(MEMBERS), MONDAY)
    assert (closes.as_of, len(closes.dates), closes.missing) == (MONDAY, 280, {}), "the running session is none"
    last = struct.unpack("<280f", closes.closes[: 4 * 280])[-1]
    assert last == pytest.approx(history("M0", TUESDAY, 300).closes[-2])


async def test_highs_lows_and_volumes_are_kept_where_a_source_tells_them(tmp_path: Path) -> None:
    source = prices()
    async with fetching(source, Fund(), tmp_path / "closes") as desk:
        await desk.settled()
        alone = kept(desk)
    source = prices(beside=frozenset(f"M{n}" for n in range(29)))
    async with fetching(source, Fund(), tmp_path / "columns") as desk:
        await desk.settled()
        more = kept(desk)
    assert (alone.highs, alone.lows, alone.volumes) == (b"", b"", b"")
    assert b"highs" not in msgspec.json.encode(alone), "closes alone take no more room than before"
    assert more.closes == alone.closes
    row = more.tickers.index("M3")
    bars = history("M3", TUESDAY, 300)
    for packed, factor in ((more.highs, 1.01), (more.lows, 0.99)):
        assert struct.unpack("<280f", packed[4 * 280 * row :][: 4 * 280])[-1] == pytest.approx(bars.closes[-2] * factor)
    traded = struct.unpack("<280f", more.volumes[4 * 280 * row :][: 4 * 280])
    assert traded[-1] == 1000.0
    assert math.isnan(traded[0]), "of a day that it does not know"
    without = more.tickers.index("M29")
    assert all(map(math.isnan, struct.unpack("<280f", more.highs[4 * 280 * without :][: 4 * 280])))


async def test_none_of_it_is_in_memory(tmp_path: Path) -> None:
    async with fetching(prices(), Fund(), tmp_path) as desk:
        await desk.settled()
        assert {symbol for symbol, _ in desk.now.bars} == {"IWM", "SPY"}
        assert desk.now.documents[closes_id("IWM")].as_of == MONDAY


async def test_a_second_start_the_same_day_makes_no_request_and_the_next_close_does(tmp_path: Path) -> None:
    clock, again = MovableClock(), prices()
    async with fetching(prices(), Fund(), tmp_path, clock) as desk:
        await desk.settled()
    clock.move(hours=2)
    async with fetching(again, Fund(), tmp_path, clock) as desk:
        await desk.settled()
        assert again.asked == []
        assert closes_id("IWM") in desk.now.documents
        clock.at = datetime(2026, 3, 3, 23, tzinfo=UTC)
        await until(lambda: kept(desk).as_of == TUESDAY)


async def test_until_the_source_has_the_last_close_it_is_asked_again(tmp_path: Path) -> None:
    clock, source = MovableClock(datetime(2026, 3, 5, 15, tzinfo=UTC)), prices()
    async with fetching(source, Fund(), tmp_path, clock) as desk:
        await desk.settled()
        before = len(source.asked)
        clock.move(minutes=31)
        await until(lambda: len(source.asked) > before)


async def test_a_class_of_shares_is_asked_for_by_its_other_spelling(tmp_path: Path) -> None:
    members = (*(Member(f"M{n}", f"Company {n}", "Energy", 1.0) for n in range(9)), Member("MOGA", "Moog", "", 1.0))
    only = frozenset({*(m.ticker for m in members[:-2]), "MOG-A"})
    source = prices(only=only)
    async with fetching(source, Fund(members=members), tmp_path) as desk:
        await desk.settled()
        closes = kept(desk)
    assert source.asked[-1] == ("MOG-A",)
    assert set(closes.tickers) == {*(m.ticker for m in members[:-2]), "MOGA"}
    assert closes.missing == {"M8": "M8 is not there"}


@pytest.mark.parametrize("trouble", [BadReply("a web page"), UnknownSymbol("nothing")])
async def test_half_of_a_sample_is_none(trouble: Exception, tmp_path: Path) -> None:
    source = prices(trouble=trouble)
    async with fetching(source, Fund(), tmp_path) as desk:
        await until(lambda: "closes of the members of IWM" in desk.now.missing)
        assert "0 of 30 members" in desk.now.missing["closes of the members of IWM"]
        assert closes_id("IWM") not in desk.now.documents
        source.trouble = None
        desk.clock.move(minutes=31)
        await until(lambda: closes_id("IWM") in desk.now.documents)


async def test_a_source_out_of_reach_is_left_alone_and_then_asked_again(tmp_path: Path) -> None:
    source = prices(trouble=Unreachable("no route to host"))
    async with fetching(source, Fund(), tmp_path) as desk:
        await until(lambda: bool(source.asked))
        await a_while()
        assert len(source.asked) == 1
        source.trouble = None
        desk.clock.move(minutes=10)
        await until(lambda: closes_id("IWM") in desk.now.documents)


async def test_without_holdings_nobody_is_asked(tmp_path: Path) -> None:
    source = prices()
    async with trading(source, folder=tmp_path, funds=("IWM",)) as desk:
        await a_while()
        assert holdings_id("IWM") not in desk.now.documents
    assert source.asked == []
    assert source.count(Job.HISTORY)


async def test_a_past_day_asks_for_none(tmp_path: Path) -> None:
    source = prices()
    async with fetching(prices(), Fund(), tmp_path, MovableClock()) as desk:
        await desk.settled()
    async with fetching(source, Fund(), tmp_path, MovableClock(), MONDAY - timedelta(days=3)) as desk:
        await until(lambda: closes_id("IWM") in desk.now.documents)
        await a_while()
    assert source.asked == []
