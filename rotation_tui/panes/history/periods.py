"""Candles of a history: a session each, or a week, month, quarter or year where there are more sessions than room."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from datetime import date

from rotation_tui.board.lines import PriceLine
from rotation_tui.widgets.candles import Candle

_PERIODS: tuple[tuple[str, Callable[[date], Hashable]], ...] = (
    ("session", lambda day: day),
    ("week", lambda day: day.isocalendar()[:2]),
    ("month", lambda day: (day.year, day.month)),
    ("quarter", lambda day: (day.year, (day.month - 1) // 3)),
    ("year", lambda day: day.year),
)


LONGEST = _PERIODS[-1][0]


def candles_of(line: PriceLine, first: int, most: int) -> tuple[str, tuple[Candle, ...]]:
    """The shortest period of which there are at most so many from row `first` on, by its name, and its candles."""
    days = line.dates[first:]
    word, starts = "", [0]
    for word, key in _PERIODS:  # noqa: B007  the one that fits, or the longest
        keys = [key(day) for day in days]
        starts = [at for at in range(len(keys)) if not at or keys[at] != keys[at - 1]]
        if len(starts) <= most:
            break
    ends = [*starts[1:], len(days)]
    return word, tuple(_candle(line, first, a, b) for a, b in zip(starts, ends, strict=True))


def has_more_than_closes(line: PriceLine, first: int) -> bool:
    """Whether any open, high or low is known from row `first` on; closes alone make no candle."""
    columns = (line.opens, line.highs, line.lows)
    return any(value is not None for column in columns if column is not None for value in column[first:])


def _candle(line: PriceLine, first: int, start: int, end: int) -> Candle:
    """One candle of the rows from `start` to before `end`; its open is that of the first session, or unknown."""
    rows = slice(first + start, first + end)
    highs, lows = _known(line.highs, rows), _known(line.lows, rows)
    return Candle(
        point=end - 1,
        close=line.closes[first + end - 1],
        open=None if line.opens is None else line.opens[first + start],
        high=max((*highs, *line.closes[rows])) if highs else None,
        low=min((*lows, *line.closes[rows])) if lows else None,
    )


def _known(column: Sequence[float | None] | None, rows: slice) -> Sequence[float]:
    return () if column is None else [v for v in column[rows] if v is not None]


def candle_at(drawn: Sequence[Candle], point: int) -> Candle:
    """The candle that a point lies in."""
    return drawn[min(len(drawn) - 1, bisect_left([one.point for one in drawn], point))]
