"""How broad a fund's move is among its members, from the closes of a sample (METHODOLOGY.md#breadth-members)."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.breadth import (
    UNKNOWN_BELOW_PCT,
    Advances,
    DispersionDay,
    Incomes,
    JunkDay,
    MemberBreadth,
    MemberReturns,
    MemberRow,
    MemberShare,
    SectorBasket,
)
from rotation_tui.domain.closes import Closes
from rotation_tui.domain.holdings import Holdings, LeftOut, Member
from rotation_tui.domain.results import YearExtreme
from rotation_tui.domain.sampling import mean_error, share_error
from rotation_tui.studies.liquidity import liquidity_of
from rotation_tui.studies.pair import Array
from rotation_tui.studies.relative_strength import YEAR, percentile, year_extreme

MEANS = (50, 200)
MONTH, QUARTER = 21, 63
LED = 10
"""So many leaders and laggards are named."""
_LEAST_FOR_SPREAD = 10
_DISPERSION_DAYS = 5
_MOST_APART = 0.1
"""A close this far from what the fund reckons a share at on its own day is of another share."""
_MOST_IN_A_DAY = 5.0
"""A close of more than five times the one before, or less than a fifth, is a split that was not put in."""


class _Sample(Struct, frozen=True):
    """Members with their closes, a row each; NaN is unknown.

    `beside` are highs, lows and volumes in the same form, None where the source tells none.
    """

    members: tuple[Member, ...]
    dates: tuple[date, ...]
    rows: Array
    left_out: tuple[LeftOut, ...]
    sampled: int
    beside: tuple[Array | None, Array | None, Array | None]


def study_breadth(
    held: Holdings,
    closes: Closes,
    fund: Bars | None,
    day: date,
    made_of: str = "",
    incomes: Incomes | None = None,
) -> MemberBreadth:
    """Breadth at the last session by `day`; `fund` are its own closes on prices, None where they are not there.

    `incomes` say who of the sample earns, None where that is not known.
    Raises ValueError where no member of the holdings is in the table.
    """
    table = _table(held, closes, day)
    among = closes.among
    mean_50, mean_200 = (_above(table, n, among) for n in MEANS)
    extremes = [year_extreme(row) if not np.isnan(row[-YEAR:]).any() else YearExtreme.UNKNOWN for row in table.rows]
    quarter = returns_of(table.rows, QUARTER)
    own = {n: _fund_return(fund, table.dates, n) for n in (MONTH, QUARTER)}
    known = np.flatnonzero(~np.isnan(quarter))
    order = sorted(known.tolist(), key=lambda n: (-quarter[n], table.members[n].ticker))
    ranked = [_row(table.members[n], float(quarter[n])) for n in order]
    return MemberBreadth(
        fund=held.fund,
        as_of=table.dates[-1],
        held_on=closes.drawn_on,
        members=among,
        sampled=table.sampled,
        above_50=mean_50,
        above_200=mean_200,
        advances=advances_of(returns_of(table.rows, 1)),
        highs=extremes.count(YearExtreme.HIGH),
        lows=extremes.count(YearExtreme.LOW),
        year_known=len(extremes) - extremes.count(YearExtreme.UNKNOWN),
        returns=tuple(r for n in own if (r := _returns(returns_of(table.rows, n), n, own[n], among)) is not None),
        sectors=_sectors(held, table, own[QUARTER]),
        leaders=tuple(ranked[:LED]),
        laggards=tuple(ranked[: -LED - 1 : -1]),
        dispersion=_dispersion(table),
        left_out=table.left_out,
        source=closes.source,
        fetched_at=closes.fetched_at,
        made_of=made_of,
        junk=() if incomes is None else _junk(table, incomes),
        liquidity=liquidity_of(
            table.dates,
            table.rows,
            table.beside,
            np.array([member.weight for member in table.members]),
            max(_LEAST_FOR_SPREAD, UNKNOWN_BELOW_PCT / 100 * table.sampled),
        ),
    )


def share_above(last: Array, means: Array, among: int) -> MemberShare:
    """Percent of members strictly above their mean, of those that have both; None where half of them have not."""
    known = ~(np.isnan(last) | np.isnan(means))
    count, of = int(known.sum()), len(last)
    if not count or 100 * count / of < UNKNOWN_BELOW_PCT:
        return MemberShare(None, count, of)
    pct = float(100 * (last[known] > means[known]).sum() / count)
    return MemberShare(pct, count, of, share_error(pct, count, max(among, of)))


def advances_of(returns: Array) -> Advances:
    """How many rose, fell and stayed, of those that are known."""
    up, down, same = (int(mask.sum()) for mask in (returns > 0, returns < 0, returns == 0))
    moved = up + down
    return Advances(up, down, same, up - down, up / down if down else None, 100 * up / moved if moved else None)


def returns_of(rows: Array, sessions: int) -> Array:
    """Percent from the close so many sessions before to the last one; NaN where either is unknown."""
    if rows.shape[1] <= sessions:
        return np.full(len(rows), np.nan)
    moved: Array = (rows[:, -1] / rows[:, -1 - sessions] - 1) * 100
    return moved


def _table(held: Holdings, closes: Closes, day: date) -> _Sample:
    """The table up to a day, without members that are held no longer and closes that cannot be theirs."""
    end = sum(at <= day for at in closes.dates)

    def column(packed: bytes) -> Array:
        numbers = np.frombuffer(packed, "<f4").astype(np.float64).reshape(len(closes.tickers), -1)[:, :end]
        found: Array = np.where(np.isfinite(numbers) & (numbers > 0), numbers, np.nan)
        return found

    members = {member.ticker: member for member in held.members}
    left = [_left_out(members.get(t), t, why) for t, why in closes.missing.items()]
    good: list[tuple[int, Member]] = []
    numbers = column(closes.closes)
    for at, (ticker, row) in enumerate(zip(closes.tickers, numbers, strict=True)):
        member = members.get(ticker)
        why = "is held no longer" if member is None else _doubt(member, row, closes.dates[:end], held.as_of)
        if member is None or why is not None:
            left.append(_left_out(member, ticker, why or ""))
        else:
            good.append((at, member))
    if not good or not end:
        raise ValueError(f"closes of the members of {held.fund}: none that can be used")
    mine = [at for at, _ in good]
    highs, lows, volumes = (
        column(packed)[mine] if packed else None for packed in (closes.highs, closes.lows, closes.volumes)
    )
    return _Sample(
        members=tuple(member for _, member in good),
        dates=closes.dates[:end],
        rows=numbers[mine],
        left_out=tuple(left),
        sampled=len(closes.tickers) + len(closes.missing),
        beside=(highs, lows, volumes),
    )


def _left_out(member: Member | None, ticker: str, why: str) -> LeftOut:
    return LeftOut(ticker, why, None if member is None else member.weight)


def _doubt(member: Member, row: Array, dates: Sequence[date], held_on: date) -> str | None:
    """Why closes cannot be those of a member, None where they can."""
    if member.price and held_on in dates:
        close = float(row[dates.index(held_on)])
        if abs(close / member.price - 1) > _MOST_APART:
            return f"closed at {close:.2f} on {held_on}, and the fund reckons {member.price:.2f}"
    known = row[~np.isnan(row)]
    if len(known) > 1:
        steps = known[1:] / known[:-1]
        if steps.max() > _MOST_IN_A_DAY or steps.min() < 1 / _MOST_IN_A_DAY:
            return "moved more than fivefold in a day, as a split that was not put in"
    return None


def _above(table: _Sample, n: int, among: int) -> MemberShare:
    means = table.rows[:, -n:].mean(axis=1) if table.rows.shape[1] >= n else np.full(len(table.rows), np.nan)
    last = table.rows[:, -1]
    # those that are left out count as not known
    gone = np.full(table.sampled - len(last), np.nan)
    return share_above(np.concatenate((last, gone)), np.concatenate((means, gone)), among)


def _fund_return(fund: Bars | None, dates: Sequence[date], sessions: int) -> float | None:
    if fund is None or len(dates) <= sessions:
        return None
    since = fund.since(dates[-1 - sessions]).until(dates[-1])
    if not since.dates or (since.dates[0], since.dates[-1]) != (dates[-1 - sessions], dates[-1]):
        return None
    return (since.close(len(since) - 1) / since.close(0) - 1) * 100


def _returns(returns: Array, sessions: int, own: float | None, among: int) -> MemberReturns | None:
    known = returns[~np.isnan(returns)]
    if len(known) < 2 or 100 * len(known) / len(returns) < UNKNOWN_BELOW_PCT:
        return None
    deviation = float(known.std(ddof=1))
    low, high = np.quantile(known, (0.25, 0.75))
    return MemberReturns(
        sessions,
        len(known),
        float(known.mean()),
        mean_error(deviation, len(known), max(among, len(known))),
        float(np.median(known)),
        own,
        None if own is None else float(100 * (known > own).sum() / len(known)),
        deviation,
        float(high - low),
    )


def basket_return(returns: Array, weights: Array) -> float | None:
    """What members with these weights of today returned together: bought then, not touched since; in percent."""
    known = ~np.isnan(returns) & (weights > 0)
    if not known.any():
        return None
    now, then = weights[known], weights[known] / (1 + returns[known] / 100)
    return float((now.sum() / then.sum() - 1) * 100)


def _row(member: Member, moved: float) -> MemberRow:
    """What a member has added: its weight of today less what that was worth before its return."""
    added = member.weight * moved / (100 + moved)
    return MemberRow(member.ticker, member.name, member.sector, member.weight, moved, added)


def _sectors(held: Holdings, table: _Sample, own: float | None) -> tuple[SectorBasket, ...]:
    """By the fund's sector, the best over 63 sessions first; those of which nothing is known last."""
    of_all: dict[str, list[float]] = {}
    for member in held.members:
        of_all.setdefault(member.sector, []).append(member.weight)
    weights = np.array([member.weight for member in table.members])
    found = []
    for sector, held_weights in of_all.items():
        mine = np.array([member.sector == sector for member in table.members])
        if not mine.any():
            continue
        month, quarter = (basket_return(returns_of(table.rows[mine], n), weights[mine]) for n in (MONTH, QUARTER))
        rows = table.rows[mine]
        means = rows[:, -200:].mean(axis=1) if rows.shape[1] >= 200 else np.full(len(rows), np.nan)
        excess = None if quarter is None or own is None else quarter - own
        above = share_above(rows[:, -1], means, len(held_weights))
        found.append(
            SectorBasket(sector, len(held_weights), len(rows), sum(held_weights), month, quarter, excess, above)
        )
    found.sort(key=lambda b: (b.return_63_pct is None, -(b.return_63_pct or 0.0), b.sector))
    return tuple(replace(b, rank=None if b.return_63_pct is None else n) for n, b in enumerate(found, 1))


def _junk(table: _Sample, incomes: Incomes) -> tuple[JunkDay, ...]:
    """Of the last days; none where ten of either kind have no closes of so long."""
    of = {member.ticker: row for row, member in enumerate(table.members)}
    kinds = [[of[t] for t in tickers if t in of] for tickers in (incomes.losing, incomes.earning)]
    found = []
    for back in range(_DISPERSION_DAYS - 1, -1, -1):
        rows = table.rows[:, : table.rows.shape[1] - back]
        returns = returns_of(rows, QUARTER)
        losing, earning = (returns[kind][~np.isnan(returns[kind])] for kind in kinds)
        if min(len(losing), len(earning)) >= _LEAST_FOR_SPREAD:
            lead = float(losing.mean() - earning.mean())
            found.append(JunkDay(table.dates[-1 - back], lead, len(losing), len(earning)))
    return tuple(found)


def _dispersion(table: _Sample) -> tuple[DispersionDay, ...]:
    """Of the last days, each with its place among the 252 up to it: of today's sample, whoever was a member then."""
    rows = table.rows
    if rows.shape[1] <= MONTH:
        return ()
    moved = (rows[:, MONTH:] / rows[:, :-MONTH] - 1) * 100
    known = (~np.isnan(moved)).sum(axis=0)
    enough = known >= max(_LEAST_FOR_SPREAD, UNKNOWN_BELOW_PCT / 100 * table.sampled)
    spreads = np.full(moved.shape[1], np.nan)
    if enough.any():
        spreads[enough] = np.nanstd(moved[:, enough], axis=0, ddof=1)
    found = []
    for at in range(max(0, len(spreads) - _DISPERSION_DAYS), len(spreads)):
        if np.isnan(spreads[at]):
            continue
        window = spreads[max(0, at + 1 - YEAR) : at + 1]
        whole = len(window) == YEAR and not np.isnan(window).any()
        rank = percentile(window, float(spreads[at])) if whole else None
        found.append(DispersionDay(table.dates[at + MONTH], float(spreads[at]), rank))
    return tuple(found)
