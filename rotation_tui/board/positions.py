"""What is held on the board: each position at its last price, and the book as a whole (METHODOLOGY.md#positions)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.board.contract import Board, SpreadRow, TickerRow
from rotation_tui.board.holding_rows import LotRow, PortfolioRow, PositionRow, Rebalance
from rotation_tui.board.marks import Moment, study_state
from rotation_tui.board.rebalance import Holding, Instruments, rebalanced, share_of
from rotation_tui.board.rows import ticker_row
from rotation_tui.board.sides import part_of
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.positions import (
    CURRENCY,
    Betas,
    Lot,
    OwnPosition,
    Portfolio,
    PortfolioStudy,
    SmallPart,
    mark_of_book,
    symbol_of,
)
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import Ticker, Universe
from rotation_tui.store.market_store import Snapshot

_WORST = (State.UNKNOWN, State.STALE, State.DELAYED, State.CLOSED, State.LIVE)
_WAITS = "no study of these positions yet"
PAST_NOTE = "positions of today at the closes of that day"


class _Priced(Struct, frozen=True):
    """A position with the row of its symbol, and what its lots come to; None is unknown, for which see `reasons`.

    `base` is yesterday's value of it, or what it cost where it was bought today, without sign.
    """

    held: OwnPosition
    of: TickerRow
    value: float | None
    day: float | None
    base: float | None
    total: float | None
    cost: float | None
    lots: tuple[LotRow, ...]
    reasons: dict[str, str]


def with_positions(board: Board, book: Portfolio, universe: Universe, snapshot: Snapshot, moment: Moment) -> Board:
    """The board with what is held."""
    study = snapshot.studies.portfolio
    if study is None or study.of != mark_of_book(book.quantities):
        why = snapshot.studies.faults.get("positions") or _WAITS
        study = PortfolioStudy("", whole=Betas(why=why), share_why=why, pair_why=why)
    priced = [_priced(held, snapshot, moment) for held in book.held]
    parts = {p.held.id: part_of(p.held.symbol, p.held.side, study, universe) for p in priced}
    rows = _rows(priced, parts, study)
    return replace(
        board, positions=rows, portfolio=_portfolio(board, rows, priced, study, book, universe, snapshot, moment)
    )


def _priced(held: OwnPosition, snapshot: Snapshot, moment: Moment) -> _Priced:
    row = ticker_row(Ticker(held.symbol, Instrument.of(held.symbol)), snapshot, moment)
    reasons = dict(row.reasons or {})
    reasons = {"change_pct": reasons["1D"]} if "1D" in reasons else {}
    cost = _cost(held)
    if held.currency != CURRENCY:
        why = f"it is in {held.currency}, prices here are in {CURRENCY}, and nothing converts them"
        return _unpriced(held, row, cost, why)
    if row.last is None:
        return _unpriced(held, row, cost, row.why or "no price yet")
    last, session = row.last, row.session
    before = None if row.change_pct is None else last / (1 + row.change_pct / 100)
    days: list[float | None] = []
    bases: list[float | None] = []
    totals: list[float | None] = []
    for lot in held.lots:
        ahead = lot.date is not None and session is not None and lot.date > session
        start = lot.cost if lot.date is not None and lot.date == session else before
        if ahead and not moment.past:
            reasons.setdefault("day_money", f"a lot of {lot.date} is newer than the price of {session}")
            start = None
        elif start is None and lot.date == session:
            reasons.setdefault("day_money", f"the lot of {lot.date} has no cost")
        elif start is None:
            reasons.setdefault("day_money", reasons.get("change_pct", "no close before it"))
        days.append(None if start is None else lot.quantity * (last - start))
        bases.append(None if start is None else abs(lot.quantity) * start)
        if ahead:
            reasons.setdefault("total_money", f"a lot was traded on {lot.date}, after the price of {session}")
        elif lot.cost is None:
            reasons.setdefault("total_money", "a cost is missing")
        totals.append(None if ahead or lot.cost is None else lot.quantity * (last - lot.cost))
    told = tuple(LotRow(lot.quantity, lot.cost, lot.date, total) for lot, total in zip(held.lots, totals, strict=True))
    return _Priced(held, row, held.quantity * last, _sum(days), _sum(bases), _sum(totals), cost, told, reasons)


def _unpriced(held: OwnPosition, row: TickerRow, cost: float | None, why: str) -> _Priced:
    lots = tuple(LotRow(lot.quantity, lot.cost, lot.date, None) for lot in held.lots)
    names = ("last", "change_pct", "value", "day_money", "contribution_pp", "total_money", "total_pct", "weight_pct")
    row = replace(row, last=None, change_pct=None, state=State.UNKNOWN, why=why)
    return _Priced(held, row, None, None, None, None, cost, lots, dict.fromkeys(names, why))


def _sum(numbers: Iterable[float | None]) -> float | None:
    every = list(numbers)
    known = [number for number in every if number is not None]
    return math.fsum(known) if len(known) == len(every) else None


def _cost(held: OwnPosition) -> float | None:
    """What all lots cost, without sign."""
    return _sum(None if lot.cost is None else abs(lot.quantity) * lot.cost for lot in held.lots)


def _mean_cost(lots: Sequence[Lot]) -> float | None:
    shares = math.fsum(abs(lot.quantity) for lot in lots)
    paid = _sum(None if lot.cost is None else abs(lot.quantity) * lot.cost for lot in lots)
    return None if paid is None or not shares else paid / shares


def _rows(
    priced: Sequence[_Priced], parts: Mapping[str, SmallPart | str], study: PortfolioStudy
) -> tuple[PositionRow, ...]:
    values = [p.value for p in priced if p.value is not None]
    gross, net = math.fsum(map(abs, values)), math.fsum(values)
    base = math.fsum(p.base for p in priced if p.base is not None)
    return tuple(_row(p, parts[p.held.id], study, gross, net, base) for p in priced)


def _row(
    p: _Priced, part: SmallPart | str, study: PortfolioStudy, gross: float, net: float, base: float
) -> PositionRow:
    held, of, reasons = p.held, p.of, dict(p.reasons)
    betas = study.betas.get(held.symbol, Betas(why=study.whole.why or _WAITS))
    if betas.why is not None:
        reasons |= dict.fromkeys(("beta_small", "beta_large"), betas.why)
    if isinstance(part, str):
        reasons["small_part_pct"] = part
    if net <= 0:
        reasons.setdefault("net_weight_pct", "the net value of the book is not above zero")
    if p.day is None and "day_money" in reasons:
        reasons.setdefault("contribution_pp", reasons["day_money"])
    if p.total is None and "total_money" in reasons:
        reasons.setdefault("total_pct", reasons["total_money"])
    return PositionRow(
        id=held.id,
        symbol=held.symbol,
        account=held.account,
        currency=held.currency,
        quantity=held.quantity,
        cost=_mean_cost(held.lots),
        last=of.last,
        change_pct=of.change_pct,
        value=p.value,
        day_money=p.day,
        contribution_pp=100 * p.day / base if p.day is not None and base > 0 else None,
        total_money=p.total,
        total_pct=100 * p.total / p.cost if p.total is not None and p.cost else None,
        weight_pct=100 * p.value / gross if p.value is not None and gross > 0 else None,
        net_weight_pct=100 * p.value / net if p.value is not None and net > 0 else None,
        beta_small=betas.small,
        beta_large=betas.large,
        beta_small_error=betas.small_error,
        beta_large_error=betas.large_error,
        beta_n=betas.n,
        small_part_pct=None if isinstance(part, str) else part.percent,
        small_how=None if isinstance(part, str) else part.how,
        lots=p.lots,
        as_of=of.as_of,
        session=of.session,
        source=of.source,
        state=of.state,
        current=of.current,
        study_as_of=betas.as_of,
        reasons=reasons or None,
        why=of.why,
        from_file=held.source,
    )


def _portfolio(
    board: Board,
    rows: Sequence[PositionRow],
    priced: Sequence[_Priced],
    study: PortfolioStudy,
    book: Portfolio,
    universe: Universe,
    snapshot: Snapshot,
    moment: Moment,
) -> PortfolioRow:
    known = [p for p in priced if p.value is not None]
    lacking = [row for row in rows if row.value is None]
    reasons: dict[str, str] = {}
    day, base = _sum(p.day for p in known), _sum(p.base for p in known)
    if known and day is None:
        at = next(row for row in rows if row.day_money is None and row.value is not None)
        reasons |= dict.fromkeys(("day_money", "day_pp"), f"{at.id}: {(at.reasons or {}).get('day_money', 'unknown')}")
    total, cost = _sum(p.total for p in known), _sum(p.cost for p in known)
    if known and total is None:
        at = next(row for row in rows if row.total_money is None and row.value is not None)
        said = (at.reasons or {}).get("total_money", "unknown")
        reasons |= dict.fromkeys(("total_money", "total_pct"), f"{at.id}: {said}")
    tilt = _tilt(rows, reasons)
    if lacking:
        reasons["small_share"] = _named(lacking)
    if study.share_why is not None:
        reasons["regression_small_share"] = study.share_why
    if study.whole.why is not None:
        reasons |= dict.fromkeys(("beta_small", "beta_large"), study.whole.why)
    if study.pair_why is not None:
        reasons["pair_beta"] = study.pair_why
    if study.market is None:
        reasons["market_small_share"] = (
            'needs the holdings of IWM and IWV: "IWV" in funds and its address in products have it fetched'
        )
    state = min((row.state for row in rows), key=_WORST.index, default=State.UNKNOWN)
    trust = study_state(study.whole.as_of, moment)
    moved = _pair_day(board.spreads, study)
    return PortfolioRow(
        positions=len(rows),
        known=len(known),
        value=math.fsum(p.value or 0.0 for p in known) if known else None,
        gross=math.fsum(abs(p.value or 0.0) for p in known) if known else None,
        day_money=day if known else None,
        day_pp=100 * day / base if known and day is not None and base else None,
        total_money=total if known else None,
        total_pct=100 * total / cost if known and total is not None and cost else None,
        small_share=tilt if len(lacking) == 0 and "small_share" not in reasons else None,
        small_share_of_known=tilt,
        classed=sum(row.small_part_pct is not None and row.value is not None for row in rows),
        unclassed_pct=_unclassed(rows),
        market_small_share=study.market.percent if study.market else None,
        market_as_of=study.market.as_of if study.market else None,
        regression_small_share=study.share,
        regression_error_pp=study.share_error,
        beta_small=study.whole.small,
        beta_large=study.whole.large,
        beta_small_error=study.whole.small_error,
        beta_large_error=study.whole.large_error,
        beta_n=study.whole.n,
        pair=study.pair,
        pair_beta=study.pair_beta,
        pair_error=study.pair_error,
        pair_n=study.pair_n,
        pair_day_pp=None if moved is None or study.pair_beta is None else study.pair_beta * moved,
        as_of=min((row.as_of for row in rows if row.as_of is not None), default=None),
        study_as_of=study.whole.as_of,
        study_state=trust,
        state=State.UNKNOWN if lacking or not rows else state,
        reasons=reasons,
        why=_named(lacking) if lacking else None,
        notes=(*book.faults, *book.left_out, *((PAST_NOTE,) if moment.past else ())),
        rebalance=trades_to(book.rebalance.target_small, rows, book, study, universe, snapshot, moment),
        example=book.example,
    )


def _named(lacking: Sequence[PositionRow]) -> str:
    """Which positions have no value, and why the first has none."""
    more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
    return f"{lacking[0].id}{more}: {lacking[0].why or 'no price'}"


def _tilt(rows: Sequence[PositionRow], reasons: dict[str, str]) -> float | None:
    classed = [h for row in rows if (h := _holding(row)) is not None]
    apart = [row for row in rows if row.value is not None and row.small_part_pct is None]
    if apart:
        more = f" and {len(apart) - 1} more" if len(apart) > 1 else ""
        reasons["small_share"] = f"{apart[0].id}{more}: {(apart[0].reasons or {}).get('small_part_pct', 'unknown')}"
    share = share_of(classed)
    if share is None and classed:
        reasons |= dict.fromkeys(("small_share", "small_share_of_known"), "the net value is not above zero")
    return share


def _unclassed(rows: Sequence[PositionRow]) -> float | None:
    weights = [row.weight_pct for row in rows if row.small_part_pct is None and row.weight_pct is not None]
    return math.fsum(map(abs, weights)) if any(row.weight_pct is not None for row in rows) else None


def _holding(row: PositionRow) -> Holding | None:
    if row.quantity is None or row.last is None or row.small_part_pct is None:
        return None
    return Holding(row.symbol, row.quantity, row.last, row.small_part_pct)


def _pair_day(spreads: Sequence[SpreadRow], study: PortfolioStudy) -> float | None:
    """What the pair has moved by today, in pp; None where that is unknown or its prices are not to be trusted."""
    row = next((row for row in spreads if f"{row.small}-{row.large}" == study.pair.replace("−", "-")), None)
    untrusted = row is None or row.state in (State.STALE, State.UNKNOWN)
    return None if row is None or untrusted else row.windows["1D"]


def trades_to(
    target: float | None,
    rows: Sequence[PositionRow],
    book: Portfolio,
    study: PortfolioStudy,
    universe: Universe,
    snapshot: Snapshot,
    moment: Moment,
) -> Rebalance | None:
    """The trades to a tilt, None where none is asked for."""
    if target is None:
        return None
    by_symbol: dict[str, Holding] = {}
    for row in rows:
        holding = _holding(row)
        if holding is None:
            lack = row.why or (row.reasons or {}).get("small_part_pct", "unknown")
            return Rebalance(target, None, why=f"{row.id}: {lack}")
        if row.state is State.STALE:
            return Rebalance(target, None, why=f"the price of {row.id} is of {row.session}")
        both = holding.quantity + by_symbol[row.symbol].quantity if row.symbol in by_symbol else holding.quantity
        by_symbol[row.symbol] = replace(holding, quantity=both)
    chosen: dict[str, Any] = {}
    for side in ("small", "large"):
        name = getattr(book.rebalance, side)
        if name is None:
            continue
        symbol = symbol_of(name)
        holding = by_symbol.get(symbol)
        if holding is None:
            of = ticker_row(Ticker(symbol, Instrument.of(symbol)), snapshot, moment)
            part = part_of(symbol, side, study, universe)
            if of.last is None or of.state in (State.STALE, State.UNKNOWN):
                return Rebalance(target, None, why=f"no price of {symbol}, which {side} under [rebalance] names")
            holding = Holding(symbol, 0.0, of.last, 0.0 if isinstance(part, str) else part.percent)
        chosen[side] = holding
    return rebalanced(tuple(by_symbol.values()), target, Instruments(**chosen))
