"""Histories and prices as a message has them: what has changed since the message before, and no more."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from rotation_tui.domain.bars import Bars, Basis, Split
from rotation_tui.domain.feed import FeedHealth
from rotation_tui.domain.minutes import Glance, Minutes
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.packed import Numbers, kept
from rotation_tui.tape.columns import (
    Squeezed,
    Steps,
    squeezed,
    stepped,
    unsqueezed,
    unstepped,
)

_EPOCH, _MICRO = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_BAR_COLUMNS = ("closes", "opens", "highs", "lows", "volumes")


class Unfounded(ValueError):
    """A change of something that is not there, because a message before it has been lost."""


def micros(at: datetime) -> int:
    """A time in whole microseconds since 1970."""
    return (at - _EPOCH) // _MICRO


def time_of(told: int) -> datetime:
    """That time again; ValueError beyond all years."""
    try:
        return _EPOCH + told * _MICRO
    except OverflowError:
        raise ValueError(f"{told} microseconds are beyond all years") from None


class Rows(Struct, frozen=True, array_like=True):
    """Rows of a history behind the first `kept` ones, which are as they were; `days` are ordinals of all the others.

    `last` is the day of the last row that is kept, 0 for none: where another one stands there, rows have been lost.
    """

    kept: int
    last: int
    rows: int
    days: Steps
    columns: Mapping[str, Squeezed]


class TapedBars(Struct, frozen=True, omit_defaults=True):
    """Bars of one symbol and basis."""

    symbol: str
    basis: Basis
    rows: Rows
    source: str
    fetched_at: datetime
    splits: tuple[Split, ...] = ()
    last_print: datetime | None = None
    outline: bool = False


class TapedSeries(Struct, frozen=True, omit_defaults=True):
    """Observations of one series."""

    series_id: str
    rows: Rows
    source: str
    fetched_at: datetime
    complete_since: date | None = None


class TapedMinutes(Struct, frozen=True, omit_defaults=True):
    """Prices within sessions; without `times` they are as they were."""

    glance: Glance
    step_s: int = 0
    source: str = ""
    fetched_at: datetime | None = None
    delay_s: int = 0
    rows: int = 0
    times: Squeezed | None = None
    closes: Squeezed | None = None
    volumes: Squeezed | None = None


class FeedMoved(Struct, frozen=True, array_like=True, tag=True):
    """A feed that answered again: its place, when (from the time of the message), and requests of the last hour."""

    place: int
    success: int | None
    requests: int


class FeedTold(Struct, frozen=True, array_like=True, tag=True):
    """A feed as a whole: a new one, or in another state."""

    place: int
    health: FeedHealth


FeedChange = FeedMoved | FeedTold


def feeds_between(before: Sequence[FeedHealth], after: Sequence[FeedHealth], at: int) -> tuple[FeedChange, ...]:
    changes: list[FeedChange] = []
    for place, feed in enumerate(after):
        was = before[place] if place < len(before) else None
        if was is not None and was == replace(
            feed, last_success=was.last_success, requests_last_hour=was.requests_last_hour
        ):
            if was != feed:
                success = None if feed.last_success is None else micros(feed.last_success) - at
                changes.append(FeedMoved(place, success, feed.requests_last_hour))
        else:
            changes.append(FeedTold(place, feed))
    return tuple(changes)


def feeds_after(before: Sequence[FeedHealth], changes: Iterable[FeedChange], at: int) -> tuple[FeedHealth, ...]:
    feeds = list(before)
    for change in changes:
        if not 0 <= change.place <= len(feeds) or (isinstance(change, FeedMoved) and change.place == len(feeds)):
            raise Unfounded("a feed follows one that is lost")
        if isinstance(change, FeedTold):
            feeds[change.place : change.place + 1] = [change.health]
            continue
        success = None if change.success is None else time_of(at + change.success)
        was = feeds[change.place]
        feeds[change.place] = replace(was, last_success=success, requests_last_hour=change.requests)
    return tuple(feeds)


def taped_bars(bars: Bars, before: Bars | None) -> TapedBars:
    return TapedBars(
        bars.symbol, bars.basis, _rows(bars, before, _BAR_COLUMNS), bars.source, bars.fetched_at, bars.splits,
        bars.last_print, bars.outline,
    )  # fmt: skip


def bars_of(told: TapedBars, before: Bars | None) -> Bars:
    """The bars; Unfounded where rows that they go on from are not there."""
    days, columns = _read(told.rows, before, _BAR_COLUMNS, f"the history of {told.symbol}")
    return Bars(
        symbol=told.symbol, basis=told.basis, dates=days, source=told.source, fetched_at=told.fetched_at,
        splits=told.splits, last_print=told.last_print, outline=told.outline, **columns,
    )  # fmt: skip


def taped_series(series: Observations, before: Observations | None) -> TapedSeries:
    rows = _rows(series, before, ("values",))
    return TapedSeries(series.series_id, rows, series.source, series.fetched_at, series.complete_since)


def series_of(told: TapedSeries, before: Observations | None) -> Observations:
    """The series; Unfounded where rows that it goes on from are not there."""
    days, columns = _read(told.rows, before, ("values",), told.series_id)
    return Observations(
        series_id=told.series_id, dates=days, source=told.source, fetched_at=told.fetched_at,
        complete_since=told.complete_since, **columns,
    )  # fmt: skip


def taped_minutes(glance: Glance, minutes: Minutes, before: Minutes | None) -> TapedMinutes:
    if minutes is before:
        return TapedMinutes(glance)
    times, closes, volumes = (_squeezed(minutes, name) for name in ("times", "closes", "volumes"))
    return TapedMinutes(
        glance, minutes.step_s, minutes.source, minutes.fetched_at, minutes.delay_s, len(minutes), times, closes,
        volumes,
    )  # fmt: skip


def minutes_of(told: TapedMinutes, before: Minutes | None) -> Minutes:
    """The minutes; Unfounded where they are said to be as they were, and were not."""
    if told.times is None or told.closes is None or told.fetched_at is None:
        if before is None:
            raise Unfounded(f"{told.glance.name} were told in a message that is lost")
        return before
    columns: dict[str, Any] = {
        name: None if column is None else unsqueezed(column, told.rows)
        for name, column in (("times", told.times), ("closes", told.closes), ("volumes", told.volumes))
    }
    return Minutes(
        symbol=told.glance.symbol, step_s=told.step_s, source=told.source, fetched_at=told.fetched_at,
        delay_s=told.delay_s, **columns,
    )  # fmt: skip


def _rows(after: Bars | Observations, before: Bars | Observations | None, names: Sequence[str]) -> Rows:
    """The rows from the first one on that differs in anything."""
    columns = _unpacked(after, names)
    same = 0 if before is None else _alike(after, before, columns, names)
    days = [day.toordinal() for day in after.dates[same:]]
    return Rows(
        same,
        after.dates[same - 1].toordinal() if same else 0,
        len(days),
        stepped(days),
        {name: squeezed(column.part(slice(same, None))) for name, column in columns.items()},
    )


def _alike(
    after: Bars | Observations, before: Bars | Observations, columns: Mapping[str, Numbers], names: Sequence[str]
) -> int:
    """How many rows from the first on are the same."""
    others = _unpacked(before, names)
    if others.keys() != columns.keys():
        return 0
    rows = min(len(after.dates), len(before.dates))
    for name, column in columns.items():
        one, other = memoryview(column.numbers).cast("B"), memoryview(others[name].numbers).cast("B")
        rows = _first_other(one, other, rows)
    if after.dates[:rows] != before.dates[:rows]:
        rows = next(row for row in range(rows) if after.dates[row] != before.dates[row])
    return rows


def _unpacked(of: Bars | Observations, names: Sequence[str]) -> dict[str, Numbers]:
    """The columns that it has, as doubles: they are kept in whatever way suits all of them."""
    columns: dict[str, Numbers | None] = {name: kept(of, name) for name in names}
    return {name: Numbers(c.unpacked(), c.has_gaps) for name, c in columns.items() if c is not None}


def _first_other(one: memoryview, other: memoryview, rows: int) -> int:
    """The first of so many rows of eight bytes that differs; halving, for a comparison costs next to nothing."""
    if one[: 8 * rows] == other[: 8 * rows]:
        return rows
    low, high = 0, rows
    while high - low > 1:
        middle = (low + high) // 2
        if one[: 8 * middle] == other[: 8 * middle]:
            low = middle
        else:
            high = middle
    return low


def _read(
    rows: Rows, before: Bars | Observations | None, names: Sequence[str], what: str
) -> tuple[tuple[date, ...], dict[str, Any]]:
    days = tuple(date.fromordinal(day) for day in unstepped(rows.days, rows.rows))
    told: dict[str, Any] = {name: unsqueezed(column, rows.rows) for name, column in rows.columns.items()}
    if not set(told) <= set(names):
        raise ValueError(f"{what} has columns that nobody knows")
    if not rows.kept:
        return days, told
    dates = () if before is None else before.dates[: rows.kept]
    if len(dates) != rows.kept or dates[-1].toordinal() != rows.last:
        raise Unfounded(f"{what} goes on from rows that are lost")
    for name, column in told.items():
        was: Numbers | None = kept(before, name)
        if was is None:
            raise Unfounded(f"{what} goes on from rows that are lost")
        told[name] = Numbers(was.unpacked()[: rows.kept] + column.numbers, was.has_gaps or column.has_gaps)
    return dates + days, told


def _squeezed(owner: object, name: str) -> Squeezed | None:
    column: Numbers | None = kept(owner, name)
    return None if column is None else squeezed(column)


class Missed(Struct, frozen=True, omit_defaults=True):
    """Symbols that are refused or not to be had, with reasons."""

    quarantined: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
