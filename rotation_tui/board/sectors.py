"""Rows of the sector leaderboard: windows, excess, pair spread and rank, all at the same price."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rotation_tui.board.contract import SectorRow
from rotation_tui.board.marks import Mark, Moment, mark_of, state_of
from rotation_tui.board.rotation import last_complete
from rotation_tui.board.rows import why_unknown, windows_of
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.results import SectorStudy
from rotation_tui.domain.universe import Sector, Universe
from rotation_tui.domain.window import Window
from rotation_tui.store.market_store import Snapshot

Quarters = dict[str, tuple[date, Basis, float]]
"""Return over 63 sessions by symbol, with the session of its price and its basis."""

BENCHMARKS = {"small": "IWM", "large": "SPY"}
"""What a sector's excess is measured against, by side."""
LEADING = 4
"""Ranks that the thesis says its four sectors have."""


def sector_rows(universe: Universe, snapshot: Snapshot, moment: Moment) -> tuple[SectorRow, ...]:
    """All sectors, ranked within their side by excess over 63 sessions; ties share the better rank.

    While the exchange is open excess, pair spread and rank move with the prices, so that they agree with
    the windows beside them; rank change is against the rank of 21 sessions before.
    """
    quarters: Quarters = {}
    for symbol in {s.symbol for s in universe.sectors} | set(BENCHMARKS.values()):
        mark = mark_of(symbol, snapshot, moment)
        study = snapshot.studies.tickers.get(symbol)
        change = windows_of(mark, study)[Window.M3.value]
        if mark is not None and study is not None and change is not None:
            quarters[symbol] = mark.session, study.basis, change
    rows = [_compared(sector_row(s, snapshot, moment), quarters) for s in universe.sectors]
    return tuple(_ranked(row, rows) for row in rows)


def _compared(row: SectorRow, quarters: Quarters) -> SectorRow:
    if row.last is None:
        return replace(row, excess_pp=None, pair_spread_pp=None)
    excess = _less(row.symbol, BENCHMARKS[row.side], quarters, row.excess_pp)
    pair = None if row.pair is None else _less(row.symbol, row.pair, quarters, row.pair_spread_pp)
    return replace(row, excess_pp=excess, pair_spread_pp=pair)


def _less(symbol: str, other: str, quarters: Quarters, closed: float | None) -> float | None:
    """Difference at the prices of one session and on one basis, else that of the completed bars, which are."""
    if symbol not in quarters or other not in quarters:
        return closed
    *one, change = quarters[symbol]
    *two, other_change = quarters[other]
    return change - other_change if one == two else closed


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
    rotation, daily = (study.rotation, study.rotation_daily) if study else (None, None)
    # the running week is drawn hollow; numbers are of the last completed one, as the quadrant is
    head = last_complete(rotation)
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
        rotation=rotation.points if rotation else (),
        rotation_daily=daily.points if daily else (),
        rotation_why=rotation.reason if rotation else None,
        quadrant_daily=daily.quadrant if daily else None,
        rotation_daily_why=daily.reason if daily else None,
        year_range_pct=_in_year_range(mark, study),
        median_dollar_volume=study.median_dollar_volume if study else None,
        heading=rotation.heading if rotation else None,
        speed=rotation.speed if rotation else None,
        right_side=rotation.right_side if rotation else None,
        heading_daily=daily.heading if daily else None,
        speed_daily=daily.speed if daily else None,
        right_side_daily=daily.right_side if daily else None,
        reasons=dict(study.reasons) if study else None,
    )


def _in_year_range(mark: Mark | None, study: SectorStudy | None) -> float | None:
    """Where the price lies in the range of a year, which a price beyond it widens."""
    if mark is None or study is None or study.year_range is None:
        return None
    low, high = min(study.year_range[0], mark.price), max(study.year_range[1], mark.price)
    return 100.0 * (mark.price - low) / (high - low)


def leaders(rows: Sequence[SectorRow], window: Window) -> int | None:
    """How many of the thesis's four sectors are among the first four of the broad sectors over a window.

    Ties share the better rank. Industry funds that share their large-cap pair with a broad sector do not count
    (quant.md 3.2); None where a return is unknown.
    """
    broad: dict[str, SectorRow] = {}
    for row in rows:
        if row.side == "small" and row.pair is not None:
            broad.setdefault(row.pair, row)
    returns = [(value, row.thesis) for row in broad.values() if (value := row.windows[window.value]) is not None]
    if len(returns) < max(len(broad), LEADING):
        return None
    last = sorted((value for value, _ in returns), reverse=True)[LEADING - 1]
    return sum(thesis and value >= last for value, thesis in returns)
