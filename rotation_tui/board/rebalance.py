"""Which trades in whole shares bring a book to another small-cap share; plain arithmetic (METHODOLOGY.md#rebalance)."""

import math
from collections.abc import Iterable, Sequence

from msgspec import Struct

from rotation_tui.board.holding_rows import PlannedTrade, Rebalance

_HALF = 50.0
"""From this small part on something is of the small side."""


class Holding(Struct, frozen=True):
    """Shares of one symbol at a price, and how many percent of it are small caps."""

    symbol: str
    quantity: float
    price: float
    small_pct: float

    @property
    def value(self) -> float:
        """Below zero where it is sold short."""
        return self.quantity * self.price


class Instruments(Struct, frozen=True):
    """What is traded on either side where it is not in proportion to what is held; its quantity may be 0."""

    small: Holding | None = None
    large: Holding | None = None


def share_of(held: Iterable[Holding]) -> float | None:
    """Percent of the net value in small caps; None where that value is not above zero."""
    every = tuple(held)
    net = math.fsum(h.value for h in every)
    return math.fsum(h.value * h.small_pct for h in every) / net if net > 0 else None


def rebalanced(held: Sequence[Holding], target: float, chosen: Instruments) -> Rebalance:
    """The trades to a target in percent.

    Sales are rounded up until they bring in what has to move, and purchases down so that they cost no more than that;
    each takes over what the ones before it were off by, the dearest first. Of that and one share less sold of any, what
    comes nearest is told. Nothing is sold short.
    """
    now, net = share_of(held), math.fsum(h.value for h in held)
    if now is None:
        return Rebalance(target, None, why="what is held, less what is sold short, is not above zero")
    up = target > now
    small, large = _side(held, chosen.small, small=True), _side(held, chosen.large, small=False)
    selling, buying = (large, small) if up else (small, large)
    for side, name, of in ((buying, "small" if up else "large", "buy"), (selling, "large" if up else "small", "sell")):
        if not side:
            lack = f"nothing of {name} caps is held to {of}"
            settled = (
                ""
                if of == "sell"
                else f'; {name} = "{"IWM" if name == "small" else "SPY"}" under [rebalance] says what to'
            )
            return Rebalance(target, now, why=lack + settled)
    sold_pct, bought_pct = _mean_small(selling), _mean_small(buying)
    if (bought_pct > sold_pct) is not up or bought_pct == sold_pct:
        return Rebalance(target, now, why="what is to be bought is no further on that side than what is to be sold")
    amount = net * (target - now) / (bought_pct - sold_pct)
    enough = _sold(selling, amount)
    short = amount > _worth(enough)
    ways = [_told(held, target, now, sold, _bought(buying, _worth(sold)), short) for sold in _with_less(enough)]
    return min(ways, key=lambda way: math.inf if way.after_pct is None else abs(way.after_pct - target))


def _with_less(sold: list["_Shares"]) -> Iterable[list["_Shares"]]:
    """What is sold, and that with one share less of each."""
    yield sold
    for at, (h, shares) in enumerate(sold):
        yield [*sold[:at], *([(h, shares - 1)] if shares > 1 else []), *sold[at + 1 :]]


def _worth(of: Iterable["_Shares"]) -> float:
    return math.fsum(shares * h.price for h, shares in of)


_Shares = tuple[Holding, int]


def _side(held: Sequence[Holding], chosen: Holding | None, *, small: bool) -> list[tuple[Holding, float]]:
    """What is traded on a side, each with its part of the amount; the dearest first."""
    if chosen is not None:
        return [(chosen, 1.0)]
    of = [h for h in held if h.quantity > 0 and (h.small_pct >= _HALF) is small]
    whole = math.fsum(h.value for h in of)
    return [(h, h.value / whole) for h in sorted(of, key=lambda h: (-h.price, h.symbol))]


def _mean_small(side: Iterable[tuple[Holding, float]]) -> float:
    return math.fsum(h.small_pct * part for h, part in side)


def _sold(side: Sequence[tuple[Holding, float]], amount: float) -> list[_Shares]:
    """Shares that bring in the amount, by less than one share more; all whole ones where there are not enough."""
    sold: dict[str, int] = {}
    due = done = 0.0
    for h, part in side:
        due += amount * part
        sold[h.symbol] = _clamped(math.ceil(_exact((due - done) / h.price)), h)
        done += sold[h.symbol] * h.price
    for h, _ in side:  # what one had not enough of is taken of the others
        more = _clamped(math.ceil(_exact((amount - done) / h.price)) + sold[h.symbol], h) - sold[h.symbol]
        if more > 0:
            sold[h.symbol] += more
            done += more * h.price
    return [(h, sold[h.symbol]) for h, _ in side if sold[h.symbol]]


def _clamped(shares: int, h: Holding) -> int:
    return max(0, min(shares, math.floor(h.quantity)))


def _exact(shares: float) -> float:
    """A count that is whole but for the rounding of floats is whole."""
    near = round(shares)
    return near if abs(shares - near) < 1e-9 * max(1.0, abs(shares)) else shares


def _bought(side: Sequence[tuple[Holding, float]], proceeds: float) -> list[_Shares]:
    """Shares that cost no more than the proceeds, by less than one share of the last of them."""
    bought: list[_Shares] = []
    due = done = 0.0
    for h, part in side:
        due += proceeds * part
        shares = max(0, math.floor(_exact((min(due, proceeds) - done) / h.price)))
        done += shares * h.price
        bought.append((h, shares))
    return [(h, shares) for h, shares in bought if shares]


def _told(
    held: Sequence[Holding],
    target: float,
    now: float,
    sold: Sequence[_Shares],
    bought: Sequence[_Shares],
    short: bool,
) -> Rebalance:
    net = math.fsum(h.value for h in held)
    signed = [*((h, -shares) for h, shares in sold), *((h, shares) for h, shares in bought)]
    change = {h.symbol: shares for h, shares in signed}
    before = {h.symbol: h.quantity for h in held}
    trades = tuple(
        PlannedTrade(
            h.symbol,
            "sell" if shares < 0 else "buy",
            abs(shares),
            h.price,
            abs(shares) * h.price,
            100 * abs(shares) * h.price / net,
            before.get(h.symbol, 0.0),
            before.get(h.symbol, 0.0) + shares,
        )
        for h, shares in signed
    )
    new = [h for h, _ in bought if h.symbol not in before]
    after = [Holding(h.symbol, h.quantity + change.get(h.symbol, 0), h.price, h.small_pct) for h in held]
    after += [Holding(h.symbol, change[h.symbol], h.price, h.small_pct) for h in new]
    cash = -_worth(signed)
    dearest = max((h.price for h, _ in signed), default=0.0)
    why = "there are not enough whole shares to sell" if short else None
    if not trades:
        why = "the book is within one share of it"
    left = 100 * cash / net
    return Rebalance(target, now, share_of(after), trades, cash, left, 100 * dearest / net, why)
