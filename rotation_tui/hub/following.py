"""What a terminal hears: where the server stands, in one round trip, and then every change."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.hub.link import BLOCK_S, CHANGES, STATE, HubFault, asked
from rotation_tui.hub.packing import unpacked
from rotation_tui.tape.message import VERSION, HeardMessage, Listener, MarketMoment

if TYPE_CHECKING:
    from redis.asyncio import Redis

_MOST_AT_ONCE: Final = 500
_LOOK_AGAIN_S: Final = 1.0


class Unheard(HubFault):
    """What stands at the hub cannot be understood; asking again changes nothing until the server does."""


class Hears(Struct, frozen=True):
    """A word of the server: the moment it told, None where it only said that nothing has changed.

    `begins` says that all of it was told; what has changed since may still be to come, which is so until `is_current`
    says that all is heard that was said before one listened. `silent_s` is how many seconds before it was heard the
    server said its last word, by the hub's own clock: 0 for what was told while one listened, much for what a dead
    server has left behind.
    """

    moment: MarketMoment | None
    begins: bool = False
    silent_s: float = 0.0
    is_current: bool = True


class Follower:
    """Follows what is told at the hub. Of several changes that wait only the last state is given: the newest counts."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._listener = Listener()
        self._at = b"0-0"
        self.leader = ""
        """Who told what one began with."""

    async def words(self) -> AsyncIterator[Hears]:
        """One word after the other, for ever; HubFault where the hub fails. Silence is for the caller to judge."""
        while True:
            found: Any = await asked(self._redis.hgetall(STATE))
            if not found:  # nobody has ever told anything, or the hub was emptied
                await asyncio.sleep(_LOOK_AGAIN_S)
                continue
            last, silent_s = await self._last_word()
            # megabytes of histories, which would hold up the keys
            moment, at, epoch = await asyncio.to_thread(self._begun, found)
            yield Hears(moment, True, silent_s, is_current=_place(at) >= last)
            async for heard in self._changes(at, epoch):
                place = _place(self._at)
                yield heard if place > last else replace(heard, silent_s=silent_s, is_current=place == last)

    async def _last_word(self) -> tuple[tuple[int, int], float]:
        """Where the last word stands in the stream, and how many seconds ago it was said."""
        last: Any = await asked(self._redis.xrevrange(CHANGES, count=1))
        clock: Any = await asked(self._redis.time())
        place = _place(last[0][0] if last else b"0-0")
        return place, max(0.0, clock[0] + clock[1] / 1e6 - place[0] / 1000)

    def _begun(self, found: Mapping[bytes, bytes]) -> tuple[MarketMoment, bytes, bytes]:
        """What the hub keeps for those who begin, and where in the stream that stands."""
        _version(found)
        try:
            self._listener = Listener()
            heard, at = self._hear(found[b"whole"]), found[b"whole_at"]
            if small := found.get(b"small"):
                later = self._hear(small)
                if later is not None and not later.faults:
                    heard, at = later, found[b"small_at"]
                else:  # histories came between the two: the changes have them
                    self._listener = Listener()
                    heard = self._hear(found[b"whole"])
            self.leader = found.get(b"leader", b"").decode(errors="replace")
        except (KeyError, ValueError, RecursionError) as fault:
            raise Unheard(f"what the server told to begin with cannot be read: {fault}") from None
        assert heard is not None
        return heard.moment, at, found[b"e"]

    async def _changes(self, at: bytes, epoch: bytes) -> AsyncIterator[Hears]:
        """What follows a beginning; ends where one must begin anew."""
        while True:
            question = self._redis.xread({CHANGES: at}, count=_MOST_AT_ONCE, block=int(BLOCK_S * 1000))
            answer = await asked(question)
            entries: list[tuple[bytes, dict[bytes, bytes]]] = entries_of(answer)
            if not entries:
                if await self._is_other(epoch):
                    return
                continue
            heard: HeardMessage | None = None
            for entry, fields in entries:
                self._at = at = entry
                _version(fields)
                if fields.get(b"e") != epoch:
                    return
                if b"m" in fields:
                    try:
                        heard = self._hear(fields[b"m"])
                    except ValueError as fault:
                        raise Unheard(f"what the server told cannot be read: {fault}") from None
                    if heard is None or heard.faults:  # some of the stream is gone
                        return
            yield Hears(None if heard is None else heard.moment)

    async def _is_other(self, epoch: bytes) -> bool:
        """Whether another server has begun: where the hub was emptied, its stream may begin at an earlier time."""
        return bool(await asked(self._redis.hget(STATE, "e")) not in (epoch, None))

    def _hear(self, given: bytes) -> HeardMessage | None:
        return self._listener.hear(unpacked(given))


def entries_of(answer: Any) -> list[tuple[bytes, dict[bytes, bytes]]]:
    """The entries of the one stream; an answer has a list or, in the newer protocol, a mapping of streams."""
    streams = answer.values() if isinstance(answer, dict) else [entries for _, entries in answer or ()]
    found: list[tuple[bytes, dict[bytes, bytes]]] = []
    for entries in streams:
        inner = entries[0] if entries and isinstance(entries[0], list) else entries
        found += inner
    return found


def _place(entry: bytes) -> tuple[int, int]:
    """Where an entry stands in the stream: milliseconds of the hub's clock, and a number within one."""
    milliseconds, _, number = entry.partition(b"-")
    return int(milliseconds), int(number or 0)


def _version(fields: Mapping[bytes, bytes]) -> None:
    told = fields.get(b"v", b"")
    if told != str(VERSION).encode():
        known = f"this program knows {VERSION}"
        newer = told.isdigit() and int(told) > VERSION
        then = "update this one" if newer else "update the server"
        raise Unheard(f"the server tells version {told.decode(errors='replace')[:20] or '?'} and {known}; {then}")
