"""Returns over calendar spans and from year to year, on lines of closes and observations."""

from bisect import bisect_right
from datetime import date

from rotation_tui.claims.base import ClaimInputs, told
from rotation_tui.claims.rules import holds
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.claim import ClaimValue
from rotation_tui.domain.window import Window, nominal_base
from rotation_tui.domain.wording import signed
from rotation_tui.evidence import freshness
from rotation_tui.evidence.line import Line, NotKnown

_BASE_GAP_DAYS = 7
"""A base further from the day it stands for is no base (METHODOLOGY.md#windows)."""
TREND = 200
_DIGITS = 9


def at(line: Line, day: date) -> tuple[date, float]:
    """The last value at or before `day`, at most seven days earlier; NotKnown where there is none."""
    row = bisect_right(line.dates, day) - 1
    if row < 0 or (day - line.dates[row]).days > _BASE_GAP_DAYS:
        raise NotKnown(f"needs a value of {day}")
    return line.dates[row], line.values[row]


def until(line: Line, day: date) -> Line:
    """The line without the values after `day`; NotKnown where nothing is left."""
    rows = bisect_right(line.dates, day)
    return Line(line.dates[:rows], line.values[:rows], line.sources, line.limit)


def percent(last: float, base: float) -> float:
    """Percent change from `base` to `last`, without float dust: a threshold is met by what looks like it."""
    return round(100.0 * (last / base - 1.0), _DIGITS)


def points(value: float, other: float) -> float:
    """Difference in percentage points, without float dust."""
    return round(value - other, _DIGITS)


def change(line: Line, base: date, end: date) -> float:
    """Percent change from the close at or before `base` to that at or before `end`.

    NotKnown before the first session after `base`: what has not begun is no standstill.
    """
    if line.dates[-1] <= base:
        raise NotKnown(f"no session after {base} yet")
    return percent(at(line, end)[1], at(line, base)[1])


def year_to_date(line: Line) -> float:
    """Percent change since the end of the year before."""
    return change(line, nominal_base(Window.YTD, line.dates[-1]), line.dates[-1])


def gain(line: Line, sessions: int) -> float:
    """Percent change over the last so many rows."""
    if len(line) <= sessions:
        raise NotKnown(f"needs {sessions + 1} closes, have {len(line)}")
    return percent(line.last, line.values[-1 - sessions])


def years_before(day: date, years: int) -> date:
    """The same day of an earlier year; 28 February for the 29th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year - years, day.month, last)


def year_earlier(line: Line) -> float:
    """The value a year before the last one."""
    return at(line, years_before(line.dates[-1], 1))[1]


def year_on_year(line: Line) -> float:
    """Percent change of the last value over the one a year before it."""
    return percent(line.last, year_earlier(line))


def tail(line: Line, rows: int) -> Line:
    """The last `rows` values."""
    return Line(line.dates[-rows:], line.values[-rows:], line.sources, line.limit)


def index_pair(inputs: ClaimInputs, *, rows: int | None = None) -> tuple[Line, Line, str]:
    """Price closes of RUT and SPX, or of IWM and SPY where an index is missing or too old, and the pair's name."""
    try:
        return (*inputs.legs("RUT", "SPX", rows=rows), "RUT−SPX")
    except NotKnown as missing:
        try:
            return (*inputs.legs("IWM", "SPY", rows=rows), "IWM−SPY")
        except NotKnown:
            raise missing from None


def closes_to(inputs: ClaimInputs, symbol: str, end: date, basis: Basis = Basis.PRICE) -> Line:
    """All closes up to `end`; NotKnown where a past `end` has none of its own, or the last one is too old."""
    line = until(inputs.closes(symbol, basis, rows=None), end)
    last = min(inputs.as_of, end)
    allowed = freshness.CLOSE.count if end > inputs.as_of else 0
    if inputs.calendar.age(line.dates[-1], last) > allowed:
        raise NotKnown(f"needs {symbol} of {inputs.calendar.on_or_before(last)}")
    return inputs.fresh(line) if end > inputs.as_of else line  # a period that is over has its value for good


def equal_weight(inputs: ClaimInputs) -> ClaimValue:
    """RSP over SPY above its mean of 200 sessions."""
    equal, capped = inputs.legs("RSP", "SPY", prefer=Basis.TOTAL)
    ratio = equal.over(capped)
    above = percent(ratio.last, ratio.mean(TREND).last)
    return told(above, holds(above > 0), f"RSP/SPY {signed(above)} % vs 200d", ratio)


def excess(inputs: ClaimInputs, symbol: str, benchmark: str, sessions: int | None) -> tuple[float, Line, Line]:
    """Return of a symbol less that of a benchmark over so many sessions (None: year to date), in pp."""
    mine, theirs = inputs.legs(symbol, benchmark)
    if sessions is None:
        return points(year_to_date(mine), year_to_date(theirs)), mine, theirs
    return points(gain(mine, sessions), gain(theirs, sessions)), mine, theirs


def ahead(inputs: ClaimInputs, symbol: str, benchmark: str, sessions: int | None) -> ClaimValue:
    """Whether the excess over a benchmark is above 0."""
    value, mine, theirs = excess(inputs, symbol, benchmark, sessions)
    span = "YTD" if sessions is None else f"{sessions}d"
    return told(value, holds(value > 0), f"{symbol}−{benchmark} {span} {signed(value)} pp", mine, theirs)
