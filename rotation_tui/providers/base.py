"""What a source of data is to the rest of the house: its faults, its replies and how it is made."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from msgspec import Struct, field

from rotation_tui import __version__
from rotation_tui.domain.bars import Bars
from rotation_tui.domain.filings import Facts, FrameId, Registry
from rotation_tui.domain.holdings import Holdings
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.minutes import Minutes
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.quote import Quote

LIBRARY_NAME = "python-httpx"
"""As a User-Agent: what the HTTP library calls itself, which adds its version."""


class ProviderFault(Exception):
    """A source could not give what was asked; the message is a sentence for the screen.

    `pause_s` is how long the source wants (or is given) to be left alone, None where the worker decides.
    `body` is what the source sent with a refusal, empty where there was nothing. `whole` is whether the fault is
    about the source itself and would meet every other request of the round as well.
    """

    pause_s: float | None = None
    whole: bool = True

    def __init__(
        self, message: str, *, pause_s: float | None = None, body: bytes = b"", whole: bool | None = None
    ) -> None:
        super().__init__(message)
        self.pause_s = pause_s
        self.body = body
        if whole is not None:
            self.whole = whole


class Unreachable(ProviderFault):
    """No answer: name, connection, TLS or time-out."""


class RateLimited(ProviderFault):
    """The source said to slow down (429, "Too Many Requests"), or our own budget is used up."""


class Refused(ProviderFault):
    """The source will not serve this to us (401, 403)."""


class ServerFault(ProviderFault):
    """The source is in trouble (5xx)."""


class BadReply(ProviderFault):
    """An answer that is not the data that was asked for: HTML, truncated, wrong shape, numbers that lie."""

    whole = False


class UnknownSymbol(ProviderFault):
    """The source does not carry this symbol or series."""

    whole = False


class Misconfigured(ProviderFault):
    """The feed's settings cannot work (say, a missing file); the message says what, and it is asked again."""


class Occupied(ProviderFault):
    """Another of this user's programs has the one connection that a key may open; looked at again soon, for free."""

    whole = False


class Passing(str):
    """Why something was not given that is the source's trouble and no lack of the thing: soon over, or soon a fault."""

    __slots__ = ()


class Untroubled(Passing):
    """The same where nothing is wrong with the source either: as the hour has it, and said without an alarm."""

    __slots__ = ()


class QuoteReply(Struct, frozen=True):
    """Quotes that were given, and for each symbol that was asked for and not given, why.

    Of what is `withdrawn` nothing counts that was told before, as where a trade was cancelled; a quote of it in the
    same reply stands in its place. `remarks` are sentences that are worth an event.
    """

    quotes: tuple[Quote, ...]
    missing: dict[str, str] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()


class SeriesReply(Struct, frozen=True):
    """Macro series that were given, and for each that was asked for and not given, why."""

    series: tuple[Observations, ...]
    missing: dict[str, str] = field(default_factory=dict)


class OutlineReply(Struct, frozen=True):
    """Outlines that were given, and for each symbol that was asked for and not given, why."""

    outlines: tuple[Bars, ...]
    missing: dict[str, str] = field(default_factory=dict)


@runtime_checkable
class Provider(Protocol):
    """A running source, whatever it has: one capability below at least, and no method of those that it has not.

    Every method raises ProviderFault and nothing else that is foreseeable. What a source offers is asked again at
    every round, so it may change while the source runs, and has to be told at once: nothing is fetched for it.
    """

    def requests_last_hour(self) -> int:
        """Requests of the last hour that count against the budget; 0 without a network."""

    async def close(self) -> None:
        """Give back connections."""


@runtime_checkable
class HasQuotes(Provider, Protocol):
    """A source that is asked for last prices."""

    def offers_quotes(self, instrument: Instrument) -> bool:
        """Whether it can quote the instrument."""

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        """Last prices of all instruments in as few requests as possible.

        Each is of its print, never of the time of asking. One that is yet to come, or of a day on which the exchange
        is closed, is missing, and so is what is not offered: nothing is sent for it.
        """


@runtime_checkable
class HasBars(Provider, Protocol):
    """A source that is asked for daily history."""

    def offers_bars(self, instrument: Instrument) -> bool:
        """Whether it has daily history of the instrument."""

    async def bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:
        """Daily bars from `since` (None: all there is), one value a basis; may hold the running session."""


@runtime_checkable
class HasOutlines(HasBars, Protocol):
    """A source of history that tells the recent closes of many symbols at once, before it is asked for each."""

    async def outlines(self, instruments: Sequence[Instrument], now: datetime) -> OutlineReply:
        """Daily closes of some recent years on prices, of all instruments in as few requests as possible.

        Each is marked as an outline and may hold the running session; what is not offered is missing, and nothing is
        sent for it.
        """


@runtime_checkable
class HasSeries(Provider, Protocol):
    """A source that is asked for macro series."""

    def offers_series(self, series_id: str) -> bool:
        """Whether it has the macro series (FRED's ids name them)."""

    async def series(self, series_ids: Sequence[str], since: date | None, now: datetime) -> SeriesReply:
        """Observations of several series from `since` (None: all there is)."""


@runtime_checkable
class HasMinutes(Provider, Protocol):
    """A source that is asked for prices within sessions, and only while somebody looks at them."""

    def offers_minutes(self, instrument: Instrument, days: int) -> bool:
        """Whether it has prices of every minute, or of every five, over so many sessions (`STEPS`)."""

    async def minutes(self, instrument: Instrument, days: int, now: datetime) -> Minutes:
        """Prices of the newest so many sessions, with those before the open and after the close where it has them."""


@runtime_checkable
class HasStream(Provider, Protocol):
    """A source that tells last prices by itself for as long as it is listened to."""

    def offers_stream(self, instrument: Instrument) -> bool:
        """Whether the instrument's prices can be listened to."""

    def stream(
        self, instruments: Sequence[Instrument], now: Callable[[], datetime]
    ) -> AsyncGenerator[QuoteReply, None]:
        """Their last prices as they change, by one connection, which closing the generator closes.

        The first reply says that it is open, whatever is known by then; what is in `missing` will not come. While it
        is open, silence says that nothing has changed. It ends where the source is done, and raises a fault where
        the connection is lost: the worker opens the next.
        """


@runtime_checkable
class HasHoldings(Provider, Protocol):
    """A source that is asked what a fund holds."""

    def offers_holdings(self, fund: str) -> bool:
        """Whether it has the holdings of the fund, by its ticker."""

    async def holdings(self, fund: str, now: datetime) -> Holdings:
        """All of the newest file of the fund.

        One that is of a day yet to come, of another fund, or not whole (its weights do not come to 100 percent within
        a few) is a BadReply.
        """


@runtime_checkable
class HasFilings(Provider, Protocol):
    """A source that is asked for what companies have filed."""

    def offers_filings(self) -> bool:
        """Whether it can be asked; where a setting is missing the fault of `registry` and `facts` names it."""

    async def registry(self, now: datetime) -> Registry:
        """Which company each ticker is."""

    async def facts(self, frame: FrameId, now: datetime) -> Facts | None:
        """One figure of all companies over one period; None where nobody has filed it, which is an answer.

        A reply about another figure or period, or with two values of one company, is a BadReply.
        """


class Examined(Struct, frozen=True):
    """What a file gives: the names found, its last day, how it was read, and what of it cannot be read."""

    names: tuple[str, ...]
    last: date | None
    understood: str
    problems: tuple[str, ...]


@runtime_checkable
class Examinable(Protocol):
    """A source whose data lie on this computer, so that all of it can be looked at when it is set up."""

    async def examine(self) -> Examined:
        """What there is; raises what asking for it would raise."""


class Endpoint(Struct, frozen=True):
    """The settings of a provider that talks over a network; config overrides the provider's own defaults.

    `rate_per_s` and `burst` shape the token bucket. `max_per_hour` is the hourly budget, None for no limit.
    `stream_url` is where it is listened to, where that is not `base_url`.
    """

    base_url: str
    user_agent: str
    timeout_s: float
    max_per_hour: int | None
    rate_per_s: float = 1.0
    burst: int = 3
    stream_url: str = ""


def named(user_agent: str, contact: str) -> str:
    """A User-Agent that says how to reach who asks, in the form that robots use."""
    if user_agent.startswith("Mozilla/5.0 (") and user_agent.endswith(")"):
        return f"{user_agent[:-1]}; +{contact})"
    own = f"rotation-tui/{__version__}" if user_agent == LIBRARY_NAME else user_agent
    return f"{own} (+{contact})"


def _nobody(sentence: str) -> None:
    """Nobody asked to be told."""


class Surroundings(Struct, frozen=True):
    """What every provider is given when it is made.

    `state_folder` is where request budgets and pauses are kept between runs. `options` are the keys of the
    feed's own `[[feeds]]` table (path, kind, columns, seed, ...), and those of its `[providers]` table that are not
    in `endpoint` (products, files_url, key_file, ...). `universe_ids` gives every spelling of the symbols
    that are followed by now, in upper case, with the symbol. `tell` is called with a sentence for what works
    and is worth knowing all the same, such as a host that has moved.
    """

    endpoint: Endpoint | None
    state_folder: Path
    proxy: str | None = None
    ca_file: Path | None = None
    options: dict[str, Any] = field(default_factory=dict)
    universe_ids: Callable[[], Mapping[str, str]] = dict
    tell: Callable[[str], None] = _nobody


P_co = TypeVar("P_co", bound=Provider, covariant=True)


class ProviderPart(Struct, Generic[P_co], frozen=True):
    """What a provider module exports as PROVIDER.

    `endpoint` are its defaults (None: no network). `terms` is one sentence for README, first start and
    doctor where the source's terms ask for it. `naming` is one sentence on which User-Agents it is known to turn
    away, for the doctor when it does. `build` makes a running provider. `keys` are the environment variables that its
    keys are looked for in (`providers/keys.py`), empty where it needs none.
    """

    name: str
    endpoint: Endpoint | None
    build: Callable[[Surroundings], P_co]
    terms: str | None = None
    naming: str | None = None
    keys: tuple[str, ...] = ()
