"""What happens inside the program while it is measured: generated quotes, studies, hours that pass at once."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from rotation_tui.domain.quote import Quote
from rotation_tui.workers import history, series
from tests.benchmarks.lag import watched

Figures = dict[str, float]
Load = Callable[[Any, Any, Figures], Awaitable[Figures]]

BEAT_S: Final = 0.25


async def rest(_: Any, __: Any, options: Figures) -> Figures:
    """Nothing."""
    await asyncio.sleep(options.get("seconds", 0))
    return {}


async def cells(app: Any, clock: Any, options: Figures) -> Figures:
    """Four times a second new prices of `symbols` of the board's symbols, in turn, for `seconds`."""
    rng, store = random.Random(1), app._run.store
    names = _quoted(app)
    at, ends = 0, time.monotonic() + options["seconds"]
    while time.monotonic() < ends:
        chosen = [names[(at + n) % len(names)] for n in range(int(options["symbols"]))]
        at += len(chosen)
        store.put_quotes([_moved(store, name, rng, clock.now()) for name in chosen], clock.now())
        await asyncio.sleep(BEAT_S)
    return {"frames": _frames(app)}


async def further(app: Any, clock: Any, options: Figures) -> Figures:
    """`symbols` that are not on the board, each with a new price once a second, a quarter of them at a time."""
    store, count, batch = app._run.store, int(options["symbols"]), 0
    rng, ends = random.Random(2), time.monotonic() + options["seconds"]
    started, sent = time.monotonic(), 0
    while time.monotonic() < ends:
        now = clock.now()
        store.put_quotes((_further(n, rng, now) for n in range(batch, count, 4)), now)
        sent += len(range(batch, count, 4))
        batch = (batch + 1) % 4
        await asyncio.sleep(BEAT_S)
    return {"quotes_a_second": sent / (time.monotonic() - started)}


async def burst(app: Any, clock: Any, options: Figures) -> Figures:
    """`times` a batch of `quotes` quotes at once, the board's own symbols among them; their making is not watched."""
    store, rng = app._run.store, random.Random(3)
    frames: list[int] = []
    worst = 0.0
    for _ in range(int(options["times"])):
        now = clock.now()
        own = [_moved(store, name, rng, now) for name in _quoted(app)]
        batch = own + [_further(n, rng, now) for n in range(int(options["quotes"]) - len(own))]
        await asyncio.sleep(0.7)
        async with watched() as lags:
            before = _frames(app)
            store.put_quotes(batch, now)
            await asyncio.sleep(1.5)
            frames.append(_frames(app) - before)
        worst = max(worst, *lags)
    return {"most_frames": max(frames), "fewest_frames": min(frames), "worst_lag_ms": worst}


async def studies(app: Any, _: Any, options: Figures) -> Figures:
    """All studies anew, `times` over, `pause_s` apart."""
    run, took = app._run, []
    for _round in range(int(options["times"])):
        await asyncio.sleep(options.get("pause_s", 0))
        started = time.monotonic()
        run.desk.follow(run.scope.universe)
        await _until(run.desk._evaluator.up_to_date, 0.02)
        took.append(time.monotonic() - started)
    return {"seconds_each": sorted(took)[len(took) // 2]}


async def past(app: Any, _: Any, options: Figures) -> Figures:
    """Back by one session after the other, `times` over, `pause_s` apart: seconds from the key to the board."""
    took: list[float] = []
    for _round in range(int(options["times"])):
        await asyncio.sleep(options["pause_s"])
        started, before = time.monotonic(), app._viewer.past
        app.action_past(-1)
        await _until(lambda known=before: app._viewer.past != known)  # type: ignore[misc]
        took.append(time.monotonic() - started)
    return {"first_s": took[0], "median_s": sorted(took[1:])[len(took) // 2 - 1], "worst_s": max(took[1:])}


async def arrivals(app: Any, _: Any, options: Figures) -> Figures:
    """What stands after how many seconds of `seconds`, from when the feeds were opened, and how often was studied."""
    store, started = app._run.store, time.monotonic()
    put, whole, runs = store.put_studies, list[tuple[float, tuple[int, ...], int]](), 0

    def counted(studies: Any) -> bool:
        nonlocal runs
        runs += 1
        known = sum(row.level.value != "UNKNOWN" for group in studies.risk.groups for row in group.checks)
        ranked = sum(sector.rank is not None for sector in studies.sectors.values())
        stands = (len(studies.tickers), len(studies.spreads), ranked, int(studies.verdict.score is not None))
        whole.append((time.monotonic() - started, stands, known))
        return bool(put(studies))

    store.put_studies = counted
    await asyncio.sleep(options["seconds"])
    _, last, checks = whole[-1]
    rows_s, stood = next((at, known) for at, stands, known in whole if stands == last)
    return {
        "whole_s": rows_s, "studies": runs, "checks_then": stood, "checks": checks,
        "last_s": whole[-1][0], "tickers": last[0], "spreads": last[1], "ranks": last[2],
    }  # fmt: skip


async def hours(app: Any, clock: Any, options: Figures) -> Figures:
    """`hours` of the market in steps of `step_s`: a poll of every feed, and a frame where something moved.

    Histories and series are asked for as a source in the network is in a day of real time: once a session has closed.
    """
    # the simulated market is looked at as a file is, every minute
    history.FILE_LOOKED_AT = series.FILE_LOOKED_AT = timedelta(days=2)  # type: ignore[attr-defined]
    run, step_s, last_completed = app._run, options["step_s"], app._run.scope.calendar.last_completed
    polls = [loop for feed, loop in run.desk._loops if loop.job.value == "quotes"]
    shown_before, started = _frames(app), time.monotonic()
    steps, last = round(options["hours"] * 3600 / step_s), last_completed(clock.now())
    for _ in range(steps):
        clock.advance(step_s)
        rounds = [loop.rounds for loop in polls]
        if last != last_completed(clock.now()):
            last = last_completed(clock.now())
            run.desk.refresh()
        for loop in polls:
            loop._wake.set()
        await _until(partial(_all_beyond, polls, rounds))
        await _until(lambda: not _is_behind(app))
        app._pump()
        await asyncio.sleep(0.002)
    return {"steps": steps, "seconds": time.monotonic() - started, "frames": _frames(app) - shown_before}


LOADS: Final[dict[str, Load]] = {
    "rest": rest,
    "cells": cells,
    "further": further,
    "burst": burst,
    "studies": studies,
    "past": past,
    "arrivals": arrivals,
    "hours": hours,
}


async def _until(true: Callable[[], bool], every_s: float = 0.002) -> None:
    while not true():  # noqa: ASYNC110 - what is waited for sets no event
        await asyncio.sleep(every_s)


def _all_beyond(polls: list[Any], rounds: list[int]) -> bool:
    return all(poll.rounds > before for poll, before in zip(polls, rounds, strict=True))


def _quoted(app: Any) -> list[str]:
    """Symbols of the board that have a quote, tickers first."""
    quotes = app._run.store.snapshot().quotes
    return [i.symbol for i in app._run.scope.universe.instruments if i.symbol in quotes]


def _moved(store: Any, symbol: str, rng: random.Random, now: datetime) -> Quote:
    known: Quote = store.snapshot().quotes[symbol]
    return replace(known, price=round(known.price * (1 + rng.gauss(0, 3e-4)), 2), as_of=now)


def _further(n: int, rng: random.Random, now: datetime) -> Quote:
    return Quote(f"X{n:05}", round(rng.uniform(5, 500), 2), now, now.date(), "generated")


def _frames(app: Any) -> int:
    return int(app._driver.frames_sent)


def _is_behind(app: Any) -> bool:
    return bool(app._driver.is_behind)
