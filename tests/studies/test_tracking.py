"""An index and its fund: when both rows say that they are apart."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.results import Tracking
from rotation_tui.studies.tickers import study_ticker, tracking_pp, with_tracking
from tests.studies.material import NYSE

LAST = date(2026, 6, 26)


def closes(symbol: str, now: float, basis: Basis = Basis.PRICE, last: date = LAST) -> Bars:
    """Thirty closes of 100, the last of which is `now`."""
    days = NYSE.sessions(NYSE.offset(last, -29), last)
    return Bars(symbol, basis, days, (*[100.0] * 29, now), "test", datetime(2026, 6, 27, tzinfo=UTC))


@pytest.mark.parametrize(("fund", "noted"), [(101.49, False), (101.51, True), (100.51, False), (100.49, True)])
def test_both_rows_say_it_beyond_half_a_point(fund: float, noted: bool) -> None:
    bars = {"SPX": closes("SPX", 101.0), "SPY": closes("SPY", fund)}
    studies = with_tracking({s: study_ticker(b, NYSE) for s, b in bars.items()}, bars, NYSE)
    found = {symbol: study.tracking for symbol, study in studies.items()}
    apart = pytest.approx(fund - 101.0)
    expected = {"SPX": Tracking("SPY", pytest.approx(101.0 - fund)), "SPY": Tracking("SPX", apart)}  # type: ignore[arg-type]
    assert found == (expected if noted else dict.fromkeys(bars))


def test_what_cannot_be_compared_is_not() -> None:
    index, fund = closes("RUT", 101.0), closes("IWM", 103.0)
    assert tracking_pp(index, fund, NYSE) == pytest.approx(2.0)
    assert tracking_pp(index, closes("IWM", 103.0, Basis.TOTAL), NYSE) is None
    assert tracking_pp(index, closes("IWM", 103.0, last=NYSE.previous(LAST)), NYSE) is None
    assert tracking_pp(index, replace(fund, dates=(), closes=()), NYSE) is None
    start = fund.dates.index(NYSE.offset(LAST, -21))
    holed = replace(fund, dates=fund.dates[:start] + fund.dates[start + 1 :], closes=fund.closes[1:])
    assert tracking_pp(index, holed, NYSE) is None, "its base is missing"
    short = replace(fund, dates=fund.dates[-21:], closes=fund.closes[-21:])
    assert tracking_pp(index, short, NYSE) is None
