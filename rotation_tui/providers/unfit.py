"""Sources of other packages that fail: one that cannot be put to work, and one that raises where nobody may."""

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from datetime import date, datetime
from typing import NoReturn, TypeVar

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.filings import Facts, FrameId, Registry
from rotation_tui.domain.holdings import Holdings
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.minutes import Minutes
from rotation_tui.providers.base import (
    BadReply,
    Examinable,
    HasBars,
    HasFilings,
    HasHoldings,
    HasMinutes,
    HasOutlines,
    HasQuotes,
    HasSeries,
    HasStream,
    Misconfigured,
    Provider,
    QuoteReply,
    SeriesReply,
)

T = TypeVar("T", Instrument, str)
A = TypeVar("A", bool, int)


class Unfit:
    """Stands where the config names a source that did not load, so that its feed has a line with the reason.

    It offers everything, for a feed that nobody asks is not in trouble; the next feed gives what it does not.
    """

    def __init__(self, why: str) -> None:
        self._why = why

    def offers_quotes(self, instrument: Instrument) -> bool:  # noqa: ARG002
        """It would have to be asked."""
        return True

    def offers_bars(self, instrument: Instrument) -> bool:  # noqa: ARG002
        """It would have to be asked."""
        return True

    def offers_series(self, series_id: str) -> bool:  # noqa: ARG002
        """It would have to be asked."""
        return True

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:  # noqa: ARG002
        """None."""
        self._refuse()

    async def bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:  # noqa: ARG002
        """None."""
        self._refuse()

    async def series(self, series_ids: Sequence[str], since: date | None, now: datetime) -> SeriesReply:  # noqa: ARG002
        """None."""
        self._refuse()

    def requests_last_hour(self) -> int:
        """None was sent."""
        return 0

    async def close(self) -> None:
        """Nothing is open."""

    def _refuse(self) -> NoReturn:
        raise Misconfigured(self._why)


class Held:
    """A source with the capabilities that it has, whose `offers_...` and count of requests raise nothing.

    All feeds ask what it offers, so that an error there would be everybody's. Of what it cannot say it is asked, and
    raises then what `why` makes of the error, once for as long as that goes on.
    """

    def __init__(self, source: Provider, why: Callable[[Exception], str]) -> None:
        self._source = source
        self._why = why
        self._failing: dict[tuple[str, Instrument | str], str] = {}
        if isinstance(source, HasQuotes):
            self._quotes = source.quotes
            self.offers_quotes, self.quotes = self._offering("quotes", source.offers_quotes), self._asked_quotes
        if isinstance(source, HasBars):
            self._bars = source.bars
            self.offers_bars, self.bars = self._offering("bars", source.offers_bars), self._asked_bars
        if isinstance(source, HasOutlines):
            self.outlines = source.outlines
        if isinstance(source, HasMinutes):
            self._minutes, self._offers_minutes = source.minutes, source.offers_minutes
            self.offers_minutes, self.minutes = self._said_of_minutes, self._asked_minutes
        if isinstance(source, HasSeries):
            self._series = source.series
            self.offers_series, self.series = self._offering("series", source.offers_series), self._asked_series
        if isinstance(source, HasHoldings):
            self._holdings = source.holdings
            self.offers_holdings, self.holdings = (
                self._offering("holdings", source.offers_holdings),
                self._asked_holdings,
            )
        if isinstance(source, HasFilings):
            self._filings = source
            self.offers_filings = lambda: self._said("filings", "", lambda: bool(source.offers_filings()), True)
            self.registry, self.facts = self._asked_registry, self._asked_facts
        if isinstance(source, HasStream):
            self._stream = source.stream
            self.offers_stream, self.stream = self._offering("stream", source.offers_stream), self._listened_to
        if isinstance(source, Examinable):
            self.examine = source.examine

    def requests_last_hour(self) -> int:
        """0 where it cannot say."""
        return self._said("requests", "", self._source.requests_last_hour, 0)

    async def close(self) -> None:
        await self._source.close()

    def _offering(self, job: str, offers: Callable[[T], bool]) -> Callable[[T], bool]:
        return lambda what: self._said(job, what, lambda: bool(offers(what)), True)

    def _said(self, job: str, what: Instrument | str, ask: Callable[[], A], otherwise: A) -> A:
        try:
            answer = ask()
        except Exception as fault:
            if (job, what) not in self._failing:
                self._failing[job, what] = self._why(fault)
            return otherwise
        self._failing.pop((job, what), None)
        return answer

    def _refuse(self, job: str, asked: Iterable[Instrument | str]) -> None:
        """Raise BadReply where it could not say whether it offers one of these."""
        why = next((self._failing[job, what] for what in asked if (job, what) in self._failing), None)
        if why is not None:
            raise BadReply(why)

    async def _asked_quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        self._refuse("quotes", instruments)
        return await self._quotes(instruments, now)

    async def _asked_bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:
        self._refuse("bars", (instrument,))
        return await self._bars(instrument, since, now)

    def _said_of_minutes(self, instrument: Instrument, days: int) -> bool:
        return self._said("minutes", instrument, lambda: bool(self._offers_minutes(instrument, days)), True)

    async def _asked_minutes(self, instrument: Instrument, days: int, now: datetime) -> Minutes:
        self._refuse("minutes", (instrument,))
        return await self._minutes(instrument, days, now)

    async def _asked_holdings(self, fund: str, now: datetime) -> Holdings:
        self._refuse("holdings", (fund,))
        return await self._holdings(fund, now)

    async def _asked_registry(self, now: datetime) -> Registry:
        self._refuse("filings", ("",))
        return await self._filings.registry(now)

    async def _asked_facts(self, frame: FrameId, now: datetime) -> Facts | None:
        self._refuse("filings", ("",))
        return await self._filings.facts(frame, now)

    async def _asked_series(self, series_ids: Sequence[str], since: date | None, now: datetime) -> SeriesReply:
        self._refuse("series", series_ids)
        return await self._series(series_ids, since, now)

    async def _listened_to(
        self, instruments: Sequence[Instrument], now: Callable[[], datetime]
    ) -> AsyncGenerator[QuoteReply, None]:
        self._refuse("stream", instruments)
        async with aclosing(self._stream(instruments, now)) as replies:
            async for reply in replies:
                yield reply
