"""Who leads, and what the last month did to the lead: from the margins of the broad pair (METHODOLOGY.md#leads)."""

from collections.abc import Sequence
from datetime import datetime

from rotation_tui.board.contract import Loading, SpreadRow
from rotation_tui.board.marks import Moment
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import BROAD_PAIRS
from rotation_tui.domain.verdict import Course, Leader, Leads, Provisional
from rotation_tui.domain.window import Window

LEVEL_PP = 0.5
"""Margins nearer to zero than this are no lead: RUT-SPX moves as much on a mean day (0.52 pp, 2005-2025)."""
HELD_PP = 0.05
"""A month that moved less than this, which reads 0.0, has left the lead where it was."""

_HALF, _YEAR, _MONTH = Window.HALF.value, Window.YTD.value, Window.M1.value


def leads_of(spreads: Sequence[SpreadRow], loading: Loading | None, moment: Moment) -> Leads:
    """Who leads by the indexes, by the funds where the margins of the indexes are unknown."""
    provisional = None if loading is None else Provisional(loading.have, loading.want)
    rows = [row for pair in BROAD_PAIRS for row in spreads if (row.small, row.large) == pair]
    if not rows:
        pairs = " or ".join("-".join(pair) for pair in BROAD_PAIRS)
        return _unknown(provisional, f"the config has no spread {pairs}")
    row = next((row for row in rows if None not in (row.windows[_HALF], row.windows[_YEAR])), rows[0])
    half, year, month = (row.windows[window] for window in (_HALF, _YEAR, _MONTH))
    side = leader(half, year)
    course = course_of(side, half, year, month)
    reasons = {
        field: row.why or _why(row, window)
        for field, window, value in (("half_pp", _HALF, half), ("ytd_pp", _YEAR, year), ("month_pp", _MONTH, month))
        if value is None
    }
    if side is Leader.UNKNOWN:
        reasons["side"] = next(reasons[field] for field in ("half_pp", "ytd_pp") if field in reasons)
    if course is None:
        reasons["course"] = reasons.get("month_pp", "no side leads") if side in _SIDES else "no side leads"
    return Leads(
        side, half, year, month, provisional, side_of(half), side_of(year), course,
        f"{row.small}-{row.large}", row.state,
        _as_of(row, moment), reasons or None,
    )  # fmt: skip


def side_of(margin: float | None) -> Leader:
    """Who leads by one margin: nobody where it is about level."""
    if margin is None:
        return Leader.UNKNOWN
    if abs(margin) < LEVEL_PP:
        return Leader.NEITHER
    return Leader.SMALL if margin > 0 else Leader.LARGE


def leader(half: float | None, year: float | None) -> Leader:
    """The side that leads over both; MIXED where they differ."""
    sides = side_of(half), side_of(year)
    if Leader.UNKNOWN in sides:
        return Leader.UNKNOWN
    return sides[0] if sides[0] is sides[1] else Leader.MIXED


_SIDES = {Leader.SMALL: 1.0, Leader.LARGE: -1.0}


def course_of(side: Leader, half: float | None, year: float | None, month: float | None) -> Course | None:
    """What the month did to the lead of a side; None where no side leads or the month is unknown."""
    if side not in _SIDES or half is None or year is None or month is None:
        return None
    gained, left = _SIDES[side] * month, min(abs(half), abs(year))
    if abs(gained) < HELD_PP:
        return Course.HOLDING
    if gained > 0:
        return Course.GROWING
    return Course.TURNING if -gained > left else Course.FADING


def _why(row: SpreadRow, window: str) -> str:
    return (row.reasons or {}).get(window) or f"no common close from which {window} starts"


def _as_of(row: SpreadRow, moment: Moment) -> datetime | None:
    """The older price's print, else the pair's close; where the closes are too old, the last of them."""
    if row.study_state is State.STALE and row.study_as_of is not None:
        return moment.calendar.close_at(row.study_as_of)
    if row.printed is not None or row.as_of is None:
        return row.printed
    return moment.calendar.close_at(row.as_of)


def _unknown(provisional: Provisional | None, why: str) -> Leads:
    fields = ("side", "half_pp", "ytd_pp", "month_pp", "course")
    return Leads(Leader.UNKNOWN, None, None, None, provisional, reasons=dict.fromkeys(fields, why))
