"""What comes over one connection of a stream: messages in their order or folded as they come, and why it ended."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from msgspec import Struct

from rotation_tui.domain.address import masked
from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply, ProviderFault, RateLimited, Refused, ServerFault, Unreachable
from rotation_tui.providers.budget import Budget

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection
    from websockets.exceptions import ConnectionClosed

_log = logging.getLogger(__name__)

MOST_WAITING_SIZE = 8 * 1024**2
"""Characters in the messages that wait to be read before the oldest are dropped."""

_BREATH_S = 0.02
_MANY = 10  # messages in a breath: from here on the kernel collects them, and they are read a few times a second
_READS = 64  # of 256 kB each, a turn of the loop between two, until nothing is left
_AT_ONCE = 8 * 1024  # bytes: some hundred messages, a millisecond
_LOOK_S = 30.0  # that it may be silent at this hour, and no more at the next
_STILL = 3  # turns without a message after which nothing is left

_DATA = frozenset({0, 1, 2})  # opcodes: more of a message, text, bytes
_NO_TEXT = 1007

ENDED = (1000, 1001, 1005)
"""Close codes that are no fault: it is done, it is restarted, it does not say why."""


class Terms(Struct, frozen=True):
    """What holds for one connection.

    `idle_s` tells how long it may say nothing at this hour, None for as long as it likes; `hide` takes keys out of what
    the source says at its end.
    """

    host: str
    budget: Budget
    faults: Mapping[int, type[ProviderFault]]
    timeout_s: float
    idle_s: Callable[[], float | None]
    largest: int
    most: int
    hide: Callable[[bytes], bytes] = bytes


_Base: Any = object  # `line` puts the library's connection behind it, which is not imported here


class _HandsOn(_Base):  # type: ignore[misc]
    """A connection that hands its messages on as they are parsed.

    The library's own queue costs a task switch and a time-out for each: 20 us against 4 where thousands come a second.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.early: list[str] = []
        self.hand_on: Callable[[str], None] = self.early.append
        self._pieces: list[bytes] = []
        self._leaving: asyncio.Task[None] | None = None
        self._left = bytearray()

    def process_event(self, event: Any) -> None:
        """Take a data frame, leave all others to the library."""
        if getattr(event, "opcode", None) not in _DATA:
            super().process_event(event)
        elif event.fin and not self._pieces:
            self._give(bytes(event.data))
        else:
            self._pieces.append(bytes(event.data))  # which the protocol holds to its limit as a whole
            if event.fin:
                whole, self._pieces = b"".join(self._pieces), []
                self._give(whole)

    def data_received(self, data: bytes) -> None:
        """Parse what has come, a little a turn of the loop: a key must not wait for thousands of messages."""
        if not self._left and len(data) <= _AT_ONCE:
            super().data_received(data)
            return
        goes_on = bool(self._left)
        self._left += data
        if not goes_on:
            self._go_on()

    def eof_received(self) -> None:
        """Parse what is left first."""
        self._finish()
        super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Parse what is left first."""
        self._finish()
        super().connection_lost(exc)

    def _give(self, data: bytes) -> None:
        if self._leaving is not None:
            return
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            reason = f"{error.reason} at position {error.start}"
            self._leaving = self.loop.create_task(self.close(_NO_TEXT, reason))
        else:
            self.hand_on(text)

    def _go_on(self) -> None:
        some = bytes(self._left[:_AT_ONCE])
        del self._left[:_AT_ONCE]
        if some:
            super().data_received(some)
        if self._left:
            self.transport.pause_reading()
            self.loop.call_soon(self._go_on)
        elif some:
            self.transport.resume_reading()

    def _finish(self) -> None:
        rest = bytes(self._left)
        self._left.clear()
        if rest:
            super().data_received(rest)


@cache
def line() -> "type[ClientConnection]":
    """What a connection is made of; imports websockets."""
    from websockets.asyncio.client import ClientConnection

    return type("Line", (_HandsOn, ClientConnection), {})


class Messages:
    """The text messages of one connection, to be read with `async for`, which ends where the source is done.

    They are taken off the connection whether or not anybody reads them, so that a slow reader neither blocks the
    source nor gets old ones: where too many wait, the oldest are `dropped`; or they are `folded`, and none waits. The
    fault that ends a connection is raised behind the last message.
    """

    def __init__(self, connection: Any, terms: Terms) -> None:
        self.dropped = 0
        self._connection = connection
        self._terms = terms
        self._waiting: deque[str] = deque()
        self._size = 0
        self._came = 0
        self._moved = asyncio.Event()
        self._some = asyncio.Event()
        self._over = False
        self._end: Exception | None = None
        self._fold: Callable[[str], None] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._connection.hand_on = self._take
        for early in self._connection.early:
            self._take(early)
        name = f"stream of {self._terms.host}"
        self._tasks = [asyncio.create_task(run(), name=name) for run in (self._read_to_the_end, self._breathe)]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        self._connection.hand_on = _nobody

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        while not self._waiting:
            if self._over:
                raise self._end or StopAsyncIteration
            self._moved.clear()
            await self._moved.wait()
        return self._oldest()

    async def folded(self, fold: Callable[[str], None]) -> AsyncGenerator[None, None]:
        """Put every message through `fold` as it comes, those that wait first; yields once some have been.

        However slow the reader is, nothing waits and nothing is lost but what `fold` lets go of.
        """
        while self._waiting:
            fold(self._oldest())
        self._fold = fold
        try:
            self._moved.set()
            while self._moved.is_set() or not self._over:
                await self._moved.wait()
                self._moved.clear()  # before it is told: what comes while the reader is busy is news again
                yield
            if self._end is not None:
                raise self._end
        finally:
            self._fold = None

    async def send(self, message: str) -> None:
        """Send a text, such as what to subscribe to; raises the fault that ended the connection where one did."""
        from websockets.exceptions import ConnectionClosed

        try:
            async with asyncio.timeout(self._terms.timeout_s):
                await self._connection.send(message)
        except TimeoutError as error:
            raise Unreachable(f"{self._terms.host} takes nothing") from error
        except ConnectionClosed as closed:
            raise await _outcome(closed, self._terms) or Unreachable(f"{self._terms.host} has closed") from closed

    async def turned_away(self, said: str) -> Refused:
        """The fault that a refusal in a message is, such as one of the key: a strike, as at the door."""
        words = plain_text(masked(self._terms.hide(said.encode()).decode(errors="replace")), 160)
        return Refused(words, pause_s=await self._terms.budget.strike(words))

    async def _read_to_the_end(self) -> None:
        try:
            self._end = self._end or await self._read()
        except Exception as unforeseen:
            self._end = unforeseen  # raised where the messages are read
        finally:
            self._over = True
            self._moved.set()

    async def _read(self) -> ProviderFault | None:
        from websockets.protocol import State

        clock, closing = asyncio.get_running_loop().time, asyncio.create_task(self._connection.wait_closed())
        try:
            heard, since = self._came, clock()
            while not closing.done():
                idle_s = self._terms.idle_s()
                await asyncio.wait([closing], timeout=_LOOK_S if idle_s is None else max(0.0, since + idle_s - clock()))
                if idle_s is None:
                    heard, since = self._came, clock()
                elif self._came > heard:
                    heard, since = self._came, self._last_at
                elif not closing.done() and self._connection.state is State.OPEN:
                    return Unreachable(f"{self._terms.host} has sent nothing for {idle_s:g} s")
                elif not closing.done():
                    await self._connection.close()  # it was left for what it sent, and does not let go
        finally:
            closing.cancel()
        if self._end is not None:
            raise self._end  # what nobody foresaw in folding
        return await _outcome(self._connection.protocol.close_exc, self._terms)

    async def _breathe(self) -> None:
        """Leave a flood to the kernel between two looks: each read is a turn of the loop, whatever it brings."""
        transport = self._connection.transport
        await self._some.wait()
        await self._terms.budget.answered()  # a stream that is opened and closed again is no answer
        while True:
            self._some.clear()
            await self._some.wait()
            before = self._came
            await asyncio.sleep(_BREATH_S)
            while self._came - before >= _MANY:
                before = self._came
                transport.pause_reading()
                try:
                    await asyncio.sleep(_BREATH_S)
                finally:
                    transport.resume_reading()
                await self._all_there_is()

    async def _all_there_is(self) -> None:
        still = 0
        for _ in range(_READS):
            before = self._came
            await asyncio.sleep(0)
            still = still + 1 if self._came == before else 0
            if still == _STILL:
                return

    def _take(self, message: str) -> None:
        self._came += 1
        self._last_at = self._connection.loop.time()
        if self._fold is None:
            self._keep(message)
        else:
            try:
                self._fold(message)
            except Exception as unforeseen:
                self._end = self._end or unforeseen
                self._connection.transport.abort()
        self._moved.set()
        self._some.set()

    def _keep(self, message: str) -> None:
        self._waiting.append(message)
        self._size += len(message)
        while len(self._waiting) > self._terms.most or self._size > MOST_WAITING_SIZE:
            self._oldest()
            if not self.dropped:
                _log.warning("%s tells more than is read: the oldest messages are dropped", self._terms.host)
            self.dropped += 1

    def _oldest(self) -> str:
        message = self._waiting.popleft()
        self._size -= len(message)
        return message


def _nobody(message: str) -> None:
    """Nobody listens any more."""


async def _outcome(closed: "ConnectionClosed", terms: Terms) -> ProviderFault | None:
    """The fault that the end of a connection is, None where the source closed it as it should."""
    host = terms.host
    theirs = closed.rcvd if closed.rcvd_then_sent is not False else None
    if theirs is not None:
        return None if theirs.code in ENDED else await _verdict(theirs.code, theirs.reason, terms)
    if closed.sent is None:
        reason = plain_text(masked(str(closed.__cause__ or "")), 120)
        return Unreachable(f"{host} broke the connection off{f': {reason}' if reason else ''}")
    if closed.sent.code == 1009:
        return BadReply(f"a message of {host} is larger than {terms.largest / 1024:g} KiB", whole=True)
    if "ping" in closed.sent.reason:
        return Unreachable(f"{host} gives no sign of life")
    reason = plain_text(masked(closed.sent.reason), 120) or str(closed.sent.code)
    return BadReply(f"what {host} sent cannot be read: {reason}", whole=True)


async def _verdict(code: int, reason: str, terms: Terms) -> ProviderFault:
    """The fault that a close code of the source is; one that is about us is a strike."""
    told = terms.hide(reason.encode())
    why = plain_text(masked(told.decode(errors="replace")), 80)
    said = f"{terms.host} closed the stream ({code}{f': {why}' if why else ''})"
    kind = RateLimited if decode.is_too_many(told) else terms.faults.get(code, ServerFault)
    pause_s = await terms.budget.strike(said) if kind in (RateLimited, Refused) else None
    return kind(said, pause_s=pause_s, whole=True)
