"""The server of the end-to-end tests, and a state folder whose history is complete."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec.structs import replace

from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe
from rotation_tui.domain.bars import Bars, completed
from rotation_tui.domain.inputs import SeriesId, Symbol, ids_of
from rotation_tui.domain.instrument import Instrument
from rotation_tui.evaluation import needs
from rotation_tui.providers import cboe, fred, newyorkfed, yahoo
from rotation_tui.providers.base import HasBars, Provider, ProviderPart, Surroundings, UnknownSymbol
from rotation_tui.store.shelf import Shelf
from tests.end_to_end.desk import Room, Way
from tests.end_to_end.home import SMALL_BOARD, Home
from tests.end_to_end.program import EVENING
from tests.hub.redis_server import RedisServer
from tests.upstream.market import UpstreamMarket
from tests.upstream.server import Upstream

P = TypeVar("P", bound=Provider)


@pytest.fixture(scope="session")
def market() -> UpstreamMarket:
    """One market for all tests, because making its years takes time."""
    return UpstreamMarket(at=EVENING)


@pytest.fixture
def upstream(market: UpstreamMarket) -> Iterator[Upstream]:
    """A server whose prices stand still from the test's start on."""
    market.hold()
    with Upstream(market) as server:
        yield server
    market.restore()


@pytest.fixture(scope="session")
def filled(market: UpstreamMarket, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the history of the default universe, none of it due today.

    At the rate that Yahoo is asked the program needs half a minute for it; here the adapters ask without one.
    """
    folder = tmp_path_factory.mktemp("filled") / "rotation-tui"
    market.hold()
    with Upstream(market) as server:
        asyncio.run(_fill(server, folder))
    market.restore()
    return folder


async def _fill(server: Upstream, folder: Path) -> None:
    now = server.market.moment()
    due = now + timedelta(hours=4)
    wanted = needs.of_checks()
    symbols, series_ids = ids_of(Symbol, wanted), ids_of(SeriesId, wanted)
    async with contextlib.AsyncExitStack() as stack:
        sources: dict[str, HasBars] = {}
        sources["yahoo"] = _provider(server, yahoo.PROVIDER, folder)
        sources["cboe"] = _provider(server, cboe.PROVIDER, folder)
        for source in sources.values():
            stack.push_async_callback(source.close)
        for instrument in dict.fromkeys((*universe(Config()).instruments, *map(Instrument.of, sorted(symbols)))):
            name, bars = await _first_to_give(sources, instrument, now)
            kept = [completed(b, server.market.calendar, now) for b in bars]
            Shelf(folder / "history" / name).keep_bars(instrument.symbol, kept, due)
    for part in (newyorkfed.PROVIDER, fred.PROVIDER):
        fed = _provider(server, part, folder)
        reply = await fed.series([s for s in sorted(series_ids) if fed.offers_series(s)], None, now)
        for series in reply.series:
            Shelf(folder / "history" / part.name).keep_series(series, due)
        await fed.close()


async def _first_to_give(
    sources: Mapping[str, HasBars], instrument: Instrument, now: datetime
) -> tuple[str, tuple[Bars, ...]]:
    """A history and the source that it falls to, in the order of failover."""
    for name, source in sources.items():
        if source.offers_bars(instrument):
            with contextlib.suppress(UnknownSymbol):
                return name, await source.bars(instrument, None, now)
    raise AssertionError(f"nobody gives {instrument.symbol}")


def _provider(server: Upstream, part: ProviderPart[P], folder: Path) -> P:
    assert part.endpoint is not None
    endpoint = replace(
        part.endpoint, base_url=server.url(part.name), max_per_hour=None, rate_per_s=10_000, burst=10_000
    )
    return part.build(Surroundings(endpoint, folder / "filling"))


@pytest.fixture
def full_home(tmp_path: Path, upstream: Upstream, filled: Path) -> Home:
    """A user of the default universe whose history is complete."""
    return Home(tmp_path, upstream, filled=filled)


@pytest.fixture
def quick_home(tmp_path: Path, upstream: Upstream, filled: Path) -> Home:
    """The same with six symbols, whose studies are there sooner."""
    return Home(tmp_path, upstream, filled=filled, tables=SMALL_BOARD)


@pytest.fixture
def prices(upstream: Upstream) -> Callable[..., dict[str, str]]:
    """What the server says of symbols, as the screen writes it."""

    def written(*symbols: str) -> dict[str, str]:
        return {symbol: f"{upstream.market.last(symbol).price:,.2f}" for symbol in symbols}

    return written


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    folder = tmp_path / "redis"
    folder.mkdir()
    with RedisServer(folder) as server:
        yield server


@pytest.fixture
def room(
    tmp_path: Path, market: UpstreamMarket, upstream: Upstream, filled: Path, redis: RedisServer
) -> Iterator[Room]:
    with Upstream(market) as own:
        yield Room(tmp_path, filled, Way(redis.url), Way(redis.url), upstream, own)
