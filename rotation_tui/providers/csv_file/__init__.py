"""Closes or observations from a CSV file on this computer, written in whatever way people write them."""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from stat import S_ISREG

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.date_order import date_order
from rotation_tui.domain.instrument import Instrument, canonical
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.series import SERIES
from rotation_tui.domain.session import EASTERN, CalendarRange, nyse
from rotation_tui.providers.aside import Aside
from rotation_tui.providers.base import (
    BadReply,
    Examined,
    Misconfigured,
    ProviderPart,
    QuoteReply,
    SeriesReply,
    Surroundings,
    UnknownSymbol,
    Unreachable,
)
from rotation_tui.providers.csv_file.own import OwnTable, Spelling, read_own
from rotation_tui.providers.csv_file.shape import fold
from rotation_tui.providers.csv_file.text import MOST_BYTES, too_large
from rotation_tui.providers.csv_table import DatedValues, Table

_KINDS = ("close", "adjusted_close", "observation")
_SPELLED = {"tab": "\t", "space": " ", "\\t": "\t"}
_FIRST_LOOK_S = 1.0  # the start waits for it
_QUICK_BYTES = 2 * 1024 * 1024  # read within the first look, a tenth of a second
_PATIENCE_S = 10.0
_MOST_TITLES = 12


class CsvFile:
    """A file in service: read again when it changed, parsed once for all who ask.

    What it offers is looked up once, and known anew with every reading and when more is followed. The last close at
    or before "now" stands in for the quote, so that a board of any past day can be had from the file alone. Nothing
    later than "now" is given.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        options = surroundings.options
        path = options.get("path")
        base = Path(options.get("base_folder") or Path.cwd())
        self._path = base / Path(path).expanduser() if path else None
        self._kind: str = options.get("kind") or "close"
        self._ids = surroundings.universe_ids
        self._options = options
        self._source: str = options.get("name") or f"csv_file {self._path.name if self._path else ''}".strip()
        self._reading = asyncio.Lock()
        self._aside = Aside()
        self._own: tuple[tuple[int, int], OwnTable] | None = None
        self._looked = False
        self._names: frozenset[str] | None = None
        self._named_for = self._read_for = self._ids()

    def offers_quotes(self, instrument: Instrument) -> bool:
        """Whether the file has a column of closes for it."""
        return self._kind == "close" and self._offers(instrument.symbol)

    def offers_bars(self, instrument: Instrument) -> bool:
        """Whether the file has a column of closes for it, adjusted for dividends or not."""
        return self._kind in ("close", "adjusted_close") and self._offers(instrument.symbol)

    def offers_series(self, series_id: str) -> bool:
        """Whether the file has a column of observations for it."""
        return self._kind == "observation" and self._offers(series_id.upper())

    def requests_last_hour(self) -> int:
        """None are made."""
        return 0

    async def close(self) -> None:
        """Nothing is held open."""

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        """The last close of each as a quote, stamped with the close of its session."""
        table = await self._read()
        quotes: list[Quote] = []
        missing: dict[str, str] = {}
        for instrument in instruments:
            try:
                column = self._pick(table, instrument.symbol, _last_session(now))
            except (BadReply, UnknownSymbol) as fault:
                missing[instrument.symbol] = str(fault)
                continue
            quotes.append(self._quote(instrument.symbol, column))
        return QuoteReply(tuple(quotes), missing)

    async def bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:
        """All completed closes from `since`."""
        column = self._pick(await self._read(), instrument.symbol, _last_session(now))
        basis = Basis.TOTAL if self._kind == "adjusted_close" else Basis.PRICE
        bars = Bars(instrument.symbol, basis, column.dates, column.values, self._source, now)
        return (bars if since is None else bars.since(since),)

    async def series(self, series_ids: Sequence[str], since: date | None, now: datetime) -> SeriesReply:
        """Observations from `since` to the day of `now` in New York."""
        table = await self._read()
        today = now.astimezone(EASTERN).date()
        given: list[Observations] = []
        missing: dict[str, str] = {}
        for series_id in series_ids:
            try:
                column = self._pick(table, series_id.upper(), today)
            except (BadReply, UnknownSymbol) as fault:
                missing[series_id] = str(fault)
                continue
            start = 0 if since is None else bisect_left(column.dates, since)
            given.append(Observations(series_id, column.dates[start:], column.values[start:], self._source, now))
        return SeriesReply(tuple(given), missing)

    def _quote(self, symbol: str, column: DatedValues) -> Quote:
        session = column.dates[-1]
        before = len(column.dates) > 1
        return Quote(
            symbol,
            column.values[-1],
            nyse().close_at(session),
            session,
            self._source,
            previous_close=column.values[-2] if before else None,
            previous_session=column.dates[-2] if before else None,
        )

    def _pick(self, table: Table, name: str, last: date) -> DatedValues:
        bad, column = table.sound.get(name, (date.min, table.columns.get(name)))
        if name in table.refused and bad <= last:
            raise BadReply(f"{self._path}: {table.refused[name]}")
        if column is None:
            raise UnknownSymbol(f"{self._path} has no column {name}")
        end = bisect_right(column.dates, last)
        if not end:
            raise UnknownSymbol(f"{self._path} has no {name} up to {last}")
        return column if end == len(column.dates) else DatedValues(column.dates[:end], column.values[:end])

    def _spelling(self) -> Spelling:
        separator, dates = self._options.get("separator"), self._options.get("date_format")
        renames: dict[str, str] = self._options.get("columns") or {}
        try:
            return Spelling(
                self._kind,
                _SPELLED.get(separator, separator) if separator else None,
                self._options.get("decimal"),
                date_order(dates) if dates else None,
                {title: self._ids().get(name.upper(), canonical(name)) for title, name in renames.items()},
            )
        except ValueError as fault:
            raise Misconfigured(f"date_format: {fault}") from None

    def _name(self, title: str) -> str | None:
        """What a column is called here, None where nobody asks for it."""
        if self._kind == "observation":
            name = canonical(title)
            return name if name in SERIES else None
        ids = self._ids()
        return (ids.get(title.upper()) or ids.get(canonical(title))) if ids else canonical(title)

    def _offers(self, name: str) -> bool:
        """A file that cannot be read offers everything, so that asking it tells what is wrong."""
        if not self._looked:
            self._looked = True
            with suppress(Misconfigured, BadReply, TimeoutError):
                self._aside.wait(self._look, _FIRST_LOOK_S)
        if self._names is not None and self._own is not None and self._ids() != self._named_for:
            self._named_for = self._ids()
            self._names |= {known for known in map(self._name, self._own[1].titles) if known is not None}
        return self._names is None or name in self._names

    def _look(self) -> None:
        if self._found()[1][1] <= _QUICK_BYTES:
            self._load()

    async def examine(self) -> Examined:
        """What the file gives, for somebody who sets it up; raises what asking it would raise."""
        own = await self._read_own()
        table = own.table
        last = max((column.dates[-1] for column in table.columns.values() if column.dates), default=None)
        problems = tuple(f"{self._path}: {reason}" for reason in table.refused.values())
        return Examined(tuple(table.columns), last, own.understood, problems)

    async def _read(self) -> Table:
        return (await self._read_own()).table

    async def _read_own(self) -> OwnTable:
        async with self._reading:
            try:
                return await self._aside.done(self._load, _PATIENCE_S)
            except TimeoutError:
                raise Unreachable(f"{self._path} cannot be read: the disk gives no answer") from None

    def _load(self) -> OwnTable:
        path, stamp = self._found()
        ids = self._ids()
        if self._own is not None and self._own[0] == stamp and self._read_for == ids:
            return self._own[1]
        if stamp[1] > MOST_BYTES:
            raise BadReply(f"{path} {too_large(stamp[1])}")
        try:
            spelling = self._spelling()
            own = read_own(path.read_bytes(), self._name, spelling)
        except OSError as fault:
            raise Misconfigured(f"{path}: {fault.strerror}") from None
        except BadReply as fault:
            raise BadReply(f"{path}: {fault}") from None
        self._names = None
        self._check_titles(path, own, spelling)
        self._own, self._names = (stamp, own), frozenset(own.table.columns) | own.table.refused.keys()
        self._named_for = self._read_for = ids
        return own

    def _check_titles(self, path: Path, own: OwnTable, spelling: Spelling) -> None:
        there = ", ".join(own.titles[:_MOST_TITLES]) + (", …" if len(own.titles) > _MOST_TITLES else "")
        known = {fold(title) for title in own.every_title}
        if absent := [title for title in spelling.columns if fold(title) not in known]:
            raise Misconfigured(f"{path}: columns renames {', '.join(absent)}, but the file has {there}")
        if own.problem:
            raise Misconfigured(f"{path} {own.problem}; its titles are {there}")
        if not own.table.columns and not own.table.refused:
            what = "a series of the board" if self._kind == "observation" else "a symbol of the board"
            raise Misconfigured(
                f"{path}: none of its titles is {what}: {there}; "
                'columns = { "title" = "SYMBOL" } in the feed says what they stand for'
            )

    def _found(self) -> tuple[Path, tuple[int, int]]:
        """The file, its time of change (ns) and size (bytes); Misconfigured where it is not there."""
        if self._kind not in _KINDS:
            raise Misconfigured(f'kind is "{self._kind}"; it must be one of {", ".join(_KINDS)}')
        if self._path is None:
            raise Misconfigured("csv_file needs path, the file to read")
        try:
            stat = self._path.stat()
        except OSError as fault:
            raise Misconfigured(f"{self._path}: {fault.strerror}") from None
        if not S_ISREG(stat.st_mode):  # a pipe would block the reader for ever
            raise Misconfigured(f"{self._path} is no plain file")
        return self._path, (stat.st_mtime_ns, stat.st_size)


def _last_session(now: datetime) -> date:
    try:
        return nyse().last_completed(now.astimezone(UTC))
    except CalendarRange as fault:
        raise Misconfigured(str(fault)) from None


PROVIDER = ProviderPart("csv_file", None, CsvFile)
