"""What a server tells: what terminals begin with, and what has changed since."""

import asyncio
import operator
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from rotation_tui import __version__
from rotation_tui.hub.lease import Lease
from rotation_tui.hub.link import CHANGES, LEASE, STATE, asked
from rotation_tui.hub.packing import packed
from rotation_tui.tape.message import SMALL, VERSION, WHOLE, MarketMoment, Teller

if TYPE_CHECKING:
    from redis.asyncio import Redis

MOST_CHANGES: Final = 20_000
"""About so many changes are kept for terminals that are behind; who is further behind begins anew."""
MOST_BYTES: Final = 64_000_000
"""Fewer are kept where they would take more than this: 2,000 prices that all move are 6 kB."""
_LEAST_CHANGES: Final = 400
BEAT_S: Final = 3.0
"""Where nothing changes for so long, that is said."""
_WHOLE_EVERY_S: Final = 5.0
_SMALL_EVERY_S: Final = 10.0
_WHOLE_AFTER: Final = 4
"""The part of those kept after which a beginning is made anew, so that those behind it stay kept."""

_ADD = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return false end
return redis.call('xadd', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', unpack(ARGV, 3))
"""
_KEEP = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return false end
redis.call('hset', KEYS[2], unpack(ARGV, 2))
return 'kept'
"""


class NotLeading(Exception):
    """Another server leads; nothing was told."""


class Publisher:
    """Tells one moment after the other for as long as the lease is held.

    Each change is added only while the lease is ours, which the hub itself looks up: a server that was stopped, and
    goes on when another one leads already, adds nothing. `epoch` is new with each publisher, so that no terminal puts
    changes of one server on what another one told.
    """

    def __init__(self, redis: "Redis", lease: Lease) -> None:
        self._redis = redis
        self._lease = lease
        self._teller = Teller(studies=True)
        self.epoch = uuid.uuid4().hex[:12]
        self._since = f"{time.time():.0f}"
        self._whole: tuple[object, ...] = ()
        self._whole_at = self._small_at = self._told_at = float("-inf")
        self._since_whole = 0
        self._last_id = b"0-0"
        self.told = self.sent = 0
        """Changes, and bytes, that were told."""
        self._size = 0.0

    @property
    def kept(self) -> int:
        """How many changes are kept, by the size of the last ones."""
        return int(min(MOST_CHANGES, max(_LEAST_CHANGES, MOST_BYTES / max(self._size, 1.0))))

    async def tell(self, moment: MarketMoment) -> None:
        """Tell a moment; NotLeading or HubFault where that cannot be, and then this publisher is at its end."""
        begins = not self._whole
        told = self._teller.tell(moment)
        if begins:
            self._last_id = await self._add({"begins": b"1"})
            await self._keep_whole(moment)
        elif told is not None:
            message = packed(told)
            self._size += (len(message) - self._size) / min(self.told, 20)
            self._last_id = await self._add({"m": message})
            self._since_whole += 1
        elif time.monotonic() - self._told_at >= BEAT_S:
            await self._add({})
        await self._begin_anew(moment)

    async def _begin_anew(self, moment: MarketMoment) -> None:
        """Keep a beginning not far behind what is told: one question and few changes bring a terminal here."""
        now = time.monotonic()
        same = all(map(operator.is_, _large(moment), self._whole))
        if (not same and now - self._whole_at >= _WHOLE_EVERY_S) or self._since_whole >= self.kept // _WHOLE_AFTER:
            await self._keep_whole(moment)
        elif same and self._since_whole and now - self._small_at >= _SMALL_EVERY_S:
            await self._keep("small", SMALL)
            self._small_at = now

    async def _keep_whole(self, moment: MarketMoment) -> None:
        await self._keep("whole", WHOLE)
        self._whole = _large(moment)
        self._whole_at = self._small_at = time.monotonic()
        self._since_whole = 0

    async def _keep(self, name: str, kind: str) -> None:
        # histories are megabytes; the teller is asked for nothing else meanwhile
        message = await asyncio.to_thread(lambda: packed(self._teller.beside(kind)))
        fields: dict[str, Any] = {
            "v": str(VERSION), "e": self.epoch, name: message, f"{name}_at": self._last_id,
            "leader": self._lease.holder or "", "since": self._since, "program": __version__,
        }  # fmt: skip
        if kind == WHOLE:
            fields |= {"small": b"", "small_at": b""}
        given = [part for pair in fields.items() for part in pair]
        await self._run(_KEEP, STATE, given)

    async def _add(self, fields: dict[str, bytes]) -> bytes:
        """Add to the stream; the id of what was added."""
        whole = {"v": str(VERSION), "e": self.epoch, **fields}
        given = [str(self.kept), *(part for pair in whole.items() for part in pair)]
        found = await self._run(_ADD, CHANGES, given)
        self.told += 1
        self._told_at = time.monotonic()
        return found

    async def _run(self, script: str, name: str, given: list[Any]) -> bytes:
        if not self._lease.is_held:
            raise NotLeading
        self.sent += sum(len(part) for part in given)
        found = await asked(self._redis.eval(script, 2, LEASE, name, self._lease.ours, *given))
        if found is None:
            self._lease.lose()
            raise NotLeading
        return bytes(found)


def _large(moment: MarketMoment) -> tuple[object, ...]:
    """What is large about a moment, and stays the same object for as long as it stays the same."""
    snapshot = moment.snapshot
    return snapshot.bars, snapshot.observations, snapshot.minutes, snapshot.studies, moment.about
