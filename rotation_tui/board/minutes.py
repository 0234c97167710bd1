"""Prices within sessions, for charts; beside the board, because only what is looked at is asked for."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from rotation_tui.board.lines import parsed
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.minutes import Glance, Hours, Minutes
from rotation_tui.domain.session import Calendar, Phase
from rotation_tui.domain.universe import Universe
from rotation_tui.store.market_store import Snapshot

COMING = "asked for; it is drawn as soon as the answer is here"


class MinuteLine(Struct, frozen=True, eq=False):
    """Prices of one symbol or of both legs of a pair, oldest first, on the times that either has.

    `times` are epoch seconds of the beginning of rows of `step_s` seconds. `columns` are the legs' prices and `values`
    what they come to, the price or the ratio; unknown where a leg has no trade. `bases` are the legs' closes of
    `base_session`, the one before the first, None where a history lacks it. `delay_s` is that of the later source.
    """

    legs: tuple[str, ...]
    step_s: int
    times: tuple[int, ...]
    columns: tuple[tuple[float | None, ...], ...]
    values: tuple[float | None, ...]
    phases: tuple[Phase, ...]
    sessions: tuple[date, ...]
    bases: tuple[float, ...] | None
    base_session: date | None
    source: str
    delay_s: int
    fetched_at: datetime

    @property
    def name(self) -> str:
        """The symbol or the pair as it is written on screen."""
        return "/".join(self.legs)


def legs_in(name: str, universe: Universe) -> tuple[str, ...]:
    """The symbols behind the id of a row, or behind what was typed."""
    spread = next((s for s in universe.spreads if s.id == name), None)
    if spread is not None:
        return spread.small, spread.large
    symbol = universe.ids.get(name.upper())
    return (symbol,) if symbol is not None else parsed(name) or (name,)


def minute_line(legs: tuple[str, ...], days: int, snapshot: Snapshot, calendar: Calendar) -> MinuteLine | str:
    """The line of these legs over so many sessions; a sentence where there is none, or none yet."""
    glances = [Glance(leg, days) for leg in legs]
    known = [snapshot.minutes.get(glance) for glance in glances]
    lacking = [glance for glance, minutes in zip(glances, known, strict=True) if minutes is None]
    if lacking:
        why = next((snapshot.missing[glance.name] for glance in lacking if glance.name in snapshot.missing), None)
        return COMING if why is None else why
    return _line([minutes for minutes in known if minutes is not None], snapshot, calendar)


def _line(told: Sequence[Minutes], snapshot: Snapshot, calendar: Calendar) -> MinuteLine | str:
    prices = [dict(zip(map(int, minutes.times), minutes.closes, strict=True)) for minutes in told]
    both = set(prices[0]).intersection(*prices)
    if not both:
        return "the legs have no minute in common"
    first, last = min(both), max(both)
    times = tuple(sorted(at for at in set().union(*prices) if first <= at <= last))
    columns = tuple(tuple(map(by_time.get, times)) for by_time in prices)
    hours = Hours(calendar)
    sessions = tuple(dict.fromkeys(s for s in map(hours.session_at, times) if s is not None))
    before = calendar.previous(sessions[0])
    bases = [_close_of(minutes.symbol, before, snapshot) for minutes in told]
    known = tuple(base for base in bases if base is not None)
    return MinuteLine(
        legs=tuple(minutes.symbol for minutes in told),
        step_s=told[0].step_s,
        times=times,
        columns=columns,
        values=columns[0] if len(columns) == 1 else tuple(map(_ratio, *columns)),
        phases=tuple(map(hours.phase_at, times)),
        sessions=sessions,
        bases=known if len(known) == len(told) else None,
        base_session=before if len(known) == len(told) else None,
        source=" and ".join(dict.fromkeys(minutes.source for minutes in told)),
        delay_s=max(minutes.delay_s for minutes in told),
        fetched_at=min(minutes.fetched_at for minutes in told),
    )


def _ratio(small: float | None, large: float | None) -> float | None:
    return None if small is None or large is None else small / large


def _close_of(symbol: str, day: date, snapshot: Snapshot) -> float | None:
    bars = snapshot.bars.get((symbol, Basis.PRICE))
    if bars is None:
        return None
    row = bisect_left(bars.dates, day)
    return bars.close(row) if row < len(bars) and bars.dates[row] == day else None
