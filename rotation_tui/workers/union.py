"""One history of a symbol from all feeds that have it."""

from collections.abc import Iterable
from datetime import date

from rotation_tui.domain.bars import Bars, Column
from rotation_tui.store.shelf import agree


def united(histories: Iterable[Bars]) -> Bars | None:
    """The histories, given in the order of failover, as one; None where there is none.

    Rows of an earlier feed count; a later one adds the sessions before and after, and what columns lack,
    where the two agree on the sessions they share. Where they do not, the one that goes on longer stands.
    """
    whole: Bars | None = None
    for one in histories:
        if not one.dates:
            continue
        if whole is None:
            whole = one
        elif agree(whole, one):
            whole = _filled(whole, one)
        elif one.dates[-1] > whole.dates[-1]:
            whole = one
    return whole


def _filled(first: Bars, other: Bars) -> Bars:
    start, end = first.dates[0], first.dates[-1]
    before = tuple(i for i, d in enumerate(other.dates) if d < start)
    after = tuple(i for i, d in enumerate(other.dates) if d > end)
    closes = other.closes
    dates = tuple(other.dates[i] for i in before) + first.dates + tuple(other.dates[i] for i in after)
    newest = other if after else first
    return Bars(
        first.symbol,
        first.basis,
        dates,
        tuple(closes[i] for i in before) + first.closes + tuple(closes[i] for i in after),
        newest.source,
        newest.fetched_at,
        _column(dates, _by_day(other, other.highs) | _by_day(first, first.highs)),
        _column(dates, _by_day(other, other.volumes) | _by_day(first, first.volumes)),
        tuple(sorted({*first.splits, *other.splits})),
        newest.last_print,
    )


def _by_day(bars: Bars, column: Column | None) -> dict[date, float]:
    known = zip(bars.dates, column, strict=True) if column is not None else ()
    return {day: value for day, value in known if value is not None}


def _column(dates: tuple[date, ...], values: dict[date, float]) -> Column | None:
    return tuple(values.get(day) for day in dates) if values else None
