"""Breadth among members: the worked cases, and a second reckoning that shares no code."""

import math
import struct
from collections.abc import Sequence
from dataclasses import replace as bars_replace
from datetime import UTC, date, datetime
from statistics import fmean, median, quantiles, stdev

import numpy as np
import pytest
from msgspec.structs import replace

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.breadth import Incomes, MemberBreadth
from rotation_tui.domain.closes import Closes
from rotation_tui.domain.holdings import Holdings, Member
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.session import nyse
from rotation_tui.evidence.members import dispersion
from rotation_tui.studies.breadth import advances_of, basket_return, share_above, study_breadth
from tests.golden import golden

NOW = datetime(2026, 11, 27, 23, tzinfo=UTC)
TODAY = date(2026, 11, 27)
ROWS = 280
DATES = nyse().sessions(nyse().offset(TODAY, 1 - ROWS), TODAY)
SECTORS = ("Financials", "Health Care", "Energy")


def walk(seed: int) -> list[float]:
    """A made-up path, in steps that a float of four bytes keeps."""
    drift, size = (seed % 7 - 3) / 2000, 0.01 + seed % 3 / 200
    closes, close = [], 20.0 + seed
    for n in range(ROWS):
        close *= math.exp(drift + size * math.sin(37.7 * seed + 1.7 * n * n))
        closes.append(float(np.float32(close)))
    return closes


PATHS = {f"M{n}": walk(n) for n in range(12)}


def held(tickers: Sequence[str] = tuple(PATHS)) -> Holdings:
    members = tuple(
        Member(t, f"Company {t}", SECTORS[n % 3], 12.0 - n, price=PATHS[t][-2] if t in PATHS else 5.0)
        for n, t in enumerate(tickers)
    )
    return Holdings("IWM", DATES[-2], members, (), 100.0, "library", NOW)


def table(paths: dict[str, list[float]] = PATHS, among: int = 40, missing: dict[str, str] | None = None) -> Closes:
    rows = [n for path in paths.values() for n in path]
    packed = struct.pack(f"<{len(rows)}f", *rows)
    return Closes("IWM", DATES[-2], among, DATES, tuple(paths), packed, "library", NOW, missing or {})


FUND = Bars("IWM", Basis.PRICE, DATES, tuple(200.0 + n / 10 for n in range(ROWS)), "library", NOW)


def told(closes: Closes | None = None, fund: Bars | None = FUND, day: date = TODAY) -> MemberBreadth:
    return study_breadth(held(), closes or table(), fund, day)


def array(values: Sequence[float | None]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([math.nan if v is None else v for v in values])


def test_the_worked_case_of_members_above_a_mean() -> None:
    case = golden("G07")
    share = share_above(array(case["input"]["last"]), array(case["input"]["sma200"]), 6)
    assert (share.pct, share.known, share.of) == (
        case["output"]["pct"],
        case["output"]["valid"],
        case["output"]["total"],
    )
    assert share.coverage_pct == pytest.approx(case["output"]["coverage"])
    assert share.is_thin
    few = share_above(array([1, None, None, 4]), array([0, 1, 1, None]), 4)
    assert (few.pct, few.known) == (None, 1)


def test_the_worked_case_of_advances_and_declines() -> None:
    case = golden("G08")
    for moves, expected in zip(case["input"].values(), case["output"], strict=True):
        found = advances_of(array(moves))
        assert (found.up, found.down, found.unchanged, found.net, found.ratio) == (
            expected["adv"], expected["dec"], expected["unch"], expected["net"], expected["ratio"],
        )  # fmt: skip
        assert found.up_pct == pytest.approx(expected["ad_pct"])


def test_a_second_reckoning_comes_to_the_same() -> None:
    found = told()
    n = len(PATHS)
    for share, rows in ((found.above_50, 50), (found.above_200, 200)):
        above = sum(path[-1] > fmean(path[-rows:]) for path in PATHS.values())
        p = above / n
        assert share.pct == pytest.approx(100 * p)
        assert share.error_pp == pytest.approx(100 * (p * (1 - p) / n) ** 0.5 * (1 - n / 40) ** 0.5)
    moves = [path[-1] - path[-2] for path in PATHS.values()]
    assert (found.advances.up, found.advances.down) == (sum(m > 0 for m in moves), sum(m < 0 for m in moves))
    assert found.highs == sum(path[-1] == max(path[-252:]) for path in PATHS.values())
    assert found.lows == sum(path[-1] == min(path[-252:]) for path in PATHS.values())
    assert found.year_known == n
    for rows in (21, 63):
        returns = [100 * (path[-1] / path[-1 - rows] - 1) for path in PATHS.values()]
        own = 100 * (FUND.closes[-1] / FUND.closes[-1 - rows] - 1)
        over = found.over(rows)
        assert over is not None
        low, _, high = quantiles(returns, n=4, method="inclusive")
        assert [over.mean_pct, over.median_pct, over.fund_pct, over.deviation_pp, over.quartile_range_pp] == (
            pytest.approx([fmean(returns), median(returns), own, stdev(returns), high - low])
        )
        assert over.beat_pct == pytest.approx(100 * sum(r > own for r in returns) / n)
        assert over.equal_lead_pp == pytest.approx(fmean(returns) - own)
        assert over.error_pp == pytest.approx(stdev(returns) / n**0.5 * (1 - n / 40) ** 0.5)


def test_leaders_laggards_and_what_they_have_added() -> None:
    found = told()
    returns = {t: 100 * (path[-1] / path[-64] - 1) for t, path in PATHS.items()}
    order = sorted(returns, key=lambda t: -returns[t])
    assert [row.ticker for row in found.leaders] == order[:10]
    assert [row.ticker for row in found.laggards] == order[::-1][:10]
    first = found.leaders[0]
    shares = first.weight / PATHS[first.ticker][-1]
    assert first.contribution_pp == pytest.approx(shares * (PATHS[first.ticker][-1] - PATHS[first.ticker][-64]))


def test_a_sector_is_what_its_members_held_today_have_become() -> None:
    found = told()
    weights = {m.ticker: m.weight for m in held().members}
    for sector in found.sectors:
        mine = [m.ticker for m in held().members if m.sector == sector.sector]
        then = sum(weights[t] / PATHS[t][-1] * PATHS[t][-64] for t in mine)
        assert sector.return_63_pct == pytest.approx(100 * (sum(weights[t] for t in mine) / then - 1))
        assert (sector.members, sector.known, sector.weight) == (4, 4, sum(weights[t] for t in mine))
    assert [s.rank for s in found.sectors] == [1, 2, 3]
    assert [s.return_63_pct for s in found.sectors] == sorted(
        (s.return_63_pct or 0 for s in found.sectors), reverse=True
    )
    assert basket_return(np.array([math.nan]), np.array([1.0])) is None


def test_dispersion_is_that_of_the_evidence_and_stands_among_a_year_of_its_own() -> None:
    days = told().dispersion
    assert [day.session for day in days] == list(DATES[-5:])
    spread = dispersion([100 * (path[-1] / path[-22] - 1) for path in PATHS.values()])
    assert spread is not None
    assert days[-1].deviation_pp == pytest.approx(spread.deviation)
    year = [stdev([path[at] / path[at - 21] - 1 for path in PATHS.values()]) for at in range(ROWS - 252, ROWS)]
    below, same = sum(d < year[-1] for d in year), sum(d == year[-1] for d in year)
    assert days[-1].percentile == pytest.approx(100 * (below + same / 2) / 252)


def test_of_a_shorter_past_nothing_is_told_that_needs_more() -> None:
    short = bars_replace(FUND, dates=DATES[-100:], closes=FUND.closes[-100:])
    rows = {t: path[-100:] for t, path in PATHS.items()}
    closes = replace(table(), dates=DATES[-100:], closes=struct.pack("<1200f", *(n for p in rows.values() for n in p)))
    found = told(closes, short)
    assert found.above_50.pct is not None
    assert (found.above_200.pct, found.highs, found.year_known, found.dispersion[-1].percentile) == (None, 0, 0, None)


def test_a_past_day_is_read_as_it_ended() -> None:
    found = told(day=DATES[-11])
    assert found.as_of == DATES[-11]
    assert found.above_50.pct == pytest.approx(100 * sum(p[-11] > fmean(p[-60:-10]) for p in PATHS.values()) / 12)


def test_the_fund_is_left_open_where_it_has_no_close_of_the_days() -> None:
    for fund in (None, FUND.until(DATES[-2])):
        over = told(fund=fund).over(63)
        assert over is not None
        assert (over.fund_pct, over.beat_pct, over.equal_lead_pp) == (None, None, None)


def test_who_cannot_be_counted_is_named_with_the_reason() -> None:
    split = PATHS["M1"][:140] + [close / 10 for close in PATHS["M1"][140:]]
    other = [close * 3 for close in PATHS["M2"]]
    paths = {**PATHS, "M1": split, "M2": other, "GONE": walk(3)}
    closes = table(paths, missing={"M99": "not there"})
    members = tuple(replace(m, price=None) if m.ticker == "M1" else m for m in held().members)
    found = study_breadth(replace(held(), members=members), closes, FUND, TODAY)
    why = {left.name: left.why for left in found.left_out}
    assert why.keys() == {"M1", "M2", "GONE", "M99"}
    assert "fivefold" in why["M1"]
    assert "reckons" in why["M2"]
    assert why["GONE"] == "is held no longer"
    assert (found.sampled, found.above_200.of, found.above_200.known) == (14, 14, 10)


def test_numbers_that_are_none_count_as_unknown() -> None:
    paths = {**PATHS, "M0": [*PATHS["M0"][:-1], math.nan], "M3": [*PATHS["M3"][:-5], math.inf, *PATHS["M3"][-4:]]}
    found = told(table(paths))
    assert (found.above_50.known, found.above_50.of) == (10, 12)
    assert found.advances.up + found.advances.down + found.advances.unchanged == 11


@pytest.mark.parametrize(
    "broken",
    [{"dates": DATES[:-1]}, {"dates": DATES[::-1]}, {"tickers": ()}, {"tickers": ("M1",) * 12}, {"closes": b"1234"}],
)
def test_a_table_that_does_not_fit_together_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(RefusedValueError):
        replace(table(), **broken)


def test_closes_of_nobody_who_is_held_say_nothing() -> None:
    with pytest.raises(ValueError, match="none that can be used"):
        study_breadth(held(("A", "B")), table(), FUND, TODAY)


def test_a_junk_rally_is_the_mean_of_those_without_profit_less_that_of_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losing, earning = ("M0", "M3", "M5", "NOBODY"), ("M1", "M2", "M4", "M8")
    incomes = Incomes("IWM", earning, losing)
    assert study_breadth(held(), table(), FUND, TODAY, incomes=incomes).junk == (), "of few it tells nothing"
    monkeypatch.setattr("rotation_tui.studies.breadth._LEAST_FOR_SPREAD", 3)
    days = study_breadth(held(), table(), FUND, TODAY, incomes=incomes).junk
    assert [day.session for day in days] == list(DATES[-5:])
    for back, day in enumerate(reversed(days)):
        end = ROWS - 1 - back
        means = [
            fmean(100 * (PATHS[t][end] / PATHS[t][end - 63] - 1) for t in kind if t in PATHS)
            for kind in (losing, earning)
        ]
        assert day.lead_pp == pytest.approx(means[0] - means[1])
        assert (day.losing, day.earning) == (3, 4)
