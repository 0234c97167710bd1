"""The words of watch lists: symbols of the user's own in groups, and what is told of them."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from msgspec import Meta, Struct

from rotation_tui.domain.instrument import canonical
from rotation_tui.domain.window import Window

MOST_WATCHED = 150
"""Symbols of all lists together: each is asked for all day, and its history once a day."""
EXCESS = "x"
"""Begins the column of what a window is above the benchmark's: x1M."""

COLUMNS: Mapping[str, str] = {
    "name": "what it is, as its source calls it",
    "tag": "your tag",
    "note": "your note",
    "last": "last price",
    **{window.value: f"return, %, over {window.value}" for window in Window},
    **{f"{EXCESS}{window.value}": f"{window.value} less that of the benchmark, pp" for window in Window},
    "200d": "price against the mean of its last 200 closes, %",
    "high52": "price against the highest close of 252 sessions, %",
    "low52": "price against the lowest close of 252 sessions, %",
    "range52": "where the price lies between these two, 0 to 100",
    "record": "price against the highest close ever, %",
    "volume": "shares traded in the last completed session",
    "dollars": "dollars traded a session, median of 21",
    "ext": "price before or after hours",
    "ext_pct": "that price against the last regular one, %",
    "ext_at": "when it was printed",
    "ex_date": "the last day on which it went ex dividend",
    "dividend": "that dividend, a share",
    "age": "how late or how old the price is",
    "spark": "closes of two years around their mean of 200",
}
"""Every column that a list can have, and what it says; the symbol stands before them all."""
SHOWN = (
    "last", "1D", "1W", "1M", "3M", "YTD", "x1M", "x3M", "200d", "high52", "ext", "ext_pct", "age", "tag", "record",
    "volume", "note", "spark",
)  # fmt: skip
"""The columns of a list that names none."""

Symbol = Annotated[str, Meta(min_length=1, max_length=15)]
MOST_TAG, MOST_NOTE = 12, 80
"""Characters of a tag and of a note."""
Tag = Annotated[str, Meta(max_length=MOST_TAG)]
Note = Annotated[str, Meta(max_length=MOST_NOTE)]


class WatchedSymbol(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A symbol of a list with words of the user's own."""

    symbol: Symbol
    """What is quoted."""
    note: Note = ""
    """Words of yours that stand beside it."""
    tag: Tag = ""
    """A word that several symbols may share, to filter and sort by."""


class WatchList(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group of symbols with columns of its own."""

    name: Annotated[str, Meta(min_length=1, max_length=24)]
    """What the list is called; no two have one name."""
    symbols: tuple[Symbol | WatchedSymbol, ...] = ()
    """Its symbols, each as "KRE" or as { symbol = "KRE", note = "banks", tag = "rates" }."""
    benchmark: Symbol = "SPY"
    """What the columns x1W, x1M and so on are measured against."""
    columns: tuple[str, ...] = SHOWN
    """Its columns, dearest first: where the width does not suffice the last ones go."""
    sort: str = ""
    """Column that its rows are sorted by, numbers from the largest, words from A; a - before it turns that."""

    @property
    def entries(self) -> tuple[WatchedSymbol, ...]:
        """Its symbols with note and tag, in one spelling."""
        rows = (row if isinstance(row, WatchedSymbol) else WatchedSymbol(symbol=row) for row in self.symbols)
        return tuple(WatchedSymbol(symbol=canonical(row.symbol), note=row.note, tag=row.tag) for row in rows)


def watched_by(lists: Iterable[WatchList]) -> tuple[str, ...]:
    """Every symbol that lists are about, each once: their own and their benchmarks."""
    return tuple(dict.fromkeys(symbol for listed in lists for symbol in (*_symbols(listed), listed.benchmark)))


def _symbols(listed: WatchList) -> tuple[str, ...]:
    return tuple(row.symbol for row in listed.entries)
