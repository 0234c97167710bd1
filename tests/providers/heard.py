"""What a stream of a source tells, for tests of what is special about each."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Quote
from rotation_tui.providers.base import HasStream, Provider, ProviderFault, ProviderPart, Surroundings
from tests.patience import PATIENCE_S
from tests.providers.local_stream import LocalStream, No, Play, streaming
from tests.providers.promises import NOW


@dataclass(slots=True)
class Heard:
    """All replies together: the last price of each symbol that still counts, and what was said besides."""

    prices: dict[str, float] = field(default_factory=dict)
    quotes: list[Quote] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    fault: ProviderFault | None = None
    seen: list[Any] = field(default_factory=list)


@asynccontextmanager
async def source_at(
    part: ProviderPart[Any], url: str, folder: Path, options: dict[str, Any] | None = None
) -> AsyncIterator[Provider]:
    """A source of this part that asks and listens at an address, without a limit on its requests."""
    assert part.endpoint is not None
    endpoint = replace(
        part.endpoint,
        base_url=url,
        stream_url=url,
        timeout_s=PATIENCE_S,
        max_per_hour=None,
        rate_per_s=1e4,
        burst=10_000,
    )
    provider = part.build(Surroundings(endpoint, folder, options=options or {}))
    try:
        yield provider
    finally:
        await provider.close()


async def heard(
    part: ProviderPart[Any],
    folder: Path,
    play: Play,
    *symbols: str,
    options: dict[str, Any] | None = None,
    now: Callable[[], datetime] = lambda: NOW,
    no: No | None = None,
) -> Heard:
    """Everything that a stream of these symbols tells until it ends."""
    found = Heard()
    async with streaming(play, no=no) as local:
        found.seen = local.seen
        await _listen(part, folder, local, symbols or ("IWM",), options, now, found)
    return found


async def _listen(
    part: ProviderPart[Any],
    folder: Path,
    local: LocalStream,
    symbols: tuple[str, ...],
    options: dict[str, Any] | None,
    now: Callable[[], datetime],
    found: Heard,
) -> None:
    async with source_at(part, local.url, folder, options) as provider:
        assert isinstance(provider, HasStream)
        try:
            async with aclosing(provider.stream([Instrument.of(s) for s in symbols], now)) as replies:
                async for reply in replies:
                    for symbol in reply.withdrawn:
                        found.prices.pop(symbol, None)
                    found.prices |= {quote.symbol: quote.price for quote in reply.quotes}
                    found.quotes += reply.quotes
                    found.missing |= reply.missing
                    found.withdrawn |= reply.withdrawn
                    found.remarks += reply.remarks
        except ProviderFault as fault:
            found.fault = fault
