"""What a pair of funds made with dividends put back, beside the price return that the board tells first."""

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.results import TotalReturn
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.window import Window
from rotation_tui.studies.pair import join
from rotation_tui.studies.returns import base_rows, off_base, spread_pp, too_far

_ROWS = 300
"""Enough for every window, the longest of which are a year and 252 sessions."""


def total_return(small: Bars, large: Bars, calendar: Calendar) -> TotalReturn:
    """Small less large over every window on dividend-adjusted closes, to the last common one, in pp.

    It ends with a close and not with a price: a dividend of today is in no quote. Raises RefusedValueError where
    the legs are on different bases or have no session in common, and CalendarRange outside the session table.
    """
    pair = join(small.tail(_ROWS), large.tail(_ROWS))
    session = pair.dates[-1]
    rows = base_rows(pair.dates, session, calendar)
    starts = {window: pair.dates[row] for window, row in rows.items() if row is not None}
    off = off_base(starts, session, calendar)
    windows: dict[Window, float | None] = {}
    for window, row in rows.items():
        known = row is not None and not (window in off and too_far(starts[window], off[window]))
        legs = (pair.small[row], pair.small[-1], pair.large[row], pair.large[-1]) if known else (None,) * 4
        windows[window] = spread_pp(*(None if leg is None else float(leg) for leg in legs))
    told = {w: (starts[w], expected) for w, expected in off.items() if windows[w] is not None}
    return TotalReturn(session, windows, told)
