"""Rows of the sector leaderboard: windows, excess, pair spread and rank, all at the same price."""

from dataclasses import replace

from rotation_tui.board.contract import SectorRow
from rotation_tui.board.marks import Moment, mark_of, state_of
from rotation_tui.board.rows import why_unknown, windows_of
from rotation_tui.domain.universe import Sector, Universe
from rotation_tui.domain.window import Window
from rotation_tui.store.market_store import Snapshot

BENCHMARKS = {"small": "IWM", "large": "SPY"}
"""What a sector's excess is measured against, by side."""


def sector_rows(universe: Universe, snapshot: Snapshot, moment: Moment) -> tuple[SectorRow, ...]:
    """All sectors, ranked within their side by excess over 63 sessions; ties share the better rank.

    While the exchange is open excess, pair spread and rank move with the prices, so that they agree with
    the windows beside them; rank change is against the rank of 21 sessions before.
    """
    months: dict[str, float | None] = {}
    for symbol in {s.symbol for s in universe.sectors} | set(BENCHMARKS.values()):
        mark = mark_of(symbol, snapshot, moment)
        months[symbol] = windows_of(mark, snapshot.studies.tickers.get(symbol))[Window.M3.value]
    rows = [sector_row(s, snapshot, moment) for s in universe.sectors]
    rows = [_compared(row, months) for row in rows]
    return tuple(_ranked(row, rows) for row in rows)


def _compared(row: SectorRow, months: dict[str, float | None]) -> SectorRow:
    own = months[row.symbol]
    excess = _less(own, months[BENCHMARKS[row.side]], row.excess_pp)
    pair = None if row.pair is None else _less(own, months.get(row.pair), row.pair_spread_pp)
    return replace(row, excess_pp=excess, pair_spread_pp=pair)


def _less(one: float | None, other: float | None, otherwise: float | None) -> float | None:
    return otherwise if one is None or other is None else one - other


def _ranked(row: SectorRow, rows: list[SectorRow]) -> SectorRow:
    if row.excess_pp is None:
        return replace(row, rank=None, rank_change=None)
    peers = [r.excess_pp for r in rows if r.side == row.side and r.excess_pp is not None]
    rank = 1 + sum(peer > row.excess_pp for peer in peers)
    before = None if row.rank is None or row.rank_change is None else row.rank + row.rank_change
    return replace(row, rank=rank, rank_change=None if before is None else before - rank)


def sector_row(sector: Sector, snapshot: Snapshot, moment: Moment) -> SectorRow:
    """One sector fund."""
    mark, ticker = mark_of(sector.symbol, snapshot, moment), snapshot.studies.tickers.get(sector.symbol)
    study = snapshot.studies.sectors.get(sector.id)
    rotation = study.rotation if study else None
    # the running week is drawn hollow; numbers are of the last completed one, as the quadrant is
    head = next((p for p in reversed(rotation.points) if p.complete), None) if rotation else None
    return SectorRow(
        id=sector.id,
        sector=sector.sector,
        tracks=sector.tracks,
        side=sector.side,
        windows=windows_of(mark, ticker),
        excess_pp=study.excess_pp if study else None,
        pair=sector.pair,
        pair_spread_pp=study.pair_spread_pp if study else None,
        rank=study.rank if study else None,
        rank_change=study.rank_change if study else None,
        rs_ratio=head.rs_ratio if head else None,
        rs_momentum=head.rs_momentum if head else None,
        quadrant=rotation.quadrant if rotation else None,
        as_of=mark.as_of if mark else None,
        source=mark.source if mark else None,
        state=state_of(mark, moment),
        symbol=sector.symbol,
        last=mark.price if mark else None,
        thesis=sector.thesis,
        illiquid=study.illiquid if study else None,
        basis=ticker.basis if ticker else None,
        why=why_unknown(sector.symbol, snapshot) if mark is None else None,
    )
