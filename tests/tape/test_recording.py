"""Recording: what reaches the file, whatever the disk does and however it ends, and what is said of it."""

import asyncio
import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rotation_tui.tape import recorder as module
from rotation_tui.tape.files import TapeRefused, TapeSpool, rotated
from rotation_tui.tape.frames import TapeFile
from rotation_tui.tape.recorder import TapeRotation
from tests.patience import PATIENCE_S
from tests.tape.files import Session, heard, prices, recorded, told
from tests.tape.states import SYMBOLS, comparable


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.01)


async def told_on_screen(session: Session, sentences: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while len(session.said) < sentences:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def said(session: Session) -> list[str]:
    """What has been said by now, as the screen hears it."""
    while session.recorder._sayings:
        session.said.append(session.recorder._sayings.popleft()[0])
    return session.said


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return tmp_path / "session.tape"


def test_every_state_is_on_the_tape_with_its_time(tape: Path) -> None:
    session = recorded(tape)
    found = [one.moment for one in heard(tape)]
    assert [moment.at for moment in found[1:-1]] == [moment.at for moment in session.seen]
    assert [comparable(m.snapshot) for m in found[1:-1]] == [comparable(m.snapshot) for m in session.seen]
    assert [moment.ended for moment in found] == [False] * 11 + [True]


def test_it_is_read_while_it_is_written(tape: Path) -> None:
    session = Session(tape).begin()
    for price in (1.0, 2.0, 3.0):
        session.tick(price)
        until(lambda: prices(tape)[-1:] == [session.store.snapshot().quotes[SYMBOLS[0]].price])
    session.end()
    assert prices(tape) == [1.0, 2.0, 3.0]


KILLED = """
import sys, time, itertools
from pathlib import Path
from tests.tape.files import Session
session = Session(Path(sys.argv[1])).begin()
for price in itertools.count(1):
    session.tick(float(price))
    print(price, flush=True)
    time.sleep(0.02)
"""


def test_a_kill_takes_the_last_second_at_most(tape: Path) -> None:
    times: dict[int, float] = {}
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tape)], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        for line in started.stdout:
            times[int(line)] = time.monotonic()
            if len(times) == 150:
                killed = time.monotonic()
                started.kill()
    last = prices(tape)[-1]
    assert prices(tape) == [float(n) for n in range(1, int(last) + 1)]
    # half a second is gathered before it is written; the rest is for a machine that is busy
    assert killed - times[int(last)] < 1.0 + (max(times.values()) - times[1]) / 3


def test_a_later_recording_goes_on_behind_an_earlier_one(tape: Path) -> None:
    recorded(tape, range(1, 4))
    size = tape.stat().st_size
    before = tape.read_bytes()
    recorded(tape, range(7, 9))
    assert tape.read_bytes()[:size] == before
    assert prices(tape) == [1.0, 2.0, 3.0, 7.0, 8.0]
    assert [place.mark.frame for place in TapeFile(tape).places] == [0, 1]


def test_a_second_recorder_is_refused_and_the_first_goes_on(tape: Path) -> None:
    first = Session(tape).begin()
    first.tick(1.0)
    with pytest.raises(TapeRefused, match="is being recorded into by another rotation-tui"):
        Session(tape).begin()
    first.tick(2.0)
    assert first.end().missing_since is None
    assert prices(tape) == [1.0, 2.0]
    recorded(tape, [3])
    assert prices(tape) == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"closes,of,a,year\n" * 100, "is no tape of rotation-tui; nothing is written over it"),
        (b"\0" * 5000, "no tape"),
    ],
)
def test_what_is_no_tape_is_never_written_to(tape: Path, content: bytes, why: str) -> None:
    tape.write_bytes(content)
    with pytest.raises(TapeRefused, match=why):
        Session(tape).begin()
    assert tape.read_bytes() == content


def test_a_folder_that_is_not_there_and_one_that_is_meant_as_a_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TapeRefused, match="there is no folder"):
        Session(tmp_path / "nowhere" / "session.tape").begin()
    with pytest.raises(TapeRefused, match="is no file"):
        Session(tmp_path).begin()


def test_an_empty_file_is_recorded_into(tape: Path) -> None:
    tape.touch()
    recorded(tape, [1])
    assert prices(tape) == [1.0]


class Disk:
    """A disk that is full or does not answer for as long as a test wants."""

    def __init__(self) -> None:
        self.full, self.works = False, threading.Event()
        self.works.set()
        self.part = False

    def write(self, handle: int, content: bytes) -> int:
        self.works.wait(PATIENCE_S)
        if self.full:
            if self.part:
                self.part = False
                return os.write(handle, content[:3])  # it took the last bytes that there was room for
            raise OSError(errno.ENOSPC, "No space left on device")
        return os.write(handle, content)


async def test_a_full_disk_is_said_and_what_came_meanwhile_is_on_the_tape_once_there_is_room(tape: Path) -> None:
    disk = Disk()
    session = Session(tape, write=disk.write).begin()
    session.tick(1.0)
    until(lambda: prices(tape) == [1.0])
    disk.full = disk.part = True
    session.tick(2.0)
    until(lambda: session.recorder._fault is not None)
    session.tick(3.0)
    assert prices(tape) == [1.0]
    assert await said(session) == [
        "the recording waits: No space left on device; what comes is kept, and tried again each second"
    ]
    disk.full = False
    until(lambda: prices(tape) == [1.0, 2.0, 3.0])
    assert (await said(session))[1:] == ["the recording goes on, nothing is lost"]
    assert session.end().missing_since is None


def test_an_end_with_a_full_disk_says_since_when_the_tape_lacks(tape: Path) -> None:
    disk = Disk()
    session = Session(tape, write=disk.write).begin()
    session.tick(1.0)
    until(lambda: session.recorder._oldest is None)
    disk.full = True
    session.tick(2.0)
    assert session.end().missing_since == session.seen[-1].at
    assert prices(tape) == [1.0]


async def test_a_disk_that_hangs_holds_up_neither_who_records_nor_the_end(
    tape: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BEHIND_S", 0.0)
    monkeypatch.setattr(module, "_WATCH_S", 0.01)
    disk = Disk()
    session = Session(tape, write=disk.write).begin()
    session.tick(1.0)
    until(lambda: prices(tape) == [1.0])
    disk.works.clear()
    watching = asyncio.create_task(session.recorder.watch())
    session.tick(2.0)
    await told_on_screen(session, 1)
    assert session.said == ["the recording waits for its disk, which does not answer; what comes is kept"]
    began = time.monotonic()
    for price in range(3, 200):
        session.tick(float(price))
    missing = session.end().missing_since
    assert time.monotonic() - began < 10  # two seconds for the end, and a slow machine
    assert missing == session.seen[1].at
    disk.works.set()
    until(lambda: prices(tape)[-1] == 199.0)  # it was written after all, for the process went on
    await told_on_screen(session, 2)
    assert session.said[1] == "the disk of the recording answers again, nothing is lost"
    watching.cancel()


def test_a_disk_that_hangs_for_hours_costs_states_in_between_and_never_the_last(
    tape: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_WAITING", 20)
    disk = Disk()
    session = Session(tape, write=disk.write).begin()
    session.tick(1.0)
    until(lambda: session.recorder._oldest is None)
    disk.works.clear()
    session.tick(2.0)
    until(lambda: not session.recorder._queue)
    for price in range(3, 100):
        session.tick(float(price))
    assert len(session.recorder._queue) == 20
    disk.works.set()
    done = session.end()
    assert (done.missing_since, done.merged) == (None, 78)
    assert prices(tape)[-1] == 99.0
    assert comparable(heard(tape)[-1].moment.snapshot) == comparable(session.store.snapshot())


def test_a_disk_that_hangs_from_the_start_is_not_waited_for(tape: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, opened = threading.Event(), TapeSpool.open

    def hangs(spool: TapeSpool) -> None:
        answers.wait(PATIENCE_S)
        opened(spool)

    monkeypatch.setattr(TapeSpool, "open", hangs)
    monkeypatch.setattr(module, "_OPENS_S", 0.01)
    session = Session(tape).begin()
    session.tick(1.0)
    session.tick(2.0)
    assert not tape.exists()
    answers.set()
    assert session.end().missing_since is None
    assert prices(tape) == [1.0, 2.0]


BEFORE_MIDNIGHT = datetime(2026, 3, 3, 4, 59, 58, tzinfo=UTC)  # in New York


async def test_a_recording_over_midnight_is_put_aside_by_day_and_each_file_stands_alone(tape: Path) -> None:
    session = Session(tape, rotation=TapeRotation(daily=True), start=BEFORE_MIDNIGHT).begin()
    for price in range(1, 6):
        session.tick(float(price))
    session.end()
    (aside,) = rotated(tape)
    assert aside.name == "session-2026-03-02.tape"
    assert (prices(aside), prices(tape)) == ([1.0], [1.0, 2.0, 3.0, 4.0, 5.0])
    assert comparable(heard(tape)[-1].moment.snapshot) == comparable(session.store.snapshot())
    assert [TapeFile(path).places[0].mark.head.first for path in (aside, tape)] == [True, False]  # type: ignore[union-attr]
    assert (await said(session)) == ["the tape of 2026-03-02 is session-2026-03-02.tape"]


def test_a_change_of_the_clocks_is_no_change_of_the_day(tape: Path) -> None:
    """On 8 March 2026 New York goes from 1:59 to 3:00, on 1 November the hour from 1:00 comes twice."""
    spring = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
    session = Session(tape, rotation=TapeRotation(daily=True), start=spring).begin()
    for price in range(1, 9):
        session.tick(float(price), hours=1)
    session.end()
    assert rotated(tape) == []
    assert [one.moment.at for one in heard(tape)][1:-1] == [moment.at for moment in session.seen]
    autumn = tape.with_name("autumn.tape")
    session = Session(autumn, rotation=TapeRotation(daily=True), start=datetime(2026, 11, 1, 4, 30, tzinfo=UTC)).begin()
    for price in range(1, 25):  # a day of 25 hours
        session.tick(float(price), hours=1)
    session.tick(99.0, hours=1)
    session.end()
    assert [path.name for path in rotated(autumn)] == ["autumn-2026-11-01.tape"]
    assert prices(rotated(autumn)[0]) == [float(n) for n in range(1, 25)]


def test_a_tape_of_yesterday_is_put_aside_at_the_start(tape: Path) -> None:
    recorded(tape, [1], start=BEFORE_MIDNIGHT)
    recorded(tape, [2], rotation=TapeRotation(daily=True))
    recorded(tape, [3], rotation=TapeRotation(daily=True), start=datetime(2026, 3, 4, 15, tzinfo=UTC))
    assert [path.name for path in rotated(tape)] == ["session-2026-03-02.tape"]
    assert (prices(rotated(tape)[0]), prices(tape)) == ([1.0, 2.0], [3.0])


async def test_a_tape_beyond_its_size_is_put_aside_and_the_oldest_are_removed_where_few_are_kept(tape: Path) -> None:
    other = tape.with_name("session-2026-01-01.csv")
    other.touch()
    session = Session(tape, rotation=TapeRotation(most_bytes=1, keep=2)).begin()
    for price in range(1, 6):
        session.tick(float(price))
        until(lambda: session.recorder._oldest is None)
    session.end()
    names = [path.name for path in rotated(tape)]
    assert len(names) == 2
    assert names[1] == f"session-2026-03-02-{int(names[0].split('-')[-1].split('.')[0]) + 1}.tape"
    assert prices(tape)[-1] == 5.0
    assert other.exists()
    assert any(words.endswith("; 1 old tape removed") for words in await said(session))


async def test_a_tape_that_cannot_be_put_aside_goes_on(tape: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: object, __: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "rename", refused)
    session = Session(tape, rotation=TapeRotation(daily=True), start=BEFORE_MIDNIGHT).begin()
    for price in range(1, 6):
        session.tick(float(price))
    session.end()
    assert prices(tape) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert (await said(session))[0] == "the tape is not rotated, and goes on: Permission denied"


def test_what_is_told_is_whole_in_each_frame(tape: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FRAME_S", 0.0)
    session = Session(tape).begin()
    for price in range(1, 6):
        session.tick(float(price))
        until(lambda: session.recorder._oldest is None)
    session.end()
    assert len(TapeFile(tape).places) > 3
    assert prices(tape) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert all(not getattr(one, "faults", ()) for one in told(tape))
