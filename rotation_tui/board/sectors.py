"""Rows of the sector leaderboard: windows, excess, pair spread and rank, all at the same price."""

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from rotation_tui.board.contract import Breadth, SectorRow, Windows
from rotation_tui.board.marks import (
    Mark,
    Moment,
    base_of,
    in_range,
    is_current,
    mark_of,
    state_of,
    study_state,
    too_old,
)
from rotation_tui.board.rows import resting_on, why_stale, why_unknown
from rotation_tui.board.windows import bases_of, marks_of, windows_of
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.results import SectorStudy
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import Sector, Universe
from rotation_tui.domain.window import Window
from rotation_tui.store.market_store import Snapshot


class Quarter(NamedTuple):
    """Return over 63 sessions: between which sessions, on which basis, and whether it ends with a close."""

    base: date
    session: date
    basis: Basis
    is_close: bool
    change: float


Quarters = dict[str, Quarter]
"""Of every symbol that has one."""

_QUARTER = Window.S63.value
LEADING = 4
"""Ranks that the thesis says its four sectors have."""


def sector_rows(universe: Universe, snapshot: Snapshot, moment: Moment) -> tuple[SectorRow, ...]:
    """All sectors, ranked within their side by return over 63 sessions; ties share the better rank.

    While the exchange is open excess, pair spread and rank move with the prices, so that they agree with
    the windows beside them; rank change is against the rank of 21 sessions before.
    """
    symbols = {symbol for s in universe.sectors for symbol in (s.symbol, s.against)}
    marks = {symbol: mark_of(symbol, snapshot, moment) for symbol in symbols}
    tickers, studies = snapshot.studies.tickers, snapshot.studies.sectors
    windows = {symbol: windows_of(mark, tickers.get(symbol)) for symbol, mark in marks.items()}
    quarters: Quarters = {}
    for symbol, mark in marks.items():
        change = windows[symbol][_QUARTER]
        base = None if mark is None else base_of(tickers.get(symbol), Window.S63, mark.session)
        if mark is not None and base is not None and change is not None:
            quarters[symbol] = Quarter(base.session, mark.session, tickers[symbol].basis, mark.is_close, change)
    margins = {s.id: _margin(s, marks[s.symbol], studies.get(s.id), quarters) for s in universe.sectors}
    returns = {s.id: _return(s, quarters, studies.get(s.id)) for s in universe.sectors}
    ages = {s.id: _age_of_study(s, snapshot, moment) for s in universe.sectors}
    peers = _peers(universe.sectors, returns, ages)
    rows: list[SectorRow] = []
    for sector in universe.sectors:
        age = ages[sector.id]
        beside = peers.get((sector.side, age.state is State.STALE), ())
        margin = _ranked(margins[sector.id], returns[sector.id], beside, studies.get(sector.id))
        rows.append(_row(sector, marks[sector.symbol], windows[sector.symbol], margin, age, snapshot, moment))
    return tuple(rows)


class _Age(NamedTuple):
    """The session that a sector's study is as of, how far it can be trusted, and why its pair's part cannot."""

    as_of: date | None
    state: State
    pair_stale: str | None = None


def _age_of_study(sector: Sector, snapshot: Snapshot, moment: Moment) -> _Age:
    """Excess, rank and quadrant rest on the fund and on its benchmark; the pair's spread on the pair as well."""
    tickers, study = snapshot.studies.tickers, snapshot.studies.sectors.get(sector.id)
    mine, bench = tickers.get(sector.symbol), tickers.get(sector.against)
    ends = [t.last_session for t in (mine, bench) if t is not None]
    if study is not None:
        ends += [r.as_of for r in (study.rotation, study.rotation_daily) if r is not None and r.as_of is not None]
    as_of = min(ends) if mine is not None and study is not None else None
    pair = None if sector.pair is None else tickers.get(sector.pair)
    old = pair is not None and too_old(pair.last_session, moment)
    return _Age(as_of, study_state(as_of, moment), why_stale(pair.last_session) if pair is not None and old else None)


class _Margin(NamedTuple):
    """What a sector is ahead of its benchmark and of its large-cap pair, and the rank that this gives it."""

    excess: float | None = None
    of_pair: float | None = None
    rank: int | None = None
    rank_change: int | None = None


def _margin(sector: Sector, mark: Mark | None, study: SectorStudy | None, quarters: Quarters) -> _Margin:
    if mark is None:
        return _Margin()
    closed = _Margin() if study is None else _Margin(study.excess_pp, study.pair_spread_pp)
    return _Margin(
        _less(sector.symbol, sector.against, quarters, closed.excess),
        None if sector.pair is None else _less(sector.symbol, sector.pair, quarters, closed.of_pair),
    )


def _return(sector: Sector, quarters: Quarters, study: SectorStudy | None) -> float | None:
    """What a sector is ranked by: the return that stands beside its rank, None where the study ranks it not."""
    quarter = quarters.get(sector.symbol)
    return None if quarter is None or study is None or study.rank is None else quarter.change


def _peers(
    sectors: Sequence[Sector], returns: Mapping[str, float | None], ages: Mapping[str, _Age]
) -> dict[tuple[str, bool], list[float]]:
    """The returns that take a rank, ascending, by side and by whether they are ranked beside a stale sector.

    None that is stale takes a rank before a fresh one.
    """
    peers: dict[tuple[str, bool], list[float]] = {}
    for sector in sectors:
        value = returns[sector.id]
        if value is None:
            continue
        for stale in (True,) if ages[sector.id].state is State.STALE else (True, False):
            insort(peers.setdefault((sector.side, stale), []), value)
    return peers


def _ranked(margin: _Margin, value: float | None, peers: Sequence[float], study: SectorStudy | None) -> _Margin:
    """With its rank among ascending returns, and what that has changed since 21 sessions before."""
    if value is None or study is None or study.rank is None:
        return margin
    rank = 1 + len(peers) - bisect_right(peers, value)
    if study.rank_change is None:
        return margin._replace(rank=rank)
    return margin._replace(rank=rank, rank_change=study.rank + study.rank_change - rank)


def _less(symbol: str, other: str, quarters: Quarters, closed: float | None) -> float | None:
    """Difference of the live returns from and to the same sessions on one basis, else that of the completed bars.

    Between two closes the completed bars have it already, counted over the sessions that both have.
    """
    one, two = quarters.get(symbol), quarters.get(other)
    if one is None or two is None or (one.is_close and two.is_close):
        return closed
    alike = (one.base, one.session, one.basis) == (two.base, two.session, two.basis)
    return one.change - two.change if alike else closed


def _row(
    sector: Sector, mark: Mark | None, windows: Windows, margin: _Margin, age: _Age, snapshot: Snapshot, moment: Moment
) -> SectorRow:
    ticker, study = snapshot.studies.tickers.get(sector.symbol), snapshot.studies.sectors.get(sector.id)
    rotation, daily = (study.rotation, study.rotation_daily) if study else (None, None)
    reasons = dict(study.reasons) if study else {}
    if age.pair_stale is not None and age.state is not State.STALE:
        margin, reasons["pair_spread_pp"] = margin._replace(of_pair=None), f"{sector.pair} {age.pair_stale}"
    return SectorRow(
        id=sector.id,
        sector=sector.sector,
        tracks=sector.tracks,
        side=sector.side,
        windows=windows,
        excess_pp=margin.excess,
        benchmark=sector.against,
        pair=sector.pair,
        pair_spread_pp=margin.of_pair,
        rank=margin.rank,
        rank_change=margin.rank_change,
        rs_ratio=rotation.rs_ratio if rotation else None,
        rs_momentum=rotation.rs_momentum if rotation else None,
        quadrant=rotation.quadrant if rotation else None,
        as_of=mark.as_of if mark else None,
        source=mark.source if mark else None,
        streamed=mark.streamed if mark else None,
        state=resting_on(state_of(mark, moment), age.state),
        marks=marks_of(mark, ticker, moment),
        symbol=sector.symbol,
        last=mark.price if mark else None,
        thesis=sector.thesis,
        illiquid=study.illiquid if study else None,
        basis=ticker.basis if ticker else None,
        why=_why(sector, mark, age, snapshot),
        rotation=rotation.points if rotation else (),
        rotation_daily=daily.points if daily else (),
        rotation_why=rotation.why if rotation else None,
        quadrant_daily=daily.quadrant if daily else None,
        rotation_daily_why=daily.why if daily else None,
        year_range_pct=in_range(mark, study.year_range if study else None),
        median_dollar_volume=study.median_dollar_volume if study else None,
        heading=rotation.heading if rotation else None,
        speed=rotation.speed if rotation else None,
        right_side=rotation.right_side if rotation else None,
        heading_daily=daily.heading if daily else None,
        speed_daily=daily.speed if daily else None,
        right_side_daily=daily.right_side if daily else None,
        reasons=reasons or ({} if study else None),
        study_as_of=age.as_of,
        study_state=age.state,
        current=is_current(mark, moment),
        bases=bases_of(ticker, mark.session, moment) if ticker and mark else {},
        centre=rotation.centre if rotation else None,
        centre_daily=daily.centre if daily else None,
        excess_line=study.excess_line if study else (),
    )


def _why(sector: Sector, mark: Mark | None, age: _Age, snapshot: Snapshot) -> str | None:
    if mark is None:
        return why_unknown(sector.symbol, snapshot)
    return why_stale(age.as_of) if age.state is State.STALE else None


def leaders(rows: Sequence[SectorRow], window: Window) -> int | None:
    """How many of the thesis's four sectors are among the first four of the broad sectors over a window.

    Ties share the better rank. Industry funds that share their large-cap pair with a broad sector do not count
    (METHODOLOGY.md#sectors); None where a return is unknown or stale.
    """
    broad = _broad(rows)
    returns = [
        (value, row.thesis)
        for row in broad
        if (value := row.windows[window.value]) is not None and row.state is not State.STALE
    ]
    if len(returns) < max(len(broad), LEADING):
        return None
    last = sorted((value for value, _ in returns), reverse=True)[LEADING - 1]
    return sum(thesis and value >= last for value, thesis in returns)


def breadth(rows: Sequence[SectorRow], studies: Mapping[str, SectorStudy]) -> Breadth:
    """How broad the lead is, at the prices of now; what is stale is not known (METHODOLOGY.md#sectors)."""
    broad = _broad(rows)
    fresh = [row for row in broad if row.state is not State.STALE]
    spreads = [row.pair_spread_pp for row in fresh if row.pair_spread_pp is not None]
    means = [(row.last, study.mean) for row in fresh if (study := studies.get(row.id)) is not None]
    known = [last > mean for last, mean in means if last is not None and mean is not None]
    return Breadth(len(broad), sum(spread > 0 for spread in spreads), len(spreads), sum(known), len(known))


def _broad(rows: Sequence[SectorRow]) -> Sequence[SectorRow]:
    """One small fund for each large-cap pair, the first in the universe, so that no sector counts twice."""
    first: dict[str, SectorRow] = {}
    for row in rows:
        if row.side == "small" and row.pair is not None:
            first.setdefault(row.pair, row)
    return tuple(first.values())
