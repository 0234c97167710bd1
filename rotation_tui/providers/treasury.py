"""The Treasury's daily par yield curves, nominal and real: a file a year, by the ids under which FRED carries them."""

import asyncio
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from rotation_tui import __version__
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.session import EASTERN, CalendarRange, nyse
from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    ProviderPart,
    SeriesReply,
    Surroundings,
)
from rotation_tui.providers.csv_table import DatedValues, Dates, Table, parse_table
from rotation_tui.providers.decode import american_date, reader
from rotation_tui.providers.rounds import in_turn
from rotation_tui.providers.series_source import SeriesSource

NAME = "treasury"
_FILE = "/resource-center/data-chart-center/interest-rates/daily-treasury-rates.csv/{year}/all"
_YEARS = 6  # what checks look back at, and little enough to be asked of a stand-in
_DATES = Dates(american_date, "12/31/2025")
_BLANKS = frozenset({"", ".", "N/A"})
_FIRST_ROW_BY = 7  # of January: the first business day is the fourth at the latest
_HALF_A_YIELD = re.compile(rb"-?(?:\d+(?:\.\d?)?)?")  # whole ones have two decimals


class YieldCurve(Struct, frozen=True):
    """One of the curves: its name in a request, its first year, and FRED's ids by upper-case column title."""

    kind: str
    first_year: int
    ids: Mapping[str, str]


PAR = YieldCurve(
    "daily_treasury_yield_curve",
    1990,
    {f"{m} MO": f"DGS{m}MO" for m in (1, 3, 6)} | {f"{y} YR": f"DGS{y}" for y in (1, 2, 3, 5, 7, 10, 20, 30)},
)
REAL = YieldCurve("daily_treasury_real_yield_curve", 2003, {f"{y} YR": f"DFII{y}" for y in (5, 7, 10, 20, 30)})
_CURVES = (PAR, REAL)


@reader
def parse_curve(body: bytes, curve: YieldCurve, year: int) -> Table:
    """The yields of a year in percent by FRED's ids, columns found by title, whichever a year has.

    Rows come newest first and often without a line end after the last, so what is cut off shows by a first
    row that is not of early January, or half a number. BadReply then, and where rows are of another year.
    """
    last = body.rsplit(b",", 1)[-1]
    if _HALF_A_YIELD.fullmatch(last):
        raise BadReply("the table is cut off")
    table = parse_table(
        body, lambda title: curve.ids.get(" ".join(title.upper().split())), prices=False, dates=_DATES, blanks=_BLANKS
    )
    if not table.columns and not table.refused:
        raise BadReply("the table has no column of the curve")
    spans = [(column.dates[0], column.dates[-1]) for column in table.columns.values() if column.dates]
    if not spans and not table.refused:
        raise BadReply(f"the table of {year} has no yield")
    if any(day.year != year for span in spans for day in span):
        raise BadReply(f"the table is not of {year}")
    if spans and min(start for start, _ in spans) > date(year, 1, _FIRST_ROW_BY):
        raise BadReply("the table is cut off")
    return table


class Treasury(SeriesSource):
    """The curves as a source: one request a curve and year, and none for a past year that it has had."""

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(NAME, "the Treasury", "text/csv", surroundings)
        self._past: dict[tuple[str, int], Table] = {}

    def offers_series(self, series_id: str) -> bool:
        """Yields at constant maturity that the curves have, real ones included."""
        return any(series_id in curve.ids.values() for curve in _CURVES)

    async def series(self, series_ids: Sequence[str], since: date | None, now: datetime) -> SeriesReply:
        """Yields from `since` (None: of this year and the five before); raises only where nothing was given."""
        missing = self._not_offered(series_ids)
        wanted = [s for s in dict.fromkeys(series_ids) if s not in missing]
        curves = [curve for curve in _CURVES if any(s in curve.ids.values() for s in wanted)]

        def names(curve: YieldCurve) -> list[str]:
            return [s for s in wanted if s in curve.ids.values()]

        async def ask(curve: YieldCurve) -> tuple[list[Observations], dict[str, str]]:
            tables = await self._tables(curve, since, now)
            given: list[Observations] = []
            lacking: dict[str, str] = {}
            for series_id in names(curve):
                try:
                    given.append(_observations(series_id, tables, since, now))
                except BadReply as fault:
                    lacking[series_id] = str(fault)
            return given, lacking

        found, lacking = await in_turn(curves, names, ask)
        return SeriesReply(tuple(found), missing | lacking)

    async def _tables(self, curve: YieldCurve, since: date | None, now: datetime) -> list[Table]:
        """Tables of all years, oldest first; the newest is asked for alone, because a host in trouble is asked once."""
        newest = _newest_year(now.astimezone(EASTERN).date())
        oldest = newest - _YEARS + 1 if since is None else since.year
        newest_table = await self._table(curve, newest, newest)
        years = range(max(oldest, curve.first_year), newest)
        older = await asyncio.gather(*(self._table(curve, year, newest) for year in years), return_exceptions=True)
        tables: list[Table] = []
        for found in older:
            if isinstance(found, BaseException):
                raise found
            tables.append(found)
        return [*tables, newest_table]

    async def _table(self, curve: YieldCurve, year: int, newest: int) -> Table:
        if (had := self._past.get((curve.kind, year))) is not None:
            return had
        query: dict[str, str | int] = {"type": curve.kind, "field_tdr_date_value": year, "page": "", "_format": "csv"}
        body = await self._http.get(_FILE.format(year=year), query)
        table = await asyncio.to_thread(parse_curve, body, curve, year)
        if year < newest:
            self._past[curve.kind, year] = table
        return table


def _newest_year(today: date) -> int:
    """The year whose file has a row: in the first days of January it is still the one before."""
    try:
        begun = nyse().previous(today).year == today.year
    except CalendarRange:
        begun = today - timedelta(days=_FIRST_ROW_BY) >= date(today.year, 1, 1)
    return today.year if begun else today.year - 1


def _observations(series_id: str, tables: Iterable[Table], since: date | None, now: datetime) -> Observations:
    """One series out of the tables of consecutive years; a column is not in years before it was published."""
    dates: list[date] = []
    values: list[float] = []
    for table in tables:
        if series_id in table.refused:
            raise BadReply(table.refused[series_id])
        column = table.columns.get(series_id, DatedValues((), ()))
        start = 0 if since is None else bisect_left(column.dates, since)
        dates += column.dates[start:]
        values += column.values[start:]
    if not dates:
        raise BadReply(f"the Treasury's answer lacks {series_id}")
    try:
        return Observations(series_id, tuple(dates), tuple(values), NAME, now)
    except RefusedValueError as fault:
        raise BadReply(str(fault)) from None


PROVIDER = ProviderPart(
    NAME,
    Endpoint(
        base_url="https://home.treasury.gov",
        user_agent=f"rotation-tui/{__version__}",
        timeout_s=30.0,  # a file that is made anew has taken 17
        max_per_hour=60,
    ),
    Treasury,
    naming="its site may turn away names that are no browser's",
)
