"""What every source of macro series alone has in common: one host that is asked, and no prices."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.instrument import Instrument
from rotation_tui.providers.base import QuoteReply, Surroundings, UnknownSymbol
from rotation_tui.providers.http import Http


class SeriesSource(ABC):
    """The half of a provider that is about its host and about prices; `offers_series` and `series` are its own.

    `name` is the provider's, `title` what sentences call it, `accepts` the media type it is asked for, `patient`
    as in `Http`.
    """

    def __init__(
        self, name: str, title: str, accepts: str, surroundings: Surroundings, *, patient: bool = False
    ) -> None:
        self._title = title
        self._http = Http(name, surroundings, {"Accept": accepts}, patient=patient)

    @abstractmethod
    def offers_series(self, series_id: str) -> bool:
        """Whether it has the macro series."""

    def offers_quotes(self, instrument: Instrument) -> bool:  # noqa: ARG002
        """No prices."""
        return False

    def offers_bars(self, instrument: Instrument) -> bool:  # noqa: ARG002
        """No prices."""
        return False

    def requests_last_hour(self) -> int:
        """Requests of the last hour that count against the budget."""
        return self._http.requests_last_hour()

    async def close(self) -> None:
        """Give back connections."""
        await self._http.close()

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:  # noqa: ARG002
        """None are offered."""
        return QuoteReply((), {i.symbol: f"{self._title} quotes no prices" for i in instruments})

    async def bars(
        self,
        instrument: Instrument,
        since: date | None,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> tuple[Bars, ...]:
        """None are offered."""
        raise UnknownSymbol(f"{self._title} has no prices of {instrument.symbol}")

    def _not_offered(self, series_ids: Iterable[str]) -> dict[str, str]:
        """Why the ids that it does not offer are missing."""
        return {s: f"{self._title} has no series {s}" for s in series_ids if not self.offers_series(s)}
