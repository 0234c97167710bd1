"""Inputs of checks for tests: made by hand, or read from the real history."""

import contextlib
import csv
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from rotation_tui.checks import evaluate as judging
from rotation_tui.checks.base import Check, CheckKind, Inputs, Origin
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.inputs import SeriesId
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.reading import GroupReading, Reading
from rotation_tui.domain.series import TimeSpan
from rotation_tui.domain.session import nyse
from rotation_tui.evidence.evidence import Evidence
from rotation_tui.evidence.line import Line, NotKnown
from tests import shared_material

FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
YEAR_END = date(2025, 12, 31)
K = TypeVar("K")
V = TypeVar("V")
E = TypeVar("E", bound=Evidence)


def inputs(
    bars: Sequence[Bars] = (), observations: Sequence[Observations] = (), as_of: date = YEAR_END, **more: Any
) -> Inputs:
    """Inputs of the given bars and observations."""
    return Inputs(
        bars={(b.symbol, b.basis): b for b in bars},
        observations={o.series_id: o for o in observations},
        calendar=nyse(),
        as_of=as_of,
        **more,
    )


def observed(series_id: str, values: Mapping[date, float]) -> Observations:
    """A series of observations."""
    return Observations(series_id, tuple(values), tuple(values.values()), "test", FETCHED)


def closes(symbol: str, values: Sequence[float], basis: Basis = Basis.TOTAL, last: date = YEAR_END) -> Bars:
    """Bars on the sessions that end with `last`."""
    calendar = nyse()
    days = calendar.sessions(calendar.offset(last, 1 - len(values)), last)
    return Bars(symbol, basis, days, tuple(values), "test", FETCHED)


def daily(values: Sequence[float], last: date = YEAR_END) -> dict[date, float]:
    """Values on the calendar days that end with `last`."""
    return {last - timedelta(days=len(values) - 1 - n): value for n, value in enumerate(values)}


def steady(value: float, *, rows: int = 3, note: str = "") -> Line:
    """A line that stands at one value and is fresh at the end of 2025."""
    days = nyse().sessions(date(2025, 12, 1), YEAR_END)[-rows:]
    return Line(days, (value,) * len(days), ("test",), TimeSpan(2, "sessions"), note)


def a_check(**changes: Any) -> Check:
    """A numeric check of the first group that stands at 1.0."""
    given: dict[str, Any] = {
        "id": "E9", "title": "Example", "inputs": (SeriesId("UNRATE"),), "formula": "as given", "unit": "pp",
        "series": lambda _: steady(1.0), "why": lambda value, _: f"at {value:g}", "watch": 2.0, "alert": 3.0,
        "origin": Origin.HOUSE, "reference": "", "kind": CheckKind.NUMERIC,
    }  # fmt: skip
    return Check(**(given | changes))


def read(check: Check, given: Inputs, changed: tuple[float, float] | None = None) -> Reading:
    """The reading of a check without its past."""
    return judging.read(check, given, changed).reading


def evaluate(given: Inputs, skip: Collection[str] = ()) -> tuple[GroupReading, ...]:
    """The groups of the whole checklist."""
    return judging.evaluate(judging.checks_but(skip), given, {}).groups


def evaluate_checks(
    checks: Sequence[Check], given: Inputs, thresholds: Mapping[str, tuple[float, float]]
) -> tuple[GroupReading, ...]:
    """The groups of these checks."""
    return judging.evaluate(checks, given, thresholds).groups


class Asked(dict[K, V]):
    """What is known, and what of it was asked for."""

    def __init__(self, known: Mapping[K, V]) -> None:
        super().__init__(known)
        self.asked: set[K] = set()

    def __getitem__(self, key: K) -> V:
        self.asked.add(key)
        return super().__getitem__(key)

    def get(self, key: K, default: Any = None) -> Any:
        """As a dictionary does."""
        self.asked.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.asked.add(key)  # type: ignore[arg-type]
        return super().__contains__(key)


def read_by(what: Callable[[E], object], given: E) -> set[str]:
    """The symbols and series that `what` asks for, whether they are there or not."""
    bars, observations = Asked(given.bars), Asked(given.observations)
    with contextlib.suppress(NotKnown):
        what(replace(given, bars=bars, observations=observations))
    return {symbol for symbol, _ in bars.asked} | observations.asked


@cache
def history(name: str) -> dict[str, dict[date, float]]:
    """A file of the real history: column -> date -> value, blanks left out."""
    with shared_material.path("history", name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    key, *columns = rows[0]
    return {c: {date.fromisoformat(row[key]): float(row[c]) for row in rows if row[c]} for c in columns}


FRED = "fred_2022H2_2025.csv"
TOTAL = "etf_total_return_close_2022H2_2025.csv"
INDEX = "index_close_2005_2025.csv"


@cache
def real(as_of: date = YEAR_END) -> Inputs:
    """Everything that the real history holds."""
    bars = [
        Bars(symbol, Basis.TOTAL, tuple(column), tuple(column.values()), "history", FETCHED)
        for symbol, column in history(TOTAL).items()
    ]
    for symbol, column in history(INDEX).items():
        name = symbol.removesuffix("_px")
        if name not in ("IWM", "SPY"):
            bars.append(Bars(name, Basis.PRICE, tuple(column), tuple(column.values()), "history", FETCHED))
    bars.extend(_with_volume(symbol) for symbol in ("IWM", "SPY"))
    series = [observed(series_id, column) for series_id, column in history(FRED).items()]
    return inputs(bars, series, as_of)


def _with_volume(symbol: str) -> Bars:
    columns = history(f"{symbol}_ohlcv_2022H2_2025.csv")
    closes = columns["Close"]
    return Bars(
        symbol,
        Basis.PRICE,
        tuple(closes),
        tuple(closes.values()),
        "history",
        FETCHED,
        highs=tuple(columns["High"][day] for day in closes),
        lows=tuple(columns["Low"][day] for day in closes),
        volumes=tuple(columns["Volume"].get(day) for day in closes),
    )
