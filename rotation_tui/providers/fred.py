"""Macro series from FRED's public graph tables, without a key."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from rotation_tui.domain.observation import Observations
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.series import SERIES, Frequency
from rotation_tui.domain.session import EASTERN
from rotation_tui.providers import decode
from rotation_tui.providers.base import (
    LIBRARY_NAME,
    BadReply,
    Endpoint,
    ProviderPart,
    SeriesReply,
    Surroundings,
    UnknownSymbol,
)
from rotation_tui.providers.csv_table import parse_table
from rotation_tui.providers.http import LARGE
from rotation_tui.providers.rounds import in_turn
from rotation_tui.providers.series_source import SeriesSource

NAME = "fred"
_TABLE = "/graph/fredgraph.csv"
_MOST_IDS = 10  # beyond about twelve, ids are dropped without a word
_EARLIEST = date(1990, 1, 1)  # larger tables may come as a ZIP archive
_ROLLING = "BAML"  # licensed spreads: FRED gives the last three years only
_ROLLING_SPAN = timedelta(days=3 * 366 + 30)

_Found = tuple[Iterable[Observations], dict[str, str]]


@decode.reader
def parse_observations(body: bytes, series_ids: Sequence[str], now: datetime) -> SeriesReply:
    """The series in a table; ids that are not in it, or hold a cell that is no number, are missing."""
    if not body.endswith(b"\n"):
        raise BadReply("the table is cut off")  # half a number would still be a number
    wanted = frozenset(series_ids)
    table = parse_table(body, lambda title: title if title in wanted else None, prices=False)
    given: list[Observations] = []
    missing: dict[str, str] = {}
    for series_id in series_ids:
        column = table.columns.get(series_id)
        if column is None:
            missing[series_id] = table.refused.get(series_id, f"FRED's answer lacks {series_id}")
            continue
        if not column.dates:
            missing[series_id] = f"FRED has no observation of {series_id} in this span"
            continue
        limited = column.dates[0] if series_id.startswith(_ROLLING) else None
        try:
            given.append(Observations(series_id, column.dates, column.values, NAME, now, limited))
        except RefusedValueError as fault:
            missing[series_id] = str(fault)
    return SeriesReply(tuple(given), missing)


class Fred(SeriesSource):
    """The tables as a source: up to ten series of one frequency in a request.

    Tables of mixed frequency have been averaged to the slowest, so frequencies are asked apart. An id that
    FRED does not know fails its whole table; its ids are then asked one by one, and the unknown one is
    left out from then on.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(NAME, "FRED", "text/csv", surroundings, patient=True)
        self._unknown: set[str] = set()

    def offers_series(self, series_id: str) -> bool:
        """Every id that can be one of FRED's."""
        return series_id.isascii() and series_id.isalnum() and series_id.isupper()

    async def series(self, series_ids: Sequence[str], since: date | None, now: datetime) -> SeriesReply:
        """Observations from `since` (None: from 1990); raises the fault only where nothing was given."""
        missing = {s: f"FRED does not know {s}" for s in series_ids if not self._askable(s)}
        groups = _groups([s for s in series_ids if s not in missing])
        given, lacking = await in_turn(groups, lambda group: group, lambda g: self._ask(g, since or _EARLIEST, now))
        return SeriesReply(tuple(given), missing | lacking)

    def _askable(self, series_id: str) -> bool:
        return self.offers_series(series_id) and series_id not in self._unknown

    async def _ask(self, group: Sequence[str], since: date, now: datetime) -> _Found:
        try:
            return await self._table(group, since, now)
        except UnknownSymbol:
            if len(group) == 1:
                return (), {group[0]: f"FRED does not know {group[0]}"}
        unknown: set[str] = set()

        async def alone(series_id: str) -> _Found:
            try:
                return await self._table([series_id], since, now)
            except UnknownSymbol:
                unknown.add(series_id)
                return (), {}

        given, missing = await in_turn(group, lambda series_id: [series_id], alone)
        if given:  # else the whole table may have moved, and nothing is learned about an id
            self._unknown |= unknown
        return given, missing | {s: f"FRED does not know {s}" for s in unknown}

    async def _table(self, group: Sequence[str], since: date, now: datetime) -> _Found:
        today = now.astimezone(EASTERN).date()
        if any(series_id.startswith(_ROLLING) for series_id in group):
            since = min(since, today - _ROLLING_SPAN)  # else the first date would not tell the limit
        span = {"cosd": since.isoformat(), "coed": today.isoformat()}
        body = await self._http.get(_TABLE, {"id": ",".join(group), **span}, most=LARGE)
        reply = await asyncio.to_thread(parse_observations, body, group, now)
        return reply.series, reply.missing


def _groups(series_ids: Sequence[str]) -> Iterator[list[str]]:
    """Ids of one frequency, at most ten; an id without a known frequency stands alone."""
    by_frequency: dict[Frequency, list[str]] = {}
    for series_id in dict.fromkeys(series_ids):
        known = SERIES.get(series_id)
        if known is None:
            yield [series_id]
        else:
            by_frequency.setdefault(known.frequency, []).append(series_id)
    for group in by_frequency.values():
        remaining = iter(group)
        while some := list(islice(remaining, _MOST_IDS)):
            yield some


PROVIDER = ProviderPart(
    NAME,
    Endpoint(
        base_url="https://fred.stlouisfed.org",
        # A browser's name, sent by what is none, and a name without a contact are often left without an answer.
        user_agent=LIBRARY_NAME,
        timeout_s=25.0,
        max_per_hour=120,
    ),
    Fred,
    terms="FRED: some series (ICE BofA spreads, S&P 500) belong to others and are for personal use only.",
    naming="it often leaves names without an answer that say no contact: contact in [providers.fred] adds yours",
)
