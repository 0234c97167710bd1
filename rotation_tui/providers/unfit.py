"""A source that cannot be put to work: whatever it is asked, it says why."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NoReturn

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.instrument import Instrument
from rotation_tui.providers.base import Misconfigured, QuoteReply, SeriesReply


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
