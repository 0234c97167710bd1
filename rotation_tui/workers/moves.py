"""The one judgement of a history: which moves from close to close can be true, and which rows may be compared.

A move that nothing explains is mostly a split that no record has: returns told over it are wrong by a half.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from typing import Any

from msgspec import Struct

from rotation_tui.domain.bars import Bars, applied
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.packed import kept

LARGEST_MOVE = 0.35
"""A one-day move beyond this needs an explanation (METHODOLOGY.md#door)."""
LARGEST_FACTOR = 3.0
"""Volatility indexes move further: the VIX by +116 % on 2018-02-05."""
_THREE_FOR_TWO = (2 / 3 * 0.97, 2 / 3 * 1.03)
"""Below the limit, and yet no market's: a third, give or take what the market does on that day."""
_USUAL_SPLITS = (1.5, 2.5, *map(float, range(2, 51)))
"""New shares for one old, or old ones for one new."""
_SPLIT_TOLERANCE = 0.03
_ONE_MOVE = timedelta(days=7)
"""Over a longer hole a move may be that of many days."""
JUDGED_ROWS = 400
"""With so many rows since a move that nothing explains every window is whole without those before it."""
ALIKE = 0.02
"""Two sources that differ by no more than this tell the same large move."""
_PEER_SHARE = 0.5

PRICES = (0.0, 1e7)
VOLATILITIES = (2.0, 250.0)
"""Points that a volatility index can stand at: the VIX was never below 9 nor above 90."""
LARGEST_VOLUME = 1e11
"""Shares a day; those of the whole S&P 500 together have come to 1e10."""
_ROUNDED = 0.01
"""So far beyond its day's extremes a close may lie: indexes' closing values are worked out after the last print."""


class Judgement(Struct, frozen=True):
    """`bars` as they may be used, or `doubt`, why they may not; `notes` say what was put right or left out."""

    bars: Bars
    doubt: str | None = None
    notes: tuple[str, ...] = ()
    unsure: bool = False


def judged(bars: Bars, others: Sequence[Bars], peers: Sequence[Bars], until: date | None = None) -> Judgement:
    """What may be used of `bars`, as a source told them, up to `until`.

    Splits on record are applied where the source has not. Any other move that is too large is true where a
    history from another source (`others`) has it too and it is none that a split makes, or where one of `peers`
    moved more than half as far on the same day. Where neither does, what was before it counts other shares: it is
    left out, or with fewer than 400 rows since then all is refused. Highs, lows and volumes that cannot be are
    unknown.
    """
    notes: list[str] = []
    whole = _sound(applied(bars))
    if whole.closes_in(slice(0, 1)) != bars.closes_in(slice(0, 1)):
        notes.append(f"{bars.symbol}: {bars.source} has a split on record that its closes lack; put in here")
    known = whole if until is None else whole.until(until)
    beyond = _out_of_bounds(known)
    if beyond is not None:
        return Judgement(known, beyond)
    for row in _large_moves(known):
        day, move = known.dates[row], _move(known, row)
        witness = next(_witnesses(known, row, others, peers), None)
        if witness is not None:
            notes.append(f"{bars.symbol} did move {move:+.0%} on {day}: {witness}")
        elif len(whole) - row < JUDGED_ROWS:
            return Judgement(known, f"{bars.source}: {move:+.0%} on {day} and no split on record", unsure=True)
        else:
            notes.append(f"{bars.symbol} before {day} is left out: {move:+.0%} that day and no split on record")
            return Judgement(known.tail(len(known) - row), None, tuple(notes), unsure=True)
    return Judgement(known, None, tuple(notes))


def bounds_of(symbol: str) -> tuple[float, float]:
    """Between what a price of `symbol` must lie."""
    return VOLATILITIES if kind_of(symbol) is Kind.VOLATILITY else PRICES


def _out_of_bounds(bars: Bars) -> str | None:
    closes = kept(bars, "closes").unpacked()
    low, high = bounds_of(bars.symbol)
    if not closes or (low <= min(closes) and max(closes) <= high):
        return None
    row = next(i for i in range(len(closes) - 1, -1, -1) if not low <= closes[i] <= high)
    return (
        f"{bars.source}: {closes[row]:,.2f} on {bars.dates[row]}, and {bars.symbol} lies between {low:g} and {high:g}"
    )


def _move(bars: Bars, row: int) -> float:
    return bars.close(row) / bars.close(row - 1) - 1


def _large_moves(bars: Bars) -> Iterator[int]:
    """Rows with a move that needs an explanation, the newest first."""
    closes, dates = kept(bars, "closes").unpacked(), bars.dates
    volatile = kind_of(bars.symbol) is Kind.VOLATILITY
    for row in range(len(closes) - 1, 0, -1):
        if is_large(closes[row] / closes[row - 1], volatile=volatile) and dates[row] - dates[row - 1] <= _ONE_MOVE:
            yield row


def is_large(ratio: float, *, volatile: bool) -> bool:
    """Whether a price that is `ratio` times the close before needs an explanation."""
    if volatile:
        return not 1 / LARGEST_FACTOR <= ratio <= LARGEST_FACTOR
    return not 1 - LARGEST_MOVE <= ratio <= 1 + LARGEST_MOVE or _THREE_FOR_TWO[0] <= ratio <= _THREE_FOR_TWO[1]


def is_like_a_split(ratio: float) -> bool:
    """Whether a price that is `ratio` times the close before may count other shares: then every source tells it.

    A ratio of whole numbers that is usual, give or take what the market does on that day.
    """
    times = max(ratio, 1 / ratio)
    return any(abs(times / usual - 1) <= _SPLIT_TOLERANCE for usual in _USUAL_SPLITS)


def _witnesses(bars: Bars, row: int, others: Sequence[Bars], peers: Sequence[Bars]) -> Iterator[str]:
    """Who else saw a move."""
    before, day, move = bars.dates[row - 1], bars.dates[row], _move(bars, row)
    for other in () if is_like_a_split(1 + move) else others:
        theirs = _between(other, before, day)
        if theirs is not None and abs((1 + theirs) / (1 + move) - 1) <= ALIKE:
            yield f"{other.source} has it too"
    for peer in peers:
        theirs = _between(peer, before, day)
        if theirs is not None and peer_bears_out(theirs, move):
            yield f"{peer.symbol} moved {theirs:+.0%}"


def peer_bears_out(theirs: float, move: float) -> bool:
    """Whether a peer's move of the same day makes a large one credible; one as large would need a witness itself."""
    return theirs * move > 0 and abs(theirs) > _PEER_SHARE * abs(move) and not is_large(1 + theirs, volatile=False)


def _between(bars: Bars, before: date, day: date) -> float | None:
    row = bisect_left(bars.dates, day)
    if not 0 < row < len(bars) or bars.dates[row] != day or bars.dates[row - 1] != before:
        return None
    return _move(bars, row)


def _sound(bars: Bars) -> Bars:
    """`bars` without opens, highs, lows and volumes that no session can have had.

    An open or extreme lies no further from the closes of its session and of the one before than a close may.
    """
    if not bars.dates:
        return bars
    volatile = kind_of(bars.symbol) is Kind.VOLATILITY
    up, down = (LARGEST_FACTOR, 1 / LARGEST_FACTOR) if volatile else (1 + LARGEST_MOVE, 1 - LARGEST_MOVE)
    closes = kept(bars, "closes").unpacked()
    can_be: dict[str, Callable[[float, float, float], bool]] = {
        "opens": lambda v, now, before: down * min(now, before) <= v <= up * max(now, before),
        "highs": lambda v, now, before: now * (1 - _ROUNDED) <= v <= up * max(now, before),
        "lows": lambda v, now, before: down * min(now, before) <= v <= now * (1 + _ROUNDED),
        "volumes": lambda v, _, __: 0 <= v <= LARGEST_VOLUME,
    }
    sound: dict[str, Any] = {}
    for name, can in can_be.items():
        column = kept(bars, name)
        if column is None:
            continue
        days = zip(column.unpacked(), closes, chain(closes[:1], closes), strict=False)
        wrong = {row for row, (v, now, before) in enumerate(days) if v == v and not can(v, now, before)}
        if wrong:
            sound[name] = tuple(None if row in wrong else v for row, v in enumerate(column.told()))
    return replace(bars, **sound) if sound else bars
