"""Watch lists: the rows that every ticker has, and how far each is above the benchmark of its list."""

from collections.abc import Sequence

from msgspec import structs

from rotation_tui.board.contract import TickerRow, WatchedRow, WatchListRow, Windows
from rotation_tui.board.marks import Moment
from rotation_tui.board.rows import looked_row, ticker_row
from rotation_tui.domain.universe import Universe
from rotation_tui.domain.watchlist import WatchList, watched_by
from rotation_tui.domain.window import Window
from rotation_tui.store.market_store import Snapshot

_OF_A_TICKER = TickerRow.__struct_fields__
_NOTHING: Windows = dict.fromkeys((window.value for window in Window), None)


def list_rows(
    lists: Sequence[WatchList], universe: Universe, snapshot: Snapshot, moment: Moment
) -> tuple[WatchListRow, ...]:
    """Every list with its rows; a symbol that stands in several is worked out once."""
    if not lists:
        return ()
    tickers = {ticker.symbol: ticker for ticker in universe.tickers}
    known: dict[str, TickerRow] = {}
    for symbol in watched_by(lists):
        ticker = tickers.get(symbol)
        row = looked_row(symbol, snapshot, moment) if ticker is None else ticker_row(ticker, snapshot, moment)
        known[symbol] = row if row.id == symbol else structs.replace(row, id=symbol)
    return tuple(_list_row(listed, known) for listed in lists)


def _list_row(listed: WatchList, known: dict[str, TickerRow]) -> WatchListRow:
    bench = known[listed.benchmark]
    rows = []
    for entry in listed.entries:
        row = known[entry.symbol]
        excess, why = excess_over(row, bench)
        of_a_ticker = {name: getattr(row, name) for name in _OF_A_TICKER}
        if why is not None:
            of_a_ticker["reasons"] = {**(row.reasons or {}), "excess": why}
        rows.append(WatchedRow(**of_a_ticker, list=listed.name, your_note=entry.note, tag=entry.tag, excess=excess))
    return WatchListRow(listed.name, listed.benchmark, listed.columns, listed.sort, tuple(rows))


def excess_over(row: TickerRow, bench: TickerRow) -> tuple[Windows, str | None]:
    """By window, the return less that of the benchmark in percentage points, and why all of them are unknown.

    A window is unknown where its base is of another session than the benchmark's (METHODOLOGY.md#watch-lists).
    """
    if row.last is None or bench.last is None:
        lacking = row.symbol if row.last is None else bench.symbol
        return _NOTHING, f"no price of {lacking}"
    if row.session != bench.session:
        return _NOTHING, f"{row.symbol} is of {row.session}, {bench.symbol} of {bench.session}"
    if row.basis is not bench.basis:
        return _NOTHING, f"{row.symbol} and {bench.symbol} are not on one basis: price and total return"
    return {
        name: value - other
        if value is not None
        and (other := bench.windows[name]) is not None
        and row.bases.get(name) == bench.bases.get(name)
        else None
        for name, value in row.windows.items()
    }, None
