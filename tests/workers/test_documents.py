"""Holdings and filings: asked for once they are wanted, each kept before the next, and never twice a day."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from rotation_tui.domain.filings import DocumentId, Facts, FrameId, Registry
from rotation_tui.domain.fundamentals import Progress
from rotation_tui.domain.holdings import Holdings, Member
from rotation_tui.evaluation.question import Question
from rotation_tui.providers.base import BadReply, Misconfigured, UnknownSymbol, Unreachable
from rotation_tui.store.documents import COMPANIES, Documents, facts_id, holdings_id
from tests.workers.fakes import MovableClock, Trading, a_while, trading, until

FUNDS = ("IWM", "IVV")
FRAMES = tuple(
    FrameId("us-gaap", tag, "USD", period) for tag in ("NetIncomeLoss", "Debt") for period in ("CY2025Q3", "CY2023")
)
OLD = FRAMES[1]


@pytest.fixture(autouse=True)
def _few_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rotation_tui.workers.filings.frames_wanted", lambda _: FRAMES)


@dataclass
class Archive:
    """A source of holdings and filings that does what it is told; `gate` holds every answer back."""

    name: str = "archive"
    faults: dict[str, Exception] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    gate: asyncio.Event | None = None
    calls: list[str] = field(default_factory=list)
    worth: float = 1.0

    def offers_holdings(self, fund: str) -> bool:
        return fund in FUNDS

    async def holdings(self, fund: str, now: datetime) -> Holdings:
        await self._answer(fund)
        members = (Member("AAPL", "Apple", "Technology", 100.0, self.worth),)
        return Holdings(fund, now.date() - timedelta(days=1), members, (), 100.0, self.name, now)

    def offers_filings(self) -> bool:
        return True

    async def registry(self, now: datetime) -> Registry:
        await self._answer("registry")
        return Registry({"AAPL": (320193, "Apple Inc.")}, self.name, now)

    async def facts(self, frame: FrameId, now: datetime) -> Facts | None:
        await self._answer(frame.name)
        if frame.name in self.absent:
            return None
        return Facts(frame, (320193.0,), (self.worth,), (float(frame.end.toordinal()),), self.name, now)

    def requests_last_hour(self) -> int:
        return len(self.calls)

    async def close(self) -> None:
        """Nothing is open."""

    async def _answer(self, name: str) -> None:
        self.calls.append(name)
        if self.gate is not None:
            await self.gate.wait()
        else:
            await asyncio.sleep(0)
        if name in self.faults:
            raise self.faults[name]


ALL = (*FUNDS, "registry", *(frame.name for frame in FRAMES))


@asynccontextmanager
async def fetching(
    *sources: Archive,
    folder: Path | None,
    clock: MovableClock | None = None,
    on: bool = True,
    as_of: date | None = None,
) -> AsyncIterator[Trading]:
    async with trading(*sources, folder=folder, clock=clock, funds=FUNDS if on else (), as_of=as_of) as desk:
        desk.context.followed.funds = FUNDS
        yield desk


def at_hand(desk: Trading) -> set[DocumentId]:
    return set(desk.now.documents)


async def test_nothing_is_asked_for_until_it_is_wanted(tmp_path: Path) -> None:
    source = Archive()
    async with fetching(source, folder=tmp_path, on=False) as desk:
        await desk.settled()
        assert (source.calls, desk.now.documents) == ([], {})
        desk.desk.want_fundamentals(on=True)
        await until(lambda: len(at_hand(desk)) == len(ALL))
    assert sorted(source.calls) == sorted(ALL)


async def test_what_has_come_lies_on_disk_and_the_store_says_where(tmp_path: Path) -> None:
    async with fetching(Archive(), folder=tmp_path) as desk:
        await desk.settled()
        document = desk.now.documents[holdings_id("IWM")]
        assert at_hand(desk) == {COMPANIES, *map(holdings_id, FUNDS), *map(facts_id, FRAMES)}
        assert (document.source, document.as_of) == ("archive", desk.clock.at.date() - timedelta(days=1))
    documents = Documents(Path(document.folder))
    assert documents.holdings("IWM") is not None
    assert documents.facts(FRAMES[0]) is not None
    assert Path(document.folder).is_relative_to(tmp_path)


async def test_a_second_start_the_same_day_makes_no_request(tmp_path: Path) -> None:
    again, clock = Archive(), MovableClock()
    async with fetching(Archive(absent=frozenset({OLD.name})), folder=tmp_path, clock=clock) as desk:
        await desk.settled()
    clock.move(hours=2)
    async with fetching(again, folder=tmp_path, clock=clock) as desk:
        await desk.settled()
        assert len(at_hand(desk)) == len(ALL) - 1
    assert again.calls == []


async def test_what_is_on_disk_is_there_though_nothing_is_wanted_any_more(tmp_path: Path) -> None:
    again = Archive()
    async with fetching(Archive(), folder=tmp_path) as desk:
        await desk.settled()
    async with fetching(again, folder=tmp_path, on=False) as desk:
        await desk.settled()
        assert len(at_hand(desk)) == len(ALL)
    assert again.calls == []


async def test_a_round_that_ends_early_goes_on_where_it_was(tmp_path: Path) -> None:
    first, again = Archive(faults={FRAMES[2].name: Unreachable("no route to host")}), Archive()
    async with fetching(first, folder=tmp_path) as desk:
        await until(lambda: FRAMES[2].name in first.calls and len(at_hand(desk)) == len(ALL) - 2)
        assert FRAMES[3].name not in first.calls
    async with fetching(again, folder=tmp_path) as desk:
        await until(lambda: len(at_hand(desk)) == len(ALL))
    assert again.calls == [frame.name for frame in FRAMES[2:]]


async def test_it_can_be_stopped_and_gone_on_with(tmp_path: Path) -> None:
    source = Archive(gate=asyncio.Event())
    assert source.gate is not None
    async with fetching(source, folder=tmp_path) as desk:
        await until(lambda: len(source.calls) == 2)  # one of each kind
        desk.desk.want_fundamentals(on=False)
        source.gate.set()
        await until(lambda: len(at_hand(desk)) == 2)
        await a_while()
        assert len(source.calls) == 2
        assert desk.now.progress == {}
        desk.desk.want_fundamentals(on=True)
        await until(lambda: len(at_hand(desk)) == len(ALL))
    assert sorted(source.calls) == sorted(ALL)


async def test_it_tells_how_many_have_come(tmp_path: Path) -> None:
    source = Archive(gate=asyncio.Event())
    assert source.gate is not None
    async with fetching(source, folder=tmp_path) as desk:
        await until(lambda: len(source.calls) == 2)
        assert desk.now.progress == {
            "holdings from archive": Progress(0, 2),
            "filings from archive": Progress(0, 1 + len(FRAMES)),
        }
        source.gate.set()
        await desk.settled()
        assert desk.now.progress == {}


async def test_that_nobody_filed_a_figure_is_an_answer_and_no_trouble(tmp_path: Path) -> None:
    source = Archive(absent=frozenset({FRAMES[0].name}))
    async with fetching(source, folder=tmp_path) as desk:
        await desk.settled()
        assert facts_id(FRAMES[0]) not in at_hand(desk)
        assert desk.now.feeds[0].fault is None


@pytest.mark.parametrize("fault", [BadReply("a web page"), UnknownSymbol("no such fund"), ValueError("nobody foresaw")])
async def test_one_document_in_trouble_keeps_no_other(fault: Exception, tmp_path: Path) -> None:
    source = Archive(faults={"IWM": fault, FRAMES[0].name: fault})
    async with fetching(source, folder=tmp_path) as desk:
        await until(lambda: len(at_hand(desk)) == len(ALL) - 2)
        assert str(fault) in desk.now.missing["holdings of IWM"]
        source.faults.clear()
        desk.clock.move(minutes=31)
        await until(lambda: len(at_hand(desk)) == len(ALL))
        await until(lambda: "holdings of IWM" not in desk.now.missing)


async def test_what_a_source_needs_first_is_told_once_it_is_wanted(tmp_path: Path) -> None:
    source = Archive(faults={"registry": Misconfigured("write contact = ... under [providers.archive]")})
    async with fetching(source, folder=tmp_path) as desk:
        await until(lambda: "contact" in desk.now.missing.get("filings", ""))
        assert FRAMES[0].name not in source.calls


async def test_the_next_feed_gives_what_one_does_not(tmp_path: Path) -> None:
    first, second = Archive("one", faults={"IWM": BadReply("a web page")}), Archive("two")
    async with fetching(first, second, folder=tmp_path) as desk:
        await until(lambda: len(at_hand(desk)) == len(ALL))
        assert desk.now.documents[holdings_id("IWM")].source == "two"
    assert second.calls == ["IWM"]


async def test_holdings_are_due_after_the_next_close_and_frames_as_long_as_companies_file(tmp_path: Path) -> None:
    source, clock = Archive(), MovableClock()
    async with fetching(source, folder=tmp_path, clock=clock) as desk:
        await desk.settled()
        source.calls.clear()
        clock.at = datetime(2026, 3, 4, 1, tzinfo=UTC)
        await a_while()
        assert source.calls == []
        source.worth = 2.0
        clock.at = datetime(2026, 3, 4, 20, tzinfo=UTC)
        await until(lambda: len(source.calls) == 2)
        await a_while()
        assert sorted(source.calls) == ["IVV", "IWM"]
        clock.move(days=31)
        await until(lambda: OLD.name in source.calls)


async def test_a_refresh_asks_for_no_document_again(tmp_path: Path) -> None:
    source = Archive()
    async with fetching(source, folder=tmp_path) as desk:
        await desk.settled()
        desk.desk.refresh()
        await a_while()
    assert sorted(source.calls) == sorted(ALL)


async def test_a_tap_sees_what_was_told_and_that_nobody_filed_a_figure(tmp_path: Path) -> None:
    seen: list[tuple[str, type]] = []
    source = Archive(absent=frozenset({OLD.name}))
    tap = lambda tapped: seen.append((tapped.job, type(tapped.reply)))  # noqa: E731
    async with trading(source, folder=tmp_path, funds=FUNDS, tap=tap) as desk:
        await desk.settled()
    assert sorted(seen, key=str) == sorted(
        [
            *[("holdings", Holdings)] * len(FUNDS),
            ("filings", Registry),
            *[("filings", Facts)] * (len(FRAMES) - 1),
            ("filings", type(None)),
        ],
        key=str,
    )


async def test_a_past_day_asks_nobody(tmp_path: Path) -> None:
    source = Archive()
    async with fetching(source, folder=tmp_path, as_of=date(2026, 2, 2)) as desk:
        await a_while()
        assert desk.now.missing.get("filings") is None
    assert source.calls == []


async def test_what_is_at_hand_tells_a_past_day_what_it_was_then() -> None:
    source = Archive()
    async with trading(source, local={"archive"}, funds=FUNDS, as_of=date(2026, 2, 2)) as desk:
        await until(lambda: len(at_hand(desk)) == len(ALL))
        document = desk.now.documents[holdings_id("IWM")]
        assert document.as_of == date(2026, 2, 1)
        assert Documents(Path(document.folder)).holdings("IWM", date(2026, 2, 2)) is not None


async def test_a_start_of_many_files_is_studied_once(tmp_path: Path, studied: list[Question]) -> None:
    async with fetching(Archive(), folder=tmp_path) as desk:
        await desk.settled()
        await until(lambda: bool(studied) and len(studied[-1].snapshot.documents) == len(ALL))
    assert len(studied) <= 3


async def test_a_feed_without_a_shelf_has_a_folder_of_its_own_that_goes_with_it() -> None:
    async with fetching(Archive(), folder=None) as desk:
        await desk.settled()
        folder = Path(desk.now.documents[COMPANIES].folder)
        assert Documents(folder).registry() is not None
    assert Documents(folder).registry() is None
