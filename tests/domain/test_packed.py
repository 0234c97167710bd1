"""Columns are kept small and told as they were."""

import copy
import math
import pickle
import struct
import sys
from array import array
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.packed import WithGaps, kept, packed, part
from rotation_tui.domain.reading import Trail

NOW = datetime(2026, 1, 5, tzinfo=UTC)
PRICES = st.floats(0.01, 1e6)
GAPPED = st.one_of(st.none(), st.floats(-1e12, 1e12), st.integers(0, 2**50))


def made(closes: tuple[float, ...], volumes: tuple[float | None, ...] | None) -> Bars:
    dates = tuple(date(2000, 1, 1) + timedelta(days=n) for n in range(len(closes)))
    return Bars("IWM", Basis.PRICE, dates, closes, "test", NOW, volumes=volumes)


@given(st.lists(st.tuples(PRICES, GAPPED), max_size=30))
def test_what_is_put_in_comes_out(rows: list[tuple[float, float | None]]) -> None:
    closes, volumes = tuple(r[0] for r in rows), tuple(r[1] for r in rows)
    bars = made(closes, volumes)
    assert bars.closes == closes
    assert bars.volumes == volumes
    assert bars.highs is None
    assert bars == made(closes, volumes)
    assert replace(bars, symbol="SPY").closes == closes
    assert copy.copy(bars) == bars
    assert pickle.loads(pickle.dumps(bars)) == bars
    assert msgspec.json.decode(msgspec.json.encode(bars), type=Bars) == bars


def as_float(number: float) -> float:
    """The number as a source tells it that keeps floats of four bytes."""
    return float(struct.unpack("f", struct.pack("f", number))[0])


TOLD: dict[str, tuple[Callable[[int], float], int]] = {
    "in cents": (lambda n: round(100 + n / 7, 2), 4),
    "in hundredths of cents": (lambda n: round(7 + n / 7e3, 4), 4),
    "as floats": (lambda n: as_float(100 + n / 7), 4),
    "as counts": (lambda n: 1_000_003 * (n % 2000), 4),
    "as counts beyond what four bytes hold": (lambda n: 5_000_000_001 + n, 8),
    "to the last digit": (lambda n: 100 + n / 7, 8),
    "with one number that is not like the others": (lambda n: 100.25 if n != 2345 else 100 + 1 / 7, 8),
    "with a zero below zero": (lambda n: float(n) if n != 2345 else -0.0, 4),  # which a float can be
    "in cents, and a zero below zero": (lambda n: round(n / 7, 2) if n != 2345 else -0.0, 8),
}


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("told", TOLD)
def test_a_history_takes_four_bytes_a_number_where_they_hold_it_to_the_bit(told: str, gaps: bool) -> None:
    number, size = TOLD[told]
    column = tuple(None if gaps and n % 50 == 7 else number(n) for n in range(5000))
    bars = made((1.0,) * len(column), column)
    assert [repr(v if v is None else float(v)) for v in bars.volumes or ()] == [
        repr(v if v is None else float(v)) for v in column
    ]
    rows = slice(2300, 2400, 3)
    assert part(bars, "volumes", rows) == column[rows]
    assert sys.getsizeof(kept(bars, "volumes").numbers) < (size + 0.3) * len(column)
    if not gaps:
        series = Observations("DGS10", bars.dates, column, "test", NOW)  # type: ignore[arg-type]
        assert series.values == column
        assert sys.getsizeof(kept(series, "values").numbers) < (size + 0.2) * len(column)


@given(st.lists(st.one_of(st.floats(-1e5, 1e5).map(lambda n: round(n, 2)), st.none()), min_size=8, max_size=40))
def test_columns_of_cents_come_back_to_the_bit(column: list[float | None]) -> None:
    bars = made((1.0,) * len(column), tuple(column))
    assert list(map(repr, bars.volumes or ())) == list(map(repr, column))


@given(st.lists(st.one_of(st.floats(width=32, allow_nan=False), st.floats(allow_nan=False)), min_size=8, max_size=40))
def test_columns_of_any_numbers_come_back_to_the_bit(column: list[float]) -> None:
    assert list(map(repr, packed(column).told())) == list(map(repr, column))


@given(st.integers(1, 20).flatmap(lambda n: st.tuples(st.just(n), st.integers(-n, n - 1), st.slices(n))))
def test_a_part_is_what_it_is_of_the_whole(asked: tuple[int, int, slice]) -> None:
    count, row, rows = asked
    bars = made(tuple(100.0 + n for n in range(count)), None)
    assert bars.close(row) == bars.closes[row]
    assert bars.closes_in(rows) == bars.closes[rows]


@given(st.lists(st.tuples(st.dates(), st.floats(-1e6, 1e6)), max_size=20))
def test_a_trail_comes_back_as_it_was(rows: list[tuple[date, float]]) -> None:
    dates, values = tuple(r[0] for r in rows), tuple(r[1] for r in rows)
    trail = Trail(dates, values)
    assert (trail.dates, trail.values) == (dates, values)
    assert trail == Trail(dates, values)
    assert msgspec.json.decode(msgspec.json.encode(trail), type=Trail) == trail
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(trail), type=Trail) == trail


@given(st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), max_size=30), st.slices(30), st.integers(-31, 30))
def test_a_column_with_gaps_reads_as_the_tuple_would(column: list[float | None], rows: slice, at: int) -> None:
    told, read = tuple(column), WithGaps(array("d", [math.nan if n is None else n for n in column]))
    assert len(read) == len(told)
    assert tuple(read) == told
    assert read[rows] == told[rows]
    assert bool(read) is bool(told)
    if -len(told) <= at < len(told):
        assert read[at] == told[at]
    else:
        with pytest.raises(IndexError):
            read[at]
