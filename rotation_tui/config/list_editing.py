"""Changes of the watch lists in a config file: each is a function of the text, with all comments kept."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rotation_tui.domain.instrument import canonical
from rotation_tui.domain.watchlist import WatchedSymbol
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.writing import edited

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Change = Callable[[str, Path | str], str]
"""The text of a file after a change, and where it stands; raises ConfigFault."""


def with_row(name: str, row: WatchedSymbol) -> Change:
    """With a symbol in the list of this name, behind its others, or in its place where it is there already.

    A list that is not there is made, behind the others.
    """

    def change(document: "TOMLDocument") -> None:
        symbols = _symbols(document, name)
        if symbols is None:
            _append_list(document, name, row)
            return
        at = _at(symbols, row.symbol)
        if at is None:
            symbols.append(_item(row))
        else:
            symbols[at] = _item(row, symbols[at])

    return lambda text, where: edited(text, where, change)


def without_row(name: str, symbol: str) -> Change:
    """Without a symbol in the list of this name, and without the comment behind it."""

    def made(text: str, where: Path | str) -> str:
        def change(document: "TOMLDocument") -> None:
            symbols = _symbols(document, name)
            at = None if symbols is None else _at(symbols, symbol)
            if symbols is None or at is None:
                raise ConfigFault(where, "watchlists", f'there is no {symbol} in a list "{name}" any more')
            del symbols[at]

        return edited(text, where, change)

    return made


def _symbols(document: "TOMLDocument", name: str) -> Any:
    """The symbols of a list, None where there is no such list."""
    for listed in document.get("watchlists", ()):
        if listed.get("name") == name:
            if "symbols" not in listed:
                listed["symbols"] = []
            return listed["symbols"]
    return None


def _at(symbols: Any, symbol: str) -> int | None:
    written = (str(row if isinstance(row, str) else row.get("symbol", "")) for row in symbols)
    return next((at for at, text in enumerate(written) if canonical(text) == symbol or text == symbol), None)


def _item(row: WatchedSymbol, before: Any = None) -> Any:
    import tomlkit

    written = before if isinstance(before, str) else None if before is None else before.get("symbol")
    symbol = row.symbol if written is None else str(written)  # as the user has spelled it
    words = {"note": row.note, "tag": row.tag}
    if not any(words.values()):
        return tomlkit.string(symbol)
    table = tomlkit.inline_table()
    table.update({"symbol": symbol} | {key: text for key, text in words.items() if text})
    return table


def _append_list(document: "TOMLDocument", name: str, row: WatchedSymbol) -> None:
    import tomlkit
    from tomlkit.items import AoT

    symbols = tomlkit.array()  # of a plain list tomlkit would make tables of their own
    symbols.append(_item(row))
    lists: Any = document.get("watchlists")
    if lists is None:
        if document.as_string().strip():
            document.add(tomlkit.nl())
        document["watchlists"] = tomlkit.aot()
        lists = document["watchlists"]
    table = tomlkit.table() if isinstance(lists, AoT) else tomlkit.inline_table()
    table.update({"name": name, "symbols": symbols})
    if isinstance(lists, AoT):
        table.add(tomlkit.nl())
    lists.append(table)
