"""Macro series: all that is due in one call, revisions taken as they are now, nothing lost to an empty answer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from rotation_tui.domain.observation import Observations
from rotation_tui.providers.base import Unreachable
from rotation_tui.store.shelf import Shelf
from rotation_tui.workers.feed import Job
from tests.workers.fakes import MORNING, UNIVERSE, FakeProvider, MovableClock, a_while, trading, until

IDS = ("DGS10", "UNRATE")
FETCHED = datetime(2026, 3, 3, 1, tzinfo=UTC)


def series(series_id: str, values: dict[str, float], source: str = "first") -> Observations:
    return Observations(series_id, tuple(map(date.fromisoformat, values)), tuple(values.values()), source, FETCHED)


def _provider(name: str = "first") -> FakeProvider:
    observations = {
        "DGS10": series("DGS10", {"2024-01-02": 3.9, "2026-02-26": 4.1, "2026-02-27": 4.2}, name),
        "UNRATE": series("UNRATE", {"2025-12-01": 4.4, "2026-01-01": 4.5}, name),
    }
    return FakeProvider(name, observations=observations, offers=lambda s: s in IDS)


async def test_what_is_due_comes_in_one_call_and_a_restart_asks_nothing(tmp_path: Path) -> None:
    first, again = _provider(), _provider()
    async with trading(first, folder=tmp_path, series=IDS) as desk:
        await desk.settled()
        assert set(desk.now.observations) == set(IDS)
        assert first.calls == [(Job.SERIES, IDS, None)]
    async with trading(again, folder=tmp_path, series=IDS) as desk:
        await desk.settled()
        assert set(desk.now.observations) == set(IDS)
        assert again.calls == []


async def test_a_revision_replaces_and_what_came_before_the_answer_stays(tmp_path: Path) -> None:
    first = _provider()
    async with trading(first, folder=tmp_path, series=IDS) as desk:
        await desk.settled()
        first.observations["DGS10"] = series("DGS10", {"2026-02-26": 4.15, "2026-02-27": 4.2, "2026-03-02": 4.3})
        desk.clock.move(hours=7)
        await until(lambda: desk.now.observations["DGS10"].values == (3.9, 4.15, 4.2, 4.3))
        assert first.calls[-1][2] == date(2026, 1, 1) - timedelta(days=400)


async def test_an_empty_answer_loses_nothing_and_the_next_feed_is_asked(tmp_path: Path) -> None:
    first, second = _provider(), _provider("second")
    async with trading(first, folder=tmp_path, series=IDS) as desk:
        await desk.settled()
    first.observations["DGS10"] = replace(first.observations["DGS10"], dates=(), values=())
    later = MovableClock(MORNING + timedelta(hours=7))
    async with trading(first, second, folder=tmp_path, series=IDS, clock=later) as desk:
        await until(lambda: second.count(Job.SERIES) == 1)
        await desk.settled()
        assert second.asked_for(Job.SERIES) == {"DGS10": 1}
        assert desk.now.observations["DGS10"].values == (3.9, 4.1, 4.2)
    kept = Shelf(tmp_path / "history" / "first").series("DGS10")
    assert kept is not None
    assert kept.series.values == (3.9, 4.1, 4.2)


async def test_the_store_says_which_series_nobody_gives_and_why() -> None:
    first, second = _provider(), _provider("second")
    for source in (first, second):
        del source.observations["DGS10"]
    async with trading(first, second, series=IDS) as desk:
        await until(lambda: desk.now.missing.get("DGS10") == "first: not here")
        second.observations["DGS10"] = series("DGS10", {"2026-02-27": 4.2}, "second")
        desk.clock.move(minutes=31)
        await until(lambda: "DGS10" not in desk.now.missing)
        assert "UNRATE" not in desk.now.missing
        first.faults[Job.SERIES] = second.faults[Job.SERIES] = Unreachable("no route to host")
        desk.clock.move(days=60)
        await until(lambda: desk.now.missing.get("UNRATE") == "first: no route to host")


async def test_a_series_left_out_without_a_word_is_not_asked_for_over_and_over() -> None:
    first = _provider()
    del first.observations["UNRATE"]
    first.silent_about.add("UNRATE")
    async with trading(first, series=IDS) as desk:
        await desk.settled()
        desk.clock.move(minutes=20)
        await a_while()
        assert first.count(Job.SERIES) == 1
        assert "UNRATE" in str(desk.health("first")[1])


async def test_what_falls_due_is_asked_for_in_one_call_again() -> None:
    ids = ("DGS2", "DGS3MO", "DGS10", "DFF", "UNRATE")
    first = FakeProvider(
        "first", observations={s: series(s, {"2026-02-27": 4.0}) for s in ids}, offers=ids.__contains__
    )
    async with trading(first, series=ids) as desk:
        await desk.settled()
        for again in (2, 3, 4):
            desk.clock.move(hours=7)
            await until(lambda calls=again: first.count(Job.SERIES) == calls)  # type: ignore[misc]
            await a_while()
            assert first.calls[-1][1] == ids
            assert first.count(Job.SERIES) == again


async def test_daily_values_are_fetched_again_for_days_only() -> None:
    first = FakeProvider("first", observations={"DGS10": series("DGS10", {"2026-02-27": 4.0})}, offers=IDS.__contains__)
    async with trading(first, series=IDS[:1]) as desk:
        await desk.settled()
        desk.clock.move(hours=7)
        await until(lambda: first.count(Job.SERIES) == 2)
        assert first.calls[-1][2] == date(2026, 2, 17)


async def test_a_series_may_be_wanted_later_on() -> None:
    first = _provider()
    async with trading(first, series=IDS[:1]) as desk:
        await desk.settled()
        assert set(desk.now.observations) == {"DGS10"}
        desk.desk.follow(UNIVERSE, IDS)
        await until(lambda: set(desk.now.observations) == set(IDS))
        assert first.asked_for(Job.SERIES) == {"DGS10": 1, "UNRATE": 1}


async def test_series_fail_over_and_come_back(tmp_path: Path) -> None:
    first, second = _provider(), _provider("second")
    second.observations["DGS10"] = series("DGS10", {"2026-02-26": 4.1, "2026-02-27": 4.2, "2026-03-02": 4.3}, "second")
    async with trading(first, second, folder=tmp_path, series=IDS) as desk:
        await desk.settled()
        assert second.count(Job.SERIES) == 0
        first.faults[Job.SERIES] = Unreachable("no answer")
        desk.clock.move(hours=7)
        await until(lambda: desk.now.observations["DGS10"].source == "second")
        assert desk.now.observations["DGS10"].values == (3.9, 4.1, 4.2, 4.3)  # continued, not replaced
        first.faults.clear()
        first.observations["DGS10"] = series("DGS10", {"2026-02-27": 4.2, "2026-03-02": 4.3})
        desk.clock.move(minutes=1)
        await until(lambda: desk.now.observations["DGS10"].source == "first")
        assert desk.now.observations["DGS10"].values == (3.9, 4.1, 4.2, 4.3)
        assert desk.health("first")[0] == "LIVE"
        asked = second.count(Job.SERIES)
        desk.clock.move(hours=7)
        await until(lambda: first.count(Job.SERIES) >= 4)
        await a_while()
        assert second.count(Job.SERIES) == asked


async def test_nobody_stands_in_for_a_feed_in_trouble_while_nothing_newer_can_be_out(tmp_path: Path) -> None:
    first, second = _provider(), _provider("second")
    first.observations["DGS10"] = series("DGS10", {"2026-02-27": 4.2, "2026-03-02": 4.3})
    first.faults[Job.SERIES] = Unreachable("no answer")
    at = MovableClock(MORNING - timedelta(days=1))
    shelf = Shelf(tmp_path / "history" / "first")
    for one in first.observations.values():
        shelf.keep_series(one, at.now())
    async with trading(first, second, folder=tmp_path, series=IDS, clock=at) as desk:
        await until(lambda: first.count(Job.SERIES) == 1)
        await desk.settled()
        assert second.count(Job.SERIES) == 0
        desk.clock.move(days=2)  # the yield of the third counts from the fourth on
        await until(lambda: second.asked_for(Job.SERIES) == {"DGS10": 1})
        assert desk.now.observations["UNRATE"].source == "first"


async def test_a_file_that_ends_early_is_continued_from_the_network() -> None:
    file, net = _provider("file"), _provider("net")
    net.observations["DGS10"] = series("DGS10", {"2026-02-27": 4.2, "2026-03-02": 4.3}, "net")
    async with trading(file, net, series=IDS, local=["file"]) as desk:
        await desk.settled()
        assert desk.now.observations["DGS10"].values == (3.9, 4.1, 4.2, 4.3)
        assert net.asked_for(Job.SERIES) == {"DGS10": 1}  # the file has all of UNRATE that is out
        assert desk.now.observations["UNRATE"].source == "file"


async def test_observations_after_the_date_of_a_past_board_stay_out() -> None:
    async with trading(_provider(), series=IDS, as_of=date(2026, 2, 26)) as desk:
        await desk.settled()
        assert desk.now.observations["DGS10"].dates[-1] == date(2026, 2, 26)


async def test_a_refresh_and_a_due_time_of_a_clock_ahead_ask_for_series_too(tmp_path: Path) -> None:
    first = _provider()
    known = replace(first.observations["DGS10"], fetched_at=MORNING - timedelta(days=1))
    Shelf(tmp_path / "history" / "first").keep_series(known, MORNING + timedelta(days=90))
    async with trading(first, folder=tmp_path, series=IDS) as desk:
        await desk.settled()
        assert first.asked_for(Job.SERIES) == {"DGS10": 1, "UNRATE": 1}
        desk.clock.move(minutes=20)
        desk.desk.refresh()
        await until(lambda: first.asked_for(Job.SERIES)["DGS10"] == 2)


async def test_a_value_beyond_its_bounds_is_refused_and_the_next_feed_asked() -> None:
    first, second = _provider(), _provider("second")
    first.observations["DGS10"] = series("DGS10", {"2026-02-26": 4.1, "2026-02-27": -4e300})
    async with trading(first, second, series=IDS) as desk:
        await until(lambda: "DGS10" in desk.now.observations)
        assert desk.now.observations["DGS10"].source == "second"
        assert "DGS10 lies between" in str(desk.health("first")[1])
        assert desk.now.observations["UNRATE"].source == "first"
