"""Studies in a process of their own: started when there is a question, ended once there is none for a while.

The monitor never loads pandas or numpy, and no key waits for a study. What the process was given it keeps, so that
a further question costs what has changed. Whatever becomes of it, the question comes to an end, by `NotStudied`.
"""

import asyncio
import contextlib
import dataclasses
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager

import msgspec
from msgspec import Struct

from rotation_tui import __version__
from rotation_tui.domain.bars import Bars
from rotation_tui.domain.claim import ConsensusEntry
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.results import Studies
from rotation_tui.evaluation.question import Question
from rotation_tui.evaluation.wire import (
    HEAD,
    LONGEST,
    TOLD,
    Ask,
    Failed,
    Logged,
    Ready,
    Results,
    Sent,
    Told,
    framed,
    packed_bars,
    packed_series,
)
from rotation_tui.store.market_store import BarsKey
from rotation_tui.workers.studying import InThread, NotStudied

_log = logging.getLogger(__name__)

_MODULE = "rotation_tui.evaluation.process"
_MOST_REFUSALS = 3
"""So often in a row a process may fail to start before there is none any more."""
_LAST_WORDS = 4096
_TO_END_S = 2.0


class Limits(Struct, frozen=True):
    """Seconds that a question may take in all, and that the process waits for another one."""

    answer_s: float = 60.0
    idle_s: float = 3.0


def program() -> tuple[str, ...]:
    """The command of the process: this Python, with no folder in front of its packages."""
    return (sys.executable, "-P", "-m", _MODULE, str(logging.getLogger().getEffectiveLevel()))


class Apart:
    """Asks a process of its own. One that cannot be started, `_MOST_REFUSALS` times in a row, is done without."""

    def __init__(
        self,
        consensus: tuple[ConsensusEntry, ...] = (),
        skip: Collection[str] = (),
        command: Sequence[str] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._consensus = consensus
        self._skip = frozenset(skip)
        self._command = command
        self._limits = limits or Limits()
        self._refusals = 0
        self._otherwise: InThread | None = None
        self._one_at_a_time = asyncio.Lock()
        self._running: _Running | None = None
        self._held = self._closed = False
        self._ending: asyncio.TimerHandle | None = None
        self._ends: set[asyncio.Task[None]] = set()

    @property
    def apart(self) -> bool:
        """Unless no process could be started."""
        return self._otherwise is None

    async def studies(self, question: Question) -> Studies:
        """All results; NotStudied where the process does not start, ends, hangs or answers what is no answer."""
        async with self._one_at_a_time:
            if self._closed:
                raise NotStudied("the monitor ends")
            if self._otherwise is not None:
                return await self._otherwise.studies(question)
            if self._ending is not None:
                self._ending.cancel()
            running = await self._process()
            async with self._dropped_unless_answered(running):
                return await running.answer(question, self._consensus, self._skip)

    def hold(self, *, held: bool) -> None:
        """Keep the process, for more questions follow; or let it end when it is idle."""
        self._held = held
        if self._running is not None and not self._one_at_a_time.locked():
            self._end_when_idle()

    async def close(self) -> None:
        """End the process at once, whatever it is doing; nothing is answered any more."""
        self._closed = True
        if self._ending is not None:
            self._ending.cancel()
        if self._running is not None:
            running, self._running = self._running, None
            await running.kill()
        await asyncio.gather(*self._ends, return_exceptions=True)

    async def _process(self) -> "_Running":
        """The process that runs, or a new one."""
        if self._running is not None and self._running.has_ended():
            _log.warning("the process of the studies ended between two questions: %s", self._running.last_words())
            running, self._running = self._running, None
            await running.kill()
        if self._running is None:
            try:
                self._running = await _Running.start(self._command or program())
            except (OSError, ValueError) as fault:
                raise self._refused(fault) from fault
            self._refusals = 0
        return self._running

    def _refused(self, fault: Exception) -> NotStudied:
        self._refusals += 1
        words = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
        why = f"the study process cannot be started: {words}"
        if self._refusals < _MOST_REFUSALS:
            return NotStudied(why)
        self._otherwise = InThread(self._consensus, self._skip)
        return NotStudied(why, "from now on the monitor works them out itself")

    @asynccontextmanager
    async def _dropped_unless_answered(self, running: "_Running") -> AsyncIterator[None]:
        """A process that has not answered is in a state that nobody knows: it is killed, and the next one is new."""
        answered = False
        try:
            async with asyncio.timeout(self._limits.answer_s):
                yield
            answered = True
        except TimeoutError:
            raise NotStudied(f"the study process has not answered for {self._limits.answer_s:g} s") from None
        finally:
            if answered:
                self._end_when_idle()
            else:
                self._running = None
                await running.kill()

    def _end_when_idle(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if not self._held:
            loop = asyncio.get_running_loop()
            self._ending = loop.call_later(self._limits.idle_s, self._end)

    def _end(self) -> None:
        if self._running is not None and not self._one_at_a_time.locked():
            running, self._running = self._running, None
            task = asyncio.create_task(running.kill())
            self._ends.add(task)
            task.add_done_callback(self._ends.discard)


class _Running:
    """A process with the socket to it, and the histories that it has."""

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        words: int,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._words = words
        self._reader = reader
        self._writer = writer
        self._killed = False
        self._bars: dict[BarsKey, Bars] = {}
        self._series: dict[str, Observations] = {}

    @classmethod
    async def start(cls, command: Sequence[str]) -> "_Running":
        """Start it; OSError or ValueError where that cannot be."""
        process, ours, words = _spawned(command)
        reader, writer = await asyncio.open_connection(sock=ours)
        return cls(process, words, reader, writer)

    async def answer(self, question: Question, consensus: tuple[ConsensusEntry, ...], skip: frozenset[str]) -> Studies:
        """Send what has changed since the last question, then the question; wait for its answer."""
        snapshot = question.snapshot
        gone = tuple(key for key in self._bars if key not in snapshot.bars)
        gone_series = tuple(key for key in self._series if key not in snapshot.observations)
        try:
            for key, bars in snapshot.bars.items():
                if self._bars.get(key) is not bars:
                    await self._send(packed_bars(bars))
                    self._bars[key] = bars
            for series_id, series in snapshot.observations.items():
                if self._series.get(series_id) is not series:
                    await self._send(packed_series(series))
                    self._series[series_id] = series
            for key in gone:
                del self._bars[key]
            for series_id in gone_series:
                del self._series[series_id]
            await self._send(
                Ask(
                    dataclasses.replace(question.universe),  # without what it has worked out of itself
                    question.rules,
                    question.now,
                    question.as_of,
                    question.cut_at,
                    dict(snapshot.missing),
                    dict(snapshot.quarantined),
                    consensus,
                    skip,
                    gone,
                    gone_series,
                    tuple(snapshot.documents.values()),
                    snapshot.studies.fundamentals,
                    snapshot.studies.portfolio,
                    question.told,
                )
            )
            return await self._studies()
        except (ConnectionError, asyncio.IncompleteReadError):
            raise NotStudied(f"the study process {await self._how_it_ended()}") from None

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def last_words(self) -> str:
        """The last line that the process has said where nobody listens, "" where there is none."""
        said = b""
        with contextlib.suppress(OSError):  # nothing more is there
            while more := os.read(self._words, 65536):
                said = (said + more)[-_LAST_WORDS:]
        lines = said.decode("utf-8", "replace").strip().splitlines()
        if lines:
            _log.warning("the process of the studies said: %s", "\n".join(lines))
        return lines[-1] if lines else ""

    async def kill(self) -> None:
        """End it, stopped or not, and wait until it is gone; once is enough."""
        if self._killed:
            return
        self._killed = True
        self._writer.close()
        if self._process.poll() is None:
            self._process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self._process.wait, _TO_END_S)
        os.close(self._words)
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _send(self, message: Sent) -> None:
        self._writer.writelines(framed(message))
        await self._writer.drain()

    async def _studies(self) -> Studies:
        while True:
            match await self._told():
                case Ready(version) if version != __version__:
                    raise NotStudied(
                        f"rotation-tui on disk is {version} now, this monitor {__version__}: start it again"
                    )
                case Logged(logger, level, text):
                    logging.getLogger(logger).log(level, "%s", text)
                case Failed(why):
                    raise NotStudied(why)
                case Results(studies):
                    return studies

    async def _told(self) -> Told:
        """The next thing that the process tells; NotStudied where it is nothing that can be understood."""
        (length,) = HEAD.unpack(await self._reader.readexactly(HEAD.size))
        if length > LONGEST:
            raise NotStudied("the study process answers what nobody can read")
        try:
            return TOLD.decode(await self._reader.readexactly(length))
        except (msgspec.MsgspecError, ValueError) as fault:
            _log.warning("the process of the studies answers what nobody can read: %s", fault)
            raise NotStudied("the study process answers what nobody can read") from None

    async def _how_it_ended(self) -> str:
        """Of a process that has hung up: by which signal or code, and its last words."""
        try:
            code = await asyncio.to_thread(self._process.wait, _TO_END_S)
        except subprocess.TimeoutExpired:
            return "hung up"
        if code < 0:
            return f"was killed ({_signal_name(-code)})"
        words = self.last_words()
        return f"ended with code {code}" + (f": {words}" if words else "")


def _spawned(command: Sequence[str]) -> "tuple[subprocess.Popen[bytes], socket.socket, int]":
    """A new process, our end of its socket, and where it says what is no answer; OSError or ValueError where none is.

    It gets a session of its own, so that neither a key nor the end of the terminal reaches it, and nothing of the
    terminal.
    """
    with contextlib.ExitStack() as in_vain:
        ours, theirs = socket.socketpair()
        in_vain.callback(ours.close)
        with theirs:
            words, said = os.pipe()
            try:
                in_vain.callback(os.close, words)
                os.set_blocking(said, False)  # whoever says too much is not held up
                os.set_blocking(words, False)
                process = subprocess.Popen(
                    command,
                    stdin=theirs.fileno(),
                    stdout=theirs.fileno(),
                    stderr=said,
                    env=_environment(),
                    start_new_session=True,
                )
            finally:
                os.close(said)
        in_vain.pop_all()
    return process, ours, words


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _environment() -> Mapping[str, str]:
    """What is found here is found there; the libraries start no threads, which cost more than they give."""
    alone = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **alone, "PYTHONPATH": os.pathsep.join(sys.path)}
