"""The market that all played providers quote: simulated, at one time, so that their numbers agree."""

import asyncio
import threading
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from msgspec.structs import replace

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.session import EASTERN, Calendar, nyse
from rotation_tui.providers.simulated import Simulated, facts
from rotation_tui.providers.simulated.live import LivePrice, live_price
from rotation_tui.providers.simulated.market import FROM_VIX, Market

SYMBOLS = frozenset({*facts.PROFILES, *facts.YEAR_ENDS, *facts.FOLLOWERS, *FROM_VIX})
"""Every symbol of the market, in canonical spelling; nobody knows any other."""

_POST_MARKET = timedelta(hours=4)
_AFTER_HOURS_MOVE = 1.002


class UpstreamMarket:
    """Prices, bars and series at `now()`: the real time and `shift`, or the moment at which the market was held.

    `at` is the time that it is at first; without it there is no shift. `scale` makes live prices move, or lie,
    without touching bars and previous closes. `names` are what Yahoo calls a symbol. May be used from several threads.
    """

    def __init__(self, seed: int = 7, at: datetime | None = None) -> None:
        self.shift = timedelta() if at is None else at - datetime.now(UTC)
        self.calendar: Calendar = nyse()
        self.names: dict[str, str] = {}
        self._source = Simulated(seed, None)
        self._market = Market(seed, self.calendar)
        self._lock = threading.RLock()
        self._held: datetime | None = None
        self._scales: dict[tuple[str, str], float] = {}
        self._live = lru_cache(maxsize=20_000)(self._live_at)

    def now(self) -> datetime:
        """The market's time."""
        return self._held or self.moment()

    def moment(self) -> datetime:
        """The time that passes, also while the market is held."""
        return datetime.now(UTC) + self.shift

    def hold(self, at: datetime | None = None) -> None:
        """Let no price move and no time pass from here on, or as of the moment `at`."""
        self._held = at or self.moment()

    def release(self) -> None:
        """Let the market's time pass again."""
        self._held = None

    def scale(self, symbol: str, factor: float, provider: str = "") -> None:
        """Multiply the last price of a symbol, at one provider or (left out) at all others; 1 undoes it."""
        self._scales[symbol, provider] = factor

    def restore(self) -> None:
        """Undo every scale and name, and let time pass again."""
        self._scales.clear()
        self.names.clear()
        self.release()

    def last(self, symbol: str, delay: timedelta = timedelta(), provider: str = "") -> LivePrice:
        """Last price `delay` ago, with the close before its session."""
        price = self.price_at(symbol, self.now() - delay)
        factor = self._scales.get((symbol, provider), self._scales.get((symbol, ""), 1.0))
        return replace(price, price=round(price.price * factor, 2)) if factor != 1 else price

    def price_at(self, symbol: str, at: datetime) -> LivePrice:
        """The last regular price at a moment, never scaled."""
        with self._lock:
            return self._live(symbol, at)

    def _live_at(self, symbol: str, at: datetime) -> LivePrice:
        return live_price(self._market, symbol, at)

    def after_hours(self, symbol: str) -> list[tuple[datetime, float]]:
        """Prints after the last close so far, every half hour for four hours; none while a session runs."""
        last = self.last(symbol)
        close = self.calendar.close_at(last.session)
        ends = min(self.now(), close + _POST_MARKET - timedelta(seconds=1))
        count = max(0, (ends - close) // timedelta(minutes=30))
        return [
            (close + n * timedelta(minutes=30), round(last.price * _AFTER_HOURS_MOVE, 2)) for n in range(1, count + 1)
        ]

    def bars(self, symbol: str) -> tuple[Bars, ...]:
        """Daily bars of completed sessions: PRICE, and TOTAL for what pays dividends."""
        with self._lock:
            return asyncio.run(self._source.bars(Instrument.of(symbol), None, self.now()))

    def observations(self, series_id: str) -> Observations | None:
        """What is published of a macro series, None where it is not known."""
        with self._lock:
            reply = asyncio.run(self._source.series([series_id], None, self.now()))
        return reply.series[0] if reply.series else None

    def name(self, symbol: str) -> str:
        """What Yahoo calls a symbol."""
        return self.names.get(symbol, f"{symbol} of the test market")

    def today(self) -> date:
        """The date in New York."""
        return self.now().astimezone(EASTERN).date()

    def is_open(self) -> bool:
        """Whether a session is running."""
        today, now = self.today(), self.now()
        if not self.calendar.is_session(today):
            return False
        return self.calendar.open_at(today) <= now < self.calendar.close_at(today)


def is_fund(symbol: str) -> bool:
    """Whether a symbol trades like a share."""
    return Instrument.of(symbol).kind is Kind.ETF
