"""A session that a history lacks makes unknown what needs that very row, and nothing else."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.results import SpreadStudy
from rotation_tui.domain.universe import Spread
from rotation_tui.domain.window import SESSIONS, Window
from rotation_tui.studies.pair import join, session_numbers
from rotation_tui.studies.returns import expected_bases
from rotation_tui.studies.score import price_raws
from rotation_tui.studies.spreads import MARGIN, study_spread
from rotation_tui.studies.tickers import study_ticker
from tests.studies.material import NYSE, bars, on_sessions

ROWS = 460
LAST = date(2026, 6, 17)
STEPS = np.random.default_rng(3).normal(0.0005, 0.01, (2, ROWS))
SMALL, LARGE = (
    on_sessions((100 * np.exp(steps.cumsum())).tolist(), LAST, s) for steps, s in zip(STEPS, "SL", strict=True)
)


def _without(whole: Bars, *rows: int) -> Bars:
    kept = {d: c for i, (d, c) in enumerate(zip(whole.dates, whole.closes, strict=True)) if i not in rows}
    return bars(kept, whole.symbol)


def _study(small: Bars, large: Bars) -> SpreadStudy:
    return study_spread(Spread("S-L", "S", "L"), small, large, NYSE)


WHOLE = _study(SMALL, LARGE)
BASES = expected_bases(LAST, NYSE)


@pytest.mark.whole
@given(st.integers(1, ROWS - 2), st.booleans())
def test_any_one_row_changes_only_what_needs_it(row: int, of_small: bool) -> None:
    gone = SMALL.dates[row]
    legs = (_without(SMALL, row), LARGE) if of_small else (SMALL, _without(LARGE, row))
    found = _study(*legs)
    single = study_ticker(legs[0] if of_small else legs[1], NYSE)
    for window in Window:
        expected = WHOLE.bases[LAST][window]
        for bases, gaps, base in (
            (found.bases[LAST], found.gaps[LAST], expected),
            (single.bases[LAST], single.gaps[LAST], expected and expected[0 if of_small else 1]),
        ):
            if BASES[window] != gone:
                assert bases[window] == base, window
                assert window not in gaps, window
            else:
                assert gaps[window] == gone
                assert (bases[window] is None) is (window in SESSIONS), window
    needed = row == ROWS - 1 - MARGIN
    assert (found.z is None, found.percentile is None, found.log_margin_pp is None) == (needed,) * 3
    assert (found.reasons.get("z") == "no common close of a session that it needs") is needed
    if not needed:
        assert found.z == pytest.approx(WHOLE.z, abs=0.1)
        assert found.log_margin_pp == pytest.approx(WHOLE.log_margin_pp)
    for moves, whole in ((found.moves, WHOLE.moves),):
        for n, move in moves.items():
            assert (move is None) is (row == ROWS - 1 - n)
            assert move is None or move == pytest.approx(whole[n], abs=0.1)
    assert found.correlation == pytest.approx(WHOLE.correlation, abs=0.05)
    assert found.ratio == WHOLE.ratio


@pytest.mark.whole
@given(st.integers(1, ROWS - 2))
def test_momentum_follows_the_same_rule_and_recovers(row: int) -> None:
    whole, holed = (price_raws(join(leg, LARGE, NYSE), NYSE) for leg in (SMALL, _without(SMALL, row)))
    kept = [i for i in range(ROWS) if i != row]
    for name, n in (("mom6", 126), ("mom3", 63)):
        lost = [new for new, old in enumerate(kept) if old == row + n]
        same = [new for new in range(len(kept)) if new not in lost]
        assert np.isnan(holed[name][lost]).all()
        assert holed[name][same] == pytest.approx(whole[name][[kept[i] for i in same]], nan_ok=True)


def test_a_weekly_file_has_no_day_and_its_weeks_are_right() -> None:
    weekly = [i for i, day in enumerate(SMALL.dates) if day.weekday() == 2]
    gone = [i for i in range(ROWS) if i not in weekly]
    found = study_ticker(_without(SMALL, *gone), NYSE)
    whole = study_ticker(SMALL, NYSE)
    assert found.bases[LAST][Window.D1] is None
    assert found.bases[LAST][Window.W1] == whole.bases[LAST][Window.W1]
    pair = _study(_without(SMALL, *gone), _without(LARGE, *gone))
    assert (pair.correlation, pair.beta, pair.vol_adjusted) == (None, None, None)


def test_sessions_are_counted_where_the_table_ends() -> None:
    days = (date(1970, 1, 5), date(1970, 1, 9), *NYSE.sessions(date(1978, 1, 1), date(1978, 1, 6)))
    assert session_numbers(days, NYSE).tolist() == list(range(len(days)))
    holed = (*days[:3], *days[4:])
    assert session_numbers(holed, NYSE).tolist() == [0, 1, 2, *range(4, len(days))]
