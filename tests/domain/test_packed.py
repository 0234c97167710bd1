"""Columns are kept small and told as they were."""

import copy
import pickle
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.observation import Observations

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


def test_a_history_takes_eight_bytes_a_number() -> None:
    closes = tuple(100.0 + n / 7 for n in range(5000))
    bars = made(closes, closes)
    kept = [Bars.__dict__[name]._slot.__get__(bars)[0] for name in ("closes", "volumes")]
    assert all(sys.getsizeof(numbers) < 8.2 * len(closes) for numbers in kept)
    series = Observations("DGS10", bars.dates, closes, "test", NOW)
    assert series.values == closes
    assert sys.getsizeof(Observations.__dict__["values"]._slot.__get__(series)[0]) < 8.2 * len(closes)


@given(st.integers(1, 20).flatmap(lambda n: st.tuples(st.just(n), st.integers(-n, n - 1), st.slices(n))))
def test_a_part_is_what_it_is_of_the_whole(asked: tuple[int, int, slice]) -> None:
    count, row, rows = asked
    bars = made(tuple(100.0 + n for n in range(count)), None)
    assert bars.close(row) == bars.closes[row]
    assert bars.closes_in(rows) == bars.closes[rows]
