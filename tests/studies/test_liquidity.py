"""What trading members costs: the worked cases, and a second reckoning in plain Python."""

import math
import struct
from collections.abc import Sequence
from datetime import UTC, date, datetime
from statistics import fmean, median

import numpy as np
import pytest
from msgspec.structs import replace

from rotation_tui.checks.liquidity import price_impacts
from rotation_tui.domain.breadth import LiquidityDay
from rotation_tui.domain.closes import Closes
from rotation_tui.domain.holdings import Holdings, Member
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.session import nyse
from rotation_tui.evidence.members import range_spread
from rotation_tui.studies.breadth import study_breadth
from rotation_tui.studies.liquidity import impacts_of, means_of, squares_of
from tests.golden import golden

NOW = datetime(2026, 11, 27, 23, tzinfo=UTC)
TODAY = date(2026, 11, 27)
ROWS, COUNT = 280, 12
DATES = nyse().sessions(nyse().offset(TODAY, 1 - ROWS), TODAY)
Path = list[float]


def four_bytes(value: float) -> float:
    return float(np.float32(value))


def path(seed: int) -> tuple[Path, Path, Path, Path]:
    """Closes, highs, lows and volumes of a made-up member; every fifth trades little."""
    close = 20.0 + seed
    found: tuple[Path, Path, Path, Path] = ([], [], [], [])
    for n in range(ROWS):
        close *= math.exp(0.015 * math.sin(37.7 * seed + 1.7 * n * n))
        high, low = (math.exp(s * 0.01 * (1 + math.sin(seed + s + 3.1 * n * n))) for s in (1, -1))
        volume = (3e4 if seed % 5 == 2 else 3e5) * (1.5 + math.sin(seed * n))
        for column, value in zip(found, (close, close * high, close * low, volume), strict=True):
            column.append(four_bytes(value))
    return found


PATHS = {f"M{n}": path(n) for n in range(COUNT)}
HELD = Holdings(
    "IWM", DATES[-2], tuple(Member(t, t, "Energy", 12.0 - n) for n, t in enumerate(PATHS)), (), 100.0, "library", NOW
)


def packed(column: int, rows: int = ROWS) -> bytes:
    numbers = [n for columns in PATHS.values() for n in columns[column][-rows:]]
    return struct.pack(f"<{len(numbers)}f", *numbers)


def closes(rows: int = ROWS) -> Closes:
    return Closes("IWM", DATES[-2], 40, DATES[-rows:], tuple(PATHS), packed(0, rows), "library", NOW)


def whole(rows: int = ROWS) -> Closes:
    return replace(closes(rows), highs=packed(1, rows), lows=packed(2, rows), volumes=packed(3, rows))


def days(table: Closes) -> tuple[LiquidityDay, ...]:
    return study_breadth(HELD, table, None, TODAY).liquidity


def rows_of(*columns: Sequence[float | None]) -> "list[np.ndarray[tuple[int, int], np.dtype[np.float64]]]":
    return [np.array([[math.nan if n is None else n for n in column]]) for column in columns]


def test_the_worked_case_of_price_impact() -> None:
    case = golden("L01")
    found = impacts_of(*rows_of(case["input"]["close"], case["input"]["volume"]))
    assert (~np.isnan(found)).sum() == case["output"]["n"]
    assert np.nanmean(found) == pytest.approx(case["output"]["illiq"], rel=1e-8)


def test_of_fewer_than_four_in_five_days_there_is_no_mean() -> None:
    known, unknown = [1.0] * 17 + [math.nan] * 4, [1.0] * 16 + [math.nan] * 5
    assert means_of(np.array([known, unknown]), 21)[:, -1].tolist() == pytest.approx([1.0, math.nan], nan_ok=True)


def test_the_worked_case_of_spreads_that_ranges_imply() -> None:
    case = golden("L06")
    highs, lows, closing = rows_of(*zip(*case["input"], strict=True))
    found = squares_of(closing, highs, lows)[0, 1:]
    assert found.tolist() == pytest.approx(case["output"]["s2"], rel=1e-8)
    assert np.sqrt(np.maximum(found, 0)).mean() == pytest.approx(case["output"]["two_day_corrected"], rel=1e-8)


def test_a_second_reckoning_comes_to_the_same() -> None:
    impacts, spreads = [], []
    for end in range(ROWS - 251, ROWS + 1):
        impacts.append(median(fmean(_known(price_impacts(c[:end], v[:end])[-21:])) for c, _, _, v in PATHS.values()))
        ranges = [
            range_spread(list(zip(h[end - 21 : end], lo[end - 21 : end], c[end - 21 : end], strict=True)))
            for c, h, lo, _ in PATHS.values()
        ]
        spreads.append(100 * median(spread.two_day for spread in ranges if spread is not None))
    weights = {m.ticker: m.weight for m in HELD.members}
    thin = [
        t for t, (c, _, _, v) in PATHS.items() if median(x * y for x, y in zip(c[-21:], v[-21:], strict=True)) < 1e6
    ]
    found = days(whole())
    last = found[-1]
    assert [day.session for day in found] == list(DATES[-5:])
    assert last.impact == pytest.approx(impacts[-1])
    below, same = sum(d < impacts[-1] for d in impacts), sum(d == impacts[-1] for d in impacts)
    assert last.impact_percentile == pytest.approx(100 * (below + same / 2) / 252)
    assert last.spread_pct == pytest.approx(spreads[-1])
    assert last.spread_ratio == pytest.approx(spreads[-1] / median(spreads))
    assert 0 < len(thin) < COUNT
    assert last.thin_pct == pytest.approx(100 * sum(weights[t] for t in thin) / sum(weights.values()))


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def test_without_columns_nothing_is_told_and_each_tells_what_rests_on_it() -> None:
    assert days(closes()) == ()
    traded = days(replace(whole(), highs=b"", lows=b""))[-1]
    assert (traded.spread_pct, traded.spread_ratio) == (None, None)
    assert None not in (traded.impact, traded.thin_pct)
    ranged = days(replace(whole(), volumes=b""))[-1]
    assert (ranged.impact, ranged.impact_percentile, ranged.thin_pct) == (None, None, None)
    assert ranged.spread_ratio is not None


def test_a_past_of_less_than_a_year_has_no_rank_and_no_ratio() -> None:
    (*_, last) = days(whole(60))
    assert (last.impact_percentile, last.spread_ratio) == (None, None)
    assert None not in (last.impact, last.spread_pct, last.thin_pct)


def test_where_half_of_the_sample_is_not_known_nothing_is_told() -> None:
    found = days(replace(whole(), missing={f"X{n}": "not there" for n in range(COUNT + 1)}))
    assert {(day.impact, day.spread_pct, day.thin_pct) for day in found} == {(None, None, None)}


def test_columns_are_as_long_as_the_closes() -> None:
    with pytest.raises(RefusedValueError, match="highs, lows or volumes"):
        replace(whole(), volumes=packed(3)[:-4])
