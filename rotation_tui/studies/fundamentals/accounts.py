"""Companies' accounts out of frames: twelve months, years and moments of each figure, one row a company.

Frames are named by the calendar, companies close their books when they like: which quarters follow each other, and
which year they belong to, is told by the day on which each of them ends, never by the name of its frame.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rotation_tui.domain.figures import LAST_AND_YEAR_BEFORE, CalendarQuarter, Figure, reported
from rotation_tui.domain.filings import Facts, FrameId
from rotation_tui.domain.measures import FigureRead
from rotation_tui.studies.fundamentals.formulas import Numbers, agree, by_year_to_date, fourth_quarter

OLD_AFTER = timedelta(days=200)
"""The newest quarter of twelve months may have ended so long ago."""

_QUARTERS = 12
APART = 70.0, 115.0
"""Days from the end of one quarter to that of the next."""

_SAME_DAY = 10.0
_LATE_SLOTS = 2

Rows = NDArray[np.bool_]


class Fault(IntEnum):
    """Why a company has no twelve months of a figure."""

    NONE = 0
    NOT_TOLD = 1
    HOLES = 2
    OLD = 3
    DISAGREE = 4


WORDS = {
    Fault.NOT_TOLD: "has filed none",
    Fault.HOLES: "not four quarters in a row",
    Fault.OLD: f"the newest quarter ended over {OLD_AFTER.days} days ago",
    Fault.DISAGREE: "two ways to twelve months differ by over 0.5 %",
}


class Twelve(NamedTuple):
    """Twelve months of a figure, those a year before, NaN where unknown, and why the newer are not known."""

    now: Numbers
    before: Numbers
    fault: NDArray[np.int64]


class Accounts:
    """What the companies `ciks`, ascending, have filed, as it is read frame by frame; each frame is read once."""

    def __init__(self, facts: Callable[[FrameId], Facts | None], ciks: Iterable[int], day: date) -> None:
        self._facts = facts
        self._day = day
        self.ciks = np.fromiter(ciks, np.float64)
        self.newest: CalendarQuarter = reported(day)
        self.seen = np.zeros(len(self.ciks), bool)
        self._read: dict[FrameId, bool] = {}
        self._told: dict[str, dict[str, int]] = {}

    def files(self, figure: Figure) -> FigureRead:
        """What of a figure was read, and whom it told something of."""
        periods = figure.periods(self.newest)
        wanted = [frame for period in periods for frame in figure.frames(period)]
        there = sum(self._read.get(frame, False) for frame in wanted)
        ordered = sorted(period for period in periods)
        return FigureRead(figure.id, there, len(wanted), self._told.get(figure.id, {}), ordered[0], ordered[-1])

    def trailing(self, figure: Figure) -> Twelve:
        """Twelve months of a figure; of each company by one tag, the first by which there are four quarters."""
        count = len(self.ciks)
        now, before = np.full(count, np.nan), np.full(count, np.nan)
        fault = np.full(count, Fault.NOT_TOLD, np.int64)
        for tag in range(len(figure.tags)):
            found = self._by_tag(figure, tag)
            open_ = np.isnan(now) & (fault != Fault.DISAGREE)
            takes = open_ & ~np.isnan(found.now)
            now[takes], before[takes], fault[takes] = found.now[takes], found.before[takes], Fault.NONE
            told = open_ & ~takes & (found.fault != Fault.NOT_TOLD)
            fault[told] = found.fault[told]
            self._tell(figure, tag, takes)
        return Twelve(now, before, fault)

    def year(self, figure: Figure, year: int) -> Numbers:
        """A figure over a fiscal year, the one that the SEC counts as that of the calendar."""
        return self._first(figure, f"CY{year}")

    def at(self, figure: Figure, period: str) -> Numbers:
        """A figure over a period, or at its end, as frames name it."""
        return self._first(figure, period)

    def last_and_year_before(self, read: Callable[[str], Numbers], *, moment: bool) -> tuple[Numbers, Numbers]:
        """What `read` gives for the newest quarter and for the same of a year before, by the name of a period.

        Of a company that has not filed about the newest one yet, for the one before it and its year before.
        """
        now, earlier, before, much_earlier = (
            read(f"{self.newest.before(n).name}{'I' if moment else ''}") for n in LAST_AND_YEAR_BEFORE
        )
        late = np.isnan(now)
        return np.where(late, earlier, now), np.where(late, much_earlier, before)

    def _first(self, figure: Figure, period: str) -> Numbers:
        found = np.full(len(self.ciks), np.nan)
        for tag, frame in enumerate(figure.frames(period)):
            values, _ = self._frame(frame)
            takes = np.isnan(found) & ~np.isnan(values)
            found[takes] = values[takes]
            self._tell(figure, tag, takes)
        return found

    def _tell(self, figure: Figure, tag: int, takes: Rows) -> None:
        told, name, count = self._told.setdefault(figure.id, {}), figure.tags[tag], int(takes.sum())
        if count:
            told[name] = max(count, told.get(name, 0))

    def _frame(self, frame: FrameId) -> tuple[Numbers, Numbers]:
        """Values and last days of a frame, NaN for companies that are not in it."""
        count = len(self.ciks)
        values, ends = np.full(count, np.nan), np.full(count, np.nan)
        facts = self._facts(frame)
        self._read[frame] = facts is not None
        if facts is not None and len(facts):
            told = np.array(facts.ciks)
            place = np.minimum(np.searchsorted(told, self.ciks), len(told) - 1)
            there = told[place] == self.ciks
            values[there] = np.array(facts.values)[place[there]]
            ends[there] = np.array(facts.ends)[place[there]]
            self.seen |= there
        return values, ends

    def _by_tag(self, figure: Figure, tag: int) -> Twelve:
        quarters = [self.newest.before(slot) for slot in range(_QUARTERS)]
        wanted = set(figure.periods(self.newest))
        nothing = np.full(len(self.ciks), np.nan), np.full(len(self.ciks), np.nan)
        frames = [self._frame(figure.frames(q.name)[tag]) if q.name in wanted else nothing for q in quarters]
        years = sorted({q.year for q in quarters}, reverse=True)
        annual = [self._frame(figure.frames(f"CY{y}")[tag]) for y in years if f"CY{y}" in wanted]
        return twelve_months(frames, annual, self._day)


def twelve_months(quarters: list[tuple[Numbers, Numbers]], years: list[tuple[Numbers, Numbers]], day: date) -> Twelve:
    """Twelve months out of quarters, the newest first, and fiscal years: values and last days of each.

    A quarter that is missing and ends a fiscal year is that year less the three before it. A company whose newest
    quarter is not there yet is read as of the one before it (METHODOLOGY.md#twelve-months).
    """
    values = np.column_stack([value for value, _ in quarters])
    ends = np.column_stack([end for _, end in quarters])
    count, slots = values.shape
    annual = np.full((count, slots), np.nan)
    for year, year_end in years:
        for slot in range(slots):
            is_here = np.abs(year_end - ends[:, slot]) <= _SAME_DAY
            if slot + 3 < slots:
                follows = _follows(year_end, ends[:, slot + 1])
                derived = np.isnan(values[:, slot]) & follows & _in_a_row(ends, slot + 1, 3)
                last = fourth_quarter(year, values[:, slot + 3], values[:, slot + 2], values[:, slot + 1])
                takes = derived & ~np.isnan(last)
                values[takes, slot], ends[takes, slot] = last[takes], year_end[takes]
                is_here |= takes
            annual[is_here, slot] = year[is_here]
    found = Twelve(
        np.full(count, np.nan),
        np.full(count, np.nan),
        np.where(np.isnan(values).all(axis=1), Fault.NOT_TOLD, Fault.HOLES),
    )
    for start in range(_LATE_SLOTS):
        total, disagree = _total(values, ends, annual, start)
        takes = np.isnan(found.now) & (found.fault == Fault.HOLES) & ~np.isnan(total)
        old = takes & (day.toordinal() - ends[:, start] > OLD_AFTER.days)
        found.fault[old] = Fault.OLD
        found.fault[takes & disagree] = Fault.DISAGREE
        good = takes & ~old & ~disagree
        earlier, unlike = _total(values, ends, annual, start + 4)
        follows = _follows(ends[:, start + 3], ends[:, start + 4])
        found.now[good], found.fault[good] = total[good], Fault.NONE
        kept = good & follows & ~unlike
        found.before[kept] = earlier[kept]
    return found


def _total(values: Numbers, ends: Numbers, annual: Numbers, start: int) -> tuple[Numbers, Rows]:
    """Four quarters from a slot on, NaN where there are not four in a row, and where the other way says otherwise."""
    whole = _in_a_row(ends, start, 4)
    total = np.where(whole, values[:, start : start + 4].sum(axis=1), np.nan)
    disagree = np.zeros(len(total), bool)
    slots = values.shape[1]
    for into in range(4):  # the fiscal year ended so many quarters before
        last = start + into
        if last + 3 >= slots or start + 4 + into > slots:
            continue
        since = values[:, start:last].sum(axis=1)
        before = values[:, start + 4 : start + 4 + into].sum(axis=1)
        other = by_year_to_date(annual[:, last], since, before)
        if into:
            other = np.where(_in_a_row(ends, start, 4 + into), other, np.nan)
        disagree |= ~agree(total, other)
    return total, disagree


def _follows(later: Numbers, earlier: Numbers) -> Rows:
    """Whether one day is about a quarter after another."""
    least, most = APART
    apart = later - earlier
    return (apart >= least) & (apart <= most)


def _in_a_row(ends: Numbers, start: int, count: int) -> Rows:
    """Whether quarters that begin with the slot `start` are all there, each about a quarter before the one before."""
    follow = ~np.isnan(ends[:, start])
    for slot in range(start, start + count - 1):
        follow = follow & _follows(ends[:, slot], ends[:, slot + 1])
    return follow
