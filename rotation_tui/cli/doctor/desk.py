"""What `doctor` says of a hub: whether it is reached and safely, who leads, how old its last word is, who is there."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC

from rotation_tui.app.at_hub import address_of
from rotation_tui.cli.doctor.command import Diagnostic, Severity
from rotation_tui.config.changes import hub_of
from rotation_tui.config.schema import Loaded
from rotation_tui.domain.hub import PROVIDER, hub_warning
from rotation_tui.domain.wording import counted
from rotation_tui.hub.link import HubAddress, HubFault, HubRefusal, NotInstalled, connected
from rotation_tui.hub.publishing import BEAT_S
from rotation_tui.hub.standing import HubStanding, standing_of
from rotation_tui.tape.message import VERSION

PATIENCE_S = 8.0
_LATE_S = 3 * BEAT_S
_TOLERATED_S = 2.0
_SERVE = "start `rotation-tui serve` where it should be served from"


def diagnostics(loaded: Loaded) -> Iterator[Diagnostic]:
    """Nothing where the config names no hub."""
    feed, address = hub_of(loaded.config), address_of(loaded)
    if feed is None or address is None:
        return
    name = feed.name or PROVIDER
    try:
        standing = asyncio.run(_ask(address))
    except HubFault as fault:
        yield Diagnostic(Severity.FAULT, name, f"{address.shown}: {fault}", _remedy(fault))
        return
    if (warning := hub_warning(address.url)) is None:
        way = "by TLS" if address.url.startswith("rediss:") else "on this computer"
        yield Diagnostic(Severity.OK, name, f"{address.shown} is reached {way}")
    else:
        yield Diagnostic(Severity.WARN, name, warning)
    yield from _leader(name, standing)
    yield from _versions(name, standing)
    yield _connections(name, standing)
    if abs(standing.ahead_s) > _TOLERATED_S:
        side = "ahead of" if standing.ahead_s > 0 else "behind"
        text = f"its clock is {abs(standing.ahead_s):.0f} s {side} this computer's"
        yield Diagnostic(Severity.WARN, name, text, "set both by NTP: the age of a price goes by them")


async def _ask(address: HubAddress) -> HubStanding:
    redis = connected(address, "rotation-tui-doctor", PATIENCE_S / 2)
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await standing_of(redis)
    except TimeoutError:
        raise HubFault("the hub does not answer") from None
    finally:
        with suppress(Exception):  # the answer counts, not the farewell
            await redis.aclose()


def _remedy(fault: HubFault) -> str:
    if isinstance(fault, NotInstalled):
        return ""
    if isinstance(fault, HubRefusal):
        return "see its users.acl, the user in url and ROTATION_TUI_HUB_PASSWORD"
    return "see that it runs and that url and ca_file are right; own feeds are asked meanwhile, where there are any"


def _leader(name: str, standing: HubStanding) -> Iterator[Diagnostic]:
    if standing.leader is None:
        yield Diagnostic(Severity.WARN, name, "no server leads: nothing new is told", _SERVE)
    elif standing.since is None:
        yield Diagnostic(Severity.OK, name, f"{standing.leader} leads")
    else:
        since = f"{standing.since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        yield Diagnostic(Severity.OK, name, f"{standing.leader} leads and tells since {since}")
    if standing.lag_s is None:
        yield Diagnostic(Severity.WARN, name, "nothing was ever told here")
    else:
        late = standing.lag_s > _LATE_S
        text = f"its last word is {max(0.0, standing.lag_s):.1f} s old"
        remedy = f"a server says something every {BEAT_S:g} s: see what it says" if late else ""
        yield Diagnostic(Severity.WARN if late else Severity.OK, name, text, remedy)


def _versions(name: str, standing: HubStanding) -> Iterator[Diagnostic]:
    if standing.version is None:
        return
    told = f"rotation-tui {standing.program or '?'} tells messages of version {standing.version}"
    if standing.version == str(VERSION):
        yield Diagnostic(Severity.OK, name, told)
    else:
        remedy = f"this one reads {VERSION}: update servers and terminals together"
        yield Diagnostic(Severity.FAULT, name, told, remedy)


def _connections(name: str, standing: HubStanding) -> Diagnostic:
    if standing.servers is None or standing.terminals is None:
        return Diagnostic(Severity.NOTE, name, "this user is not allowed to count who is connected")
    text = f"{counted(standing.servers, 'server')} and {counted(standing.terminals, 'terminal')} connected"
    return Diagnostic(Severity.OK, name, text)
