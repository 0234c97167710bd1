"""The claim audit: the column THEN is worked out once, the column NOW at every study."""

import dataclasses
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from rotation_tui.claims.audit import Column, audit, claims_but, judged
from rotation_tui.claims.base import ARTICLE_CLOSE, ClaimInputs
from rotation_tui.claims.figures import ARTICLE_ENTRIES
from rotation_tui.domain.claim import ClaimResult, ConsensusEntry
from rotation_tui.domain.clock import end_of
from rotation_tui.domain.universe import BROAD_PAIRS, Spread
from rotation_tui.evaluation.pipeline import Core, cut, noting, study
from rotation_tui.evaluation.question import Question
from rotation_tui.store.market_store import Snapshot

_HEADLINE = Spread("-".join(BROAD_PAIRS[0]), *BROAD_PAIRS[0])
"""The pair that the claims are about; it is studied THEN even where a trader does not follow it."""

_Key = tuple[tuple[object, ...], ...]


@dataclass(slots=True)
class _Remembered:
    """What was known at the article's close, and what the claims came to: not the bars, which are megabytes."""

    key: _Key
    column: Column | None


class Auditor:
    """Audits the claims; keeps what the day of the article comes to for as long as its data stay the same.

    `told` are all figures told by hand, those of the article among them.
    """

    def __init__(self, consensus: tuple[ConsensusEntry, ...] = (), skip: Collection[str] = ()) -> None:
        self._skip = frozenset(skip)
        self.told = (*ARTICLE_ENTRIES, *consensus)
        self._then: _Remembered | None = None

    def claims(self, question: Question, core: Core, faults: dict[str, str]) -> tuple[ClaimResult, ...]:
        """Every claim at the moment of `question`, whose results are `core`; none while histories are on their way.

        A claim may be about a record of any year, of which an outline knows nothing.
        """
        if core.as_of is None or question.snapshot.awaits_histories():
            return ()
        question = replace(question, snapshot=question.snapshot.without_outlines())
        with noting("claims", faults):
            now = self._inputs(core, core.as_of, core.inputs.known_on)
            then = self._of_the_article(question) if core.as_of >= ARTICLE_CLOSE else None
            return audit(claims_but(self._skip), now, then)
        return ()

    def _of_the_article(self, question: Question) -> Column | None:
        key = _fingerprint(question.snapshot, ARTICLE_CLOSE)
        if self._then is None or self._then.key != key:
            inputs = self._study_then(question, cut(question.snapshot, ARTICLE_CLOSE))
            self._then = _Remembered(key, None if inputs is None else judged(claims_but(self._skip), inputs))
        return self._then.column

    def _study_then(self, question: Question, known: Snapshot) -> ClaimInputs | None:
        universe = question.universe
        if not any((s.small, s.large) == BROAD_PAIRS[0] for s in universe.spreads):
            universe = dataclasses.replace(universe, spreads=(*universe.spreads, _HEADLINE))
        then = replace(question, snapshot=known, universe=universe, now=end_of(ARTICLE_CLOSE), as_of=ARTICLE_CLOSE)
        core = study(then, {}, self.told)
        return None if core.as_of is None else self._inputs(core, ARTICLE_CLOSE, ARTICLE_CLOSE)

    def _inputs(self, core: Core, as_of: date, known_on: date | None) -> ClaimInputs:
        inputs = core.inputs
        return ClaimInputs(
            {key: bars for key, bars in inputs.bars.items() if not bars.outline},
            inputs.observations,
            inputs.calendar,
            as_of,
            known_on,
            consensus=self.told,
            spreads=core.spreads,
            risk=core.risk.groups,
            verdict=core.verdict,
            fundamentals=inputs.fundamentals,
        )


def _fingerprint(snapshot: Snapshot, day: date) -> _Key:
    """Changes where a source restates what was known on that day, or tells more of it."""
    key: list[tuple[object, ...]] = []
    for name, bars in snapshot.bars.items():
        if rows := bisect_right(bars.dates, day):
            key.append((name, rows, bars.dates[0], bars.close(rows - 1), bars.close(0)))
    for series_id, series in snapshot.observations.items():
        if rows := bisect_right(series.dates, day):
            key.append((series_id, rows, series.values[rows - 1]))
    return tuple(key)
