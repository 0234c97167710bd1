"""Reading a config file: what is wrong is told with file, line, key, and what is allowed."""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import tomli

from rotation_tui import config as declared
from rotation_tui import plugins
from rotation_tui.config import Config, Loaded
from rotation_tui.domain.instrument import Instrument, canonical
from rotation_tui.domain.universe import Sector, Spread, Ticker, Universe


class ConfigFault(Exception):
    """The config cannot be used; the message names file, line or key, what is wrong and what is allowed."""

    def __init__(self, path: Path | None, key: str, problem: str, line: int | None = None) -> None:
        where = str(path) if path is not None else "built-in defaults"
        if line is not None:
            where += f":{line}"
        super().__init__(f"{where}: {key + ': ' if key else ''}{problem}")


def load(path: Path | None) -> Loaded:
    """The config in `path`, or in the usual place, or the defaults where there is no file there.

    Raises ConfigFault. A file that was named must exist.
    """
    named = path is not None
    found = path or declared.config_path()
    try:
        text = found.read_text(encoding="utf-8")
    except FileNotFoundError:
        if named:
            raise ConfigFault(
                found, "", "there is no such file; `rotation-tui config init` writes one"
            ) from None
        return Loaded(Config(), None)
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigFault(found, "", f"cannot be read: {fault}") from None
    return Loaded(parse(text, found), found.resolve())


def parse(text: str, path: Path | None = None) -> Config:
    """The config in `text`; raises ConfigFault."""
    try:
        raw = tomli.loads(text)
    except tomli.TOMLDecodeError as fault:
        raise ConfigFault(path, "", f"is not TOML: {fault}") from None
    try:
        config = msgspec.convert(raw, Config)
    except msgspec.ValidationError as fault:
        key, problem = _explain(str(fault), raw)
        raise ConfigFault(path, key, problem, _line_of(key, text)) from None
    for key, problem in _contradictions(config):
        raise ConfigFault(path, key, problem, _line_of(key, text))
    return config


_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>[^`]*)`")
_AT = re.compile(r" - at `\$\.?(?P<path>[^`]*)`")


def _explain(message: str, raw: dict[str, Any]) -> tuple[str, str]:
    """Key and problem out of msgspec's message, with the nearest allowed key where one is unknown."""
    at = _AT.search(message)
    place = _numbered(message, at.group("path") if at else "", raw)
    unknown = _UNKNOWN.search(message)
    if unknown:
        field = unknown.group("field")
        allowed = _fields_at(place)
        close = difflib.get_close_matches(field, allowed, n=1)
        hint = f', did you mean "{close[0]}"?' if close else ""
        key = f"{place}.{field}" if place else field
        return key, f"unknown key{hint}; allowed are: {', '.join(allowed)}"
    problem = _AT.sub("", message).replace("`", '"')
    return place, problem[:1].lower() + problem[1:]


def _numbered(message: str, place: str, raw: dict[str, Any]) -> str:
    """`place` with `[...]` replaced by the number of the first table that is wrong, counted from 1."""
    if "[...]" not in place:
        return place
    head, _, tail = place.partition("[...]")
    items = raw.get(head)
    struct = _ARRAYS.get(head)
    if isinstance(items, list) and struct is not None:
        for number, item in enumerate(items, 1):
            try:
                msgspec.convert(item, struct)
            except msgspec.ValidationError:
                return f"{head}[{number}]{tail}"
    if isinstance(items, dict):
        for name, item in items.items():
            try:
                msgspec.convert(item, declared.ProviderSettings)
            except msgspec.ValidationError:
                return f"{head}.{name}{tail}"
    return place


_ARRAYS: dict[str, type[msgspec.Struct]] = {
    "feeds": declared.Feed,
    "tickers": declared.TickerSettings,
    "spreads": declared.SpreadSettings,
    "sectors": declared.SectorSettings,
}
_TABLES: dict[str, type[msgspec.Struct]] = {
    "display": declared.Display,
    "poll": declared.Poll,
    "network": declared.Network,
    "providers": declared.ProviderSettings,
    "layout": declared.Layout,
    "risk": declared.Risk,
    **_ARRAYS,
}


def _fields_at(place: str) -> tuple[str, ...]:
    head = re.split(r"[.\[]", place, maxsplit=1)[0]
    struct = _TABLES.get(head, Config)
    return struct.__struct_fields__


def _line_of(key: str, text: str) -> int | None:
    """Line in which `key` most likely stands, None where it cannot be told."""
    numbered = re.match(r"(\w+)\[(\d+)\]", key)
    table, last = re.split(r"[.\[]", key, maxsplit=1)[0], key.rsplit(".", 1)[-1]
    wanted = int(numbered.group(2)) if numbered else 1
    lines = text.splitlines()
    start, seen = 0, 0
    for number, line in enumerate(lines):
        if re.match(rf"\s*\[\[?\s*{re.escape(table)}\b", line):
            seen += 1
            if seen == wanted:
                start = number
                break
    for number, line in enumerate(lines[start:], start):
        if re.match(rf'\s*"?{re.escape(last)}"?\s*=', line):
            return number + 1
    return start + 1 if seen else None


def _contradictions(config: Config) -> Iterable[tuple[str, str]]:
    """What is well formed and still cannot work."""
    providers = plugins.exporting("rotation_tui.providers", "PROVIDER")
    for number, feed in enumerate(config.feeds, 1):
        if feed.provider not in providers:
            near = plugins.nearest(feed.provider, providers)
            yield (
                f"feeds[{number}].provider",
                f'no "{feed.provider}"{near}; there are: {", ".join(providers)}',
            )
        if feed.provider == "csv_file" and (feed.path is None or feed.kind is None):
            missing = "path" if feed.path is None else "kind"
            yield f"feeds[{number}].{missing}", f"a csv_file feed needs {missing}"
    for name in config.providers:
        if name not in providers:
            near = plugins.nearest(name, providers)
            yield f"providers.{name}", f"no such provider{near}; there are: {', '.join(providers)}"
    panes = plugins.names("rotation_tui.panes")
    for pane in config.layout.overview:
        if pane not in panes:
            yield (
                "layout.overview",
                f'no pane "{pane}"{plugins.nearest(pane, panes)}; there are: {", ".join(panes)}',
            )
    yield from _repeated_ids(config)


def _repeated_ids(config: Config) -> Iterable[tuple[str, str]]:
    for table in ("tickers", "spreads", "sectors"):
        seen: set[str] = set()
        for number, row in enumerate(getattr(config, table), 1):
            if row.id in seen:
                yield f"{table}[{number}].id", f'"{row.id}" is used twice'
            seen.add(row.id)
    for number, spread in enumerate(config.spreads, 1):
        if canonical(spread.small) == canonical(spread.large):
            yield f"spreads[{number}].large", f'"{spread.id}" has the same symbol on both legs'


def universe(config: Config) -> Universe:
    """The universe that `config` describes, all symbols in their canonical spelling."""
    symbols = {row.id: canonical(row.symbol) for row in config.tickers}

    def resolve(name: str) -> str:
        return symbols.get(name) or canonical(name)

    tickers = [Ticker(row.id, Instrument.of(row.symbol, row.name)) for row in config.tickers]
    if config.display.futures:
        tickers += [
            Ticker("RTY=F", Instrument.of("RTY=F", "E-mini Russell 2000, overnight"), bars=False),
            Ticker("ES=F", Instrument.of("ES=F", "E-mini S&P 500, overnight"), bars=False),
        ]
    spreads = [Spread(row.id, resolve(row.small), resolve(row.large)) for row in config.spreads]
    small = [
        Sector(row.id, canonical(row.symbol), row.sector, row.tracks, "small",
               canonical(row.pair) if row.pair else None, row.thesis)
        for row in config.sectors
    ]  # fmt: skip
    large: dict[str, Sector] = {}
    for sector in small:
        if sector.pair and sector.pair not in large:
            words = _LARGE_SECTORS.get(sector.pair, sector.sector)
            index = f"S&P 500 {words} Select Sector"
            large[sector.pair] = Sector(sector.pair, sector.pair, words, index, "large", None, sector.thesis)
    return Universe(tuple(tickers), tuple(spreads), (*small, *large.values()))


_LARGE_SECTORS = {
    "XLF": "Financials", "XLI": "Industrials", "XLV": "Health care", "XLE": "Energy", "XLK": "Technology",
    "XLY": "Discretionary", "XLP": "Staples", "XLB": "Materials", "XLU": "Utilities",
}  # fmt: skip
