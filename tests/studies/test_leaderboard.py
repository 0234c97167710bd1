"""The sector leaderboard: ranks, their change, and rows that cannot be known."""

from datetime import date
from statistics import median

import pytest
from msgspec.structs import replace

from rotation_tui.config.load import parse
from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.universe import Sector, Universe
from rotation_tui.studies.leaderboard import (
    PairsLed,
    pairs_led,
    rank,
    rank_change,
    study_sectors,
    study_small_against_large,
)
from rotation_tui.studies.pair import join
from tests.golden import golden
from tests.studies.material import NYSE, bars, history, total

PAIRS = {"PSCF": "XLF", "PSCI": "XLI", "PSCH": "XLV", "PSCE": "XLE", "PSCT": "XLK", "KRE": "XLF"}
LARGE = ("XLF", "XLI", "XLV", "XLE", "XLK")
UNIVERSE = Universe(
    (),
    (),
    tuple(Sector(s, s, s, "S&P 600", "small", pair) for s, pair in PAIRS.items())
    + tuple(Sector(s, s, s, "S&P 500", "large", None) for s in LARGE),
)


def totals(last: date = date(2025, 12, 31)) -> dict[str, Bars]:
    return {symbol: total(symbol).until(last) for symbol in (*PAIRS, *LARGE, "IWM", "SPY")}


def change(symbol: str, made: dict[str, Bars]) -> float:
    closes = made[symbol].closes
    return (closes[-1] / closes[-64] - 1) * 100


def test_ranks() -> None:
    entry = golden("G06")
    found = rank(entry["input"]["now"])
    assert found == entry["output"]["rank"]
    assert rank_change(entry["input"]["old_rank"], found) == entry["output"]["change"]


def test_sectors_at_the_end_of_2025() -> None:
    made = totals()
    found = study_sectors(UNIVERSE, {}, made, NYSE)
    assert list(found) == [sector.id for sector in UNIVERSE.sectors]
    for symbol, pair in PAIRS.items():
        assert found[symbol].excess_pp == pytest.approx(change(symbol, made) - change("IWM", made))
        assert found[symbol].pair_spread_pp == pytest.approx(change(symbol, made) - change(pair, made))
    for symbol in LARGE:
        assert found[symbol].excess_pp == pytest.approx(change(symbol, made) - change("SPY", made))
        assert found[symbol].pair_spread_pp is None
    earlier = study_sectors(UNIVERSE, {}, totals(NYSE.offset(date(2025, 12, 31), -21)), NYSE)
    for side in (tuple(PAIRS), LARGE):
        assert sorted(found[symbol].rank or 0 for symbol in side) == list(range(1, len(side) + 1))
        for symbol in side:
            then, now = earlier[symbol].rank, found[symbol].rank
            assert then is not None
            assert now is not None
            assert found[symbol].rank_change == then - now
    assert {study.illiquid for study in found.values()} == {None}
    kre = found["KRE"].rotation
    assert kre is not None
    assert (kre.benchmark, len(kre.points)) == ("IWM", 9)


def test_a_pair_counts_once() -> None:
    found = study_sectors(UNIVERSE, {}, totals(), NYSE)
    led = sum((found[s].pair_spread_pp or 0) > 0 for s in PAIRS if s != "KRE")
    assert pairs_led(UNIVERSE, found) == PairsLed(led, 5, 5)
    without = totals()
    del without["XLE"]
    known = pairs_led(UNIVERSE, study_sectors(UNIVERSE, {}, without, NYSE))
    assert (known.known, known.total) == (4, 5)


@pytest.mark.parametrize(
    ("led", "known", "share", "broad"),
    [(6, 9, 6 / 9, True), (5, 9, 5 / 9, False), (6, 6, 1.0, True), (5, 8, 5 / 8, None), (2, 4, None, None)],
)
def test_unknown_pairs_leave_open_what_they_decide(
    led: int, known: int, share: float | None, broad: bool | None
) -> None:
    made = PairsLed(led, known, 9)
    assert (made.share, made.broad) == (share, broad)


def test_returns_prefer_price_closes_and_rotation_total_ones_but_never_one_of_each() -> None:
    def as_price(made: Bars) -> Bars:
        fall = {day: close * 0.999**i for i, (day, close) in enumerate(zip(made.dates, made.closes, strict=True))}
        return bars(fall, made.symbol, Basis.PRICE)

    made = totals()
    only_total = study_sectors(UNIVERSE, {}, made, NYSE)
    half = study_sectors(UNIVERSE, {"PSCF": as_price(made["PSCF"])}, made, NYSE)
    # the range of a year and the mean are of one symbol alone, so that they may be of prices where no pair is
    assert half["PSCF"].year_range != only_total["PSCF"].year_range
    assert {i: replace(s, year_range=None, mean=None) for i, s in half.items()} == {
        i: replace(s, year_range=None, mean=None) for i, s in only_total.items()
    }
    price = {symbol: as_price(made[symbol]) for symbol in ("PSCF", "IWM")}
    both = study_sectors(UNIVERSE, price, made, NYSE)
    assert both["PSCF"].excess_pp != only_total["PSCF"].excess_pp
    assert both["PSCF"].pair_spread_pp == only_total["PSCF"].pair_spread_pp
    assert both["PSCF"].rotation == only_total["PSCF"].rotation
    price_only = study_sectors(UNIVERSE, {s: as_price(b) for s, b in made.items()}, {}, NYSE)
    rotated = price_only["PSCF"].rotation
    assert rotated is not None
    assert rotated.points


@pytest.mark.parametrize(("behind", "known"), [(1, True), (2, True), (3, False)])
def test_a_fund_without_closes_for_three_sessions_is_unknown(behind: int, known: bool) -> None:
    made = totals()
    made["PSCE"] = made["PSCE"].until(NYSE.offset(date(2025, 12, 31), -behind))
    found = study_sectors(UNIVERSE, {}, made, NYSE)["PSCE"]
    assert (found.excess_pp is not None) is known
    assert (found.rank is not None) is known
    assert (found.pair_spread_pp is not None) is known


def test_missing_symbols_keep_their_rows() -> None:
    found = study_sectors(UNIVERSE, {}, {}, NYSE)
    assert len(found) == len(UNIVERSE.sectors)
    for study in found.values():
        assert (study.excess_pp, study.rank, study.rank_change, study.illiquid) == (None,) * 4
        assert study.rotation is not None
        assert study.rotation.why
        bench = "IWM" if study.side == "small" else "SPY"
        assert study.reasons["excess_pp"] == f"no closes of {study.id} and {bench} on one basis"
        assert study.reasons["rank"] == f"no closes of {study.id}"
        assert ("pair_spread_pp" in study.reasons) is (study.side == "small"), "a large sector has no pair to lack"
    assert pairs_led(UNIVERSE, found) == PairsLed(0, 0, 5)


@pytest.mark.parametrize(("shares", "illiquid"), [(1_000.0, True), (100_000.0, False), (None, None)])
def test_thin_funds_are_told_apart(shares: float | None, illiquid: bool | None) -> None:
    made = history("IWM_px").since(date(2025, 1, 2))
    thin = Bars("PSCF", made.basis, made.dates, made.closes, "test", made.fetched_at, volumes=(shares,) * len(made))
    found = study_sectors(UNIVERSE, {"PSCF": thin}, {}, NYSE)["PSCF"]
    assert found.illiquid is illiquid
    if shares is None:
        assert found.reasons["median_dollar_volume"] == "needs the volume of 17 of the last 21 sessions"
    else:
        assert found.median_dollar_volume == pytest.approx(shares * median(made.closes[-21:]))


def test_the_range_of_a_year() -> None:
    made = totals()
    found = study_sectors(UNIVERSE, {}, made, NYSE)["PSCF"]
    assert found.year_range == (min(made["PSCF"].closes[-252:]), max(made["PSCF"].closes[-252:]))
    young = {**made, "PSCF": made["PSCF"].since(NYSE.offset(date(2025, 12, 31), -250))}
    found = study_sectors(UNIVERSE, {}, young, NYSE)["PSCF"]
    assert (found.year_range, found.reasons["year_range_pct"]) == (None, "needs 252 closes, have 251")


def test_small_caps_as_a_whole_against_large_caps() -> None:
    made = totals()
    found = study_small_against_large({}, made, NYSE)
    assert [(r.preset, r.symbol, r.benchmark, len(r.points)) for r in found] == [
        ("weekly", "IWM", "SPY", 9), ("daily", "IWM", "SPY", 8),
    ]  # fmt: skip
    alone = study_small_against_large({}, {"IWM": made["IWM"]}, NYSE)
    assert {r.why for r in alone} == {"no closes of IWM and SPY on one basis"}


def test_a_rank_needs_63_sessions_and_its_change_84() -> None:
    for rows, ranked, changed in ((63, False, False), (64, True, False), (84, True, False), (85, True, True)):
        start = NYSE.offset(date(2025, 12, 31), 1 - rows)
        made = {symbol: kept.since(start) for symbol, kept in totals().items()}
        found = study_sectors(UNIVERSE, {}, made, NYSE)["PSCF"]
        assert (found.rank is not None, found.rank_change is not None) == (ranked, changed)
        assert (found.reasons.get("rank"), found.reasons.get("rank_change")) == (
            None if ranked else f"needs 64 closes, have {rows}",
            None if changed else f"needs 85 closes, have {rows}",
        )


def test_the_default_universe_has_nine_pairs_and_measures_each_fund_by_its_family() -> None:
    default = universe(Config())
    assert pairs_led(default, {}) == PairsLed(0, 0, 9)
    against: dict[str, set[str]] = {}
    for sector in default.sectors:
        against.setdefault(sector.against, set()).add(sector.symbol)
    assert against["IJR"] == {s.symbol for s in default.sectors if s.symbol.startswith("PSC")}
    assert against["IWM"] == {"KRE", "XBI", "XOP"}
    assert against["SPY"] == {s.symbol for s in default.sectors if s.side == "large"}
    assert against.keys() == {"IJR", "IWM", "SPY"}
    own = parse("""[[sectors]]
id = "PSCF"
symbol = "PSCF"
sector = "Financials"
tracks = "S&P SmallCap 600 Capped Financials & Real Estate"
benchmark = "SLY"
""")
    (sector,) = universe(own).sectors
    assert sector.against == "SLY"
    assert "SLY" in {i.symbol for i in universe(own).instruments}, "it is followed as well"


def test_the_line_of_the_excess_ends_where_the_excess_is() -> None:
    made = study_sectors(UNIVERSE, {}, totals(), NYSE)["PSCF"]
    assert made.excess_pp is not None
    assert len(made.excess_line) == 50
    pair = join(totals()["PSCF"], totals()["IWM"])
    assert made.excess_line[-1] == pytest.approx(pair.spread(63)[-5:].mean())
    assert pair.spread(63)[-1] == pytest.approx(made.excess_pp)
    assert study_sectors(UNIVERSE, {}, {}, NYSE)["PSCF"].excess_line == ()
