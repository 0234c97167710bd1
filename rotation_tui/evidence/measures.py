"""What checks, drivers and claims measure alike: moves of the policy rate, VIX, the curve, change over the calendar."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from msgspec import Struct

from rotation_tui.domain.inputs import SeriesId, Symbol
from rotation_tui.domain.window import MAX_BASE_GAP_DAYS, Window, nominal_base
from rotation_tui.domain.wording import signed
from rotation_tui.evidence.evidence import Evidence
from rotation_tui.evidence.line import Line, NotKnown

MONTH, QUARTER, YEAR, TWO_YEARS = 21, 63, 252, 504
"""Sessions."""
TEN_YEARS_OF_MONTHS = 120

E = TypeVar("E", bound=Evidence)

_DIGITS = 9
_LEAST_PP = 0.01
"""What differs by less is the same rate: it is published in hundredths."""


def freshest(evidence: E, *alternatives: Callable[[E], Line]) -> Line:
    """The alternative that reaches furthest; the earlier one where they end together."""
    return evidence.freshest(alternatives)


def in_order(evidence: E, *alternatives: Callable[[E], Line]) -> Line:
    """The first alternative that is not too old; where none is fresh, the one that reaches furthest."""
    return evidence.in_order(alternatives)


VIX = (Symbol("VIX"), SeriesId("VIXCLS"))
RVX = (Symbol("RVX"), SeriesId("RVXCLS"))
"""What `vix` and `rvx` read."""


def vix(evidence: Evidence) -> Line:
    """VIX, of whichever source reaches further."""
    return freshest(evidence, lambda e: e.closes("VIX"), lambda e: e.series("VIXCLS"))


def rvx(evidence: Evidence) -> Line:
    """The same of the Russell 2000."""
    return freshest(evidence, lambda e: e.closes("RVX"), lambda e: e.series("RVXCLS"))


def slope(long: Line, short: Line) -> Line:
    """One yield less another, to the digits that yields have."""
    return long.minus(short).map(lambda points: round(points, 2))


def market_path(evidence: Evidence) -> Line:
    """2-year Treasury yield less the middle of the target range."""
    middle = evidence.series("DFEDTARU").with_(evidence.series("DFEDTARL"), lambda up, low: (up + low) / 2.0)
    return evidence.series("DGS2").minus(middle).map(yield_digits)


def yield_digits(value: float) -> float:
    """Yields have two decimals and the middle of the range three: what is beyond is rounding of floats."""
    return round(value, 4)


def lower_end(read: Callable[[str], Line], day: date) -> float | None:
    """Lower end of the target range on a day; None where it is not known."""
    try:
        return dict(read("DFEDTARL")).get(day)
    except NotKnown:
        return None


def target_range(upper: float, lower: float | None) -> str:
    """The range in words, or its upper end where that is all there is."""
    return f"{upper:.2f}" if lower is None else f"{lower:.2f}-{upper:.2f}"


class Moves(Struct, frozen=True):
    """Decisions of one year that moved the rate, whatever their size.

    `net_pp` is the last value less the one at the year's start, in percentage points, None where that is not
    known. `last_day` is the first day of the last move's rate, of whatever year, `last_pp` its size; None where no
    move is on record.
    """

    year: int
    cuts: int
    rises: int
    net_pp: float | None
    last_day: date | None
    last_pp: float | None

    @property
    def net_bp(self) -> str | None:
        """The net in basis points with its sign."""
        return None if self.net_pp is None else f"{signed(100 * self.net_pp, 0)}"

    @property
    def last_bp(self) -> str | None:
        """The last move in basis points with its sign."""
        return None if self.last_pp is None else f"{signed(100 * self.last_pp, 0)}"

    @property
    def counted(self) -> str:
        """ "2 cuts 1 rise", empty in a year without a move."""
        told = [(self.cuts, "cut"), (self.rises, "rise")]
        return " ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in told if count)


def moves_of(rates: Iterable[tuple[date, float]]) -> Moves | None:
    """Moves in the year of the last of ascending daily `rates` in percent; None without any."""
    base: float | None = None
    before: tuple[date, float] | None = None
    found: list[tuple[date, float]] = []
    for day, rate in rates:
        if before is not None:
            if abs(rate - before[1]) >= _LEAST_PP:
                found.append((day, rate - before[1]))
            if day.year != before[0].year:
                near = (date(day.year, 1, 1) - before[0]).days <= MAX_BASE_GAP_DAYS + 1
                base = before[1] if near else None
        before = day, rate
    if before is None:
        return None
    year = before[0].year
    own = [move for day, move in found if day.year == year]
    last_day, last_pp = found[-1] if found else (None, None)
    net = None if base is None else before[1] - base
    return Moves(year, sum(m < 0 for m in own), sum(m > 0 for m in own), net, last_day, last_pp)


def since_year_start(line: Line) -> Line:
    """Change of each value from the last one of the year before (METHODOLOGY.md#check-f1).

    Values of a year whose base is missing, or more than 7 days before the year's start, are left out.
    """
    bases: dict[int, float] = {}
    for day, value in line:
        if (date(day.year + 1, 1, 1) - day).days <= MAX_BASE_GAP_DAYS + 1:
            bases[day.year + 1] = value
    rows = [(day, value - bases[day.year]) for day, value in line if day.year in bases]
    if not rows:
        raise NotKnown("needs a value before the year's start")
    return Line.of(rows, line.sources, line.limit)


def year_over_year(line: Line) -> Line:
    """Percent change of monthly values from the same month a year before; months without one left out."""
    values = dict(line)
    rows = [(day, values.get(day.replace(year=day.year - 1)), value) for day, value in line]
    found = [(day, 100.0 * (value / base - 1.0)) for day, base, value in rows if base]
    if not found:
        raise NotKnown("needs 13 months")
    return Line.of(found, line.sources, line.limit)


def at(line: Line, day: date) -> tuple[date, float]:
    """The last value at or before `day`, at most seven days earlier; NotKnown where there is none."""
    row = bisect_right(line.dates, day) - 1
    if row < 0 or (day - line.dates[row]).days > MAX_BASE_GAP_DAYS:
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
    return Line(line.dates[-rows:], line.values[-rows:], line.sources, line.limit)
