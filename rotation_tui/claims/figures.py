"""Figures told by hand: the article's own, and how the newest that can be compared are found."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import NamedTuple

from rotation_tui.claims.base import ARTICLE_CLOSE, ClaimInputs, Judge, holds
from rotation_tui.domain.claim import ClaimValue, ConsensusEntry, Finding
from rotation_tui.domain.wording import counted, signed
from rotation_tui.evidence.line import NotKnown

OLD_AFTER_DAYS, UNKNOWN_AFTER_DAYS = 35, 100
SMALL, LARGE = "R2000", "SPX"
_ARTICLE = "the 2025 article"
_QUARTER_DAYS = 91


def _article(index: str, measure: str, period: str, value: float, basis: str, note: str = "") -> ConsensusEntry:
    source = f"{_ARTICLE}, citing FactSet" if "FactSet" in basis else _ARTICLE
    return ConsensusEntry(index, measure, period, value, basis, ARTICLE_CLOSE, source, note)


ARTICLE_ENTRIES = (
    _article(SMALL, "fwd_pe", "NTM", 18.0, "unspecified", "S&P: over 22.0"),
    _article(LARGE, "fwd_pe", "NTM", 22.0, "unspecified", "over 22.0"),
    _article(SMALL, "eps_growth", "CY2025", 44.0, "unspecified"),
    _article(SMALL, "eps_growth", "CY2026", 22.0, "FactSet, unspecified"),
    _article(LARGE, "eps_growth", "CY2026", 15.0, "FactSet, unspecified"),
    _article(SMALL, "domestic_revenue", "FY2025", 80.0, "share of revenue, unspecified", "the vast majority"),
    _article(LARGE, "domestic_revenue", "FY2025", 60.0, "share of revenue, unspecified"),
)
"""What the article itself said, as of its date; entries of the config are added to these."""


def entries(inputs: ClaimInputs, index: str, measure: str, *, by: date | None = None) -> list[ConsensusEntry]:
    """Entries known by `by` (default: today) and not too old by then, the newest last.

    NotKnown where there are none, or with the age of the newest where all are too old.
    """
    day = by or inputs.today
    known = [e for e in inputs.consensus if (e.index, e.measure) == (index, measure) and e.as_of <= day]
    if not known:
        raise NotKnown(f"needs a [[consensus]] entry {index} {measure}" + (f" by {by}" if by else ""))
    young = [e for e in known if (day - e.as_of).days <= UNKNOWN_AFTER_DAYS]
    if not young:
        age = (day - max(e.as_of for e in known)).days
        raise NotKnown(f"{index} {measure} is {counted(age, 'day')} old, limit {UNKNOWN_AFTER_DAYS}")
    return sorted(young, key=lambda e: e.as_of)


def latest(inputs: ClaimInputs, index: str, measure: str, *, period: str = "") -> ConsensusEntry:
    """The newest entry that is not too old; of one date the one added last. `period` is how its period ends."""
    found = [e for e in entries(inputs, index, measure) if e.period.endswith(period)]
    if not found:
        raise NotKnown(f"needs a [[consensus]] entry {index} {measure} {period}")
    return found[-1]


def legs(inputs: ClaimInputs, measure: str, *, by: date | None = None) -> tuple[ConsensusEntry, ConsensusEntry]:
    """The newest entries of small and large for one period; those on one basis where there are any."""
    smalls, larges = (entries(inputs, index, measure, by=by) for index in (SMALL, LARGE))
    both = [(s, g) for s in smalls for g in larges if s.period == g.period]
    if not both:
        raise NotKnown(f"needs {measure} of {SMALL} and {LARGE} for one period")
    alike = [pair for pair in both if pair[0].same_basis(pair[1])]
    return max(reversed(alike or both), key=lambda pair: (min(p.as_of for p in pair), max(p.as_of for p in pair)))


def unlike(small: ConsensusEntry, large: ConsensusEntry) -> str:
    """Why two entries cannot be compared; empty where they can."""
    if small.same_basis(large):
        return ""
    return "basis≠" if small.basis_known and large.basis_known else "basis?"


def aged(inputs: ClaimInputs, *used: ConsensusEntry) -> str:
    """A remark where the oldest of the entries is past the age at which it wants renewing; else empty."""
    age = max((inputs.today - entry.as_of).days for entry in used)
    return f", {counted(age, 'day')} old" if age > OLD_AFTER_DAYS else ""


def sourced(value: float | None, finding: Finding, why: str, *used: ConsensusEntry) -> ClaimValue:
    """A value as of the oldest of the entries it rests on, with their sources."""
    sources = " + ".join(dict.fromkeys(entry.source for entry in used))
    return ClaimValue(value, min(entry.as_of for entry in used), finding, why, sources)


FUNDS = {SMALL: "IWM", LARGE: "IVV"}
"""Funds that hold the two indexes."""


class FromFilings(NamedTuple):
    """A measure of the small and of the large ones, and the claim's value that rests on it."""

    small: float
    large: float
    as_of: date
    source: str

    def value(self, value: float, finding: Finding, why: str) -> ClaimValue:
        return ClaimValue(value, self.as_of, finding, why, self.source)


def from_filings(inputs: ClaimInputs, measure: str, large: str | None = None) -> FromFilings:
    """A measure of what both funds hold, or of two measures of the small one; NotKnown where either is not."""
    small_line = inputs.fresh(inputs.line_of(FUNDS[SMALL], measure))
    large_line = inputs.fresh(inputs.line_of(FUNDS[SMALL] if large else FUNDS[LARGE], large or measure))
    sources = " + ".join(dict.fromkeys((*small_line.sources, *large_line.sources)))
    return FromFilings(small_line.last, large_line.last, min(small_line.dates[-1], large_line.dates[-1]), sources)


def either(filings: Judge, by_hand: Judge) -> Judge:
    """What has been filed, or what was told by hand where that is not known; the reason is the filings'."""

    def judge(inputs: ClaimInputs) -> ClaimValue:
        try:
            return filings(inputs)
        except NotKnown as missing:
            with needing(str(missing)):
                return by_hand(inputs)

    return judge


@contextmanager
def needing(what: str) -> Iterator[None]:
    """Inside it, whatever is not known is told as `what`: nobody writes such entries by hand."""
    try:
        yield
    except NotKnown:
        raise NotKnown(what) from None


@contextmanager
def needing_first(word: str) -> Iterator[None]:
    """Inside it, what is not known is told behind a word for what it is about."""
    try:
        yield
    except NotKnown as missing:
        raise NotKnown(f"{word}: {missing}") from None


def falling(inputs: ClaimInputs) -> ClaimValue:
    """Weight of the S&P 500's ten largest, by hand, against the newest entry at least a quarter older."""
    try:
        now = latest(inputs, LARGE, "top10_weight")
        before = entries(inputs, LARGE, "top10_weight", by=now.as_of - timedelta(days=_QUARTER_DAYS))[-1]
    except NotKnown:
        line = inputs.fresh(inputs.line_of(FUNDS[LARGE], "top10"))
        raise NotKnown(f"top 10 {line.last:.1f} %, needs entries of a quarter apart") from None
    change = now.value - before.value
    why = f"top 10 {now.value:.1f} %, {signed(change)} pp since {before.as_of}{aged(inputs, now)}"
    return sourced(change, holds(change < 0), why, now)
