"""How a hub stands: who leads, how old its last word is, and who is connected; for `doctor`."""

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from rotation_tui.hub.link import CHANGES, LEASE, SERVER, STATE, TERMINAL, HubRefusal, asked

if TYPE_CHECKING:
    from redis.asyncio import Redis


class HubStanding(Struct, frozen=True):
    """What a hub says of itself; None where it does not say, or has nothing.

    `lag_s` is how long ago its last change or beat was added, by its own clock; `ahead_s` by how much that clock is
    ahead of ours. `version` is that of its messages, `program` that of the server which leads.
    """

    leader: str | None
    since: datetime | None
    lag_s: float | None
    ahead_s: float
    version: str | None
    program: str | None
    servers: int | None
    terminals: int | None


async def standing_of(redis: "Redis") -> HubStanding:
    """Ask a hub; HubFault where it cannot be asked. Whom it does not let count is told nothing of who is connected."""
    begun = time.time()
    clock: Any = await asked(redis.time())
    ended = time.time()
    now = clock[0] + clock[1] / 1e6
    lease: Any = await asked(redis.get(LEASE))
    fields: Any = await asked(redis.hmget(STATE, ["v", "since", "program"]))
    version, since, program = (None if field is None else field.decode(errors="replace")[:20] for field in fields)
    last: Any = await asked(redis.xrevrange(CHANGES, count=1))
    names = await _connected(redis)
    return HubStanding(
        None if lease is None else lease.decode(errors="replace").rpartition(" ")[0][:80],
        datetime.fromtimestamp(int(since), UTC) if since and since.isdigit() and len(since) < 12 else None,
        now - int(last[0][0].partition(b"-")[0]) / 1000 if last else None,
        now - (begun + ended) / 2,
        version,
        program,
        None if names is None else sum(name.startswith(f"{SERVER}:") for name in names),
        None if names is None else sum(name.startswith(f"{TERMINAL}:") for name in names),
    )


async def _connected(redis: "Redis") -> set[str] | None:
    """Who is connected, each once however many connections it has; None where this user may not know."""
    try:
        found: Any = await asked(redis.client_list())
    except HubRefusal:
        return None
    return {str(one.get("name", "")) for one in found}
