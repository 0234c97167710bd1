"""How each alert stands, in rows for the board: pure functions of what its rule remembers, and the book of them all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from rotation_tui.alerts.places import Place, Read
from rotation_tui.alerts.rules import UNKNOWN_WORD, Rule, Tally, Time
from rotation_tui.board.contract import Board
from rotation_tui.domain.alert import Alert, AlertRow, Notice, RuleState, Sending, Stand, Telling
from rotation_tui.domain.state import State

_MOST_TOLD = 5
_MOST_WAITING = 20


class Sight(Struct, frozen=True):
    """What a rule remembers, how far it is on its way, and what was read for it last."""

    state: RuleState
    tally: Tally
    value: Read
    row: Any = None


class Roll(Struct, frozen=True):
    """All alerts in their order: those that were made on the screen, and what is wrong with those that are not read."""

    alerts: tuple[Alert, ...] = ()
    own: frozenset[str] = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict)


class Standings:
    """Rows of all alerts, made anew only for those that may stand otherwise; `put` takes them when one does."""

    def __init__(self, put: Callable[[tuple[AlertRow, ...]], object]) -> None:
        self._put = put
        self._roll = Roll()
        self._alerts: dict[str, Alert] = {}
        self._rows: dict[str, AlertRow] = {}
        self._told: dict[str, tuple[Telling, ...]] = {}
        self._due: set[str] = set()
        self._ends: dict[str, datetime] = {}
        self._last: tuple[Board, Time] | None = None
        self._new = True

    def use(self, roll: Roll) -> None:
        """Tell of these alerts from now on."""
        self._roll = roll
        self._alerts = {alert.name: alert for alert in roll.alerts}
        names = set(self._alerts)
        self._rows = {name: row for name, row in self._rows.items() if name in names}
        self._ends = {name: end for name, end in self._ends.items() if name in names}
        self._due = names
        self._new = True

    def noted(self, told: Iterable[Notice]) -> None:
        """Take what the book has of the last tellings."""
        by_alert: dict[str, list[Notice]] = {}
        for notice in told:
            by_alert.setdefault(notice.firing.alert, []).append(notice)
        found = {name: _tellings(notices) for name, notices in by_alert.items()}
        names = self._told.keys() | found.keys()
        self._due |= {name for name in names if self._told.get(name) != found.get(name)}
        self._told = found

    @property
    def due(self) -> bool:
        """Whether rows have to be made anew though no board was judged."""
        return bool(self._due)

    def due_for(self, names: Iterable[str]) -> None:
        """Make the rows of these anew when it is asked for next."""
        self._due |= set(names)

    def look(
        self,
        board: Board,
        moment: Time,
        rules: Mapping[str, Rule],
        seen: Callable[[str], Sight],
        news: Iterable[str],
        values: Iterable[str] = (),
    ) -> None:
        """Make the rows of those that have `news`, and of those whose time has come or whose phase is another one.

        Of those in `values` nothing but the value is another one, so that one that is armed stays so.
        """
        last, self._last = self._last, (board, moment)
        due = self._due | set(news)
        if last is None or last[1].phase is not moment.phase:
            due = set(self._alerts)
        else:
            due |= {name for name, end in self._ends.items() if moment.at >= end}
        for name in values:
            row = self._rows.get(name)
            if row is None or row.stand is not Stand.ARMED:
                due.add(name)
            elif name not in due:
                self._rows[name], self._new = replace(row, value=seen(name).value), True
        self._make(due, rules, seen)

    def renew(self, rules: Mapping[str, Rule], seen: Callable[[str], Sight]) -> None:
        """Make the rows that are due on the board of before."""
        if self._last is not None and self._due:
            self._make(self._due, rules, seen)

    def _make(self, due: Iterable[str], rules: Mapping[str, Rule], seen: Callable[[str], Sight]) -> None:
        assert self._last is not None
        board, moment = self._last
        changed = self._new
        for name in due:
            if (alert := self._alerts.get(name)) is None:
                continue
            rule, before = rules.get(name), self._rows.get(name)
            if rule is None:
                row = AlertRow(name, alert, Stand.UNREADABLE, why=self._roll.unread.get(name))
            else:
                row = row_of_rule(rule, seen(name), board, moment, before)
                self._set_end(rule, row, moment)
            told = self._told.get(name, ())
            told_at = max(filter(None, (row.told_at, told[0].at if told else None)), default=None)
            row = replace(row, own=name in self._roll.own, told_at=told_at, told=told)
            if row != before:
                self._rows[name], changed = row, True
        self._due, self._new = set(), False
        if changed:
            self._put(tuple(map(self._rows.__getitem__, self._alerts)))

    def _set_end(self, rule: Rule, row: AlertRow, moment: Time) -> None:
        """Note when time alone may let it stand otherwise."""
        ends = [row.until] if row.until is not None and row.until > moment.at else []
        if rule.quiet is not None:
            ends.append(moment.at + _until(moment, rule.quiet[0]))
        self._ends.pop(rule.alert.name, None)
        if ends:
            self._ends[rule.alert.name] = min(ends)


def row_of_rule(rule: Rule, seen: Sight, board: Board, moment: Time, before: AlertRow | None = None) -> AlertRow:
    """How a rule stands on a board; `before` is how it stood, so that what lasts keeps its beginning."""
    place, state, value = rule.condition.place, seen.state, seen.value
    if value == UNKNOWN_WORD and rule.condition.target != UNKNOWN_WORD:
        value = None
    stand, since, until, why = _stand(rule, seen, value, moment)
    if value is None:
        lacks = why_unknown(board, place, seen.row)
        why = lacks if why is None else f"{why}; {lacks}"
    if since is None and stand in (Stand.UNKNOWN, Stand.CONFIRMED):
        since = before.since if before is not None and before.stand is stand else moment.at
    asks = rule.condition.text.partition(place.path)[2].strip() or "is so"
    name = rule.alert.name
    return AlertRow(name, rule.alert, stand, False, place.path, asks, value, since, until, why, state.fired_at)


def why_unknown(board: Board, place: Place, row: Any) -> str:
    """Why a value that is read from a row of the board is unknown or not trusted."""
    if board.loading is not None and not place.live:
        return "its history is on its way"
    if row is None:
        return f"there is no {place.row} among the {place.part} now"
    named = place.path.rpartition(".")[2]
    if (reason := (getattr(row, "reasons", None) or {}).get(named)) is not None:
        return str(reason)
    if (why := getattr(row, "why", None)) is not None and why:
        return str(why)
    for guard, words in (("state", "its price"), ("study_state", "what its closes tell")):
        if getattr(row, guard, None) is State.STALE:
            return f"{words} is stale"
    return "its source gives none" if getattr(row, "stale", None) is not True else "it is stale"


def _stand(
    rule: Rule, seen: Sight, value: Read, moment: Time
) -> tuple[Stand, datetime | None, datetime | None, str | None]:
    """How it stands, since when, until when, and why it is not told, where that is not plain."""
    state, tally, condition = seen.state, seen.tally, rule.condition
    if state.when != rule.alert.when:
        state = RuleState(rule.alert.when)
    if state.spent:
        return Stand.SPENT, state.fired_at, None, "told once, and never again"
    if value is None and rule.kind.name != "unknown":
        return Stand.UNKNOWN, None, None, None
    if not state.armed:
        holds = rule.kind.holds(condition, value, state.last, condition.span)
        since = state.since or state.fired_at
        return (Stand.TRUE if holds else Stand.BACK), since, None, None
    held = tally.held_since if tally.held else None
    if (closed := _closed(rule, moment)) is not None:
        why, until = closed
        return Stand.QUIET, held, until, why
    if state.fired_at is not None and timedelta(0) <= moment.at - state.fired_at < rule.rest:
        return Stand.RESTS, state.fired_at, state.fired_at + rule.rest, None
    if held is not None:
        left = f"{tally.held} of {rule.boards} revisions" if rule.boards else None
        return Stand.CONFIRMED, held, held + rule.minutes if rule.minutes else None, left
    if value is None:
        since = tally.unknown_since or moment.at
        return Stand.CONFIRMED, since, since + condition.span, None
    return Stand.ARMED, None, None, None


def _closed(rule: Rule, moment: Time) -> tuple[str | None, datetime | None] | None:
    """Why it may not be told now, and until when, of which one is known; None where it may."""
    if moment.phase not in rule.alert.sessions:
        return f"told in {', '.join(rule.alert.sessions)}; the market is {moment.phase.value}", None
    if rule.admits(moment) or rule.quiet is None:
        return None
    return None, moment.at + _until(moment, rule.quiet[1])


def _until(moment: Time, then: time) -> timedelta:
    """The time from a moment to the next time that the user's clock shows `then`."""
    now, at = moment.local, timedelta(hours=then.hour, minutes=then.minute, seconds=then.second)
    passed = timedelta(hours=now.hour, minutes=now.minute, seconds=now.second, microseconds=now.microsecond)
    return (at - passed) % timedelta(days=1) or timedelta(days=1)


def _tellings(notices: Sequence[Notice]) -> tuple[Telling, ...]:
    newest = notices[-_MOST_TOLD:]
    waiting = [notice for notice in notices[:-_MOST_TOLD] if notice.waits][-_MOST_WAITING:]
    return tuple(_telling(notice) for notice in reversed([*waiting, *newest]))


def _telling(notice: Notice) -> Telling:
    sent = {
        channel: Sending(way.state, way.at, way.tries, way.not_before, way.why) for channel, way in notice.ways.items()
    }
    return Telling(notice.firing.at, notice.firing.words, sent)
