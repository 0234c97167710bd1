"""What is wrong with the watch lists of a config."""

from collections.abc import Iterator

from rotation_tui.config.schema import Config
from rotation_tui.config.universe import watch_lists
from rotation_tui.domain.instrument import ALLOWED, is_symbol
from rotation_tui.domain.refusal import plain_text
from rotation_tui.domain.watchlist import COLUMNS, MOST_WATCHED, WatchList, watched_by
from rotation_tui.plugins import nearest

_SORTED_BY = tuple(key for key in COLUMNS if key not in ("age", "spark"))


def problems(config: Config) -> Iterator[tuple[str, str]]:
    """A key and a sentence for each name that is used twice, each unknown column and each symbol that can be none."""
    lists = watch_lists(config)
    names: dict[str, int] = {}
    for number, listed in enumerate(lists, 1):
        key = f"watchlists[{number}]"
        if listed.name in names:
            yield f"{key}.name", f'"{listed.name}" is used twice, first in watchlists[{names[listed.name]}]'
        names.setdefault(listed.name, number)
        yield from _of_one(key, listed)
    watched = len(watched_by(lists))
    if watched > MOST_WATCHED:
        told = f"{watched} symbols in all lists; allowed: {MOST_WATCHED}, since each is asked for all day"
        yield f"watchlists[{len(lists)}].symbols", told


def _of_one(key: str, listed: WatchList) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for row in listed.entries:
        if not is_symbol(row.symbol):
            yield f"{key}.symbols", f'"{plain_text(row.symbol, 40)}" is no symbol: {ALLOWED}'
        elif row.symbol in seen:
            yield f"{key}.symbols", f'"{row.symbol}" stands in this list twice'
        seen.add(row.symbol)
    if not is_symbol(listed.benchmark):
        yield f"{key}.benchmark", f'"{plain_text(listed.benchmark, 40)}" is no symbol: {ALLOWED}'
    for column in listed.columns:
        yield from _column(f"{key}.columns", column, tuple(COLUMNS))
    for column in dict.fromkeys(c for c in listed.columns if listed.columns.count(c) > 1):
        yield f"{key}.columns", f'"{column}" stands there twice'
    if listed.sort and listed.sort != "symbol":
        yield from _column(f"{key}.sort", listed.sort.removeprefix("-"), _SORTED_BY)


def _column(key: str, name: str, known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if name not in known:
        told = plain_text(name, 40)
        yield key, f'no column "{told}"{nearest(name, known)}; there are: {", ".join(known)}'
