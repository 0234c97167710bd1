"""The measures of breadth, a line each: what stands there for a fund, the gap of two, and the sentence that opens."""

from collections.abc import Callable

from msgspec import Struct

from rotation_tui.domain.breadth import GOOD_PCT, POOR_PCT, MemberBreadth, MemberReturns, MemberShare
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Span

_QUARTER, _MONTH = 63, 21
_UNKNOWN = Span(figures.UNKNOWN, "unknown")


class Measured(Struct, frozen=True):
    """One measure: its cell for a fund, what a gap is between (None where there is none), and its sentence."""

    id: str
    title: str
    cell: Callable[[MemberBreadth], Span]
    value: Callable[[MemberBreadth], float | None]
    sentence: Callable[[MemberBreadth], str]
    told_at: str
    is_better_high: bool = True

    def of(self, found: MemberBreadth) -> Span:
        """Its cell; what is old is neither gain nor loss."""
        span = self.cell(found)
        return span._replace(tone="stale") if found.stale else span

    def gap(self, small: MemberBreadth, large: MemberBreadth) -> Span:
        """Small less large, blank where either is unknown."""
        one, other = self.value(small), self.value(large)
        if one is None or other is None:
            return Span("", "faint")
        if small.stale or large.stale or not self.is_better_high:
            return Span(figures.signed(one - other), "stale" if small.stale or large.stale else "text")
        return Span(figures.signed(one - other), "gain" if one > other else "loss" if one < other else "flat")


def _share(share: MemberShare) -> Span:
    """Good or poor by colour; faint where few are known."""
    if share.pct is None:
        return _UNKNOWN
    error = f" {figures.error(share.error_pp, 1)}" if share.error_pp else ""
    tone = "gain" if share.pct > GOOD_PCT else "loss" if share.pct < POOR_PCT else "text"
    return Span(f"{share.pct:.1f}{error}", "faint" if share.is_thin else tone)


def _share_words(share: MemberShare, sessions: int) -> str:
    known = f"{share.known} of the sample of {share.of} known"
    if share.pct is None:
        return f"unknown: {known}"
    error = f" {figures.error(share.error_pp, 1)}" if share.error_pp else ""
    return f"{share.pct:.1f} %{error} closed above the mean of their last {sessions}; {known}"


def _advances(found: MemberBreadth) -> str:
    a = found.advances
    ratio = "" if a.ratio is None else f", {a.ratio:.2f} to one"
    return f"{a.up} up, {a.down} down, {a.unchanged} unchanged at the last close: {figures.signed(a.net, 0)}{ratio}"


def _extremes(found: MemberBreadth) -> str:
    return f"{found.highs} closed at their high of 252 closes, {found.lows} at their low; of {found.year_known} known"


def _of(sessions: int, value: Callable[[MemberReturns], float | None]) -> Callable[[MemberBreadth], float | None]:
    def found(breadth: MemberBreadth) -> float | None:
        returns = breadth.over(sessions)
        return None if returns is None else value(returns)

    return found


_median = _of(_QUARTER, lambda r: r.median_pct)
_alike = _of(_QUARTER, lambda r: r.equal_lead_pp)
_beat = _of(_QUARTER, lambda r: r.beat_pct)


def _signed(value: Callable[[MemberBreadth], float | None]) -> Callable[[MemberBreadth], Span]:
    def cell(found: MemberBreadth) -> Span:
        number = value(found)
        if number is None:
            return _UNKNOWN
        return Span(figures.signed(number), "gain" if number > 0 else "loss" if number < 0 else "flat")

    return cell


def _returns(found: MemberBreadth) -> str:
    months = []
    for returns in found.returns:
        own = "" if returns.fund_pct is None else f", {found.fund} {figures.signed(returns.fund_pct)} %"
        months.append(
            f"{returns.sessions} sessions: median {figures.signed(returns.median_pct)} %, mean "
            f"{figures.signed(returns.mean_pct)} % {figures.error(returns.error_pp, 1)}{own}"
        )
    return "; ".join(months) or "fewer than half have closes of so long"


def _equal(found: MemberBreadth) -> str:
    returns = found.over(_QUARTER)
    lead = _alike(found)
    if returns is None or lead is None:
        return f"needs {_QUARTER} closes of {found.fund} and its members"
    return f"mean of {returns.known} members less {found.fund} over {_QUARTER} sessions, {figures.signed(lead)} pp"


def _beaten(found: MemberBreadth) -> str:
    share = _beat(found)
    return f"{figures.amount(share, 1)} % of members returned more than {found.fund} over {_QUARTER} sessions"


def _apart(found: MemberBreadth) -> Span:
    if not found.dispersion:
        return _UNKNOWN
    last = found.dispersion[-1]
    rank = "" if last.percentile is None else f" p{last.percentile:.0f}"
    return Span(f"{last.deviation_pp:.1f}{rank}", "text")


def _apart_words(found: MemberBreadth) -> str:
    if not found.dispersion:
        return f"fewer than half have closes of {_MONTH} sessions"
    last = found.dispersion[-1]
    rank = figures.UNKNOWN if last.percentile is None else f"{last.percentile:.0f}"
    return (
        f"returns of {_MONTH} sessions are {last.deviation_pp:.1f} pp apart (sd), percentile {rank} of 252 days of the "
        "same members"
    )


MEASURES = (
    Measured("above_200", "% above 200d", lambda b: _share(b.above_200), lambda b: b.above_200.pct,
             lambda b: _share_words(b.above_200, 200), "breadth-above"),
    Measured("above_50", "% above 50d", lambda b: _share(b.above_50), lambda b: b.above_50.pct,
             lambda b: _share_words(b.above_50, 50), "breadth-above"),
    Measured("advances", "up/down, last day", lambda b: Span(f"{b.advances.up}/{b.advances.down}", "text"),
             lambda _: None, _advances, "breadth-advances"),
    Measured("extremes", "52w highs/lows", lambda b: Span(f"{b.highs}/{b.lows}", "text"),
             lambda _: None, _extremes, "breadth-extremes"),
    Measured("median", "median, 63d %", _signed(_median), _median, _returns, "breadth-returns"),
    Measured("equal", "equal wt − fund pp", _signed(_alike), _alike, _equal, "breadth-returns"),
    Measured("beat", "% beat the fund", lambda b: _UNKNOWN if (n := _beat(b)) is None else Span(f"{n:.1f}", "text"),
             _beat, _beaten, "breadth-returns"),
    Measured("apart", "apart, 21d sd pp", _apart, lambda b: b.dispersion[-1].deviation_pp if b.dispersion else None,
             _apart_words, "breadth-dispersion", is_better_high=False),
)  # fmt: skip
"""In the order in which they stand."""
