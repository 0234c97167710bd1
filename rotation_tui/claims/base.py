"""What a claim is, and what it may look at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rotation_tui.domain.bars import Basis
from rotation_tui.domain.claim import ClaimValue, ConsensusEntry, Finding
from rotation_tui.domain.inputs import Input
from rotation_tui.domain.results import GroupReading, SpreadStudy
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
            mine, theirs = mine.with_(theirs, _first), theirs.with_(mine, _first)
        return self.fresh(mine), theirs


Judge = Callable[[ClaimInputs], ClaimValue]
"""What a measure comes to; NotKnown where it cannot be told."""

Combine = Callable[[ClaimInputs, Sequence[ClaimValue]], ClaimValue]
"""From what the single measures of a claim come to, in their order, to the claim's own finding."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One way to measure a claim: a short name, the measure in words, its unit, and how it is judged."""

    name: str
    measure: str
    unit: str
    judge: Judge


@dataclass(frozen=True, slots=True)
class Claim:
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


def _first(a: float, _: float) -> float:
    return a
