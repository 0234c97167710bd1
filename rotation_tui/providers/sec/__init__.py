"""The SEC's structured filings: who is listed, and one figure of all companies over one period, without a key.

The list of companies and the figures stand on two hosts, which count requests together.
"""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from msgspec.structs import replace

from rotation_tui import __version__
from rotation_tui.domain.filings import Facts, FrameId, Registry
from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    Misconfigured,
    ProviderFault,
    ProviderPart,
    RateLimited,
    Refused,
    Surroundings,
    UnknownSymbol,
)
from rotation_tui.providers.budget import Budget
from rotation_tui.providers.http import LARGE, Http
from rotation_tui.providers.sec.copies import Copies
from rotation_tui.providers.sec.wire import parse_frame, parse_registry

T = TypeVar("T")
NAME = "sec"
BLOCKED_S = 600.0
"""How long the SEC leaves an address without an answer that has asked too fast."""
NO_CONTACT = (
    'write contact = "you@example.com", with your own mail address, under [providers.sec] in the config: '
    "the SEC answers nobody who does not say how to be reached"
)
TURNED_AWAY = "the SEC takes us for a tool that does not say who it is: see contact under [providers.sec]"
TOO_FAST = "the SEC says that too many requests come from here, and blocks us for ten minutes"

_FRAMES, _FILES = "https://data.sec.gov", "https://www.sec.gov"
_LIST = "/files/company_tickers.json"
_FRAME = "/api/xbrl/frames/{0.taxonomy}/{0.tag}/{0.unit}/{0.period}.json"
_MAIL = re.compile(r"[^\s@(+<]+@[^\s@)>]+")
_UNDECLARED, _THRESHOLD = b"undeclared automated tool", b"request rate threshold exceeded"


class Sec:
    """The filings as a source; without a contact nothing is sent, and every answer is the fault that says so.

    `hosts` are those of the figures and of the list of companies.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        endpoint = surroundings.endpoint
        if endpoint is None:
            raise Misconfigured("the SEC has no address to ask")
        self._named = _MAIL.search(endpoint.user_agent) is not None
        # Its edge knows "name address" and turns other forms away, such as the one that robots use.
        asked_as = re.sub(r" \(\+(\S+)\)$", r" \1", endpoint.user_agent)
        frames = replace(endpoint, user_agent=asked_as)
        moved = endpoint.base_url.rstrip("/") != _FRAMES
        files = replace(
            frames, base_url=surroundings.options.get("files_url") or (endpoint.base_url if moved else _FILES)
        )
        self.hosts = tuple(urlsplit(at.base_url).hostname or "nowhere" for at in (frames, files))
        self._budget = Budget(surroundings.state_folder, f"{NAME}@{self.hosts[0]}", endpoint)
        headers = {"Accept": "application/json"}
        self._frames, self._files = (
            Http(NAME, replace(surroundings, endpoint=at), headers, absent=_is_absent, budget=self._budget)
            for at in (frames, files)
        )
        self._copies = Copies(surroundings.state_folder / "sec")

    def offers_filings(self) -> bool:
        """Always: who has switched filings on is told by a fault what they need."""
        return True

    async def registry(self, now: datetime) -> Registry:
        """The companies that have a ticker."""
        return await self._read(self._files, _LIST, lambda body: parse_registry(body, NAME, now))

    async def facts(self, frame: FrameId, now: datetime) -> Facts | None:
        """The last value filed of each company; None where the SEC has no such frame."""
        try:
            return await self._read(
                self._frames, _FRAME.format(frame), lambda body: parse_frame(body, frame, NAME, now)
            )
        except UnknownSymbol:
            return None

    def requests_last_hour(self) -> int:
        return self._budget.requests_last_hour()

    async def close(self) -> None:
        await self._frames.close()
        await self._files.close()

    async def _read(self, http: Http, path: str, read: Callable[[bytes], T]) -> T:
        """What stands at `path`, from disk where the SEC says that it has not changed."""
        if not self._named:
            raise Misconfigured(NO_CONTACT)
        had = await asyncio.to_thread(self._copies.read, path)
        try:
            copy = await http.get_again(path, had, most=2 * LARGE)
        except ProviderFault as fault:
            raise await self._meant(fault) from fault
        try:
            found = await asyncio.to_thread(read, copy.body)
        except BadReply:
            await asyncio.to_thread(self._copies.drop, path)
            raise
        await asyncio.to_thread(self._copies.keep, path, None if copy is had else copy)
        return found

    async def _meant(self, fault: ProviderFault) -> ProviderFault:
        """`fault` in the words of what it means, where the SEC turns us away by one of its pages."""
        body = fault.body.lower()
        kind = Refused if _UNDECLARED in body else RateLimited if _THRESHOLD in body else None
        if kind is None:
            return fault
        said = TURNED_AWAY if kind is Refused else TOO_FAST
        # A second more than the pause that is on, so that its reason is the one that is told meanwhile.
        return kind(said, pause_s=await self._budget.pause(max((fault.pause_s or 0.0) + 1, BLOCKED_S), said))


def _is_absent(status: int, body: bytes) -> bool:
    """Whether the SEC's store says that it has no such frame; any other 404 is about something else."""
    return status == 404 and b"NoSuchKey" in body


PROVIDER = ProviderPart(
    NAME,
    Endpoint(
        base_url=_FRAMES,
        user_agent=f"rotation-tui/{__version__}",
        timeout_s=30.0,
        max_per_hour=1000,
        rate_per_s=4.0,  # with the one that may be sent at once never more than five in a second; ten are allowed
        burst=1,
    ),
    Sec,
    naming='it wants a name and a mail address: contact = "you@example.com" under [providers.sec] adds yours',
)
