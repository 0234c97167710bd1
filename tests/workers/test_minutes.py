"""Prices of minutes: asked for while they are in sight, as often as a row takes, and of nobody otherwise."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.minutes import STEPS, Glance, Minutes
from rotation_tui.providers.base import ProviderFault, ServerFault, UnknownSymbol
from rotation_tui.store.market_store import MOST_GLANCES
from tests.workers.fakes import MORNING, MovableClock, Trading, a_while, trading, until

IWM, SPY = Glance("IWM", 1), Glance("SPY", 1)


class InsideSource:
    """Minutes and nothing else; `fault` is raised instead, and `offers` says of what it has any."""

    def __init__(self, name: str = "first", offers: Callable[[str, int], bool] = lambda _symbol, _days: True) -> None:
        self.name = name
        self.offers = offers
        self.fault: ProviderFault | None = None
        self.price = 106.0
        self.asked: list[Glance] = []

    def offers_minutes(self, instrument: Instrument, days: int) -> bool:
        return self.offers(instrument.symbol, days)

    async def minutes(self, instrument: Instrument, days: int, now: datetime) -> Minutes:
        self.asked.append(Glance(instrument.symbol, days))
        if self.fault is not None:
            raise self.fault
        begins = now.timestamp() // STEPS[days] * STEPS[days]
        return Minutes(instrument.symbol, STEPS[days], (begins,), (self.price,), self.name, now)

    def requests_last_hour(self) -> int:
        return len(self.asked)

    async def close(self) -> None:
        """Nothing is open."""


def shown(desk: Trading, glance: Glance) -> str | None:
    minutes = desk.now.minutes.get(glance)
    return None if minutes is None else minutes.source


async def test_nobody_looks_and_nobody_is_asked() -> None:
    source = InsideSource()
    async with trading(source) as desk:
        await desk.settled()
        desk.clock.move(hours=2)
        await a_while()
        assert source.asked == []


async def test_what_is_in_sight_is_asked_for_at_once_and_a_row_later_again() -> None:
    source = InsideSource()
    async with trading(source) as desk:
        await desk.settled()
        desk.desk.look_at((IWM,))
        await until(lambda: shown(desk, IWM))
        desk.clock.move(seconds=20)
        await a_while()
        assert source.asked == [IWM]
        desk.clock.move(seconds=60)
        await until(lambda: len(source.asked) == 2)
        desk.desk.look_at(())
        desk.clock.move(minutes=10)
        await a_while()
        assert source.asked == [IWM, IWM]


async def test_looking_away_and_back_asks_no_sooner() -> None:
    source = InsideSource()
    async with trading(source) as desk:
        await desk.settled()
        for glances in ((IWM,), (), (IWM, SPY), (SPY,), (IWM,)):
            desk.desk.look_at(glances)
            await until(lambda: all(shown(desk, glance) for glance in desk.context.followed.glances))
        assert source.asked == [IWM, SPY]


async def test_so_many_looks_are_held_and_no_more() -> None:
    async with trading(InsideSource()) as desk:
        await desk.settled()
        glances = [Glance(f"S{n}", 1) for n in range(MOST_GLANCES + 2)]
        for glance in glances:
            desk.desk.look_at((glance,))
            await until(lambda: all(shown(desk, each) for each in desk.context.followed.glances))
        assert list(desk.now.minutes) == glances[2:]


@pytest.mark.parametrize("at", ["2026-03-03T23:00", "2026-03-04T04:00", "2026-03-07T15:00"])
async def test_while_nothing_trades_it_is_asked_for_once(at: str) -> None:
    clock, source = MovableClock(datetime.fromisoformat(at).replace(tzinfo=UTC)), InsideSource()
    async with trading(source, clock=clock) as desk:
        await desk.settled()
        desk.desk.look_at((IWM,))
        await until(lambda: shown(desk, IWM))
        asked = len(source.asked)
        desk.clock.move(minutes=50)
        await a_while()
        phase = clock.now().hour
        assert len(source.asked) == asked + (phase == 23), "after the close a fund trades still"


async def test_the_next_source_is_asked_for_what_the_first_does_not_give() -> None:
    first, second = InsideSource(), InsideSource("second")
    first.fault = UnknownSymbol("first has no minutes of IWM")
    async with trading(first, second) as desk:
        await desk.settled()
        desk.desk.look_at((IWM,))
        await until(lambda: shown(desk, IWM) == "second")
        assert first.asked == [IWM]


async def test_a_source_of_one_session_is_not_asked_for_five() -> None:
    first, second = InsideSource(offers=lambda _, days: days == 1), InsideSource("second")
    async with trading(first, second) as desk:
        await desk.settled()
        desk.desk.look_at((IWM, Glance("IWM", 5)))
        await until(lambda: shown(desk, Glance("IWM", 5)) == "second" and shown(desk, IWM) == "first")
        assert second.asked == [Glance("IWM", 5)]


@pytest.mark.parametrize(
    "fault", [UnknownSymbol("no such symbol"), ServerFault("in trouble")], ids=["unknown", "trouble"]
)
async def test_why_there_is_none_is_told_and_forgotten_when_one_looks_away(fault: ProviderFault) -> None:
    source = InsideSource()
    source.fault = fault
    async with trading(source) as desk:
        await desk.settled()
        desk.desk.look_at((IWM,))
        await until(lambda: str(fault) in desk.now.missing.get(IWM.name, ""))
        desk.desk.look_at(())
        source.fault = None
        desk.clock.move(minutes=1)
        await until(lambda: IWM.name not in desk.now.missing)


async def test_what_nobody_offers_is_said_to_be_offered_by_none() -> None:
    async with trading(InsideSource(offers=lambda _symbol, _days: False)) as desk:
        await desk.settled()
        desk.desk.look_at((IWM,))
        await until(lambda: "no configured feed offers it" in desk.now.missing.get(IWM.name, ""))


async def test_a_refresh_asks_anew_and_prices_beyond_their_bounds_are_refused() -> None:
    source = InsideSource()
    async with trading(source) as desk:
        await desk.settled()
        desk.desk.look_at((IWM,))
        await until(lambda: shown(desk, IWM))
        source.price = 2e7
        desk.desk.refresh()
        await until(lambda: "lies between" in desk.now.missing.get(IWM.name, ""))
        assert desk.now.minutes[IWM].closes == (106.0,)
        assert desk.clock.now() == MORNING
