"""The price a row shows: the quote where it is the newest, else the last completed close in its stead."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from msgspec import Struct, field

from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.quote import STILL_AFTER, Extended, Quote, trades_all_day
from rotation_tui.domain.results import Base, SpreadStudy, TickerStudy
from rotation_tui.domain.session import Calendar, Phase, SessionState
from rotation_tui.domain.state import State
from rotation_tui.domain.window import SESSIONS, Window, nominal_base
from rotation_tui.store.market_store import Snapshot

QUOTE_LIMIT = timedelta(minutes=15)
"""A quote while OPEN is STALE so long after its source's last good answer (plus the source's own delay)."""

PRINT_LIMIT = timedelta(minutes=5)
"""An index is told anew every few seconds: while OPEN it is STALE so long after its print, beyond the delay."""

_BY_PRINT = (Kind.INDEX, Kind.VOLATILITY)
T = TypeVar("T")
Starts = dict[tuple[int, date], tuple[object, dict[str, date]]]
"""Bases, and the sessions that windows start from, by the identity of the bases and by the session of the price."""

CLOSE_LIMIT = 2
"""Sessions after which a daily close is STALE (METHODOLOGY.md#states)."""


class Moment(Struct, frozen=True):
    """When the board is made. `past` is true for boards of a past day, where nothing is polled.

    `last` is the last completed session. `starts` are those found so far: whoever makes boards of the same studies one
    after the other hands them on, for they do not move with prices.
    """

    now: datetime
    calendar: Calendar
    state: SessionState
    last: date
    past: bool = False
    starts: Starts = field(default_factory=dict)

    @classmethod
    def at(cls, now: datetime, calendar: Calendar, *, past: bool = False) -> "Moment":
        return cls(now, calendar, calendar.state(now), calendar.last_completed(now), past)

    @property
    def told(self) -> date:
        """The session that prices are of where nothing is late: the running one, else the last completed."""
        running = self.state.session if self.state.phase is Phase.OPEN else None
        return running or self.last


class Mark(Struct, frozen=True):
    """A price with the session it belongs to; `is_close` where it is a completed session's close.

    `behind_s` is by how many seconds the source that quotes the symbol is late by itself, also where a close stands
    in for its quote. `all_day` says that the symbol is known to trade every few minutes. `streamed` is that of the
    quote, None for a close. `unheard` says that nobody asks for it any more that would be heard.
    """

    price: float
    session: date
    as_of: datetime
    source: str
    delay_s: int
    is_close: bool
    checked_at: datetime | None = None
    extended: Extended | None = None
    kind: Kind = Kind.ETF
    behind_s: int = 0
    all_day: bool = False
    streamed: bool | None = None
    unheard: bool = False


def mark_of(symbol: str, snapshot: Snapshot, moment: Moment) -> Mark | None:
    """The price to show for `symbol`, None where there is none that can be believed."""
    if symbol in snapshot.quarantined:
        return None
    quote, study = snapshot.quotes.get(symbol), snapshot.studies.tickers.get(symbol)
    if study is not None and (quote is None or not _is_newer(quote, study, moment.calendar)):
        extended = quote.extended if quote is not None and quote.session == study.last_session else None
        return Mark(
            study.last_close,
            study.last_session,
            moment.calendar.close_at(study.last_session),
            study.source,
            0,
            True,
            snapshot.checked.get(symbol),
            extended,
            kind_of(symbol),
            quote.delay_s if quote is not None else 0,
            unheard=snapshot.is_unheard(symbol),
        )
    if quote is None:
        return None
    return Mark(
        quote.price,
        quote.session,
        quote.as_of,
        quote.source,
        quote.delay_s,
        False,
        snapshot.checked.get(symbol),
        quote.extended,
        kind_of(symbol),
        quote.delay_s,
        study is not None and trades_all_day(study.median_dollar_volume) is True,
        quote.streamed,
        snapshot.is_unheard(symbol),
    )


def _is_newer(quote: Quote, study: TickerStudy, calendar: Calendar) -> bool:
    """Whether the quote says more than the last completed bar: a later session, or a print at its close."""
    if quote.session != study.last_session:
        return quote.session > study.last_session
    return quote.as_of >= calendar.close_at(quote.session)


def too_old(session: date, moment: Moment) -> bool:
    """Whether closes that end with `session` are older than what is still told as of now (METHODOLOGY.md#states)."""
    last = moment.last
    return session < last and (session < moment.calendar.first or moment.calendar.age(session, last) > CLOSE_LIMIT)


def state_of(mark: Mark | None, moment: Moment) -> State:
    """How far the mark can be trusted at this moment: an index by its print, a fund by its source's answer.

    A fund that trades all day is judged by both.
    """
    if mark is None:
        return State.UNKNOWN
    if is_ahead(mark, moment.now) or too_old(mark.session, moment):
        return State.STALE
    if moment.past:
        return State.CLOSED
    if _missed_a_session(mark, moment) or _stands_still(mark, moment):
        return State.STALE
    if mark.is_close:
        return State.CLOSED
    session = moment.state
    if session.phase is Phase.OPEN and mark.session == session.session:
        if _unanswered(mark, moment):
            return State.STALE
        return State.DELAYED if mark.delay_s > 0 else State.LIVE
    if _seen_the_close(mark, moment):
        return State.CLOSED
    return State.DELAYED if _close_still_to_come(mark, moment) else State.STALE


def is_ahead(mark: Mark, now: datetime) -> bool:
    """Whether the price, or its source's last answer, is of a time still to come: no age can be told then."""
    newest = mark.as_of if mark.checked_at is None else max(mark.as_of, mark.checked_at)
    return newest > now + CLOCK_SLACK


def study_state(last_session: date | None, moment: Moment) -> State:
    """How far what was made of completed bars up to `last_session` can be trusted, however new the quote beside it."""
    if last_session is None:
        return State.UNKNOWN
    return State.STALE if too_old(last_session, moment) else State.CLOSED


def is_current(mark: Mark | None, moment: Moment) -> bool:
    """Whether the price is about as new as one can be: else its age has to stand beside it.

    A print counts as current until the exchange has been open for 15 minutes since, beyond the source's delay.
    """
    if mark is None or moment.past:
        return True
    return mark.session >= moment.last and not _traded_since(mark, moment, QUOTE_LIMIT)


def _traded_since(mark: Mark, moment: Moment, limit: timedelta) -> bool:
    """Whether the exchange was open for longer than `limit` between the print and what its source can know by now."""
    until = moment.now - timedelta(seconds=mark.behind_s)
    return until - mark.as_of > limit and moment.calendar.traded(mark.as_of, until) > limit


def _stands_still(mark: Mark, moment: Moment) -> bool:
    """Whether an index, or a fund that trades all day, is quoted and has not been told anew while there was trading.

    One that is never quoted has its closes only, and their own limit. So has a fund's print at a close, which may be
    a file's: there its source's answer tells whether a later session was missed.
    """
    if mark.kind is Kind.ETF and mark.all_day and not mark.is_close and mark.checked_at is not None:
        is_session = moment.calendar.is_session(mark.session)
        saw_its_close = is_session and mark.as_of >= moment.calendar.close_at(mark.session)
        return not saw_its_close and _traded_since(mark, moment, STILL_AFTER)
    if mark.kind not in _BY_PRINT or moment.state.phase is not Phase.OPEN or mark.checked_at is None:
        return False
    return _traded_since(mark, moment, PRINT_LIMIT)


def _unanswered(mark: Mark, moment: Moment) -> bool:
    limit = QUOTE_LIMIT + timedelta(seconds=mark.delay_s)
    return mark.unheard or mark.checked_at is None or moment.now - mark.checked_at > limit


def _missed_a_session(mark: Mark, moment: Moment) -> bool:
    """Whether a later session has opened of which the source told nothing, because it was not heard since.

    A symbol that is never quoted has its closes only, and their own limit.
    """
    if mark.checked_at is None:
        return False
    if moment.state.phase is Phase.OPEN and moment.state.session is not None:
        return mark.session < moment.state.session and _unanswered(mark, moment)
    last = moment.last
    return mark.session < last and mark.checked_at < moment.calendar.close_at(last)


def _seen_the_close(mark: Mark, moment: Moment) -> bool:
    """Whether the price is that of the close: printed at it or, of a fund, still the last when asked for after it."""
    if not moment.calendar.is_session(mark.session):  # futures trade on most holidays
        return not _unanswered(mark, moment)
    close = moment.calendar.close_at(mark.session)
    if mark.as_of >= close or mark.kind in _BY_PRINT:
        return mark.as_of >= close
    delay = timedelta(seconds=mark.delay_s)
    return mark.checked_at is not None and mark.checked_at >= close + delay


def _close_still_to_come(mark: Mark, moment: Moment) -> bool:
    """The minutes after a close in which a delayed feed has not told it yet, and the hours of futures before one."""
    if not moment.calendar.is_session(mark.session):
        return False
    close = moment.calendar.close_at(mark.session)
    return not _unanswered(mark, moment) and moment.now < close + timedelta(seconds=mark.delay_s) + QUOTE_LIMIT


def base_of(study: TickerStudy | None, window: Window, session: date) -> Base | None:
    """The base of a window for a price of `session`, None where the bars do not reach it.

    A calendar window's base does not depend on the newest rows, so an older answer serves within the period.
    """
    return None if study is None else base_in(study.bases, window, session)


def base_in(bases: Mapping[date, Mapping[Window, T | None]], window: Window, session: date) -> T | None:
    """As `base_of`, from the bases of one symbol or of both legs of a pair."""
    if session in bases:
        return bases[session].get(window)
    if window in SESSIONS or not bases:
        return None
    newest = max(bases)
    if newest < session and nominal_base(window, newest) == nominal_base(window, session):
        return bases[newest].get(window)
    return None


def bases_at(bases: Mapping[date, Mapping[Window, T | None]], session: date) -> Mapping[Window, T | None]:
    """As `base_in`, of every window at once."""
    return bases[session] if session in bases else {window: base_in(bases, window, session) for window in Window}


def percent(price: float, base: float) -> float:
    """Return from `base` to `price` in percent."""
    return 100.0 * (price / base - 1.0)


def in_range(mark: Mark | None, ends: tuple[float, float] | None) -> float | None:
    """Where the price lies in a range, 0 to 100, which a price beyond it widens."""
    if mark is None or ends is None:
        return None
    low, high = min(ends[0], mark.price), max(ends[1], mark.price)
    return None if high == low else 100.0 * (mark.price - low) / (high - low)


def closes_of(study: SpreadStudy, session: date, moment: Moment) -> tuple[Mark, Mark] | None:
    """Both legs of a pair at its close of `session`; None where that is not its last.

    It is the base of one session back, for a quote of the session after it.
    """
    legs = study.bases.get(moment.calendar.next(session), {}).get(Window.D1)
    if legs is None or legs[0].session != session:
        return None
    at = moment.calendar.close_at(session)
    small, large = (Mark(leg.close, session, at, "", 0, True) for leg in legs)
    return small, large
