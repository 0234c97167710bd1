"""One snapshot of the store to one board."""

from dataclasses import dataclass
from datetime import datetime

from rotation_tui.board.claims import claim_rows
from rotation_tui.board.contract import (
    SCHEMA,
    Board,
    DriverRow,
    EventRow,
    FeedRow,
    Mode,
    SessionRow,
    State,
)
from rotation_tui.board.marks import Moment, too_old
from rotation_tui.board.risk import risk_rows
from rotation_tui.board.rotation import rotation_tracks
from rotation_tui.board.rows import spread_row, ticker_row
from rotation_tui.board.sectors import leaders, sector_rows
from rotation_tui.board.verdict import verdict_row
from rotation_tui.domain.results import DriverReading
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.universe import Universe
from rotation_tui.domain.window import Window
from rotation_tui.store.market_store import Snapshot


@dataclass(frozen=True, slots=True)
class Frame:
    """What a board is about, the same for all boards of a run."""

    universe: Universe
    calendar: Calendar
    mode: Mode
    notes: tuple[str, ...] = ()


def assemble(snapshot: Snapshot, frame: Frame, now: datetime) -> Board:
    """The board at `now`; pure, so the same snapshot and time give the same board."""
    moment = Moment.at(now, frame.calendar, past=frame.mode is Mode.AS_OF)
    universe, studies = frame.universe, snapshot.studies
    verdict = studies.verdict
    stale = verdict is not None and verdict.as_of is not None and too_old(verdict.as_of, moment)
    sectors = sector_rows(universe, snapshot, moment)
    return Board(
        schema=SCHEMA,
        mode=frame.mode,
        generated_at=now,
        as_of=studies.as_of,
        session=SessionRow(
            moment.state.phase,
            moment.state.next_change,
            moment.state.early_close,
            moment.state.next_phase,
            moment.state.session,
        ),
        verdict=verdict_row(verdict, stale=stale),
        tickers=tuple(ticker_row(t, snapshot, moment) for t in universe.tickers),
        spreads=tuple(spread_row(s, snapshot, moment) for s in universe.spreads),
        sectors=sectors,
        risk=risk_rows(studies.risk),
        drivers=tuple(_driver(d) for d in studies.drivers),
        claims=claim_rows(studies.claims),
        feeds=tuple(
            FeedRow(f.name, f.state, f.last_success, f.fault, f.requests_last_hour, f.budget_per_hour, f.retry_at)
            for f in snapshot.feeds
        ),
        events=tuple(EventRow(e.at, e.text, e.severity) for e in snapshot.events),
        notes=frame.notes,
        rotation=rotation_tracks(studies.rotation),
        leaders={window.value: leaders(sectors, window) for window in (Window.HALF, Window.YTD)},
    )


def _driver(reading: DriverReading) -> DriverRow:
    state = State.UNKNOWN if reading.value is None else State.STALE if reading.stale else State.CLOSED
    return DriverRow(
        reading.id,
        reading.title,
        reading.value,
        reading.unit,
        reading.change,
        reading.as_of,
        reading.source,
        state,
        reading.text,
    )
