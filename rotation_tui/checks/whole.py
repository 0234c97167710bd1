"""The line of a check over many sessions at once, and which part of it was there at each of them.

A check's line on a past day is a part of its line of now, for nothing in it looks ahead: it ends with what was known
by then, and begins so many rows earlier where its inputs are limited to their latest rows. Which alternative a check
takes may differ from day to day, so that it may have several such lines, each with the sessions on which it counts.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date

from rotation_tui.checks.base import Inputs
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.series import SERIES
from rotation_tui.evidence import freshness
from rotation_tui.evidence.evidence import ROWS
from rotation_tui.evidence.line import Line, NotKnown

UNCLEAR, UNKNOWN = -1, 0
"""In `Stretch.counts`: the check has to be read by itself there; it has no value there."""
_GAPS = 150
"""Rows by which the beginning of a line may be off where inputs lack sessions that others have."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line and, by session, how many of its rows were there (None where another line counts) and from which on.

    Rows before `starts` were not; those from `sure` on certainly were. Both are equal but where inputs have gaps.
    """

    line: Line | None
    counts: tuple[int | None, ...]
    starts: tuple[int, ...] = ()
    sure: tuple[int, ...] = ()


_End = tuple[date, Line] | int | None
"""The last day of an alternative and its line; None where it has no value, UNCLEAR where nobody knows."""


@dataclass(frozen=True, slots=True)
class _Read:
    """An input that was read: its dates, the latest of which was known by session, and how many rows are read."""

    dates: tuple[date, ...]
    known: Sequence[date]
    limit: int | None


@dataclass(slots=True)
class _Way:
    """One way through the alternatives of a check: `picks` so far, what was read on it, the sessions that take it."""

    picks: tuple[int, ...]
    sessions: list[bool]
    read: dict[object, _Read] = field(default_factory=dict)
    least: int = 1
    taken: int = 0
    others: list[tuple[int, ...]] = field(default_factory=list)
    without: list[bool] = field(default_factory=list)

    def choose(self, by_session: Sequence[int | None]) -> int:
        """The alternative of this way at its next fork; the others are ways of their own.

        It is None where no alternative has a value, and UNCLEAR where that has to be seen by itself.
        """
        if self.taken == len(self.picks):
            here = list(zip(by_session, self.sessions, strict=True))
            before = self.without or [False] * len(here)
            self.without = [gone or (on and pick is None) for gone, (pick, on) in zip(before, here, strict=True)]
            found = sorted({pick for pick, on in here if on and pick is not None and pick != UNCLEAR})
            if not found:
                raise NotKnown("on no session")
            self.others += [(*self.picks, other) for other in found[1:]]
            self.picks = (*self.picks, found[0])
        pick = self.picks[self.taken]
        self.taken += 1
        self.sessions = [on and p == pick for p, on in zip(by_session, self.sessions, strict=True)]
        return pick


class Whole:
    """What checks read over all of `days`, ascending sessions; `as_of` is the last session with a close by each."""

    def __init__(self, inputs: Inputs, days: Sequence[date], as_of: Sequence[date]) -> None:
        self.inputs = inputs
        self.days = days
        self.as_of = as_of
        self._known: dict[str, Sequence[date]] = {}

    def stretches(self, function: Callable[[Inputs], Line]) -> list[Stretch]:
        """The lines that a function gives on these sessions; on a session that is in none it has to be read by itself.

        Whatever the function raises but NotKnown goes on.
        """
        found, ways = list[Stretch](), list[tuple[int, ...]]([()])
        while ways:
            way = _Way(ways.pop(), [True] * len(self.days))
            try:
                line = function(_Tracing.over(self, way))
            except NotKnown:
                found.append(Stretch(None, tuple(UNCLEAR if on else None for on in way.sessions)))
            else:
                found.append(self._stretch(function, line, way))
            if any(way.without):
                found.insert(0, Stretch(None, tuple(UNKNOWN if without else None for without in way.without)))
            ways += way.others
        return found

    def known(self, series_id: str) -> Sequence[date]:
        """The newest day of a series that was published, by session."""
        if series_id not in self._known:
            series, calendar = SERIES[series_id], self.inputs.calendar
            self._known[series_id] = [series.newest_known(day, calendar) for day in self.days]
        return self._known[series_id]

    def furthest(self, alternatives: Sequence[Callable[[Inputs], Line]], *, fresh: bool) -> list[int | None]:
        """Which alternative counts by session; with `fresh` the first that is not too old, where one is."""
        ends = [self._ends(alternative) for alternative in alternatives]
        return [self._pick([each[at] for each in ends], at, fresh=fresh) for at in range(len(self.days))]

    def _pick(self, ends: Sequence[_End], at: int, *, fresh: bool) -> int | None:
        if UNCLEAR in ends:
            return UNCLEAR
        there = [(number, end) for number, end in enumerate(ends) if isinstance(end, tuple)]
        if fresh:
            for number, (day, line) in there:
                if freshness.overdue(day, self.days[at], line.limit, self.inputs.calendar) is None:
                    return number
        return max(there, key=lambda each: (each[1][0], -each[0]))[0] if there else None

    def _ends(self, alternative: Callable[[Inputs], Line]) -> list[_End]:
        """The last day of an alternative by session."""
        ends: list[_End] = [UNCLEAR] * len(self.days)
        for stretch in self.stretches(alternative):
            for at, count in enumerate(stretch.counts):
                if count == UNKNOWN:
                    ends[at] = None
                elif count is not None and count > 0 and stretch.line is not None:
                    ends[at] = stretch.line.dates[count - 1], stretch.line
        return ends

    def _stretch(self, function: Callable[[Inputs], Line], line: Line, way: _Way) -> Stretch:
        reads = tuple(way.read.values())
        if not reads:  # of the calendar alone: each session has one of its own
            return Stretch(None, tuple(UNCLEAR if on else None for on in way.sessions))
        joined = _joined(reads)
        lag = self._lag(function, reads, joined, way)
        counts, starts, sure = list[int | None](), list[int](), list[int]()
        for at, on in enumerate(way.sessions):
            count, start, certain = _part(line, reads, joined, lag, at) if on else (None, 0, 0)
            if count is not None and count > 0 and count - start < way.least:
                count = UNKNOWN if start == certain else UNCLEAR
            counts.append(count)
            starts.append(start)
            sure.append(certain)
        return Stretch(line, tuple(counts), tuple(starts), tuple(sure))

    def _lag(
        self, function: Callable[[Inputs], Line], reads: Sequence[_Read], joined: Sequence[date], way: _Way
    ) -> int | None:
        """How many rows of its inputs a line takes before its first, by the line of the last session that has it.

        None where that has none.
        """
        at = max(n for n, on in enumerate(way.sessions) if on)
        try:
            begins = function(self.past(at)).dates[0]
        except NotKnown:
            return None
        return bisect_left(joined, begins) - bisect_left(joined, _begin(reads, at) or joined[0])

    def past(self, at: int) -> Inputs:
        """The inputs as of one session."""
        day = self.days[at]
        there = {key: bars for key, bars in self.inputs.bars.items() if bars.dates and bars.dates[0] <= day}
        return replace(self.inputs, bars=there, as_of=self.as_of[at], known_on=day)


def _joined(reads: Sequence[_Read]) -> list[date]:
    """The days that all inputs have."""
    first = reads[0].dates
    if all(read.dates == first for read in reads):
        return list(first)
    return sorted(set(first).intersection(*(read.dates for read in reads[1:])))


def _begin(reads: Sequence[_Read], at: int) -> date | None:
    """The day from which on all inputs are read on a session, None where none is limited to its latest rows."""
    ends = ((read, bisect_right(read.dates, read.known[at])) for read in reads if read.limit is not None)
    return max((read.dates[max(0, end - (read.limit or 0))] for read, end in ends), default=None)


def _part(line: Line, reads: Sequence[_Read], joined: Sequence[date], lag: int | None, at: int) -> tuple[int, int, int]:
    """How many rows of the line were there at a session, from which on, and from which on for certain."""
    known = min(read.known[at] for read in reads)
    count = bisect_right(line.dates, known)
    if count == 0:
        return UNKNOWN, 0, 0
    begin = _begin(reads, at)
    if begin is None or begin <= joined[0]:
        return count, 0, 0
    first, end, whole = bisect_left(joined, begin), bisect_right(joined, known), bisect_left(joined, line.dates[0])
    if lag is None or max(first, whole) >= end:
        return UNCLEAR, 0, 0
    # a row that the line has not, though its inputs have the day, hides from how far back it is made
    if count - bisect_left(line.dates, joined[max(first, whole)]) != end - max(first, whole):
        return UNCLEAR, 0, 0
    row = bisect_left(line.dates, joined[first + lag]) if first + lag < end else count
    rows, limited = end - first, [read for read in reads if read.limit is not None]
    if all(bisect_right(read.dates, known) - bisect_left(read.dates, begin) == rows for read in limited):
        return count, row, row
    short = max((read.limit or 0) - rows for read in limited)
    return (UNCLEAR, 0, 0) if short > _GAPS else (count, row, min(count, row + _GAPS))


@dataclass(frozen=True)
class _Tracing(Inputs):
    """Inputs as of the last session that note what is read of them, without the limits of a single day."""

    whole: Whole = field(kw_only=True)
    way: _Way = field(kw_only=True)

    @classmethod
    def over(cls, whole: Whole, way: _Way) -> "_Tracing":
        given: Mapping[str, object] = {each.name: getattr(whole.inputs, each.name) for each in fields(Inputs)}
        return cls(**given, whole=whole, way=way)  # type: ignore[arg-type]

    def known(self, series_id: str) -> Observations:
        found = super().known(series_id)
        self.way.read[series_id] = _Read(found.dates, self.whole.known(series_id), None)
        return found

    def beside(self, series_id: str) -> Line:
        kept = dict(self.way.read)
        line = super().beside(series_id)
        self.way.read = kept
        return line

    def closes(self, symbol: str, basis: Basis = Basis.PRICE, *, rows: int | None = ROWS) -> Line:
        line = super().closes(symbol, basis, rows=None)
        start = self._start(line.dates, rows)
        dates, values = line.dates[start:], line.values[start:]
        self.way.read[symbol, basis] = _Read(dates, self.whole.as_of, rows)
        return Line(dates, values, line.sources, line.limit)

    def completed(self, symbol: str, basis: Basis, *, rows: int | None = ROWS) -> Bars:
        bars = super().completed(symbol, basis, rows=None)
        bars = bars.tail(len(bars) - self._start(bars.dates, rows))
        self.way.read[symbol, basis] = _Read(bars.dates, self.whole.as_of, rows)
        return bars

    def together(self, *symbols: str, prefer: Basis = Basis.TOTAL, rows: int | None = ROWS) -> tuple[Line, ...]:
        other = Basis.PRICE if prefer is Basis.TOTAL else Basis.TOTAL
        usable = [basis for basis in (prefer, other) if all((s, basis) in self.bars for s in symbols)]
        if not usable:
            return super().together(*symbols, prefer=prefer, rows=rows)
        since = [max(self.bars[symbol, basis].dates[0] for symbol in symbols) for basis in usable]
        picks = [next((n for n, first in enumerate(since) if first <= day), None) for day in self.whole.days]
        basis = usable[self.way.choose(picks)]
        return tuple(self.closes(symbol, basis, rows=rows) for symbol in symbols)

    def freshest(self, alternatives: Sequence[Callable[[Inputs], Line]]) -> Line:  # type: ignore[override]
        return alternatives[self.way.choose(self.whole.furthest(alternatives, fresh=False))](self)

    def in_order(self, alternatives: Sequence[Callable[[Inputs], Line]]) -> Line:  # type: ignore[override]
        return alternatives[self.way.choose(self.whole.furthest(alternatives, fresh=True))](self)

    def with_a_past(self, line: Line, least: int) -> Line:
        self.way.least = max(self.way.least, least)
        return super().with_a_past(line, least)

    def _start(self, dates: Sequence[date], rows: int | None) -> int:
        """The first row that counts on the first session; nothing before it ever does."""
        return 0 if rows is None else max(0, bisect_right(dates, self.whole.as_of[0]) - rows)
