"""What every source of macro series alone has in common: one host that is asked."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from rotation_tui.providers.base import SeriesReply, Surroundings
from rotation_tui.providers.http import Http


class SeriesSource(ABC):
    """The half of a provider that is about its host; `offers_series` and `series` are its own.

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

    @abstractmethod
    async def series(self, series_ids: Sequence[str], since: date | None, now: datetime) -> SeriesReply:
        """Observations of several series from `since` (None: all there is)."""

    def requests_last_hour(self) -> int:
        return self._http.requests_last_hour()

    async def close(self) -> None:
        await self._http.close()

    def _not_offered(self, series_ids: Iterable[str]) -> dict[str, str]:
        """Why the ids that it does not offer are missing."""
        return {s: f"{self._title} has no series {s}" for s in series_ids if not self.offers_series(s)}
