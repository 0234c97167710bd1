"""Prices within sessions, a minute or five each: what one symbol did today, or in five days."""

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from msgspec import Struct

from rotation_tui.domain import refusal
from rotation_tui.domain.bars import Column
from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.packed import pack
from rotation_tui.domain.session import EASTERN, Calendar, CalendarRange, Phase

STEPS = {1: 60, 5: 300}
"""Seconds of a row, by the sessions that are asked for."""


class Glance(Struct, frozen=True):
    """What is asked for: a symbol, and how many sessions back, one of `STEPS`."""

    symbol: str
    days: int

    @property
    def name(self) -> str:
        """What it is called where feeds say what they do not give."""
        return f"minutes of {self.symbol}" + (f" over {self.days} sessions" if self.days > 1 else "")


@dataclass(frozen=True, slots=True)
class Minutes:
    """Last prices of `symbol` in rows of `step_s` seconds, ascending, of one session or of several.

    `times` are epoch seconds of the beginning of each row; a row without a trade is not there. `volumes` have the same
    length or are None. `delay_s` is by how many seconds the source is late. Raises RefusedValueError where times are
    not ascending, lengths differ or a price is not finite and positive.
    """

    symbol: str
    step_s: int
    times: tuple[float, ...]
    closes: tuple[float, ...]
    source: str
    fetched_at: datetime
    delay_s: int = 0
    volumes: Column | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "fetched_at", refusal.utc(f"{self.symbol} fetched_at", self.fetched_at))
        times, closes = self.times, self.closes
        lengths = {len(times), len(closes), len(closes if self.volumes is None else self.volumes)}
        if len(lengths) > 1:
            raise refusal.RefusedValueError(f"{self.symbol}: columns of {sorted(lengths)} rows")
        if not all(map(operator.lt, times, times[1:])):
            raise refusal.RefusedValueError(f"{self.symbol}: minutes are not ascending")
        if closes and not (min(closes) > 0 and math.isfinite(sum(closes))):
            for close in closes:
                refusal.price(f"{self.symbol} price", close)

    def __len__(self) -> int:
        return len(self.times)


pack(Minutes, "times", "closes", "volumes")

Row = tuple[int, float, float | None]
"""Epoch seconds, price, volume."""


def in_sessions(rows: Iterable[Row], step_s: int, days: int, calendar: Calendar, now: datetime) -> list[Row]:
    """Rows on the grid of `step_s` seconds, of the newest `days` sessions, without those outside their hours.

    The row that is still being made may be stamped with its last trade, so it may stand beside its own beginning.
    Raises RefusedValueError for a row of the future or of a day without a session, for rows out of order, and for two
    prices of one finished row.
    """
    by_time: dict[int, Row] = {}
    newest, latest = 0, (now + CLOCK_SLACK).timestamp()
    hours = Hours(calendar)
    for at, price, volume in rows:
        begin = at - at % step_s
        if at > latest:
            raise refusal.RefusedValueError(f"a price of {_told(at)} is in the future")
        if at < newest:
            raise refusal.RefusedValueError("minutes are not in order")
        newest = at
        if hours.session_at(begin) is None:
            continue
        known = by_time.get(begin)
        if known is not None and at % step_s == 0 and known[1] != price:
            raise refusal.RefusedValueError(f"two prices of {_told(at)}")
        by_time[begin] = (begin, price, volume)
    found = list(by_time.values())
    sessions = sorted({hours.session_at(row[0]) or date.min for row in found})[-days:]
    return [row for row in found if hours.session_at(row[0]) in sessions]


def _told(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"


class _Day(Struct, frozen=True):
    """A session from midnight to midnight in New York, epoch seconds, and where its phases end."""

    begins: float
    session: date
    phases: tuple[tuple[float, Phase], ...]


class Hours:
    """Which session and phase a moment lies in, told quickly for many moments of few days.

    Moments are epoch seconds; RefusedValueError for one of a day without a session.
    """

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._known: _Day | None = None

    def session_at(self, at: float) -> date | None:
        """The session whose hours the moment lies in, those before its open and after its close among them."""
        return self._day(at).session if self.phase_at(at) is not Phase.CLOSED else None

    def phase_at(self, at: float) -> Phase:
        return next((phase for end, phase in self._day(at).phases if at < end), Phase.CLOSED)

    def _day(self, at: float) -> _Day:
        if self._known is None or not self._known.begins <= at < self._known.begins + 86_400:
            self._known = self._looked_up(at)
        return self._known

    def _looked_up(self, at: float) -> _Day:
        midnight = datetime.fromtimestamp(at, EASTERN).replace(hour=0, minute=0, second=0, microsecond=0)
        try:
            if not self._calendar.is_session(midnight.date()):
                raise refusal.RefusedValueError(f"a price of {midnight.date()}, which is no session")
        except CalendarRange as fault:
            raise refusal.RefusedValueError(str(fault)) from None
        ends: list[tuple[float, Phase]] = []
        moment = midnight.astimezone(UTC)
        while not ends or ends[-1][1] is not Phase.POST:
            state = self._calendar.state(moment)
            ends.append((state.next_change.timestamp(), state.phase))
            moment = state.next_change
        return _Day(midnight.timestamp(), midnight.date(), tuple(ends))
