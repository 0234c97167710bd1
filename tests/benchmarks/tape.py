"""A session of the default universe on a tape: how large it is, and how fast it is played without a screen."""

import asyncio
import os
import random
import resource
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from rotation_tui.app.recording import about_of
from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import Run, prepare
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.feed import Event
from rotation_tui.domain.quote import Quote
from rotation_tui.providers.base import HasQuotes
from rotation_tui.tape.frames import Head
from rotation_tui.tape.recorder import Recorder
from tests.benchmarks.rows import Row
from tests.benchmarks.stage import Stage

SESSION_S, QUICK_S = 23_400, 1_800
_FRAME = 300
MOST_MB, LEAST_SPEED = 5.0, 1_000.0
ROOT = Path(__file__).resolve().parents[2]


def tape(stage: Stage, quick: bool) -> list[Row]:  # noqa: ARG001
    """A poll a second: of the demo's market, and of one in which each price moves each second."""
    with TemporaryDirectory(prefix="rotation-tui-") as folder:
        os.environ["XDG_STATE_HOME"] = folder
        lasts = {False: QUICK_S, True: QUICK_S if quick else SESSION_S}  # the demo takes its time to make prices
        return [row for wild, s in lasts.items() for row in asyncio.run(_measured(Path(folder), s, wild=wild))]


async def _measured(folder: Path, seconds: int, *, wild: bool) -> list[Row]:
    run = prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None))
    await run.desk.open()
    await run.settled(600)
    await run.desk.close()
    path = folder / f"{'wild' if wild else 'demo'}.tape"
    began = time.process_time()
    await _record(run, path, seconds, wild=wild)
    cost = (time.process_time() - began) / seconds * 100
    what = "each price moves each second" if wild else "the demo's market"
    share = seconds / SESSION_S
    histories = _size_of_first_frame(path)
    size = (histories + (path.stat().st_size - histories) / share) / 1e6
    took, used = _played(path)
    speed = seconds / took
    told = "" if share == 1 else f", reckoned from {seconds} s"
    return [
        Row(
            f"tape: {what}",
            f"{size:.1f} MB for 6.5 h at a poll a second",
            f"at most {MOST_MB:g} MB",
            size <= MOST_MB,
            f"{histories / 1e6:.1f} MB are histories and results{told}; recording took {cost:.1f} % of a core, "
            "with the making of the prices",
            {"mb": size, "cpu_pct": cost},
        ),
        Row(
            f"replay: {what}",
            f"{speed:,.0f} times as fast, {took:.1f} s",
            f"at least {LEAST_SPEED:,.0f} times",
            speed >= LEAST_SPEED if share == 1 else None,  # a part of a session is start and end for the most
            f"without a screen, with start, end and results; {used:.1f} s of the processor, so {seconds / used:,.0f} "
            "times as fast where nothing else runs",
            {"speed": speed, "cpu_s": used},
        ),
    ]


async def _record(run: Run, path: Path, seconds: int, *, wild: bool) -> None:
    """Record as the thread of a recorder does, a write a state and a frame every five minutes, without its waiting."""
    calendar, store = run.scope.calendar, run.store
    opens = calendar.open_at(calendar.next(run.clock.now().date()))
    now = opens
    head = Head("benchmark", "", "demo", opens, about_of(run.scope), run.scope.notes)
    recorder = Recorder(path, head, lambda: now, lambda: head.about, lambda _words, _how: None)
    store.put_event(Event(now, "recording"))
    recorder.see(store.snapshot())
    recorder._spool.open()
    store.shown_to(recorder.see)
    source = run.desk._given.feeds[0].provider
    assert isinstance(source, HasQuotes)
    chance, instruments = random.Random(7), run.scope.universe.instruments
    for second in range(seconds):
        now = opens + timedelta(seconds=second + 1, microseconds=chance.randrange(20_000))
        if wild:
            quotes = tuple(_moved(quote, now, chance) for quote in store.snapshot().quotes.values())
        else:
            quotes = (await source.quotes(instruments, now)).quotes
        store.put_quotes(quotes, now)
        store.put_feed(replace(store.snapshot().feeds[0], last_success=now))
        recorder._write_all()
        if second % _FRAME == _FRAME - 1:
            recorder._frame_ends = 0.0
    recorder._stop.set()
    assert recorder._last is not None
    recorder._put(replace(recorder._last, ended=True))
    recorder._write_all()
    recorder._spool.close()


def _moved(quote: Quote, now: datetime, chance: random.Random) -> Quote:
    price = max(0.01, round(quote.price * (1 + chance.gauss(0, 2e-5)), 2))
    return replace(quote, price=price, as_of=now.replace(microsecond=0), session=now.date())


def _size_of_first_frame(path: Path) -> int:
    from rotation_tui.tape.frames import TapeFile

    return TapeFile(path).places[1].begins


def _played(path: Path) -> tuple[float, float]:
    """Seconds that it took, and of processor time with that of the studies."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "rotation_tui", "replay", "--format", "json", str(path)]
    subprocess.run(command, check=False, capture_output=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
