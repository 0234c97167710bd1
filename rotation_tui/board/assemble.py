"""One snapshot of the store to one board."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import ceil
from operator import is_
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from rotation_tui.board.contract import (
    SCHEMA,
    Board,
    Fetching,
    Loading,
    Mode,
    SectorRow,
    SessionRow,
    SpreadRow,
    TickerRow,
    WatchedRow,
    WatchListRow,
)
from rotation_tui.board.expired import expired, fundamentals_at, rotation_at, unjudged, verdict_at
from rotation_tui.board.holding_rows import PositionRow
from rotation_tui.board.leads import leads_of
from rotation_tui.board.marks import Moment, Starts
from rotation_tui.board.risk import ManualCheck, by_hand, muted
from rotation_tui.board.rows import looked_row, spread_row, ticker_row
from rotation_tui.board.sectors import breadth, leaders, sector_rows
from rotation_tui.board.since import since_of
from rotation_tui.board.watching import list_rows
from rotation_tui.board.windows import periods_over
from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.fundamentals import STUDY
from rotation_tui.domain.look import Look
from rotation_tui.domain.positions import Portfolio
from rotation_tui.domain.results import Rotation, Studies
from rotation_tui.domain.session import EASTERN, Calendar
from rotation_tui.domain.universe import Universe
from rotation_tui.domain.watchlist import WatchList
from rotation_tui.domain.window import Window
from rotation_tui.store.market_store import CLOSES, FILINGS, HOLDINGS, Snapshot, history_name

_PACE_OF, _PACE_FROM = timedelta(minutes=2), 4
"""A pace is told by the histories of the last minutes, from so many on."""
_LATE, _STEP = timedelta(seconds=5), timedelta(seconds=5)
_One = TypeVar("_One")
_Row = TypeVar("_Row", TickerRow, SpreadRow, SectorRow, Rotation, WatchedRow, WatchListRow, PositionRow)


class Scope(Struct, frozen=True):
    """What a board is about, the same for all boards of a run until the user wishes otherwise.

    `muted` has the checks that are muted and the last day of it, `manual` the checks by hand,
    `looked` the symbols that are looked at beside those of the config, `watchlists` the user's
    lists, `before` what they are compared with: what the user saw at the last visit, else the session before.
    `fetches` is whether holdings and filings are asked for. `book` is what the trader holds; `private` hides how much.
    """

    universe: Universe
    calendar: Calendar
    mode: Mode
    notes: tuple[str, ...] = ()
    muted: Mapping[str, date] = field(default_factory=dict)
    manual: tuple[ManualCheck, ...] = ()
    looked: tuple[str, ...] = ()
    before: Look | None = None
    fetches: bool = False
    watchlists: tuple[WatchList, ...] = ()
    book: Portfolio = Portfolio()
    private: bool = False


class _Basis(Struct, frozen=True):
    """What those rows follow from that do not move with prices.

    `expired` says why the studies do not count any more on `today`.
    """

    studies: Studies
    muted: Mapping[str, date]
    manual: tuple[ManualCheck, ...]
    today: date
    expired: str | None

    @classmethod
    def of(cls, snapshot: Snapshot, scope: Scope, moment: Moment) -> "_Basis":
        today = moment.last if moment.past else moment.now.astimezone(EASTERN).date()
        return cls(snapshot.studies, scope.muted, scope.manual, today, expired(snapshot.studies, moment))

    def is_as(self, other: "_Basis") -> bool:
        return (
            self.studies is other.studies
            and self.muted is other.muted
            and (self.manual, self.today, self.expired) == (other.manual, other.today, other.expired)
        )

    def shown(self) -> Studies:
        """The studies as they are told: with what the trader says of the checks, unknown where they have expired."""
        told = replace(self.studies, risk=muted(self.studies.risk, self.muted, self.today))
        if self.expired is not None:
            told = unjudged(told, self.expired)
        manual = by_hand(self.manual, self.today)
        return replace(told, risk=replace(told.risk, groups=(*told.risk.groups, *manual))) if manual else told


class Assembler:
    """Boards of one run, one after the other; rows that are as they were stay the same objects.

    So whoever draws can tell by identity what did not move, which is cheaper than any comparison.
    """

    def __init__(self) -> None:
        self._slow: tuple[_Basis, Studies, Starts] | None = None
        self._last: Board | None = None

    def board(self, snapshot: Snapshot, scope: Scope, now: datetime) -> Board:
        moment = _moment(scope, now)
        basis = _Basis.of(snapshot, scope, moment)
        if self._slow is None or not self._slow[0].is_as(basis):
            self._slow = basis, basis.shown(), moment.starts
        moment = replace(moment, starts=self._slow[2])
        board = _assembled(snapshot, scope, moment, self._slow[1])
        board = _held(board, snapshot, scope, moment)
        if self._last is not None:
            board = replace(
                board,
                tickers=_unchanged(board.tickers, self._last.tickers),
                spreads=_unchanged(board.spreads, self._last.spreads),
                looked=_unchanged(board.looked, self._last.looked),
                watchlists=_lists_unchanged(board.watchlists, self._last.watchlists),
                sectors=_unchanged(board.sectors, self._last.sectors),
                rotation=_unchanged(board.rotation, self._last.rotation),
                verdict=self._last.verdict if self._last.verdict == board.verdict else board.verdict,
                leaders=self._last.leaders if self._last.leaders == board.leaders else board.leaders,
                breadth=self._last.breadth if self._last.breadth == board.breadth else board.breadth,
                loading=self._last.loading if self._last.loading == board.loading else board.loading,
                fundamentals=_as_it_was(board.fundamentals, self._last.fundamentals),
                fetching=_as_it_was(board.fetching, self._last.fetching),
                positions=_unchanged(board.positions, self._last.positions),
                portfolio=_as_it_was(board.portfolio, self._last.portfolio),
            )
        board = _since(board, scope)
        if self._last is not None and self._last.since == board.since:
            board = replace(board, since=self._last.since)
        self._last = board
        return board


def _since(board: Board, scope: Scope) -> Board:
    return replace(board, since=since_of(scope.before, board))


def _as_it_was(one: _One, before: _One) -> _One:
    return before if one == before else one


def _unchanged(rows: tuple[_Row, ...], before: tuple[_Row, ...]) -> tuple[_Row, ...]:
    if len(rows) != len(before):
        return rows
    shown = tuple(old if old == new else new for old, new in zip(before, rows, strict=True))
    return before if all(map(is_, shown, before)) else shown


def _lists_unchanged(lists: tuple[WatchListRow, ...], before: tuple[WatchListRow, ...]) -> tuple[WatchListRow, ...]:
    if len(lists) == len(before):
        pairs = zip(lists, before, strict=True)
        lists = tuple(replace(new, rows=_unchanged(new.rows, old.rows)) for new, old in pairs)
    return _unchanged(lists, before)


def assemble(snapshot: Snapshot, scope: Scope, now: datetime) -> Board:
    """The board at `now`; pure, so the same snapshot and time give the same board."""
    moment = _moment(scope, now)
    board = _assembled(snapshot, scope, moment, _Basis.of(snapshot, scope, moment).shown())
    return _since(_held(board, snapshot, scope, moment), scope)


def _held(board: Board, snapshot: Snapshot, scope: Scope, moment: Moment) -> Board:
    """The board with what is held, of which it tells no amounts in private."""
    if not scope.book:
        return board
    from rotation_tui.board.positions import with_positions  # who holds nothing needs none of it
    from rotation_tui.board.private import discreet

    board = with_positions(board, scope.book, scope.universe, snapshot, moment)
    return discreet(board) if scope.private else board


def _moment(scope: Scope, now: datetime) -> Moment:
    return Moment.at(now, scope.calendar, past=scope.mode is Mode.AS_OF)


def _assembled(snapshot: Snapshot, scope: Scope, moment: Moment, shown: Studies) -> Board:
    universe, studies = scope.universe, snapshot.studies
    sectors = sector_rows(universe, snapshot, moment)
    spreads = tuple(spread_row(s, snapshot, moment) for s in universe.spreads)
    loading = _loading(snapshot, universe.own, moment.now)
    return Board(
        schema=SCHEMA,
        mode=scope.mode,
        generated_at=moment.now,
        as_of=studies.as_of,
        session=SessionRow(
            moment.state.phase,
            moment.state.next_change,
            moment.state.early_close,
            moment.state.next_phase,
            moment.state.session,
        ),
        verdict=replace(verdict_at(moment, studies.verdict), leads=leads_of(spreads, loading, moment)),
        tickers=tuple(ticker_row(t, snapshot, moment) for t in universe.tickers),
        spreads=spreads,
        sectors=sectors,
        risk=shown.risk.groups,
        drivers=shown.drivers,
        claims=shown.claims,
        feeds=snapshot.feeds,
        events=snapshot.events,
        notes=(*_clock_note(snapshot, moment), *_studies_note(snapshot), *scope.notes),
        rotation=tuple(rotation_at(moment, rotation) for rotation in studies.rotation),
        leaders={window.value: leaders(sectors, window) for window in (Window.HALF, Window.YTD)},
        loading=loading,
        periods=periods_over(moment),
        breadth=breadth(sectors, studies.sectors),
        looked=tuple(looked_row(symbol, snapshot, moment) for symbol in scope.looked),
        watchlists=list_rows(scope.watchlists, universe, snapshot, moment),
        fundamentals=fundamentals_at(moment, studies.fundamentals),
        fetching=_fetching(snapshot, scope),
        alerts=snapshot.alerts,
    )


def _fetching(snapshot: Snapshot, scope: Scope) -> Fetching:
    """How far the files of holdings and filings have come, all kinds together; the slowest tells how long it takes."""
    under_way = snapshot.progress.values()
    left = [progress.left_s for progress in under_way if progress.left_s is not None]
    missing = {name: why for name, why in snapshot.missing.items() if name.startswith((FILINGS, HOLDINGS, CLOSES))}
    if (fault := snapshot.studies.faults.get(STUDY)) is not None:
        missing[STUDY] = fault
    done, want = (sum(getattr(progress, count) for progress in under_way) for count in ("done", "want"))
    return Fetching(scope.fetches, done, want, max(left, default=None), missing)


def _loading(snapshot: Snapshot, universe: Universe, now: datetime) -> Loading | None:
    """What is on its way for the first time: until it is there, the answer is provisional.

    None where nothing is, or where the board stands as it was saved.
    """
    if not snapshot.bars and snapshot.studies.tickers:
        return None
    known = {symbol for (symbol, _), bars in snapshot.bars.items() if not bars.outline}
    wanted = dict.fromkeys(i.symbol for i in universe.with_bars)
    coming = tuple(s for s in wanted if s not in known and history_name(s) not in snapshot.missing)
    studied = snapshot.studies.tickers
    ours = [i.symbol for i in universe.instruments if i.symbol in known]
    # what was studied by an outline has no record; that it was not studied at all may go on, where a study fails
    behind = tuple(s for s in ours if s in studied and studied[s].record is None)
    if not coming and not behind and studied:
        return None
    fresh = tuple(s for s in ours if s not in studied)
    if not (coming or behind or fresh):
        return None
    have = sum(symbol in known for symbol in wanted)
    # a price that is refused is on no way
    awaited = tuple(s for s in dict.fromkeys((*coming, *behind, *fresh)) if s not in snapshot.quarantined)
    return Loading(have, have + len(coming), awaited, _left_s(snapshot, len(coming), now))


def _left_s(snapshot: Snapshot, coming: int, now: datetime) -> int | None:
    """Seconds until the rest is there at the pace of the last two minutes, in steps that do not tick.

    None where too few came to tell a pace, and where it has been lost.
    """
    came = {symbol: bars.fetched_at for (symbol, _), bars in snapshot.bars.items() if not bars.outline}
    lately = sorted(at for at in came.values() if timedelta(0) <= now - at <= _PACE_OF)
    if not coming or len(lately) < _PACE_FROM:
        return None
    each = (lately[-1] - lately[0]) / (len(lately) - 1)
    left = each * coming - (now - lately[-1])
    if left < -(_LATE + 3 * each):
        return None
    return max(1, ceil(left / _STEP)) * int(_STEP.total_seconds())


def _clock_note(snapshot: Snapshot, moment: Moment) -> tuple[str, ...]:
    """That this computer's clock runs behind, where a price is of a time that it has not reached yet."""
    newest = snapshot.newest_print() or moment.now
    if moment.past or newest <= moment.now + CLOCK_SLACK:
        return ()
    return (f"this computer's clock ({moment.now:%Y-%m-%d %H:%M} UTC) is behind prices of {newest:%Y-%m-%d %H:%M} UTC",)


def _studies_note(snapshot: Snapshot) -> tuple[str, ...]:
    """That the studies cannot be renewed, and of when those are that stand; the events say why."""
    if snapshot.unstudied is None:
        return ()
    made = snapshot.studies.computed_at
    return ("no studies yet" if made is None else f"no new studies since {made:%Y-%m-%d %H:%M} UTC",)
