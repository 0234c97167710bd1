"""A price as a source told it, with everything needed to judge it."""

from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import force_setattr

from rotation_tui.domain import refusal
from rotation_tui.domain.session import Phase

LARGEST_FALL = 1.35
"""House default of how far above its price a day's high may stand: a day's move that is believed without a split."""
_LONGEST_DELAY_S = 7 * 86_400

STILL_AFTER = timedelta(minutes=15)
"""Trading time without a new print, beyond the source's own delay, after which prices stand still (house default).

Longer than the first minutes after an open take, and than the shortest halt of the whole market.
"""

TRADED_ALL_DAY = 20e6
"""Dollars a day from which on a fund trades every few minutes (house default); a thinner one proves nothing."""


class Extended(Struct, frozen=True):
    """A price outside regular hours; kept apart from the regular one. `phase` is PRE or POST."""

    price: float
    as_of: datetime
    phase: Phase

    def __post_init__(self) -> None:
        refusal.price("extended price", self.price)
        force_setattr(self, "as_of", refusal.utc("extended time", self.as_of))


class Quote(Struct, frozen=True):
    """The last regular price of a symbol.

    `as_of` is the print's time in UTC, not the time of asking. `session` is the exchange date the price belongs
    to. `previous_close` is the close of `previous_session`; without a known session it is only good for a
    plausibility check. `day_high` is the highest regular price of the session so far. `delay_s` is the source's
    own delay in seconds. `streamed` is whether the source told it by itself, as it happened. When a source last
    answered is not part of a quote (the store keeps it), so that an unchanged answer is an equal value.
    Raises RefusedValueError for prices that are not finite and positive, and a delay of more than a week.
    """

    symbol: str
    price: float
    as_of: datetime
    session: date
    source: str
    delay_s: int = 0
    previous_close: float | None = None
    previous_session: date | None = None
    day_high: float | None = None
    extended: Extended | None = None
    name: str | None = None
    streamed: bool = False

    @property
    def credible_high(self) -> float | None:
        """The day's high, None where it is below the price or too far above it to be one of the same day."""
        high = self.day_high
        return high if high is not None and self.price <= high <= self.price * LARGEST_FALL else None

    def __post_init__(self) -> None:
        refusal.price(f"{self.symbol} price", self.price)
        force_setattr(self, "as_of", refusal.utc(f"{self.symbol} time", self.as_of))
        if not 0 <= self.delay_s <= _LONGEST_DELAY_S:
            raise refusal.RefusedValueError(f"{self.symbol} delay is {self.delay_s} s")
        for field in ("previous_close", "day_high"):
            value = getattr(self, field)
            if value is not None:
                refusal.price(f"{self.symbol} {field}", value)


def trades_all_day(dollars: float | None) -> bool | None:
    """Whether a fund of this turnover, in dollars a day, trades every few minutes; None where it is unknown."""
    return None if dollars is None else dollars >= TRADED_ALL_DAY
