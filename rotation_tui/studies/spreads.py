"""The study of one spread: small minus large on the sessions that both legs have, in prices and in total return."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil

import numpy as np
from msgspec.structs import replace

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.results import MOVES, Base, Breakout, SpreadStudy, TotalReturn, WidestSince, YearExtreme
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.universe import Spread
from rotation_tui.domain.window import MAX_BASE_GAP_DAYS, SESSIONS, Window, nominal_base
from rotation_tui.studies import lines
from rotation_tui.studies import relative_strength as rs
from rotation_tui.studies.months import Months, months
from rotation_tui.studies.pair import Array, Pair, join
from rotation_tui.studies.returns import expected_bases, spread_pp, windows_at
from rotation_tui.studies.seasons import seasons
from rotation_tui.studies.widest_since import widest_since

MARGIN = 126
"""Sessions of the spread whose z-score and percentile are told, and of the adjusted spreads."""
Z_WINDOW, Z_MINIMUM = 252, 200
PERCENTILE_ROWS = 2520
MOVE_WINDOW = 252
YEAR, QUARTER = rs.YEAR, 63
YEAR_KNOWN, QUARTER_KNOWN = (ceil(rs.FULL_ENOUGH * n) for n in (YEAR, QUARTER))
FROM_2020 = date(2020, 1, 1)
"""First day of the drawdown that leaves the years before the pandemic out."""

_TOTAL_ROWS = 300
"""Enough for every window, the longest of which are a year and 252 sessions."""

BasePair = tuple[Base, Base]
"""Bases of the small and the large leg, of the same session."""

_NEEDS = {
    "z": MARGIN + Z_MINIMUM,
    "percentile": MARGIN + 1,
    "ratio_vs_200d_pct": 200,
    "breakout": 200,
    "year_extreme": YEAR,
    "drawdown_pct": 2,
    "drawdown_252_pct": YEAR,
    "drawdown_since_2020_pct": 2,
    "correlation": YEAR_KNOWN + 1,
    "correlation_63": QUARTER_KNOWN + 1,
    "beta": YEAR_KNOWN + 1,
    "beta_adjusted_pp": MARGIN + YEAR_KNOWN + 1,
    "log_margin_pp": MARGIN + 1,
    "vol_adjusted": YEAR_KNOWN + 1,
    "streak": 2,
} | {f"move_{n}": n + MOVE_WINDOW + 1 for n in MOVES}
"""Common closes without which a measure is unknown."""
_OF_ALL_THE_PAST = ("percentile", "drawdown_pct", "drawdown_since_2020_pct")
_RECENT = "needs the whole history, of which the recent years alone are there"
_NO_CLOSE = "no common close of a session that it needs"
_OTHERWISE = {
    "drawdown_since_2020_pct": "needs common closes from the start of 2020 on",
    "breakout": "never 1 % away from its 200-session mean",
    "months_won_of_6": "needs 6 completed months, with the close before them",
    "months_won_of_12": "needs 12 completed months, with the close before them",
}


def study_spread(spread: Spread, small: Bars, large: Bars, calendar: Calendar) -> SpreadStudy:
    """Every measure of a pair that completed bars allow; the rest is None with its reason.

    Reasons are keyed by field, moves by `move_5`, windows by their name where the last completed session
    has no base. What is of all the past is unknown while one of the legs is an outline. Raises
    RefusedValueError where the legs are on different bases or have no session in common, and CalendarRange
    where the session table has no next session.
    """
    pair = join(small, large, calendar)
    bases, gaps = _bases(pair, calendar)
    spreads = margins(pair)
    found: dict[str, float | None] = rarity(spreads) | _ratio(pair) | _daily(pair)
    by_month = months(pair, calendar)
    found |= _months(by_month)
    state = rs.breakout_states(pair.ratio)[-1]
    moves = {n: rs.in_deviations(pair.log_change(n)[n:], MOVE_WINDOW) for n in MOVES}
    answers = found | {f"move_{n}": move for n, move in moves.items()}
    extreme = rs.year_extreme(pair.ratio, YEAR)
    answers["breakout"] = None if state is Breakout.UNKNOWN else 1.0
    answers["year_extreme"] = None if extreme is YearExtreme.UNKNOWN else 1.0
    reasons = {name: reason(name, len(pair), whole=pair.whole) for name, value in answers.items() if value is None}
    reasons |= window_reasons(bases[pair.dates[-1]], pair.dates, len(pair), calendar)
    told = ~np.isnan(spreads)
    known = int(np.count_nonzero(told))
    margin, means = float(spreads[-1]), rs.rolling_mean(pair.ratio, lines.MEAN)[-lines.SESSIONS :].tolist()
    study = SpreadStudy(
        id=spread.id,
        small=spread.small,
        large=spread.large,
        basis=pair.basis,
        first=pair.dates[0],
        last_session=pair.dates[-1],
        rows=len(pair),
        bases=bases,
        z=found["z"],
        percentile=found["percentile"],
        z_windows=None if found["z"] is None else _windows(int(np.count_nonzero(told[-Z_WINDOW:]))),
        percentile_n=known,
        percentile_windows=None if found["percentile"] is None else _windows(known),
        percentile_is_record=_is_record(spreads),
        ratio=float(pair.ratio[-1]),
        log_ratio=float(pair.log_ratio[-1]),
        ratio_vs_200d_pct=found["ratio_vs_200d_pct"],
        breakout=state,
        year_extreme=extreme,
        drawdown_pct=found["drawdown_pct"],
        drawdown_252_pct=found["drawdown_252_pct"],
        drawdown_since_2020_pct=found["drawdown_since_2020_pct"],
        correlation=found["correlation"],
        correlation_63=found["correlation_63"],
        beta=found["beta"],
        beta_adjusted_pp=found["beta_adjusted_pp"],
        log_margin_pp=found["log_margin_pp"],
        vol_adjusted=found["vol_adjusted"],
        streak=_whole(found["streak"]),
        months_won_of_6=_whole(found["months_won_of_6"]),
        months_won_of_12=_whole(found["months_won_of_12"]),
        moves=moves,
        widest_since=widest_since(pair),
        spark=tuple(pair.ratio[-lines.SESSIONS :].tolist()),
        reasons=reasons,
        gaps=gaps,
        ratio_mean_200d=None if np.isnan(means[-1]) else means[-1],
        ratio_mean_line=() if np.isnan(means[-1]) else lines.in_steps(means, lines.STEP),
        margin_pp=None if np.isnan(margin) else margin,
        margin_low_pp=float(np.nanmin(spreads)) if known else None,
        margin_high_pp=float(np.nanmax(spreads)) if known else None,
        seasons=seasons(by_month),
    )
    return of_recent_years(study) if small.outline or large.outline else study


def of_recent_years(study: SpreadStudy) -> SpreadStudy:
    """The study without what only the whole past can tell: how rare today's margin is, and how far off its best."""
    return replace(
        study,
        percentile=None,
        percentile_n=0,
        percentile_windows=None,
        percentile_is_record=False,
        margin_low_pp=None,
        margin_high_pp=None,
        drawdown_pct=None,
        widest_since={name: _unless_record(found) for name, found in study.widest_since.items()},
        reasons={**study.reasons, **dict.fromkeys(_OF_ALL_THE_PAST, _RECENT)},
    )


def _unless_record(found: WidestSince) -> WidestSince:
    return replace(found, record=False, years=None, over_a_decade=None, note=_RECENT) if found.record else found


def total_return(small: Bars, large: Bars, calendar: Calendar) -> TotalReturn:
    """Small less large over every window on dividend-adjusted closes, to the last common one, in pp.

    It ends with a close and not with a price: a dividend of today is in no quote. Raises RefusedValueError where
    the legs are on different bases or have no session in common, and CalendarRange outside the session table.
    """
    pair = join(small.tail(_TOTAL_ROWS), large.tail(_TOTAL_ROWS))
    session = pair.dates[-1]
    rows, gaps = windows_at(pair.dates, session, calendar)
    windows: dict[Window, float | None] = {}
    for window, row in rows.items():
        legs = (None,) * 4 if row is None else (pair.small[row], pair.small[-1], pair.large[row], pair.large[-1])
        windows[window] = spread_pp(*(None if leg is None else float(leg) for leg in legs))
    off = {w: (pair.dates[row], gaps[w]) for w, row in rows.items() if row is not None and w in gaps}
    return TotalReturn(session, windows, {w: days for w, days in off.items() if windows[w] is not None})


def _bases(
    pair: Pair, calendar: Calendar
) -> tuple[dict[date, dict[Window, BasePair | None]], dict[date, dict[Window, date]]]:
    by_session: dict[date, dict[Window, BasePair | None]] = {}
    gaps: dict[date, dict[Window, date]] = {}
    for session in (pair.dates[-1], calendar.next(pair.dates[-1])):
        rows, gaps[session] = windows_at(pair.dates, session, calendar)
        by_session[session] = {window: None if row is None else legs_at(pair, row) for window, row in rows.items()}
    return by_session, gaps


def legs_at(pair: Pair, row: int) -> BasePair:
    """Both legs' closes of a row."""
    day = pair.dates[row]
    return Base(day, float(pair.small[row])), Base(day, float(pair.large[row]))


def margins(pair: Pair) -> Array:
    """Spreads over MARGIN sessions at the rows among which the last one's percentile is told."""
    return pair.spread(MARGIN)[-PERCENTILE_ROWS:]


def rarity(spreads: Array) -> dict[str, float | None]:
    """How rare the last of these spreads is: its z-score and percentile."""
    return {
        "z": rs.z_score(spreads, Z_WINDOW, Z_MINIMUM),
        "percentile": rs.percentile(spreads, float(spreads[-1])),
    }


def _windows(values: int) -> float:
    """How many windows beside each other the closes make that so many overlapping ones rest on."""
    return (values + MARGIN) / MARGIN


def _is_record(spreads: Array) -> bool:
    earlier = spreads[:-1][~np.isnan(spreads[:-1])]
    return len(earlier) > 0 and bool(spreads[-1] > earlier.max())


def _ratio(pair: Pair) -> dict[str, float | None]:
    distance = float(rs.distance_from_mean(pair.ratio, lines.MEAN)[-1])
    return {
        "ratio_vs_200d_pct": None if np.isnan(distance) else distance,
        "drawdown_pct": _drawdown(pair.ratio, 2),
        "drawdown_252_pct": _drawdown(pair.ratio[-YEAR:], YEAR),
        "drawdown_since_2020_pct": _drawdown(_from_2020(pair), 2),
    }


def _from_2020(pair: Pair) -> Array:
    """The ratio since then; nothing where the closes begin later, for they would hide its highest."""
    missed = (pair.dates[0] - FROM_2020).days > MAX_BASE_GAP_DAYS
    return pair.ratio[len(pair) if missed else bisect_left(pair.dates, FROM_2020) :]


def _drawdown(ratio: Array, minimum: int) -> float | None:
    return float(rs.drawdown_series(ratio)[-1]) if len(ratio) >= minimum else None


def _daily(pair: Pair) -> dict[str, float | None]:
    """What follows from daily returns: log returns for correlations, simple ones for the rest."""
    small, large = (pair.daily(np.diff(np.log(leg))) for leg in (pair.small, pair.large))
    simple_small, simple_large = (pair.daily(np.diff(leg) / leg[:-1]) for leg in (pair.small, pair.large))
    # Estimated on the year before the window, so that the window does not explain itself.
    slope = rs.beta(simple_small[-MARGIN - YEAR : -MARGIN], simple_large[-MARGIN - YEAR : -MARGIN], YEAR_KNOWN)
    start = pair.row_before(MARGIN)
    legs = tuple(leg[[start or 0, -1]] for leg in (pair.small, pair.large))
    whole = start is not None
    volatility = rs.tracking_volatility(simple_small[-YEAR:], simple_large[-YEAR:], YEAR_KNOWN)
    margin = float(pair.spread(MARGIN)[-1]) / 100 if whole else None
    lengths = rs.streaks(simple_small - simple_large)
    return {
        "correlation": rs.correlation(small[-YEAR:], large[-YEAR:], YEAR_KNOWN),
        "correlation_63": rs.correlation(small[-QUARTER:], large[-QUARTER:], QUARTER_KNOWN),
        "beta": rs.beta(simple_small[-YEAR:], simple_large[-YEAR:], YEAR_KNOWN),
        "beta_adjusted_pp": 100 * rs.log_margin(legs[0], legs[1], slope) if whole and slope is not None else None,
        "log_margin_pp": 100 * rs.log_margin(legs[0], legs[1]) if whole else None,
        "vol_adjusted": None if margin is None or volatility is None else rs.vol_adjusted(margin, volatility, MARGIN),
        "streak": float(lengths[-1]) if len(lengths) else None,
    }


def _months(made: Months) -> dict[str, float | None]:
    hits = {k: float(made.hits(k)[-1]) for k in (6, 12)}
    return {f"months_won_of_{k}": None if np.isnan(won) else won for k, won in hits.items()}


def reason(name: str, rows: int, *, whole: bool) -> str:
    """Why a measure is unknown after so many common closes, between which no session is missing where it is `whole`."""
    if rows < _NEEDS.get(name, 0):
        return f"needs {_NEEDS[name]} common closes, have {rows}"
    return _OTHERWISE.get(name) or ("nothing varies" if whole else _NO_CLOSE)


def window_reasons(
    bases: Mapping[Window, BasePair | None], dates: Sequence[date], rows: int, calendar: Calendar
) -> dict[str, str]:
    """Why windows of the last of the first `rows` common sessions have no base."""
    reasons: dict[str, str] = {}
    session = dates[rows - 1]
    named = expected_bases(session, calendar)
    for window in (w for w, base in bases.items() if base is None):
        if window not in SESSIONS:
            day = nominal_base(window, session)
            reasons[window] = f"no common close in the {MAX_BASE_GAP_DAYS} days to {day}"
        elif window in named and named[window] > dates[0]:
            reasons[window] = f"no common close of {named[window]}"
        else:
            reasons[window] = f"needs {SESSIONS[window] + 1} common closes, have {rows}"
    return reasons


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
