"""Pairs of symbols that claims compare, on closes that are fresh enough."""

from datetime import date

from rotation_tui.claims.base import ClaimInputs, holds, told
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.claim import ClaimValue
from rotation_tui.domain.universe import BROAD_PAIRS
from rotation_tui.domain.wording import signed
from rotation_tui.evidence import freshness
from rotation_tui.evidence.line import Line, NotKnown
from rotation_tui.evidence.measures import gain, percent, points, until, year_to_date

TREND = 200


def index_pair(inputs: ClaimInputs, *, rows: int | None = None) -> tuple[Line, Line, str]:
    """Price closes of RUT and SPX, or of IWM and SPY where an index is missing or too old, and the pair's name."""
    missing: NotKnown | None = None
    for small, large in BROAD_PAIRS:
        try:
            return (*inputs.legs(small, large, rows=rows), f"{small}−{large}")
        except NotKnown as reason:
            missing = missing or reason
    raise missing or NotKnown("needs a pair")


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


def ahead(symbol: str, benchmark: str, sessions: int | None, inputs: ClaimInputs) -> ClaimValue:
    """Whether the excess over a benchmark is above 0."""
    value, mine, theirs = excess(inputs, symbol, benchmark, sessions)
    span = "YTD" if sessions is None else f"{sessions}d"
    return told(value, holds(value > 0), f"{symbol}−{benchmark} {span} {signed(value)} pp", mine, theirs)
