"""The judgement of a history: which moves can be true, which splits are put in, and what is left out."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.domain.bars import Bars, Split, applied
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.universe import Sector, Spread, Ticker, Universe
from rotation_tui.workers.moves import JUDGED_ROWS, judged
from tests.workers.fakes import MONDAY, history

FLAT = history("IWM", MONDAY)


def _jumped(factor: float, at: int = 30, symbol: str = "IWM", rows: int = 60, source: str = "first") -> Bars:
    """A history whose closes from row `at` on are `factor` times what they would be."""
    flat = history(symbol, MONDAY, rows, source)
    return replace(flat, closes=(*flat.closes[:at], *(c * factor for c in flat.closes[at:])))


@pytest.mark.parametrize(
    ("factor", "symbol", "believed"),
    [
        (1.30, "IWM", True),
        (0.70, "IWM", True),
        (1.60, "IWM", False),
        (0.50, "IWM", False),
        (2 / 3, "IWM", False),
        (1.50, "IWM", False),
        (4.00, "IWM", False),
        (1.60, "RUT", False),
        (1.60, "VIX", True),
        (2.10, "VIX", True),
        (0.20, "VIX", False),
        (12.0, "VIX", False),
    ],
)
def test_a_large_move_without_a_witness_is_refused(factor: float, symbol: str, believed: bool) -> None:
    judgement = judged(_jumped(factor, symbol=symbol), (), ())
    assert (judgement.doubt is None) is believed
    assert judgement.doubt is None or judgement.doubt.startswith("first: ")


RATIOS = st.tuples(st.integers(1, 50), st.integers(1, 50)).filter(lambda pq: not 0.87 < pq[0] / pq[1] < 1.15)


@given(RATIOS, st.integers(1, 59), st.floats(-0.015, 0.015))
def test_a_split_of_any_ratio_gives_the_same_history_however_the_source_tells_it(
    ratio: tuple[int, int], at: int, market: float
) -> None:
    flat = _jumped(1 + market, at)
    split = (Split(flat.dates[at], ratio[0] / ratio[1]),)
    told = replace(
        flat, splits=split, volumes=(100.0,) * 60, highs=tuple(c * 1.01 for c in flat.closes), opens=flat.closes
    )
    raw = replace(
        told,
        closes=(*(c * ratio[0] / ratio[1] for c in flat.closes[:at]), *flat.closes[at:]),
        highs=(*(c * 1.01 * ratio[0] / ratio[1] for c in flat.closes[:at]), *(c * 1.01 for c in flat.closes[at:])),
        opens=(*(c * ratio[0] / ratio[1] for c in flat.closes[:at]), *flat.closes[at:]),
    )
    assert applied(told) is told
    assert applied(raw).closes == pytest.approx(flat.closes)
    assert applied(raw).highs == pytest.approx(told.highs)
    assert applied(raw).opens == pytest.approx(told.opens)
    assert applied(raw).volumes == pytest.approx([100.0 * ratio[0] / ratio[1]] * at + [100.0] * (60 - at))
    judgement = judged(raw, (), ())
    assert judgement.doubt is None
    assert all(abs(b / a - 1) < 0.03 for a, b in pairwise(judgement.bars.closes))


def test_two_splits_are_put_in_one_after_the_other() -> None:
    days = FLAT.dates
    raw = tuple(c * (6.0 if i < 20 else 3.0 if i < 40 else 1.0) for i, c in enumerate(FLAT.closes))
    told = replace(FLAT, closes=raw, splits=(Split(days[20], 2.0), Split(days[40], 3.0)))
    assert judged(told, (), ()).bars.closes == pytest.approx(FLAT.closes)


@pytest.mark.parametrize("market", [-0.06, -0.03, 0.0, 0.03, 0.06])
def test_a_small_split_is_not_taken_for_a_move_of_the_market(market: float) -> None:
    """11 for 10, already in the closes: whatever the market did that day, nothing is divided."""
    told = replace(_jumped(1 + market), splits=(Split(FLAT.dates[30], 1.1),))
    assert applied(told) is told


def test_a_split_that_only_a_part_of_the_closes_has_is_refused() -> None:
    raw = [c * 2 for c in FLAT.closes[:30]] + list(FLAT.closes[30:])
    raw[27] /= 2
    told = replace(FLAT, closes=tuple(raw), splits=(Split(FLAT.dates[30], 2.0),))
    judgement = judged(told, (), ())
    assert judgement.doubt == f"first: +100% on {FLAT.dates[28]} and no split on record"


def test_a_split_of_unknown_ratio_explains_nothing() -> None:
    assert judged(replace(_jumped(0.5), splits=(Split(FLAT.dates[30]),)), (), ()).doubt is not None


@pytest.mark.parametrize(("at", "believed"), [(599, True), (600, True), (601, False), (999, False)])
@pytest.mark.parametrize("until", [None, date(2025, 12, 31)])
def test_a_jump_far_back_costs_the_rows_before_it_on_every_day_that_is_looked_at(
    at: int, believed: bool, until: date | None
) -> None:
    jumped = _jumped(0.5, at, rows=1000)
    judgement = judged(jumped, (), (), until)
    if until is not None and jumped.dates[at] > until:
        believed, at = True, 0  # that day knew nothing of it
    assert (judgement.doubt is None) is believed
    if believed:
        assert judgement.bars == (jumped if until is None else jumped.until(until)).since(jumped.dates[at])
        assert (judgement.notes != ()) is (at > 0)


@pytest.mark.parametrize(
    ("other", "believed"),
    [
        (_jumped(0.6, source="second"), True),
        (_jumped(0.605, source="second"), True),
        (_jumped(0.7, source="second"), False),
        (history("IWM", MONDAY, source="second"), False),
        (history("IWM", MONDAY, 10, source="second"), False),
    ],
    ids=["the same", "nearly", "less", "none", "not that far back"],
)
def test_a_second_source_bears_out_a_move(other: Bars, believed: bool) -> None:
    assert (judged(_jumped(0.6), (other,), ()).doubt is None) is believed


@pytest.mark.parametrize("factor", [0.5, 0.51, 1 / 3, 2 / 3, 0.1, 2.0, 10.0])
def test_two_histories_that_both_lack_a_split_bear_out_nothing(factor: float) -> None:
    assert judged(_jumped(factor), (_jumped(factor, source="second"),), ()).doubt is not None


@pytest.mark.parametrize(
    ("peer", "believed"),
    [
        (_jumped(0.79, symbol="PSCE"), True),
        (_jumped(0.81, symbol="PSCE"), False),
        (_jumped(1.30, symbol="PSCE"), False),
        (_jumped(0.79, 31, symbol="PSCE"), False),
        (_jumped(0.60, symbol="PSCE"), False),
    ],
    ids=["more than half", "less than half", "the other way", "another day", "as far, and as doubtful"],
)
def test_a_peer_that_moved_more_than_half_as_far_bears_out_a_move(peer: Bars, believed: bool) -> None:
    judgement = judged(_jumped(0.6), (), (peer,))
    assert (judgement.doubt is None) is believed
    if believed:
        assert judgement.bars.closes == _jumped(0.6).closes  # and never cuts it
        assert "PSCE moved -21%" in judgement.notes[0]


def test_a_true_jump_far_back_cuts_nothing() -> None:
    jumped, peer = _jumped(0.6, 100, rows=1000), _jumped(0.75, 100, "PSCE", rows=1000)
    assert len(judged(jumped, (), (peer,)).bars) == 1000
    assert len(judged(jumped, (), ()).bars) == 900


def test_what_moved_over_a_long_hole_is_no_jump() -> None:
    jumped = _jumped(0.5, 980, rows=1000)
    kept = [*range(970), *range(980, 1000)]
    holed = replace(jumped, dates=tuple(jumped.dates[i] for i in kept), closes=tuple(jumped.closes[i] for i in kept))
    assert judged(holed, (), ()).bars == holed


def test_extremes_and_volumes_that_no_day_can_have_are_unknown() -> None:
    n = len(FLAT)
    bad = replace(
        FLAT,
        highs=(FLAT.closes[0] * 10, *(c * 1.01 for c in FLAT.closes[1:-1]), FLAT.closes[-1] * 0.5),
        lows=(0.01, *(c * 0.99 for c in FLAT.closes[1:-1]), FLAT.closes[-1] * 2),
        opens=(FLAT.closes[0] * 3, *FLAT.closes[1:-1], 0.01),
        volumes=(-1.0, 1e300, *(1e6,) * (n - 2)),
    )
    found = judged(bad, (), ()).bars
    assert found.closes == FLAT.closes
    for column, told in ((found.highs, bad.highs), (found.lows, bad.lows), (found.opens, bad.opens)):
        assert column is not None
        assert told is not None
        assert (column[0], column[-1], column[1:-1]) == (None, None, told[1:-1])
    assert found.volumes == (None, None, *(1e6,) * (n - 2))


@pytest.mark.parametrize(("symbol", "close"), [("VIX", 1300.0), ("VIX", 1e308), ("VIX", 0.5), ("IWM", 2e7)])
def test_a_close_beyond_the_bounds_of_its_kind_is_refused(symbol: str, close: float) -> None:
    far = replace(history(symbol, MONDAY), closes=(close,) * 60)
    doubt = judged(far, (), ()).doubt
    assert doubt is not None
    assert f"{symbol} lies between" in doubt


def test_the_peers_of_a_fund_are_the_other_funds() -> None:
    universe = Universe(
        tuple(Ticker(s, Instrument.of(s)) for s in ("IWM", "SPY")),
        (Spread("RSP-SPY", "RSP", "SPY"),),
        (
            Sector("PSCE", "PSCE", "Energy", "", "small", "XLE"),
            Sector("XOP", "XOP", "Oil and gas", "", "small", None),
        ),
        (Instrument.of("HYG"),),
    )
    assert universe.peers("XOP") == ("PSCE", "XLE")
    assert universe.peers("IWM") == ("RSP", "SPY")
    assert universe.peers("HYG") == ()
    assert JUDGED_ROWS == 400
