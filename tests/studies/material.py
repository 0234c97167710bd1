"""Bars, golden cases and real history for the tests of the studies."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache

from rotation_tui.domain.bars import Bars, Basis, Column
from rotation_tui.domain.session import nyse
from tests import shared_material

NYSE = nyse()
FETCHED = datetime(2026, 11, 23, 1, tzinfo=UTC)
SMALL_DIGITS = 1e-8


def bars(
    closes: Mapping[str, float] | Mapping[date, float],
    symbol: str = "TEST",
    basis: Basis = Basis.PRICE,
    volumes: Column | None = None,
    highs: Column | None = None,
) -> Bars:
    """Bars from dated closes."""
    days = tuple(day if isinstance(day, date) else date.fromisoformat(day) for day in closes)
    values = tuple(float(close) for close in closes.values())
    return Bars(symbol, basis, days, values, "test", FETCHED, highs=highs, volumes=volumes)


def on_sessions(values: Sequence[float], last: date = date(2025, 12, 31), symbol: str = "TEST") -> Bars:
    """Bars with these closes on the sessions up to and including `last`."""
    days = NYSE.sessions(NYSE.offset(last, 1 - len(values)), last)
    return bars(dict(zip(days, values, strict=True)), symbol)


@cache
def history(column: str, file: str = "index_close_2005_2025.csv", basis: Basis = Basis.PRICE) -> Bars:
    """One column of the real closes; the symbol is the column without its `_px`."""
    closes: dict[date, float] = {}
    with shared_material.path("history", file).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row[column]:
                closes[date.fromisoformat(row["date"])] = float(row[column])
    return bars(closes, column.removesuffix("_px"), basis)


def total(column: str) -> Bars:
    """Dividend-adjusted closes of one fund."""
    return history(column, "etf_total_return_close_2022H2_2025.csv", Basis.TOTAL)
