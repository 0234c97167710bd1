"""What goes over the pipes between the monitor and the process of its studies: frozen values, each in a frame."""

import struct
from array import array
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from rotation_tui.domain.bars import COLUMNS, Bars, Basis, Dividend, Split
from rotation_tui.domain.claim import ConsensusEntry
from rotation_tui.domain.filings import Document
from rotation_tui.domain.fundamentals import Fundamentals
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.packed import Numbers, kept
from rotation_tui.domain.positions import PortfolioStudy
from rotation_tui.domain.results import Studies
from rotation_tui.domain.rules import Rules
from rotation_tui.domain.universe import Universe

HEAD = struct.Struct("!I")
"""Length of the frame that follows, in bytes."""
LONGEST = 64 * 1024 * 1024
"""No frame is longer; a length beyond it is no length."""


class PackedColumn(Struct, frozen=True):
    """A packed column as it is kept (`Numbers`), its bytes in the order of this machine."""

    numbers: bytes
    has_gaps: bool
    kind: Literal["d", "f", "i"]
    scale: int


class GivenBars(Struct, frozen=True, tag=True):
    """Bars of one symbol and basis, which stay with the process; `dates` are ordinals, four bytes each."""

    symbol: str
    basis: Basis
    dates: bytes
    columns: Mapping[str, PackedColumn]
    source: str
    fetched_at: datetime
    splits: tuple[Split, ...]
    last_print: datetime | None
    outline: bool
    dividends: tuple[Dividend, ...] = ()


class GivenSeries(Struct, frozen=True, tag=True):
    """Observations of one series, which stay with the process."""

    series_id: str
    dates: bytes
    values: PackedColumn
    source: str
    fetched_at: datetime
    complete_since: date | None


class Ask(Struct, frozen=True, tag=True):
    """A question about what was given, without the histories named in `gone`; what the rest means says `Question`.

    `documents` are where holdings and filings lie, `fundamentals` what was worked out from them before, and `portfolio`
    what was for what is held.
    """

    universe: Universe
    rules: Rules
    now: datetime
    as_of: date | None
    cut_at: date | None
    missing: Mapping[str, str]
    quarantined: Mapping[str, str]
    consensus: tuple[ConsensusEntry, ...]
    skip: frozenset[str]
    gone: tuple[tuple[str, Basis], ...]
    gone_series: tuple[str, ...]
    documents: tuple[Document, ...] = ()
    fundamentals: Fundamentals | None = None
    portfolio: PortfolioStudy | None = None
    told: tuple[Fundamentals | None, ...] = ()


class Ready(Struct, frozen=True, tag=True):
    """The first word of the process: the version of the program that it is of."""

    version: str


class Logged(Struct, frozen=True, tag=True):
    """A line for the monitor's log."""

    logger: str
    level: int
    text: str


class Results(Struct, frozen=True, tag=True):
    """What the question came to."""

    studies: Studies


class Failed(Struct, frozen=True, tag=True):
    """Why the question came to nothing."""

    why: str


Sent = GivenBars | GivenSeries | Ask
Told = Ready | Logged | Results | Failed

ASKED: msgspec.msgpack.Decoder[Sent] = msgspec.msgpack.Decoder(Sent)
TOLD: msgspec.msgpack.Decoder[Told] = msgspec.msgpack.Decoder(Told)
_encoder = msgspec.msgpack.Encoder()


def framed(message: Sent | Told) -> Iterator[bytes]:
    """A message as it is sent."""
    body = _encoder.encode(message)
    yield HEAD.pack(len(body))
    yield body


def packed_bars(bars: Bars) -> GivenBars:
    columns = {name: _column(numbers) for name in COLUMNS if (numbers := kept(bars, name)) is not None}
    return GivenBars(
        bars.symbol, bars.basis, _ordinals(bars.dates), columns, bars.source, bars.fetched_at, bars.splits,
        bars.last_print, bars.outline, bars.dividends,
    )  # fmt: skip


def packed_series(series: Observations) -> GivenSeries:
    return GivenSeries(
        series.series_id, _ordinals(series.dates), _column(kept(series, "values")), series.source,
        series.fetched_at, series.complete_since,
    )  # fmt: skip


class Unpacker:
    """Makes histories of what was sent; equal dates become one object."""

    def __init__(self) -> None:
        self._days: dict[bytes, tuple[date, ...]] = {}

    def bars(self, given: GivenBars) -> Bars:
        columns: dict[str, Any] = {name: _numbers(column) for name, column in given.columns.items()}
        return Bars(
            symbol=given.symbol,
            basis=given.basis,
            dates=self._dates(given.dates),
            source=given.source,
            fetched_at=given.fetched_at,
            splits=given.splits,
            last_print=given.last_print,
            outline=given.outline,
            dividends=given.dividends,
            **columns,
        )

    def series(self, given: GivenSeries) -> Observations:
        values: Any = _numbers(given.values)
        return Observations(
            given.series_id,
            self._dates(given.dates),
            values,
            given.source,
            given.fetched_at,
            given.complete_since,
        )

    def _dates(self, ordinals: bytes) -> tuple[date, ...]:
        known = self._days.get(ordinals)
        if known is None:
            known = self._days[ordinals] = tuple(map(date.fromordinal, array("i", ordinals)))
        return known


def _ordinals(dates: tuple[date, ...]) -> bytes:
    return array("i", map(date.toordinal, dates)).tobytes()


def _column(kept: Numbers) -> PackedColumn:
    return PackedColumn(kept.numbers.tobytes(), kept.has_gaps, kept.numbers.typecode, kept.scale)  # type: ignore[arg-type]


def _numbers(column: PackedColumn) -> Numbers:
    return Numbers(array(column.kind, column.numbers), column.has_gaps, column.scale)
