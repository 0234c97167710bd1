"""Who leads: one server at a time, for as long as it says so every few seconds."""

import time
import uuid
from typing import TYPE_CHECKING, Final

from rotation_tui.hub.link import LEASE, HubFault, asked, whoami

if TYPE_CHECKING:
    from redis.asyncio import Redis

LASTS_S: Final = 6.0
"""After that long without a word another server may lead."""
RENEWED_S: Final = 1.5

_TAKE = """
local held = redis.call('get', KEYS[1])
if held and held ~= ARGV[1] then return held end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
"""
_LEAVE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


class Lease:
    """The lease as this server sees it; `ours` is what stands in it while this server leads.

    By its own clock a server has lost the lease sooner than by that of the hub: there is no time at which two lead.
    """

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self.ours = f"{whoami()} {uuid.uuid4().hex}"
        self._until = 0.0
        self.holder: str | None = None
        """Who leads, by its name; None where nobody is known to."""

    @property
    def is_held(self) -> bool:
        """Whether this server leads."""
        return time.monotonic() < self._until

    async def take(self) -> bool:
        """Take the lease, or keep it; whether this server leads. HubFault where the hub cannot be asked."""
        asked_at = time.monotonic()
        try:
            found = await asked(self._redis.eval(_TAKE, 1, LEASE, self.ours, str(int(LASTS_S * 1000))))
        except HubFault:
            self.holder = None
            raise
        holder = found.decode() if isinstance(found, bytes) else str(found)
        self.holder = holder.rpartition(" ")[0]
        self._until = asked_at + LASTS_S - RENEWED_S / 2 if holder == self.ours else 0.0
        return self.is_held

    def lose(self) -> None:
        """Somebody else leads, or nobody."""
        self._until = 0.0

    async def leave(self) -> None:
        """Let another server lead at once."""
        self._until = 0.0
        await asked(self._redis.eval(_LEAVE, 1, LEASE, self.ours))
