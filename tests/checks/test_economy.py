"""Economy: formulas against worked cases, and holes in what is published."""

from datetime import date, timedelta

import pytest

from rotation_tui.checks import economy
from rotation_tui.checks import evaluate as judging
from rotation_tui.checks.economy import month_number
from rotation_tui.checks.evaluate import all_checks
from rotation_tui.domain.reading import Level, Reading
from rotation_tui.domain.series import TimeSpan
from rotation_tui.domain.session import nyse
from rotation_tui.evidence.line import Line
from tests.checks.material import inputs, observed, read
from tests.golden import golden


def reading(check_id: str, *observations: object, as_of: date = date(2024, 9, 3)) -> Reading:
    check = next(check for check in all_checks() if check.id == check_id)
    return read(check, inputs(observations=observations, as_of=as_of))  # type: ignore[arg-type]


def test_sahm_rule_of_july_2024() -> None:
    case = golden("K01")
    months = {date.fromisoformat(f"{month}-01"): rate for month, rate in case["input"].items()}
    rates = {month_number(day): rate for day, rate in months.items()}
    july = month_number(date(2024, 7, 1))
    assert economy.three_month_mean(rates, july) == pytest.approx(case["output"]["u3"], rel=1e-8)
    assert economy.sahm(rates, july) == pytest.approx(case["output"]["sahm"], rel=1e-8)
    shown = reading("E1", observed("UNRATE", months))
    assert (shown.value, shown.level, shown.as_of) == (0.53, Level.ALERT, date(2024, 7, 1))
    assert shown.why == "unemployment +0.53 from its low"


def test_a_month_never_published_leaves_the_mean_of_two() -> None:
    rows = [line.split(",") for line in golden("K10")["input"].split()[1:]]
    rates = {month_number(date.fromisoformat(day)): float(rate) for day, rate in rows if rate != "."}
    months = [month_number(date.fromisoformat(day)) for day, _ in rows]
    found = [economy.three_month_mean(rates, month) for month in months]
    assert found == [None, *(pytest.approx(mean, rel=1e-8) for mean in golden("K10")["output"][1:])]


def test_sahm_stays_known_and_is_marked_after_a_hole() -> None:
    months = {date(2024 + n // 12, n % 12 + 1, 1): 4.0 + 0.1 * (n > 20) for n in range(23) if n != 21}
    shown = reading("E1", observed("UNRATE", months), as_of=date(2025, 12, 31))
    assert shown.level is Level.OK
    assert shown.why.endswith("low*")


def test_sahm_comes_from_whichever_series_is_newer() -> None:
    months = {date(2023 + n // 12, n % 12 + 1, 1): 4.0 for n in range(19)}
    published = observed("SAHMREALTIME", {date(2024, 6, 1): 0.4})
    shown = reading("E1", observed("UNRATE", months), published)
    assert (shown.value, shown.title) == (0.0, "Sahm rule, revised data")
    published = observed("SAHMREALTIME", {date(2024, 7, 1): 0.4})
    shown = reading("E1", observed("UNRATE", months), published)
    assert (shown.value, shown.title) == (0.4, "Sahm rule")


def test_recession_odds() -> None:
    case = golden("K02")
    assert [economy.recession_odds(spread) for spread in case["input"]] == pytest.approx(case["output"], rel=1e-8)


def test_claims_above_their_low() -> None:
    case = golden("K03")
    weeks = [date(2024, 1, 6) + timedelta(weeks=n) for n in range(8)]
    averages = Line(tuple(weeks), tuple(case["input"]), ("test",), TimeSpan(14, "days")).mean(4)
    assert averages.last == pytest.approx(case["output"]["ma4"], rel=1e-8)
    assert averages.above_low(5).last == pytest.approx(case["output"]["pct_above_low"], rel=1e-8)


def test_claims_are_averaged_here_where_the_average_is_missing() -> None:
    weeks = [date(2024, 8, 24) - timedelta(weeks=n) for n in reversed(range(56))]
    raw = dict(zip(weeks, [200.0] * 52 + [220.0] * 4, strict=True))
    shown = reading("E3", observed("ICSA", raw))
    assert (shown.level, shown.as_of) == (Level.OK, weeks[-1])
    assert shown.value == pytest.approx(10.0)
    averaged = reading("E3", observed("ICSA", raw), observed("IC4WSA", dict.fromkeys(weeks, 200.0)))
    assert averaged.value == 0.0


def test_a_year_over_year_change_skips_months_without_a_partner() -> None:
    months = {date(2023 + n // 12, n % 12 + 1, 1): 100.0 for n in range(17) if n != 3}
    months |= {date(2024, 5, 1): 97.0, date(2024, 4, 1): 90.0, date(2024, 6, 1): 97.5}
    given = inputs(observations=[observed("IPMAN", months)], as_of=date(2024, 7, 31))
    shown, trail = judging.read(next(check for check in all_checks() if check.id == "E7"), given)
    assert shown.level is Level.ALERT
    assert shown.value == pytest.approx(-2.5)
    assert trail is not None
    assert list(trail.values) == pytest.approx([0.0, 0.0, 0.0, -3.0, -2.5])


def test_curve_from_its_two_yields_where_the_spread_itself_is_missing() -> None:
    days = nyse().sessions(date(2024, 7, 31), date(2024, 8, 29))
    ten = observed("DGS10", dict(zip(days, [4.0] * 20 + [4.1, 4.84], strict=True)))
    short = observed("DGS3MO", dict.fromkeys(days, 3.79))
    shown = reading("E2", ten, short, as_of=date(2024, 8, 30))
    mean = (19 * 0.21 + 0.31 + 1.05) / 21
    assert shown.value == pytest.approx(mean)  # 0.21 set the level, what is under 0.275 is within the band
    assert (shown.level, shown.title) == (Level.WATCH, "Curve 10y-3m, derived")
    assert shown.why == "10y-3m +0.25 odds 24%, held"
    assert shown.beside == "+1.05 pp on 2024-08-29 itself"
    spread = observed("T10Y3M", dict.fromkeys(days, 0.32))
    published = reading("E2", ten, short, spread, as_of=date(2024, 8, 30))
    assert published.value == pytest.approx(0.32)
    assert (published.why, published.title) == ("10y-3m +0.32 odds 23%", "Curve 10y-3m")


def test_the_curve_needs_the_month_that_its_odds_are_of() -> None:
    days = nyse().sessions(date(2024, 8, 1), date(2024, 8, 28))
    assert reading("E2", observed("T10Y3M", dict.fromkeys(days, 0.3)), as_of=date(2024, 8, 29)).why == (
        "needs 21 values, have 20"
    )
