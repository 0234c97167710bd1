"""A tap that writes: every state of the store, with its time, into a file, in a thread that holds nobody up."""

import asyncio
import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.domain.session import EASTERN
from rotation_tui.domain.wording import counted
from rotation_tui.store.market_store import Snapshot
from rotation_tui.tape import message
from rotation_tui.tape.files import TapeRefused, TapeSpool, Write
from rotation_tui.tape.frames import FORMAT, FrameWriter, Head, TapeMark, mark_bytes
from rotation_tui.tape.message import About, MarketMoment, Teller
from rotation_tui.tape.parts import micros, time_of

TOGETHER_S = 0.5
"""What comes within so long is written at once; of what a kill takes this is the most, but for a write's own time."""
_MOST_WAITING = 10_000
"""States that wait for a disk: at one a second nearly three hours of them, some 50 MB."""
_MOST_UNWRITTEN = 32 * 1024 * 1024
_FRAME_S, _FRAME_BYTES = 300.0, 8 * 1024 * 1024
"""A frame ends with either: what a broken one takes along."""
_BEHIND_S = 5.0
_RETRY_S = _WATCH_S = 1.0
_MOST_SAYINGS = 20
_OPENS_S = 2.0
_ENDS_S = 2.0


class TapeRotation(Struct, frozen=True):
    """When a file is put aside for a new one: as the exchange's day changes, and beyond so many bytes.

    Of those put aside the newest `keep` stay, all where it is None.
    """

    daily: bool = False
    most_bytes: int | None = None
    keep: int | None = None


class Recorded(Struct, frozen=True):
    """What a recording came to: bytes on disk, states written, and how many of them stand for several.

    `missing_since` is since when states are not on the tape, None where all are.
    """

    size: int
    states: int
    merged: int
    missing_since: datetime | None


class Recorder:
    """Writes states as they come, from `start` to `stop`.

    `tell` gets a sentence for the screen, with how grave it is, from `watch`. Nothing here waits for a disk for longer
    than two seconds, at the start and at the end.
    """

    def __init__(
        self,
        path: Path,
        head: Head,
        now: Callable[[], datetime],
        about: Callable[[], About],
        tell: Callable[[str, str], None],
        rotation: TapeRotation | None = None,
        write: Write = os.write,
    ) -> None:
        self._spool = TapeSpool(path, write)
        self._head = head
        self._now = now
        self._about = about
        self._tell = tell
        self._rotation = rotation or TapeRotation()
        self._sayings: deque[tuple[str, str]] = deque(maxlen=_MOST_SAYINGS)
        self._thread = threading.Thread(target=self._work, name="tape", daemon=True)
        self._queue: deque[MarketMoment] = deque()
        self._guard = threading.Lock()
        self._news, self._opened = threading.Event(), threading.Event()
        self._stop = threading.Event()
        self._refusal: str | None = None
        self._fault: str | None = None
        self._teller = Teller()
        self._frame: FrameWriter | None = None
        self._frames = 0
        self._frame_ends = 0.0
        self._day: date | None = None
        self._last: MarketMoment | None = None
        self._states = self._merged = 0
        self._oldest: tuple[float, datetime] | None = None
        """Of what is not on disk yet: since when by our clock, and its time."""
        self._said_behind = False

    def start(self, snapshot: Snapshot) -> None:
        """Begin with a state; TapeRefused where nothing can be recorded into the file.

        A disk that does not answer is waited for in the background.
        """
        self.see(snapshot)
        self._thread.start()
        self._opened.wait(_OPENS_S)
        if self._refusal is not None:
            raise TapeRefused(self._refusal)

    def see(self, snapshot: Snapshot) -> None:
        """Take a state as of now; costs a few microseconds."""
        self._put(MarketMoment(self._now(), snapshot, self._about()))

    async def watch(self) -> None:
        """Tell what there is to be told, also where the disk does not keep up; for ever."""
        while True:
            await asyncio.sleep(_WATCH_S)
            while self._sayings:
                self._tell(*self._sayings.popleft())
            oldest = self._oldest
            behind = oldest is not None and time.monotonic() - oldest[0] > _BEHIND_S and self._fault is None
            if behind and not self._said_behind:
                self._tell("the recording waits for its disk, which does not answer; what comes is kept", "watch")
            elif self._said_behind and oldest is None:
                self._tell("the disk of the recording answers again, nothing is lost", "info")
            self._said_behind = behind or (self._said_behind and oldest is not None)

    def stop(self, snapshot: Snapshot, at: datetime) -> Recorded:
        """End with a state; waits two seconds at most for what is not on disk."""
        self._stop.set()
        self._put(MarketMoment(at, snapshot, self._about(), ended=True))
        if self._thread.is_alive():
            self._thread.join(_ENDS_S)
        missing = self._oldest
        return Recorded(self._spool.size, self._states, self._merged, None if missing is None else missing[1])

    def _put(self, moment: MarketMoment) -> None:
        with self._guard:
            if self._oldest is None:
                self._oldest = time.monotonic(), moment.at
            if len(self._queue) >= _MOST_WAITING:
                self._queue[-1] = moment  # what it stands for is told by what differs from the state before
                self._merged += 1
            else:
                self._queue.append(moment)
        self._news.set()

    def _work(self) -> None:
        """The thread: opens the file, then writes what comes until it is stopped."""
        try:
            self._spool.open()
            self._rotate_stale()
            self._opened.set()
            while not (self._stop.is_set() and not self._queue and not self._spool.waiting):
                self._news.wait(_RETRY_S if self._spool.waiting else None)
                self._stop.wait(TOGETHER_S)
                self._news.clear()
                self._write_all()
                if self._stop.is_set() and self._fault is not None:
                    return  # a disk that is full is not waited for
        except TapeRefused as fault:
            self._refusal = str(fault)
            self._say(f"nothing is recorded: {fault}", "alert")  # for who did not wait for it
        except Exception as fault:  # whatever it is, the monitor goes on without its tape
            self._say(f"nothing more is recorded: {type(fault).__name__}: {fault}", "alert")
            self._refusal = f"{type(fault).__name__}: {fault}"
        finally:
            self._opened.set()
            self._spool.close()

    def _write_all(self) -> None:
        """Everything that has come, as one write."""
        while self._queue and self._spool.waiting < _MOST_UNWRITTEN:
            with self._guard:
                moment = self._queue.popleft()
            self._record(moment)
        if self._frame is not None:
            ends = time.monotonic() >= self._frame_ends or self._frame.taken >= _FRAME_BYTES or self._stop.is_set()
            self._spool.add(self._frame.end() if ends else self._frame.flush())
            self._frame = None if ends else self._frame
            if self._offered() and ends:
                with contextlib.suppress(OSError):
                    self._spool.sync()
        else:
            self._offered()

    def _offered(self) -> bool:
        """Whether the disk has taken all; a fault is told once, and what it has not taken is offered again."""
        try:
            self._spool.write()
        except OSError as fault:
            words = fault.strerror or str(fault)
            if self._fault != words:
                self._fault = words
                self._say(f"the recording waits: {words}; what comes is kept, and tried again each second", "alert")
            return False
        if self._fault is not None:
            self._fault = None
            self._say("the recording goes on, nothing is lost", "info")
        with self._guard:
            head = self._queue[0] if self._queue else None
            self._oldest = None if head is None else (time.monotonic(), head.at)
        return True

    def _record(self, moment: MarketMoment) -> None:
        if self._due_to_rotate(moment):
            self._rotate()
        if self._frame is None:
            self._begin_frame(moment)
        assert self._frame is not None
        if (told := self._teller.tell(moment)) is not None:
            self._spool.add(self._frame.add(told))
            self._states += 1
        self._day, self._last = _day_of(moment.at), moment

    def _begin_frame(self, moment: MarketMoment, *, on_new_file: bool = False) -> None:
        """A mark, and what one may go on from: the last state, where there is one."""
        last = self._last
        head = self._head if last is None else replace(self._head, first=False) if on_new_file else None
        at = micros((moment if last is None else last).at)
        self._spool.add(mark_bytes(TapeMark(FORMAT, message.VERSION, self._frames, at, head)))
        self._frame, self._frame_ends = FrameWriter(), time.monotonic() + _FRAME_S
        self._frames += 1
        if last is not None:
            kind = message.WHOLE if on_new_file else message.SMALL
            self._spool.add(self._frame.add(self._teller.again(kind)))

    def _due_to_rotate(self, moment: MarketMoment) -> bool:
        rotation = self._rotation
        if self._last is None or self._fault is not None:
            return False  # what a disk has not taken belongs to the file that it was meant for
        large = rotation.most_bytes is not None and self._spool.size + self._spool.waiting >= rotation.most_bytes
        return large or (rotation.daily and self._day is not None and _day_of(moment.at) != self._day)

    def _rotate(self) -> None:
        assert self._last is not None
        if self._frame is not None:
            self._spool.add(self._frame.end())
            self._frame = None
        if self._offered() and self._put_aside(_day_of(self._last.at)):
            self._frames = 0
            self._begin_frame(self._last, on_new_file=True)

    def _rotate_stale(self) -> None:
        """Put aside what an earlier run has left of another day."""
        mark = self._spool.last_mark
        self._frames = 0 if mark is None else mark.frame + 1
        if mark is None or not self._rotation.daily:
            return
        day = _day_of(time_of(mark.at))
        if day != _day_of(self._now()) and self._put_aside(day):
            self._frames = 0

    def _put_aside(self, day: date) -> bool:
        try:
            aside = self._spool.rotate(day)
            gone = () if self._rotation.keep is None else self._spool.sweep(self._rotation.keep)
        except OSError as fault:
            self._say(f"the tape is not rotated, and goes on: {fault.strerror or fault}", "watch")
            return False
        removed = f"; {counted(len(gone), 'old tape')} removed" if gone else ""
        self._say(f"the tape of {day} is {aside.name}{removed}", "info")
        return True

    def _say(self, sentence: str, severity: str) -> None:
        self._sayings.append((sentence, severity))


def _day_of(at: datetime) -> date:
    return at.astimezone(EASTERN).date()
