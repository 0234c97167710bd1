"""What checks and claims are computed from: closes and observations as they were known on a day."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.breadth import MemberBreadth
from rotation_tui.domain.fundamentals import FilingsAtHand, Fundamentals, FundMembers
from rotation_tui.domain.inputs import Filings, Input, Members, SeriesId, Symbol, Unfed
from rotation_tui.domain.measures import MEASURES_BY_ID, Basket
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.reading import InputReading
from rotation_tui.domain.series import SERIES, TimeSpan
from rotation_tui.domain.session import Calendar
from rotation_tui.evidence import freshness
from rotation_tui.evidence.line import Line, NotKnown

HELD, REPORTED = TimeSpan(6, "sessions"), TimeSpan(200, "days")
"""Greatest ages of a file of holdings, and of the end of the quarter that companies have reported."""
ROWS = 1300
"""Rows of history read where no more is asked for: enough for a percentile of 504 over a window of 252 and
two years of levels, and a fifth of the time that the whole history would take."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Bars and observations, and the day on which they are read.

    `as_of` is the last completed session: no close after it is read. `known_on` is the day whose knowledge
    counts, today on a live board; by default it is `as_of`. `fundamentals` are what follows from holdings and filings,
    None where there are neither.
    """

    bars: Mapping[tuple[str, Basis], Bars]
    observations: Mapping[str, Observations]
    calendar: Calendar
    as_of: date
    known_on: date | None = None
    fundamentals: Fundamentals | None = field(default=None, kw_only=True)

    @property
    def today(self) -> date:
        """The day from which ages count and on which publications are known."""
        return self.known_on or self.as_of

    def known(self, series_id: str) -> Observations:
        """The published observations of a catalogued series; NotKnown where there are none."""
        series = self.observations.get(series_id)
        if series is not None:
            series = freshness.known(series, self.today, self.calendar)
        if series is None or not series.dates:
            raise NotKnown(f"needs {series_id}")
        return series

    def newest(self, given: Input) -> InputReading:
        """The newest known value of an input, with its date and source; empty where there is none."""
        try:
            match given:
                case Members(fund):
                    held = self.members(fund)
                    return InputReading(fund, float(held.members), held.as_of, held.source)
                case Filings(figure):
                    filed = self.filings()
                    assert self.fundamentals is not None
                    told = sum(sum(read.tags.values()) for read in self.fundamentals.read if read.id == figure)
                    return InputReading(figure, float(told), filed.as_of, filed.source)
                case Unfed(what, fund):
                    found = self.breadth(fund)
                    if not found.liquidity:
                        raise NotKnown(f"needs {what}")
                    return InputReading(what, float(found.sampled), found.as_of, found.source)
            line = self._newest(given)
        except NotKnown:
            return InputReading(given.id, None, None, None)
        stale = freshness.overdue(line.dates[-1], self.today, line.limit, self.calendar)
        return InputReading(given.id, line.last, line.dates[-1], line.sources[0], stale)

    def members(self, fund: str) -> FundMembers:
        """The members of a fund; NotKnown where its holdings are not there."""
        found = None if self.fundamentals is None else self.fundamentals.fund(fund)
        if found is None:
            raise NotKnown(f"needs holdings of {fund}")
        return found

    def breadth(self, fund: str) -> MemberBreadth:
        """Breadth among a fund's members; NotKnown where their closes are not there or too old."""
        found = None if self.fundamentals is None else self.fundamentals.breadth_of(fund)
        if found is None:
            raise NotKnown(f"needs closes of {fund}'s members")
        if (old := freshness.overdue(found.as_of, self.today, freshness.CLOSE, self.calendar)) is not None:
            raise NotKnown(old)
        return found

    def measured(self, fund: str, measure: str) -> tuple[Basket, float]:
        """A measure of what a fund holds, with the basket that it is of; NotKnown where it cannot be told."""
        basket = None if self.fundamentals is None else self.fundamentals.basket(fund)
        if basket is None:
            self.members(fund)
            raise NotKnown("needs filings")
        found = basket.measured(measure)
        if found is None or found.value is None:
            raise NotKnown(f"{fund}: {found.why if found is not None else measure}")
        return basket, found.value

    def line_of(self, fund: str, measure: str) -> Line:
        """The one value of a measure as a line, as of the quarter that is reported; of the holdings where it needs no
        filings."""
        basket, value = self.measured(fund, measure)
        held, found = self.members(fund), basket.measured(measure)
        assert found is not None
        needs_filings = bool(MEASURES_BY_ID[measure].figures)
        day, limit = (basket.reported, REPORTED) if needs_filings else (held.as_of, HELD)
        sources = (held.source, self.filings().source) if needs_filings else (held.source,)
        coverage = f"of {found.count:,} companies of {found.of:,}, {found.weight:.0f} % of the weight"
        return Line.of([(day, value)], tuple(dict.fromkeys(sources)), limit).told(beside=coverage)

    def filings(self) -> FilingsAtHand:
        """What is there of filings; NotKnown where nothing is."""
        if self.fundamentals is None or self.fundamentals.filings is None:
            raise NotKnown("needs filings")
        return self.fundamentals.filings

    def _newest(self, given: Symbol | SeriesId) -> Line:
        match given:
            case Symbol(symbol):
                basis = Basis.PRICE if (symbol, Basis.PRICE) in self.bars else Basis.TOTAL
                return self.closes(symbol, basis, rows=1)
            case SeriesId(series_id):
                return self.series(series_id)

    def freshest(self, alternatives: Sequence[Callable[[Self], Line]]) -> Line:
        """The alternative that reaches furthest; the earlier one where they end together."""
        best: Line | None = None
        reason: NotKnown | None = None
        for alternative in alternatives:
            try:
                line = alternative(self)
            except NotKnown as missing:
                reason = reason or missing
                continue
            if best is None or line.dates[-1] > best.dates[-1]:
                best = line
        if best is None:
            raise reason or NotKnown("needs data")
        return best

    def in_order(self, alternatives: Sequence[Callable[[Self], Line]]) -> Line:
        """The first alternative that is not too old; where none is fresh, the one that reaches furthest."""
        for alternative in alternatives:
            try:
                line = alternative(self)
            except NotKnown:
                continue
            if freshness.overdue(line.dates[-1], self.today, line.limit, self.calendar) is None:
                return line
        return self.freshest(alternatives)

    def with_a_past(self, line: Line, least: int) -> Line:
        """The line, or NotKnown where it has fewer values; so that an alternative may stand in."""
        if len(line) < least:
            raise NotKnown(f"needs {least} values, have {len(line)}")
        return line

    def beside(self, series_id: str) -> Line:
        """A series that is told beside a line, in words, and is no part of its values."""
        return _line(self.known(series_id))

    def series(self, series_id: str) -> Line:
        """The published observations of a series as a line."""
        return _line(self.known(series_id))

    def completed(self, symbol: str, basis: Basis, *, rows: int | None = ROWS) -> Bars:
        """The latest `rows` bars up to the last completed session, all of them for None; NotKnown without any."""
        bars = self.bars.get((symbol, basis))
        if bars is not None:
            bars = bars.until(self.as_of)
        if bars is None or not bars.dates:
            raise NotKnown(f"needs {symbol}")
        return bars if rows is None else bars.tail(rows)

    def closes(self, symbol: str, basis: Basis = Basis.PRICE, *, rows: int | None = ROWS) -> Line:
        """The latest `rows` completed closes as a line, all of them for None."""
        bars = self.bars.get((symbol, basis))
        end = 0 if bars is None else bisect_right(bars.dates, self.as_of)
        if bars is None or not end:
            raise NotKnown(f"needs {symbol}")
        latest = slice(0 if rows is None else max(0, end - rows), end)
        return Line(bars.dates[latest], bars.closes_in(latest), (bars.source,), freshness.CLOSE)

    def together(self, *symbols: str, prefer: Basis = Basis.TOTAL, rows: int | None = ROWS) -> tuple[Line, ...]:
        """Closes of all symbols on one basis, the preferred one where every symbol has it.

        A total return is never set against a price; NotKnown names what the preferred basis lacks.
        """
        other = Basis.PRICE if prefer is Basis.TOTAL else Basis.TOTAL
        for basis in (prefer, other):
            if all((symbol, basis) in self.bars for symbol in symbols):
                return tuple(self.closes(symbol, basis, rows=rows) for symbol in symbols)
        missing = [s for s in symbols if all((s, basis) not in self.bars for basis in Basis)]
        if not missing:
            raise NotKnown("needs one basis for all")
        more = f" +{len(missing) - 3}" if len(missing) > 3 else ""
        raise NotKnown(f"needs {' '.join(missing[:3])}{more}")


def _line(series: Observations) -> Line:
    return Line(series.dates, series.values, (series.source,), SERIES[series.series_id].limit)
