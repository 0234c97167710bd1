"""What is told of every session between two days: verdict, spreads and levels, without a whole study a session."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from rotation_tui.checks.base import Inputs
from rotation_tui.checks.rolling import Rolling
from rotation_tui.claims.base import ClaimInputs
from rotation_tui.claims.signs import discounted, earnings_ahead
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.claim import ConsensusEntry
from rotation_tui.domain.clock import end_of
from rotation_tui.domain.reading import Checklist
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import Studies
from rotation_tui.domain.session import CalendarRange
from rotation_tui.domain.verdict import Verdict
from rotation_tui.evaluation.pipeline import cut, study, without_visitors
from rotation_tui.evaluation.question import Question
from rotation_tui.store.documents import HOLDINGS, Documents
from rotation_tui.studies.over_time import PairsOverTime, RotationOverTime, SpreadOverTime, TickersOverTime
from rotation_tui.studies.verdict import study_verdict

_FIRST_SESSIONS = 100
"""At the beginning of the session table ranks have no base; there, the whole study says what is left."""


class OverTime:
    """Studies of `days`, ascending sessions up to the day of the question; each is what `evaluate` says of that day.

    They have the verdict, spreads, levels, and the last closes of the legs. `told` are figures told by hand.
    """

    def __init__(self, question: Question, days: Sequence[date], told: tuple[ConsensusEntry, ...]) -> None:
        self._question = question = without_visitors(question)
        self._told, self.days = told, days
        snapshot, universe, calendar = question.snapshot, question.universe, question.calendar
        bars = snapshot.bars.items()
        price, total = ({s: b for (s, on), b in bars if on is basis} for basis in (Basis.PRICE, Basis.TOTAL))
        legs = dict.fromkeys(leg for spread in universe.spreads for leg in (spread.small, spread.large))
        self._tickers = TickersOverTime(tuple(legs), (price, total), calendar)
        self._spreads = {s.id: SpreadOverTime(s, (price, total), calendar) for s in universe.spreads}
        self._rotation = RotationOverTime((price, total), calendar)
        self._pairs = PairsOverTime(universe, (price, total), calendar)
        self._documented = self._first_with_holdings()
        self._plain = calendar.offset(calendar.next(calendar.first), _FIRST_SESSIONS)
        as_of = self._last_closes()
        self._inputs = Inputs(
            snapshot.bars,
            snapshot.observations,
            calendar,
            as_of[-1],
            days[-1],
            reconstitutions=question.rules.reconstitutions,
        )
        self._as_of = as_of
        self._rolling = Rolling(self._inputs, question.rules.skip, question.rules.thresholds, days, as_of)

    @property
    def by_themselves(self) -> int:
        """How many of the days are studied as a whole, which takes a hundred times as long."""
        return sum(self._is_special(day) for day in self.days)

    def at(self, number: int) -> Studies:
        """The studies of one of the days, by its place among them."""
        day = self.days[number]
        if self._is_special(day):
            return self._studied(day)
        risk, faults = self._rolling.at(number), dict[str, str]()
        tickers = self._tickers.at(day)
        return Studies(
            as_of=self._as_of[number],
            computed_at=end_of(day),
            tickers=tickers,
            spreads={name: found for name, s in self._spreads.items() if (found := s.at(day)) is not None},
            risk=risk,
            verdict=self._verdict(number, risk),
            faults=faults,
        )

    def _verdict(self, number: int, risk: Checklist) -> Verdict | None:
        day = self.days[number]
        try:
            history = self._rotation.at(day)
        except (RefusedValueError, CalendarRange):
            return None
        if history is None:
            return None
        bars = self._inputs.bars
        given = ClaimInputs(
            bars, self._inputs.observations, self._inputs.calendar, self._as_of[number], day, consensus=self._told
        )
        ahead, cheaper = earnings_ahead(given), discounted(given)
        return study_verdict(history, self._pairs.at(day), risk, earnings_ahead=ahead, discounted=cheaper)

    def _is_special(self, day: date) -> bool:
        return day < self._plain or (self._documented is not None and day >= self._documented)

    def _studied(self, day: date) -> Studies:
        snapshot = cut(self._question.snapshot, day)
        question = replace(self._question, snapshot=snapshot, now=end_of(day), as_of=day, cut_at=day)
        faults: dict[str, str] = {}
        core = study(question, faults, self._told)
        return Studies(
            as_of=core.as_of,
            computed_at=question.now,
            tickers=core.tickers,
            spreads=core.spreads,
            risk=core.risk,
            verdict=core.verdict,
            faults=faults,
        )

    def _first_with_holdings(self) -> date | None:
        """The first of the days on which what a fund holds was known, None where it was on none."""
        held = [d for d in self._question.snapshot.documents.values() if d.id.kind == HOLDINGS]

        def known(day: date) -> bool:
            return any(Documents(Path(document.folder)).has(document.id, day) for document in held)

        if not held or not known(self.days[-1]):
            return None
        return self.days[bisect_left(self.days, True, key=known)]

    def _last_closes(self) -> list[date]:
        """By day the last session of which a symbol of the board has a close; the day itself where none has any."""
        symbols = {instrument.symbol for instrument in self._question.universe.instruments}
        known = sorted(
            {day for (symbol, _), b in self._question.snapshot.bars.items() if symbol in symbols for day in b.dates}
        )
        rows = [bisect_right(known, day) for day in self.days]
        return [known[row - 1] if row else day for row, day in zip(rows, self.days, strict=True)]
