"""The study of a spread: figures of real closes, and what is said where there is no figure."""

from dataclasses import replace
from datetime import date
from math import isnan
from statistics import stdev
from typing import Any

import numpy as np
import pytest
from msgspec.structs import fields

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import Breakout, SpreadStudy, YearExtreme
from rotation_tui.domain.universe import Spread
from rotation_tui.domain.window import Window
from rotation_tui.studies.months import months
from rotation_tui.studies.pair import join
from rotation_tui.studies.returns import spread_pp
from rotation_tui.studies.spreads import study_spread, total_return
from tests.golden import golden
from tests.studies.material import NYSE, bars, history, on_sessions, total

INDEXES = Spread("RUT-SPX", "RUT", "SPX")
MEASURES = (
    *("z", "percentile", "ratio_vs_200d_pct", "drawdown_pct", "correlation", "correlation_63"),
    *("drawdown_252_pct", "drawdown_since_2020_pct", "vol_adjusted"),
    *("beta", "beta_adjusted_pp", "streak", "months_won_of_6", "months_won_of_12"),
)


def study(small: Bars, large: Bars) -> SpreadStudy:
    return study_spread(INDEXES, small, large, NYSE)


def indexes(last: date) -> SpreadStudy:
    return study(history("RUT").until(last), history("SPX").until(last))


def margin(found: SpreadStudy, window: Window) -> float | None:
    both = found.bases[found.last_session][window]
    assert both is not None
    small, large = history(found.small), history(found.large)
    at = small.dates.index(found.last_session)
    return spread_pp(both[0].close, small.closes[at], both[1].close, large.closes[at])


def test_the_indexes_at_the_end_of_2025() -> None:
    found = indexes(date(2025, 12, 31))
    assert margin(found, Window.YTD) == pytest.approx(-5.10, abs=0.005)
    assert margin(found, Window.HALF) == pytest.approx(3.79, abs=0.005)
    assert found.percentile == pytest.approx(72, abs=0.5)
    assert (found.percentile_n, found.percentile_is_record) == (2520, False)
    assert found.ratio == pytest.approx(2481.9 / 6845.5, rel=1e-3)
    assert (found.breakout, found.streak, found.months_won_of_6) == (Breakout.ABOVE, -6, 2)
    assert found.beta == pytest.approx(1.08, abs=0.005)
    assert found.reasons == {}
    assert len(found.spark) == 504
    assert found.rows == 5283


def test_an_outline_gives_what_recent_years_tell_and_nothing_of_all_the_past() -> None:
    last = date(2025, 12, 31)
    legs = [replace(history(s).until(last).since(date(2021, 1, 4)), outline=True) for s in ("RUT", "SPX")]
    found, whole = study(*legs), indexes(last)
    assert found.bases == whole.bases
    assert (found.z, found.ratio_vs_200d_pct) == pytest.approx((whole.z, whole.ratio_vs_200d_pct))
    assert (found.ratio, found.spark) == (whole.ratio, whole.spark)
    assert (found.breakout, found.year_extreme, found.streak) == (whole.breakout, whole.year_extreme, whole.streak)
    assert (found.percentile, found.percentile_windows, found.percentile_is_record, found.drawdown_pct) == (
        *(None, None, False, None),
    )
    for name in ("percentile", "drawdown_pct", "drawdown_since_2020_pct"):
        assert "the whole history" in found.reasons[name]
    assert not any(widest.record for widest in found.widest_since.values())
    one = study(legs[0], history("SPX").until(last))
    assert (one.percentile, one.drawdown_pct) == (None, None)
    drawn, told = (tuple(m for m in s.ratio_mean_line if m is not None) for s in (found, whole))
    assert drawn == pytest.approx(told)
    assert found.margin_pp == pytest.approx(whole.margin_pp)
    assert (found.margin_low_pp, found.margin_high_pp) == (None, None), "no ruler of fewer years than it says"


def test_the_ruler_and_the_base_line_are_of_the_same_closes_as_what_stands_beside_them() -> None:
    found, pair = indexes(date(2025, 12, 31)), join(history("RUT"), history("SPX"))
    spreads = [v for v in pair.spread(126)[-2520:].tolist() if not isnan(v)]
    assert found.margin_pp == pytest.approx(spreads[-1])
    assert (found.margin_low_pp, found.margin_high_pp) == (min(spreads), max(spreads))
    assert found.ratio_mean_200d == pytest.approx(pair.ratio[-200:].mean())
    assert found.ratio_vs_200d_pct == pytest.approx(100 * (pair.ratio[-1] / pair.ratio[-200:].mean() - 1))
    means = [pair.ratio[at - 199 : at + 1].mean() for at in range(len(pair) - 504, len(pair))]
    assert len(found.ratio_mean_line) == 84, "one value to six of the line's closes"
    assert found.ratio_mean_line[-1] == pytest.approx(sum(means[-6:]) / 6)
    assert found.ratio_mean_line[0] == pytest.approx(sum(means[:6]) / 6)
    young = study(*(history(leg).tail(150) for leg in ("RUT", "SPX")))
    assert (young.ratio_mean_200d, young.ratio_mean_line) == (None, ())
    assert young.margin_pp is not None


def test_drawdowns_and_extremes_of_the_ratio() -> None:
    found, pair = indexes(date(2025, 12, 31)), join(history("RUT"), history("SPX"))
    ratio = dict(zip(pair.dates, pair.ratio.tolist(), strict=True))
    since_2020 = max(r for day, r in ratio.items() if day >= date(2020, 1, 1))
    apart = (found.drawdown_pct or 0.0, found.drawdown_since_2020_pct or 0.0, found.drawdown_252_pct or 0.0, 0.0)
    assert sorted(set(apart)) == list(apart), "the longer the history, the higher its highest"
    assert found.drawdown_since_2020_pct == pytest.approx(100 * (pair.ratio[-1] / since_2020 - 1))
    assert found.drawdown_252_pct == pytest.approx(100 * (pair.ratio[-1] / max(pair.ratio[-252:]) - 1))
    assert found.drawdown_pct == pytest.approx(100 * (pair.ratio[-1] / max(pair.ratio) - 1))
    assert found.year_extreme is YearExtreme.INSIDE
    lowest = min(pair.dates[-252:], key=ratio.__getitem__)
    assert indexes(lowest).year_extreme is YearExtreme.LOW
    highest = next(day for day, r in ratio.items() if r == since_2020)
    assert indexes(highest).year_extreme is YearExtreme.HIGH
    assert indexes(highest).drawdown_252_pct == 0


def test_the_margin_in_tracking_volatilities() -> None:
    found, pair = indexes(date(2025, 12, 31)), join(history("RUT"), history("SPX"))
    apart = [a / b - c / d for a, b, c, d in zip(
        pair.small[-252:], pair.small[-253:-1], pair.large[-252:], pair.large[-253:-1], strict=True)]  # fmt: skip
    spread = pair.small[-1] / pair.small[-127] - pair.large[-1] / pair.large[-127]
    assert found.vol_adjusted == pytest.approx(spread / (stdev(apart) * (252 * 126 / 252) ** 0.5))


def test_a_history_that_begins_after_2020_has_no_drawdown_since_then() -> None:
    late = [history(leg).since(date(2022, 7, 1)) for leg in ("RUT", "SPX")]
    found = study(*late)
    assert found.drawdown_since_2020_pct is None
    assert found.reasons["drawdown_since_2020_pct"] == "needs common closes from the start of 2020 on"
    assert found.drawdown_252_pct is not None


@pytest.mark.parametrize("day", [date(2025, 12, 30), date(2020, 3, 23), date(2007, 1, 31)])
def test_a_study_of_the_past_is_the_study_of_that_day(day: date) -> None:
    whole, cut = join(history("RUT"), history("SPX")), indexes(day)
    at = whole.dates.index(day)
    assert cut.last_session == day
    assert cut.ratio == whole.ratio[at]
    assert cut.spark[-1] == cut.ratio
    later = months(whole, NYSE).hits(6)[at]
    assert cut.months_won_of_6 == later


def test_bases_are_common_closes_for_two_sessions() -> None:
    found = indexes(date(2025, 12, 30))
    running = found.bases[date(2025, 12, 31)][Window.D1]
    assert running is not None
    assert {base.session for base in running} == {date(2025, 12, 30)}
    closed = found.bases[date(2025, 12, 30)][Window.D1]
    assert closed is not None
    assert {base.session for base in closed} == {date(2025, 12, 29)}


def test_a_session_that_one_leg_lacks_is_no_session_of_the_pair() -> None:
    days = NYSE.sessions(date(2025, 11, 3), date(2025, 12, 31))
    whole = {day: 100.0 + i for i, day in enumerate(days)}
    holed = {day: close for day, close in whole.items() if day not in (date(2025, 12, 30), days[-1])}
    found = study(bars(whole), bars(holed))
    assert found.last_session == date(2025, 12, 29)
    assert set(found.bases) == {date(2025, 12, 29), date(2025, 12, 30)}
    found = study(bars(whole), bars(holed | {days[-1]: 200.0}))
    assert found.bases[days[-1]][Window.D1] is None
    assert found.reasons["1D"] == "no common close of 2025-12-30"
    assert found.streak == 0  # of the days that are known


@pytest.mark.parametrize("symbols", [("RUT", "VIX"), ("VIX", "RUT"), ("IWM", "RVX")])
def test_volatility_is_no_leg_beside_a_price(symbols: tuple[str, str]) -> None:
    with pytest.raises(RefusedValueError, match="different units"):
        study(*(on_sessions([20.0] * 30, symbol=symbol) for symbol in symbols))


def test_two_volatilities_are_a_pair() -> None:
    small, large = (on_sessions([20.0] * 30, symbol=symbol) for symbol in ("RVX", "VIX"))
    assert study_spread(Spread("RVX-VIX", "RVX", "VIX"), small, large, NYSE).ratio == 1.0


def test_price_and_total_return_are_never_mixed() -> None:
    with pytest.raises(RefusedValueError, match="not comparable"):
        study(history("IWM_px"), total("SPY"))
    with pytest.raises(RefusedValueError, match="no session in common"):
        study(bars({"2025-12-30": 1.0}), bars({"2025-12-31": 1.0}))


@pytest.mark.parametrize("rows", [1, 2, 60, 126, 127, 203, 260, 330, 380])
def test_a_short_history_gives_reasons_instead_of_numbers(rows: int) -> None:
    last = date(2025, 12, 31)
    cut = [Bars(b.symbol, b.basis, b.dates[-rows:], b.closes[-rows:], b.source, b.fetched_at)
           for b in (history("RUT"), history("SPX"))]  # fmt: skip
    found = study(*cut)
    assert found.last_session == last
    for name in MEASURES:
        assert (getattr(found, name) is None) == (name in found.reasons), name
    for window, both in found.bases[last].items():
        assert (both is None) == (window in found.reasons), window
    assert (found.year_extreme is YearExtreme.UNKNOWN) == ("year_extreme" in found.reasons) == (rows < 252)
    for n, move in found.moves.items():
        assert (move is None) == (f"move_{n}" in found.reasons)
    known = {"z": 326, "percentile": 127, "ratio_vs_200d_pct": 200, "correlation": 203, "correlation_63": 52}
    for name, needed in known.items():
        assert (getattr(found, name) is not None) == (rows >= needed), name
        if rows < needed:
            assert found.reasons[name] == f"needs {needed} common closes, have {rows}"


def test_two_legs_that_never_move() -> None:
    flat = on_sessions([50.0] * 600)
    found = study(flat, flat)
    assert {name: found.reasons[name] for name in ("z", "correlation", "beta", "beta_adjusted_pp")} == dict.fromkeys(
        ("z", "correlation", "beta", "beta_adjusted_pp"), "nothing varies"
    )
    assert (found.percentile, found.streak, found.drawdown_pct, found.months_won_of_6) == (50.0, 0, 0.0, 0)
    assert found.breakout is Breakout.UNKNOWN


def test_a_record_margin_is_called_one() -> None:
    rising = on_sessions([100 * 1.001**i + (i > 598) * 20 for i in range(600)])
    assert study(rising, on_sessions([50.0] * 600)).percentile_is_record


@pytest.mark.parametrize(
    ("last", "complete"),
    [(date(2025, 11, 26), False), (date(2025, 11, 28), True), (date(2025, 12, 1), False)],
)
def test_a_month_counts_from_the_close_of_its_last_session(last: date, complete: bool) -> None:
    pair = join(history("RUT").until(last), history("SPX").until(last))
    made = months(pair, NYSE)
    assert (made.completed[-1] == len(made.won)) is complete


def test_a_month_without_closes_is_neither_won_nor_lost() -> None:
    def without_october(made: Bars) -> Bars:
        kept = {d: c for d, c in zip(made.dates, made.closes, strict=True) if (d.year, d.month) != (2025, 10)}
        return bars(kept, made.symbol)

    found = study(without_october(history("RUT")), without_october(history("SPX")))
    assert found.months_won_of_6 is None
    assert "completed months" in found.reasons["months_won_of_6"]


def test_every_answer_is_plain_python() -> None:
    def check(value: Any, at: str) -> None:
        assert not type(value).__module__.startswith(("numpy", "pandas")), at
        if isinstance(value, dict):
            for key, item in value.items():
                check(key, at)
                check(item, at)
        elif isinstance(value, tuple):
            for item in value:
                check(item, at)

    found = indexes(date(2025, 12, 31))
    for each in fields(found):
        check(getattr(found, each.name), each.name)


def test_overlapping_windows_name_how_many_lie_beside_each_other() -> None:
    whole = indexes(date(2025, 12, 31))
    assert whole.z_windows == (252 + 126) / 126 == 3.0
    assert whole.percentile_windows == (2520 + 126) / 126 == 21.0
    young = study(*(history(leg).until(date(2025, 12, 31)).tail(127 + 209) for leg in ("RUT", "SPX")))
    assert young.z_windows == young.percentile_windows == pytest.approx(336 / 126)
    short = study(*(history(leg).tail(120) for leg in ("RUT", "SPX")))
    assert (short.z_windows, short.percentile_windows, short.log_margin_pp) == (None, None, None)


def test_the_margin_in_logs_and_less_beta_times_the_large_leg() -> None:
    found, pair = indexes(date(2025, 12, 31)), join(history("RUT"), history("SPX"))
    small, large = (np.log(leg[-1] / leg[-127]) for leg in (pair.small, pair.large))
    simple = [np.diff(leg) / leg[:-1] for leg in (pair.small, pair.large)]
    before = [returns[-126 - 252 : -126] for returns in simple]
    slope = np.cov(before[0], before[1])[0, 1] / before[1].var(ddof=1)
    assert found.log_margin_pp == pytest.approx(100 * (small - large))
    assert found.beta_adjusted_pp == pytest.approx(100 * (small - slope * large))


def test_total_return_stands_beside_the_price_return() -> None:
    price = [history(leg).until(date(2025, 12, 31)) for leg in ("IWM_px", "SPY_px")]
    paid = total_return(total("IWM"), total("SPY"), NYSE)
    assert paid.session == date(2025, 12, 31)
    year = golden("R14")
    told = study(*price)
    both = told.bases[told.last_session][Window.YTD]
    assert both is not None
    plain = spread_pp(both[0].close, price[0].closes[-1], both[1].close, price[1].closes[-1])
    assert plain == pytest.approx(year["output"]["spread_pp"], abs=1e-3)
    assert paid.windows[Window.YTD] == pytest.approx(-5.06, abs=0.01)
    assert set(paid.windows) == set(Window)
    assert paid.off == {}
    gone = (date(2025, 11, 28), date(2025, 12, 1))
    kept = {d: c for d, c in zip(total("IWM").dates, total("IWM").closes, strict=True) if d not in gone}
    marked = total_return(bars(kept, "IWM", total("IWM").basis), total("SPY"), NYSE)
    assert marked.windows[Window.S21] is None, "the session that it begins with is missing"
    assert marked.windows[Window.M1] is not None
    assert marked.off == {
        Window.M1: (date(2025, 11, 26), date(2025, 11, 28)),
        Window.MTD: (date(2025, 11, 26), date(2025, 11, 28)),
    }


def test_a_missing_base_of_the_margin_is_no_number_of_any_measure_of_it() -> None:
    days = NYSE.sessions(date(2023, 1, 3), date(2025, 12, 31))
    large = {day: 100.0 + n for n, day in enumerate(days)}
    small = {day: close + (n % 7) for n, (day, close) in enumerate(large.items())}
    del small[NYSE.offset(days[-1], -126)]
    found = study(bars(small), bars(large))
    names = ("z", "percentile", "vol_adjusted", "log_margin_pp", "beta_adjusted_pp")
    assert [getattr(found, name) for name in names] == [None] * 5
    assert set(names) <= set(found.reasons)
