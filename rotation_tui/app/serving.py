"""A server: one of several polls, studies and tells; the others hear it, and are ready to go on in its place."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from rotation_tui.app.setup import Run
from rotation_tui.board.assemble import Scope
from rotation_tui.hub.following import Follower
from rotation_tui.hub.lease import RENEWED_S, Lease
from rotation_tui.hub.link import SERVER, HubAddress, HubFault, connected
from rotation_tui.hub.publishing import BEAT_S, NotLeading, Publisher
from rotation_tui.store.market_store import Snapshot
from rotation_tui.tape.message import About, MarketMoment
from rotation_tui.workers.ending import ended

if TYPE_CHECKING:
    from rotation_tui.hub.link import Client

_APART_S: Final = 0.1
"""Least time between two changes: what comes within it is told at once."""
_RETRY_S: Final = 1.0


class Server:
    """Tells what the store of `run` holds, for as long as it leads. `say` is given a sentence whenever that changes."""

    def __init__(self, run: Run, address: HubAddress, say: Callable[[str], None]) -> None:
        self._run = run
        self._address = address
        self._say = say
        self._moved = asyncio.Event()
        self._said = ""
        self._scope: Scope | None = None
        self._about = About(run.scope.universe)

    async def run(self) -> None:
        """Serve for ever; ends only by cancellation, and leaves the lease to the next then."""
        self._run.desk.begin_at_rest()
        await self._run.desk.open()
        redis = connected(self._address, SERVER)
        lease = Lease(redis)
        keeping = asyncio.create_task(self._keep(lease))
        self._run.store.shown_to(self._see)
        try:
            while True:
                try:
                    await self._stand_by(redis, lease)
                    await self._lead(redis, lease)
                except HubFault as fault:
                    await self._rest(lease, str(fault))
                    await asyncio.sleep(_RETRY_S)
        finally:
            await ended([keeping])
            with contextlib.suppress(Exception):  # it would lapse by itself
                await lease.leave()
                await redis.aclose()
            await self._run.desk.close()

    def _see(self, _: Snapshot) -> None:
        self._moved.set()

    async def _keep(self, lease: Lease) -> None:
        """Say every now and then that we lead, or want to."""
        while True:
            with contextlib.suppress(HubFault):  # whoever leads or stands by comes upon the same fault, and tells it
                await lease.take()
            await asyncio.sleep(RENEWED_S)

    async def _stand_by(self, redis: "Client", lease: Lease) -> None:
        """Hear what another server tells until we lead."""
        hearing = asyncio.create_task(self._hear(redis))
        try:
            while not lease.is_held:
                if hearing.done():
                    hearing.result()
                if lease.holder is not None:
                    self._tell(f"stands by: {lease.holder} leads")
                await asyncio.sleep(_APART_S)
        finally:
            await ended([hearing])  # one that went on would hold up who leads, for ever

    async def _hear(self, redis: "Client") -> None:
        async for heard in Follower(redis).words():
            if heard.moment is not None:
                held = self._run.store.snapshot()
                self._run.store.put_told(replace(heard.moment.snapshot, feeds=held.feeds, events=held.events))

    async def _lead(self, redis: "Client", lease: Lease) -> None:
        """Poll, study and tell for as long as we lead."""
        self._tell(f"leads, and tells {self._address.shown}")
        publisher = Publisher(redis, lease)
        self._run.desk.resume()
        try:
            while lease.is_held:
                self._moved.clear()
                begun = time.monotonic()
                await publisher.tell(self._moment())
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._moved.wait(), BEAT_S)
                await asyncio.sleep(max(0.0, _APART_S - (time.monotonic() - begun)))
        except NotLeading:
            pass
        await self._rest(lease, "leads no more")

    async def _rest(self, lease: Lease, why: str) -> None:
        """Ask nobody: another server may lead by now."""
        self._tell(why)
        lease.lose()
        await self._run.desk.rest(told=True)

    def _moment(self) -> MarketMoment:
        scope = self._run.scope
        if scope is not self._scope:  # what is large is kept anew for terminals whenever this is another object
            self._scope, self._about = scope, About(scope.universe, scope.looked, {}, scope.fetches)
        return MarketMoment(self._run.clock.now(), self._run.store.snapshot(), self._about)

    def _tell(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            self._say(sentence)
