"""What a claim is, what it may look at, and how its measures make a finding; unknown parts never decide anything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from msgspec import Struct

from rotation_tui.domain.bars import Basis
from rotation_tui.domain.claim import ClaimValue, ConsensusEntry, Finding
from rotation_tui.domain.inputs import Input
from rotation_tui.domain.reading import GroupReading
from rotation_tui.domain.results import SpreadStudy
from rotation_tui.domain.verdict import Verdict
from rotation_tui.evidence import freshness
from rotation_tui.evidence.evidence import ROWS, Evidence
from rotation_tui.evidence.line import Line, NotKnown

ARTICLE_CLOSE = date(2025, 12, 30)
"""The last close before the article: the day of the THEN column."""


@dataclass(frozen=True, slots=True)
class ClaimInputs(Evidence):
    """Everything claims are computed from, all of it as of one day.

    `spreads`, `risk` and `verdict` are studied on bars cut at `as_of`. `findings` are those of the claims
    before, by id, while later ones are judged.
    """

    consensus: tuple[ConsensusEntry, ...] = ()
    spreads: Mapping[str, SpreadStudy] = field(default_factory=dict)
    risk: tuple[GroupReading, ...] = ()
    verdict: Verdict | None = None
    findings: Mapping[str, Finding] = field(default_factory=dict)

    def fresh(self, line: Line) -> Line:
        """The line, or NotKnown with its age where its last value is too old."""
        old = freshness.overdue(line.dates[-1], self.today, line.limit, self.calendar)
        if old is not None:
            raise NotKnown(old)
        return line

    def current(self, series_id: str) -> Line:
        """A published series; NotKnown where there is none or it is too old."""
        try:
            return self.fresh(self.series(series_id))
        except NotKnown as reason:
            raise NotKnown(f"{reason} ({series_id})" if "stale" in str(reason) else str(reason)) from None

    def live(self, symbol: str, basis: Basis = Basis.PRICE, *, rows: int | None = ROWS) -> Line:
        """Completed closes of a symbol; NotKnown where there are none or they are too old."""
        return self.fresh(self.closes(symbol, basis, rows=rows))

    def legs(
        self, small: str, large: str, *, prefer: Basis = Basis.PRICE, rows: int | None = ROWS
    ) -> tuple[Line, Line]:
        """Closes of both symbols on one basis and on their common sessions."""
        mine, theirs = self.together(small, large, prefer=prefer, rows=rows)
        if mine.dates != theirs.dates:
            mine, theirs = mine.shared(theirs), theirs.shared(mine)
        return self.fresh(mine), theirs


Judge = Callable[[ClaimInputs], ClaimValue]
"""What a measure comes to; NotKnown where it cannot be told."""

Combine = Callable[[ClaimInputs, Sequence[ClaimValue]], ClaimValue]
"""From what the single measures of a claim come to, in their order, to the claim's own finding."""


class Definition(Struct, frozen=True):
    """One way to measure a claim: a short name, the measure in words, its unit, and how it is judged."""

    name: str
    measure: str
    unit: str
    judge: Judge


class Claim(Struct, frozen=True):
    """One statement of the article.

    `inputs` are what it reads (what to fetch). The first of `definitions` is the headline,
    unless `combine` makes one of all of them; `rule` then says how, and `unit` is that of its value.
    `claimed` is the article's figure in words.
    """

    id: str
    chapter: str
    text: str
    claimed: str
    definitions: tuple[Definition, ...]
    inputs: tuple[Input, ...] = ()
    combine: Combine | None = None
    rule: str = ""
    unit: str = ""

    @property
    def definition(self) -> str:
        """How the headline is judged."""
        return self.rule or self.definitions[0].measure


def told(value: float | None, finding: Finding, why: str, *lines: Line) -> ClaimValue:
    """A value that rests on `lines`: as of the older of their ends, from all their sources."""
    ends = [line.dates[-1] for line in lines]
    sources = dict.fromkeys(source for line in lines for source in line.sources)
    return ClaimValue(value, min(ends, default=None), finding, why, " + ".join(sources) or None)


def holds(condition: bool) -> Finding:
    return Finding.CONFIRMED if condition else Finding.DENIED


def near(value: float, claimed: float, tolerance: float) -> bool:
    """Whether `value` is within `tolerance` of `claimed`, its ends included; float dust is not counted."""
    return round(abs(value - claimed), 9) <= tolerance


def all_of(parts: Sequence[ClaimValue]) -> Finding:
    """CONFIRMED if all are, DENIED if all are, MIXED if they disagree; UNKNOWN while an unknown one decides."""
    findings = [part.finding for part in parts]
    known = {finding for finding in findings if finding is not Finding.UNKNOWN}
    if len(known) > 1 or Finding.MIXED in known:
        return Finding.MIXED
    if Finding.UNKNOWN in findings or not known:
        return Finding.UNKNOWN
    return known.pop()


def at_least(needed: int, parts: Sequence[ClaimValue]) -> Finding:
    """CONFIRMED once `needed` hold, DENIED once so many cannot hold any more."""
    holding = sum(part.finding is Finding.CONFIRMED for part in parts)
    unknown = sum(part.finding is Finding.UNKNOWN for part in parts)
    if holding >= needed:
        return Finding.CONFIRMED
    return Finding.UNKNOWN if holding + unknown >= needed else Finding.DENIED


def every(count: int | None = None) -> Combine:
    """The first `count` parts have to agree (`all_of`); the value is that of the first of them."""

    def combine(_: ClaimInputs, parts: Sequence[ClaimValue]) -> ClaimValue:
        return _joined(all_of(parts[:count]), parts[0].value, parts[:count])

    return combine


def some(needed: int) -> Combine:
    """`needed` of the parts have to hold (`at_least`); the value is how many do, None where none is known."""

    def combine(_: ClaimInputs, parts: Sequence[ClaimValue]) -> ClaimValue:
        known = [part for part in parts if part.finding is not Finding.UNKNOWN]
        holding = float(sum(part.finding is Finding.CONFIRMED for part in known))
        return _joined(at_least(needed, parts), holding if known else None, parts)

    return combine


def _joined(finding: Finding, value: float | None, parts: Sequence[ClaimValue]) -> ClaimValue:
    known = [part for part in parts if part.as_of is not None]
    sources = dict.fromkeys(source for part in known for source in (part.source or "").split(" + ") if source)
    as_of = min((part.as_of for part in known if part.as_of is not None), default=None)
    return ClaimValue(value, as_of, finding, joined_why(parts), " + ".join(sources) or None)


def joined_why(parts: Sequence[ClaimValue]) -> str:
    """The parts' reasons, each once."""
    return " · ".join(dict.fromkeys(part.why for part in parts))
