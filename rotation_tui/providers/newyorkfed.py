"""The New York Fed's daily rates: the Fed's target range, by the ids under which FRED carries it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from rotation_tui import __version__
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.session import EASTERN
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply, Endpoint, ProviderPart, SeriesReply, Surroundings
from rotation_tui.providers.http import LARGE
from rotation_tui.providers.series_source import SeriesSource

NAME = "newyorkfed"
UPPER, LOWER = "DFEDTARU", "DFEDTARL"
_FIRST_RANGE = date(2008, 12, 16)  # a single target before
_AT_LEAST = timedelta(days=14)  # so that an answer without a row is a fault, not a week-end
_SEARCH = "/api/rates/unsecured/effr/search.json"


class _Rate(msgspec.Struct, rename="camel"):
    effective_date: date
    type: str
    target_rate_from: float | None = None
    target_rate_to: float | None = None


class _Rates(msgspec.Struct, rename="camel"):
    ref_rates: list[_Rate]


@decode.reader
def parse_target(body: bytes, now: datetime) -> dict[str, Observations]:
    """Both ends of the target range in percent, by series id.

    Rows of other rates and rows without a range (before 2008-12-16 there was one target) are left out.
    BadReply where no row is left, a range is upside down, or a day has two.
    """
    rows: dict[date, tuple[float, float]] = {}
    for rate in decode.json(body, _Rates).ref_rates:
        if rate.type != "EFFR" or rate.target_rate_from is None or rate.target_rate_to is None:
            continue
        target = (rate.target_rate_from, rate.target_rate_to)
        if target[0] > target[1] or rows.setdefault(rate.effective_date, target) != target:
            raise BadReply(f"the target range of {rate.effective_date} contradicts itself: {target}")
    if not rows:
        raise BadReply("the answer has no target range")
    days = tuple(sorted(rows))
    try:
        return {
            series_id: Observations(series_id, days, tuple(rows[day][end] for day in days), NAME, now)
            for end, series_id in enumerate((LOWER, UPPER))
        }
    except RefusedValueError as fault:
        raise BadReply(str(fault)) from None


class NewYorkFed(SeriesSource):
    """The rates as a source; one request gives both ends of the range."""

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(NAME, "the New York Fed", "application/json", surroundings)

    def offers_series(self, series_id: str) -> bool:
        """The two ends of the Fed's target range."""
        return series_id in (UPPER, LOWER)

    async def series(self, series_ids: Sequence[str], since: date | None, now: datetime) -> SeriesReply:
        """The target range from `since`, two weeks at the least, business days only."""
        missing = self._not_offered(series_ids)
        wanted = [s for s in series_ids if s not in missing]
        if not wanted:
            return SeriesReply((), missing)
        today = now.astimezone(EASTERN).date()
        start = max(_FIRST_RANGE, min(since or _FIRST_RANGE, today - _AT_LEAST))
        span = {"startDate": start.isoformat(), "endDate": today.isoformat()}
        body = await self._http.get(_SEARCH, span, most=LARGE)
        target = await decode.apart(body, lambda: parse_target(body, now))
        return SeriesReply(tuple(target[series_id] for series_id in wanted), missing)


PROVIDER = ProviderPart(
    NAME,
    Endpoint(
        base_url="https://markets.newyorkfed.org",
        user_agent=f"rotation-tui/{__version__}",
        timeout_s=15.0,
        max_per_hour=60,
    ),
    NewYorkFed,
)
