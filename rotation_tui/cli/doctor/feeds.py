"""What the doctor asks the feeds: one small real request each, all at once, with little patience."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from time import monotonic

import msgspec
from msgspec import Struct

from rotation_tui.app.roster import Means, endpoint_of, part_of, roster, surroundings_of
from rotation_tui.cli.doctor.command import Diagnostic, Severity
from rotation_tui.config.schema import FeedSettings, Loaded, ProviderSettings, asked_feeds, state_folder
from rotation_tui.config.universe import universe as universe_of
from rotation_tui.domain.address import host_of, is_loopback
from rotation_tui.domain.clock import SystemClock
from rotation_tui.domain.figures import frames_wanted
from rotation_tui.domain.holdings import FUNDS
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.refusal import plain_text
from rotation_tui.domain.series import SERIES
from rotation_tui.domain.universe import Universe
from rotation_tui.providers.base import (
    BadReply,
    Examinable,
    HasBars,
    HasFilings,
    HasHoldings,
    HasQuotes,
    HasSeries,
    HasStream,
    Misconfigured,
    Provider,
    ProviderFault,
    ProviderPart,
    RateLimited,
    Refused,
    ServerFault,
    UnknownSymbol,
    Unreachable,
)
from rotation_tui.providers.http import MOVED
from rotation_tui.providers.keys import Keys
from rotation_tui.workers.given import Followed

PATIENCE_S = 12.0
_ANSWER_S = 10.0
_TOLERATED = timedelta(seconds=90)

_REMEDIES: tuple[tuple[type[ProviderFault], str], ...] = (
    (Unreachable, "look at the network, --proxy and --ca-file"),
    (RateLimited, "leave it alone for a while; the other feeds stand in"),
    (Refused, "it does not serve this address; another network or proxy may help"),
    (ServerFault, "theirs to repair; the other feeds stand in"),
    (BadReply, "something in between answers, or the source has changed: see for a newer rotation-tui"),
    (UnknownSymbol, "correct the symbol in the config"),
    (Misconfigured, "correct this feed in the config"),
)

_REMEDIES_OF_KEYS: tuple[tuple[type[ProviderFault], str], ...] = (
    (Refused, "see at the source whether the key still counts, and where you keep it"),
    (Misconfigured, "put the key where it is looked for; README says how"),
)

_REMEDY_HERE = "its address is this computer: see that what should answer there runs"

_REMEDIES_OF_FILES: tuple[tuple[type[ProviderFault], str], ...] = (
    (Unreachable, "look at the disk that it is on"),
    (BadReply, "correct the file, or say in its feed what it means"),
    (UnknownSymbol, "say in its feed which column holds it, by columns"),
    (Misconfigured, "correct this feed in the config"),
)

_CLOUD = (
    "refused at the very first request: some sources turn away every cloud address (data centres, VPNs), whatever is "
    "sent; another network or proxy may help, and the other feeds stand in"
)
_NEW_ADDRESS = "base_url in [providers.{}] can say the new address"


class Probe(Struct, frozen=True):
    """A feed's diagnostic, the time of the newest print it told, and what else is worth knowing of it."""

    diagnostic: Diagnostic
    printed_at: datetime | None = None
    notes: tuple[Diagnostic, ...] = ()


def ask(loaded: Loaded) -> tuple[Probe, ...]:
    """Ask every feed of the config; takes PATIENCE_S and a second at the most."""
    # Not asyncio.run: it would wait for the thread that waits for a name server that does not answer.
    loop = asyncio.new_event_loop()
    try:
        return tuple(loop.run_until_complete(_ask_all(loaded)))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _ask_all(loaded: Loaded) -> list[Probe]:
    universe = universe_of(loaded.config)
    return await asyncio.gather(*(_ask(feed, loaded, universe) for feed in asked_feeds(loaded.config)))


async def _ask(settings: FeedSettings, loaded: Loaded, universe: Universe) -> Probe:
    name = settings.name or settings.provider
    began = monotonic()
    said_besides: list[str] = []
    part = part_of(settings.provider)
    provider: Provider | None = None
    try:
        provider = _provider(settings, part, loaded, universe, said_besides.append)
        try:
            async with asyncio.timeout(PATIENCE_S):
                said, printed_at = await _small_request(provider, universe)
                if isinstance(provider, Examinable) and (problems := (await provider.examine()).problems):
                    raise BadReply(told(problems))
        finally:
            with suppress(Exception):  # the answer counts, not the farewell
                await asyncio.wait_for(provider.close(), 0.5)
    except ProviderFault as fault:
        return Probe(Diagnostic(Severity.FAULT, name, plain_text(str(fault)), _remedy(fault, provider, part, loaded)))
    except TimeoutError:
        late = Unreachable(f"no answer in {PATIENCE_S:g} s")
        return Probe(Diagnostic(Severity.FAULT, name, str(late), _remedy(late, provider, part, loaded)))
    except Exception as fault:  # shown: the doctor has to survive what it finds
        return Probe(Diagnostic(Severity.FAULT, name, f"unexpected {type(fault).__name__}: {plain_text(str(fault))}"))
    if part.keys:
        said += f"; took the key from {await asyncio.to_thread(_key_is_from, settings, part, loaded, universe)}"
    address = _NEW_ADDRESS.format(settings.provider)
    notes = tuple(
        Diagnostic(Severity.NOTE, name, sentence, address if MOVED in sentence else "") for sentence in said_besides
    )
    return Probe(Diagnostic(Severity.OK, name, f"{said}, answered in {monotonic() - began:.1f} s"), printed_at, notes)


def told(problems: Sequence[str]) -> str:
    """The first of several problems, and how many there are besides."""
    more = len(problems) - 1
    return problems[0] + (f" (and {more} more such column{'s' * (more > 1)})" if more else "")


def _remedy(fault: ProviderFault, provider: Provider | None, part: ProviderPart[Provider], loaded: Loaded) -> str:
    """What to do, and what the source may have against us: our address, or the name that we give."""
    remedies = _REMEDIES_OF_FILES if isinstance(provider, Examinable) else _REMEDIES
    remedies = (*_REMEDIES_OF_KEYS, *remedies) if part.keys else remedies
    remedy = next((text for kind, text in remedies if isinstance(fault, kind)), "")
    used = 0 if provider is None else provider.requests_last_hour()
    if isinstance(fault, RateLimited) and used == 1:
        remedy = _CLOUD
    endpoint = endpoint_of(part, loaded.config.providers.get(part.name, ProviderSettings()))
    if endpoint is not None and isinstance(fault, Unreachable) and is_loopback(host_of(endpoint.base_url)):
        return _REMEDY_HERE
    if endpoint is None or isinstance(fault, Misconfigured) or used >= (endpoint.max_per_hour or used + 1):
        return remedy
    turned_away = isinstance(fault, Refused | RateLimited) or (isinstance(fault, BadReply) and fault.whole)
    if turned_away or (part.naming and isinstance(fault, Unreachable | ServerFault)):
        remedy += f'; it was asked as "{plain_text(endpoint.user_agent)}"'
        remedy += f"; {part.naming}" if part.naming else ""
    return remedy


def _provider(
    settings: FeedSettings,
    part: ProviderPart[Provider],
    loaded: Loaded,
    universe: Universe,
    tell: Callable[[str], None],
) -> Provider:
    config = loaded.config
    providers = dict(config.providers)
    if part.endpoint is not None:
        own = providers.get(part.name, ProviderSettings())
        timeout = min(own.timeout_s or part.endpoint.timeout_s, _ANSWER_S)
        providers[part.name] = msgspec.structs.replace(own, timeout_s=timeout)
    alone = msgspec.structs.replace(config, feeds=(settings,), providers=providers)
    means = Means(state_folder(), SystemClock(), tell=tell)
    return roster(msgspec.structs.replace(loaded, config=alone), Followed(universe), means)[0].provider


def _key_is_from(settings: FeedSettings, part: ProviderPart[Provider], loaded: Loaded, universe: Universe) -> str:
    """Where the key of a source is, in words; looks at a file and may ask the keyring."""
    means = Means(state_folder(), SystemClock())
    place = Keys(part.name, part.keys, surroundings_of(part, settings, loaded, Followed(universe), means)).places()[-1]
    return place.where + (f" ({place.warning})" if place.warning else "")


async def _small_request(provider: Provider, universe: Universe) -> tuple[str, datetime | None]:
    """What one symbol or series says, and when that was printed."""
    now = datetime.now(UTC)
    if isinstance(provider, HasQuotes):
        quoted = next(filter(provider.offers_quotes, universe.instruments), None)
        if quoted is not None:
            return await _quote(provider, quoted, now)
    if isinstance(provider, HasStream):
        heard = next(filter(provider.offers_stream, universe.instruments), None)
        if heard is not None:
            return await _first_heard(provider, heard)
    if isinstance(provider, HasSeries):
        series = next(filter(provider.offers_series, SERIES), None)
        if series is not None:
            return await _series(provider, series, now), None
    if isinstance(provider, HasHoldings | HasFilings):
        return await _papers(provider, now), None
    if isinstance(provider, HasBars):
        offered = next(filter(provider.offers_bars, universe.instruments), None)
        if offered is not None:
            return await _close(provider, offered, now), None
        await _why_nothing(provider, universe, now)
    raise Misconfigured("offers nothing that the board shows")


async def _quote(provider: HasQuotes, instrument: Instrument, now: datetime) -> tuple[str, datetime]:
    reply = await provider.quotes([instrument], now)
    for quote in reply.quotes:
        return _price(quote), quote.as_of
    raise BadReply(f"gives no {instrument.symbol}: {reply.missing.get(instrument.symbol, 'it does not say why')}")


async def _first_heard(provider: HasStream, instrument: Instrument) -> tuple[str, datetime | None]:
    async with aclosing(provider.stream([instrument], lambda: datetime.now(UTC))) as replies:
        async for reply in replies:
            for quote in reply.quotes:
                return _price(quote), quote.as_of
            if instrument.symbol in reply.missing:
                raise BadReply(f"tells no {instrument.symbol}: {reply.missing[instrument.symbol]}")
            return f"a stream of {instrument.symbol} is open", None
    raise BadReply("ended its stream at once")


def _price(quote: Quote) -> str:
    late = f", delayed by {quote.delay_s / 60:.0f} min" if quote.delay_s else ""
    return f"{quote.symbol} {quote.price:,.2f} of {_stamp(quote.as_of)}{late}"


async def _close(provider: HasBars, instrument: Instrument, now: datetime) -> str:
    bars = [b for b in await provider.bars(instrument, now.date() - timedelta(days=14), now) if b.dates]
    if not bars:
        raise BadReply(f"has no closes of {instrument.symbol} in the last two weeks")
    return f"{instrument.symbol} closed at {bars[0].closes[-1]:,.2f} on {bars[0].dates[-1]}"


async def _why_nothing(provider: HasBars, universe: Universe, now: datetime) -> None:
    """Raises the fault for which a source offers nothing, such as a file that is not there."""
    with suppress(UnknownSymbol):
        for instrument in universe.instruments[:1]:
            await provider.bars(instrument, None, now)


async def _series(provider: HasSeries, series: str, now: datetime) -> str:
    reply = await provider.series([series], now.date() - timedelta(days=120), now)
    for found in reply.series:
        if found.dates:
            return f"{series} {found.values[-1]:g} of {found.dates[-1]}"
    raise BadReply(f"gives no {series}: {reply.missing.get(series, 'no observation in 120 days')}")


async def _papers(provider: HasHoldings | HasFilings, now: datetime) -> str:
    """What a fund holds, or what of companies' filings is asked for first."""
    if isinstance(provider, HasHoldings):
        fund = next(filter(provider.offers_holdings, FUNDS), None)
        if fund is not None:
            held = await provider.holdings(fund, now)
            return f"{fund} of {held.as_of} has {len(held.members):,} members"
    if not isinstance(provider, HasFilings):
        raise Misconfigured("has no fund that is looked at")
    frame = frames_wanted(now.date())[0]
    facts = await provider.facts(frame, now)
    if facts is None:
        raise BadReply(f"knows nobody who has filed {frame.tag} of {frame.period}")
    return f"{frame.tag} of {frame.period} by {len(facts):,} companies"


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def clock(probes: Sequence[Probe]) -> Diagnostic:
    """Whether the computer's clock can be right: no price was ever made in the future."""
    now = datetime.now(UTC)
    text = _stamp(now)
    printed = max((p.printed_at for p in probes if p.printed_at), default=None)
    if printed is None:
        return Diagnostic(Severity.NOTE, "clock", f"{text}, not compared: no feed told a time")
    if printed > now + _TOLERATED:
        behind = (printed - now).total_seconds()
        return Diagnostic(
            Severity.WARN,
            "clock",
            f"{text} is at least {behind:.0f} s behind the newest price",
            "set it by NTP: ages and phases go by it",
        )
    return Diagnostic(Severity.OK, "clock", f"{text}, not behind the newest price")


def terms(loaded: Loaded) -> Iterator[Diagnostic]:
    """What the sources ask of those who use their data."""
    names = dict.fromkeys(feed.provider for feed in asked_feeds(loaded.config))
    for part in map(part_of, names):
        if part.terms:
            yield Diagnostic(Severity.NOTE, "terms", part.terms)
