"""Small values for the tests of the store."""

from datetime import UTC, date, datetime, timedelta

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.quote import Quote

NOON = datetime(2026, 3, 3, 17, tzinfo=UTC)
TODAY = date(2026, 3, 3)


def quote(symbol: str = "IWM", price: float = 250.0, as_of: datetime = NOON, source: str = "yahoo") -> Quote:
    return Quote(symbol, price, as_of, TODAY, source, previous_close=249.0, previous_session=date(2026, 3, 2))


def bars(closes: dict[int, float], symbol: str = "IWM", basis: Basis = Basis.PRICE, source: str = "yahoo") -> Bars:
    """Closes by day of February 2026."""
    days = tuple(date(2026, 2, day) for day in closes)
    return Bars(symbol, basis, days, tuple(closes.values()), source, NOON)


def series(values: dict[int, float], series_id: str = "DGS10", source: str = "fred") -> Observations:
    """Observations by day of February 2026."""
    return Observations(series_id, tuple(date(2026, 2, d) for d in values), tuple(values.values()), source, NOON)


def later(**passed: float) -> datetime:
    return NOON + timedelta(**passed)
