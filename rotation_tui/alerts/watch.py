"""Watches a board for what alerts ask, at every revision, whether or not anybody looks at it."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rotation_tui.alerts.places import Place, Read, rows_of
from rotation_tui.alerts.rules import Rule, Tally, Time, firing_of, step
from rotation_tui.alerts.standing import Roll, Sight, Standings
from rotation_tui.board.contract import Board
from rotation_tui.domain.alert import AlertRow, Firing, Notice, RuleState
from rotation_tui.domain.clock import LOCAL
from rotation_tui.store.alert_book import AlertBook, BookBusy, new_number

LOOK_EVERY_S = 0.25
"""A revision that stands no longer than this may be passed over, as on the screen."""
_BEAT_S, _WAITING_BEAT_S = 5.0, 1.0
"""How often a board is judged on which nothing moved but time: ages, and what has to hold for a while."""
_REMEMBERED_EVERY_S = 2.0

Fired = tuple[Firing, RuleState, timedelta]


class Lookout:
    """Judges boards one after the other; of each only the rules whose row is another object than before.

    A rule that has to hold for a while, or that may not be told yet, is judged on every board.
    """

    def __init__(self, rules: Iterable[Rule], states: Mapping[str, RuleState] | None = None) -> None:
        self._states: dict[str, RuleState] = dict(states or {})
        self._held: dict[str, Tally] = {}
        self._last: Board | None = None
        self._waiting: dict[str, Rule] = {}
        self._read: dict[str, tuple[Read, Any]] = {}
        self._news: set[str] = set()
        self._moved: set[str] = set()
        self._stirred: set[str] = set()
        self.use(rules)

    def use(self, rules: Iterable[Rule]) -> None:
        """Judge these rules from now on; one that was there goes on from what it remembers."""
        self.rules = {rule.alert.name: rule for rule in rules}
        self._read = {}
        self._by_part: dict[str, dict[str | None, list[Rule]]] = {}
        for rule in sorted(self.rules.values(), key=lambda rule: rule.condition.place.path):
            where = rule.condition.place
            self._by_part.setdefault(where.part, {}).setdefault(where.row, []).append(rule)
        self._waiting = {}
        self._last = None

    @property
    def waits(self) -> bool:
        """Whether time alone may make an alert come true."""
        return bool(self._waiting)

    def state_of(self, name: str) -> RuleState:
        return self._states.get(name, _FRESH)

    def adopt(self, states: Mapping[str, RuleState]) -> None:
        """Go on from what the book has of these rules."""
        others = {name for name, state in states.items() if self._states.get(name) != state}
        self._stirred |= others
        self._news |= others
        self._states.update(states)

    def take_back(self, fired: Iterable[Fired], states: Mapping[str, RuleState]) -> None:
        """Let what came true be as it is before anybody was told of it: it holds; `states` is what was remembered."""
        for firing, state, _ in fired:
            self._states[firing.alert] = states.get(firing.alert, _FRESH)
            self._held[firing.alert] = Tally(1, state.fired_at)

    def seen(self, name: str) -> Sight:
        """What is known of a rule since the last board."""
        return Sight(self.state_of(name), self._held.get(name, _IDLE), *self._read.get(name, _NOTHING))

    def take_news(self) -> set[str]:
        """The rules that may stand otherwise since this was asked last."""
        news, self._news = self._news, set()
        return news

    def take_moved(self) -> set[str]:
        """The rules of which nothing but the value is another one since then."""
        moved, self._moved = self._moved, set()
        return moved

    def look(self, board: Board, moment: Time) -> tuple[list[Fired], dict[str, RuleState]]:
        """The alerts that come true on a board, and what other rules remember differently since the last one."""
        fired: list[Fired] = []
        changed: dict[str, RuleState] = {}
        path, value = "", None
        for rule, row in self._to_judge(board):
            name, where = rule.alert.name, rule.condition.place
            if where.path != path:  # rules of one path stand behind each other
                path, value = where.path, where.value(board, row)
            was, _ = self._read.get(name, _NOTHING)
            if value is not None and value == was and name not in self._held and name not in self._stirred:
                continue  # it was judged by this very value
            self._stirred.discard(name)
            before = self._states.get(name, _FRESH)
            state, held, words = step(rule, before, self._held.get(name, _IDLE), value, moment)
            self._states[name] = state
            self._read[name] = value, row
            if value is None or was is None or state is not before or held.waits or name in self._held:
                self._news.add(name)
            elif value != was:
                self._moved.add(name)
            if held.waits:
                self._held[name], self._waiting[name] = held, rule
            else:
                self._held.pop(name, None)
                self._waiting.pop(name, None)
            if words is not None:
                fired.append((firing_of(rule, new_number(), words, value, row, moment.at), state, rule.rest))
            elif state is not before:
                changed[name] = state
        self._last = board
        return fired, changed

    def _to_judge(self, board: Board) -> Iterator[tuple[Rule, Any]]:
        last, waiting = self._last, dict(self._waiting)
        # whether histories are on their way decides whether a value counts
        anew = last is None or (last.loading is None) is not (board.loading is None)
        for part, by_row in self._by_part.items():
            now = getattr(board, part)
            before = None if anew else getattr(last, part)
            if now is before and not anew:
                continue
            if None in by_row:
                if anew or now != before:
                    for rule in by_row[None]:
                        waiting.pop(rule.alert.name, None)
                        yield rule, now
                continue
            found, known = rows_of(now, part), {} if anew else rows_of(before or (), part)
            for row_id, rules in by_row.items():
                row = found.get(row_id or "")
                if anew or row is not known.get(row_id or ""):
                    for rule in rules:
                        waiting.pop(rule.alert.name, None)
                        yield rule, row
        for rule in waiting.values():
            yield rule, _row(board, rule.condition.place)


_FRESH, _IDLE = RuleState(), Tally()
_NOTHING: tuple[Read, Any] = (None, None)


def _row(board: Board, where: Place) -> Any:
    part = getattr(board, where.part)
    return part if where.row is None else rows_of(part, where.part).get(where.row)


class Watch:
    """Looks at the board of a run and writes what comes true into the book.

    `board` gives the board of now, `moved` a mark that is another one whenever that may be another board. `tell` takes
    a sentence for the screen. `heard` is called with alerts that come true here, as they do, `stands` with how all
    alerts stand whenever one stands otherwise; that itself is no news to judge. `told` makes of an alert what may be
    told of it.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        book: AlertBook,
        board: Callable[[], Board],
        moved: Callable[[], object],
        tell: Callable[[str], None],
        heard: Callable[[Firing], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        stands: Callable[[tuple[AlertRow, ...]], object] = lambda _: None,
        roll: Roll | None = None,
        told: Callable[[Firing, Rule], Firing] = lambda firing, _: firing,
    ) -> None:
        self._told = told
        self._lookout = Lookout(rules)
        self._standing = Standings(stands)
        self._standing.use(roll or roll_of(rules))
        self._book = book
        self._board = board
        self._moved = moved
        self._tell = tell
        self._heard = heard
        self._clock = clock
        self._mark: object = None
        self._due = self._remember_at = float("-inf")
        self._began = False
        self._busy_since: float | None = None
        self._fired: list[Fired] = []
        self._changed: dict[str, RuleState] = {}

    def state_of(self, name: str) -> RuleState:
        """What is remembered of the alert of this name."""
        return self._lookout.state_of(name)

    @property
    def rules(self) -> Mapping[str, Rule]:
        return self._lookout.rules

    def use(self, rules: Sequence[Rule], roll: Roll | None = None) -> None:
        """Watch for these from now on."""
        self._lookout.use(rules)
        self._standing.use(roll or roll_of(rules))
        self._mark = None

    def noted(self, told: Iterable[Notice]) -> None:
        """Take what the book has of the last tellings."""
        self._standing.noted(told)

    async def run(self) -> None:
        """Look for ever; ends only by cancellation."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Judge the board if it moved or it is time; nothing is judged while the book is being written."""
        if not self._began:
            book = await asyncio.to_thread(self._book.read)
            self._lookout.adopt(book.rules)
            self._standing.noted(book.told)
            self._began = True
        mark, now = self._moved(), self._clock()
        if mark != self._mark or now >= self._due:
            self._due = now + (_WAITING_BEAT_S if self._lookout.waits else _BEAT_S)
            board = self._board()
            moment = time_of(board, new=mark != self._mark)
            fired, changed = self._lookout.look(board, moment)
            news, values = self._lookout.take_news(), self._lookout.take_moved()
            self._standing.look(board, moment, self.rules, self._lookout.seen, news, values)
            self._mark = self._moved()  # how alerts stand was told by now, and asks for no judgement
            for one in fired:
                self._changed.pop(one[0].alert, None)
            self._fired += [(self._told(firing, self.rules[firing.alert]), s, rest) for firing, s, rest in fired]
            self._changed |= changed
        if self._fired or (self._changed and now >= self._remember_at):
            await self._write_down()
        if self._standing.due:
            judged = self._moved() == self._mark
            self._standing.renew(self.rules, self._lookout.seen)
            self._mark = self._moved() if judged else self._mark

    async def close(self) -> None:
        """Write down what is not on disk yet."""
        if self._began and (self._fired or self._changed):
            await self._write_down()

    async def _write_down(self) -> None:
        fired, changed = self._fired, self._changed
        try:
            states, told = await asyncio.to_thread(self._book.note, changed, fired)
        except BookBusy as busy:
            self._say_busy(busy)
            return
        self._busy_since = None
        self._fired, self._changed = [], {}
        self._remember_at = self._clock() + _REMEMBERED_EVERY_S
        self._lookout.adopt(states)
        self._standing.due_for(self._lookout.take_news())
        for sentence in self._book.take_said():
            self._tell(sentence)
        for firing in told:
            self._heard(firing)

    def _say_busy(self, busy: BookBusy) -> None:
        """Say once that alerts wait for the book."""
        if self._busy_since is None:
            self._busy_since = self._clock()
            self._tell(f"alerts wait: {busy}; tried again at once")


def roll_of(rules: Iterable[Rule]) -> Roll:
    """The roll of alerts that can all be read."""
    return Roll(tuple(rule.alert for rule in rules))


def time_of(board: Board, *, new: bool = True) -> Time:
    """When a board is judged: at the time it is of."""
    at: datetime = board.generated_at
    return Time(at, at.astimezone(LOCAL).time(), board.session.phase, new)
