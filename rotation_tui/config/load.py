"""Reading a config file: what is wrong is told with file, line, key, and what is allowed."""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import tomli

from rotation_tui import plugins
from rotation_tui.config import schema as declared
from rotation_tui.config.check import contradictions
from rotation_tui.config.explain import allowed_at, keys_at, shown
from rotation_tui.config.fault import ConfigFault as ConfigFault  # callers catch what they call
from rotation_tui.config.place import line_of
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.instrument import Instrument, canonical
from rotation_tui.domain.universe import BENCHMARKS, Sector, Spread, Ticker, Universe

_MOST_BYTES = 1_000_000


def load(path: Path | None) -> Loaded:
    """The config in `path`, or in the usual place, or the defaults where there is no file there.

    Raises ConfigFault. A file that was named must exist.
    """
    named = path is not None
    found = path or declared.config_path()
    try:
        with found.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        if named:
            remedy = "there is no such file; `rotation-tui config init` writes one"
            raise ConfigFault(found, "", remedy) from None
        return Loaded(Config(), None)
    except UnicodeDecodeError as fault:
        raise ConfigFault(found, "", f"is not UTF-8 text (byte {fault.start})") from None
    except OSError as fault:
        raise ConfigFault(found, "", f"cannot be read: {fault.strerror or fault}") from None
    if len(content) > _MOST_BYTES:
        raise ConfigFault(found, "", f"has more than {_MOST_BYTES // 1000} kB, which no config has")
    return Loaded(parse(text, found.absolute()), found.absolute())


def parse(text: str, path: Path | None = None) -> Config:
    """The config in `text`; raises ConfigFault.

    `path` is the file it came from: its folder is where relative paths start and where the user's themes are.
    """
    where = path or "config"
    try:
        raw = tomli.loads(text)
    except tomli.TOMLDecodeError as fault:
        problem, line = _syntax(str(fault), text)
        raise ConfigFault(where, "", f"is not TOML: {problem}", line) from None
    except RecursionError:
        line = _line_with_most(text, "[{")
        raise ConfigFault(where, "", "lists or tables stand too deep in each other to be read", line) from None
    except ValueError:  # what Python makes no number, date or time of
        line = _line_with_most(text, "0123456789abcdefABCDEF_")
        raise ConfigFault(where, "", "holds a number, date or time that cannot be read", line) from None
    try:
        config = msgspec.convert(raw, Config)
    except msgspec.ValidationError as fault:
        key, problem = _explain(str(fault), raw)
        raise ConfigFault(where, key, problem, line_of(key, text)) from None
    folder = Path.cwd() if path is None else path.parent
    themes = theme_names(declared.themes_folder(path or declared.config_path()))
    for key, problem in contradictions(config, folder, themes):
        raise ConfigFault(where, key, problem, line_of(key, text))
    return config


def theme_names(folder: Path) -> tuple[str, ...]:
    """Names of the shipped themes and of those in the user's `folder`, told from the file names alone."""
    files = [*declared.shipped("themes").glob("*.toml"), *folder.glob("*.toml")]
    return tuple(sorted({file.stem for file in files}))


def require_theme(name: str, folder: Path) -> None:
    """Raises ConfigFault unless a theme called `name` is shipped or in the user's `folder`."""
    known = theme_names(folder)
    if name not in known:
        near = plugins.nearest(name, known)
        raise ConfigFault("--theme", "", f'no theme "{name}"{near}; there are: {", ".join(known)}')


_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>[^`]*)`")
_LACKS = re.compile(r"Object missing required field `(?P<field>[^`]*)`")
_AT = re.compile(r" - at `\$\.?(?P<path>[^`]*)`")


def _syntax(message: str, text: str) -> tuple[str, int | None]:
    """tomli's message without its place, and the line of it."""
    message = message.replace("Cannot overwrite a value", "this key stands a second time")
    at = re.search(r" \(at line (\d+), column \d+\)$", message)
    if at is not None:
        return message[: at.start()], int(at.group(1))
    return message.removesuffix(" (at end of document)"), max(1, len(text.splitlines()))


def _line_with_most(text: str, characters: str) -> int:
    """The line (from 1) that has the most of these characters."""
    counts = [sum(map(line.count, characters)) for line in text.splitlines()]
    return counts.index(max(counts)) + 1


def _explain(message: str, raw: dict[str, Any]) -> tuple[str, str]:
    """Key and problem out of msgspec's message: what was found, what is allowed, the nearest allowed key."""
    at = _AT.search(message)
    place, value = _found_at(at.group("path") if at else "", raw, message)
    if unknown := _UNKNOWN.search(message):
        field = unknown.group("field")
        allowed = keys_at(place)
        return _joined(place, field), f"unknown key{_did_you_mean(field, place)}; allowed: {', '.join(allowed)}"
    if lacks := _LACKS.search(message):
        key = _joined(place, lacks.group("field"))
        return key, f"is missing; allowed: {allowed_at(key)}"
    return place, f"{shown(value)} does not fit; allowed: {allowed_at(place)}"


def _did_you_mean(field: str, place: str) -> str:
    """The nearest key of this table, else the other table that has exactly this key."""
    close = difflib.get_close_matches(field, keys_at(place), n=1)
    if close:
        return f', did you mean "{close[0]}"?'
    homes = [table for table in keys_at("") if field in keys_at(table)]
    return f", it belongs into [{homes[0]}]" if homes else ""


def _found_at(place: str, raw: Any, message: str) -> tuple[str, Any]:
    """The key in our spelling (`feeds[2].kind`, counted from 1) and the value that stands there.

    msgspec does not say which key of a free table it means (`providers[...]`): the first is taken that gives
    the same message on its own.
    """
    key = ""
    for part in re.findall(r"\[\.\.\.\]|\[\d+\]|[^.\[\]]+", place):
        if part == "[...]":
            name = _culprit(key, raw, message)
            key, raw = _joined(key, name), raw.get(name)
        elif part.startswith("["):
            index = int(part[1:-1])
            key, raw = f"{key}[{index + 1}]", raw[index]
        else:
            key, raw = _joined(key, part), raw[part]
    return key, raw


def _culprit(key: str, table: Mapping[str, Any], message: str) -> str:
    kind: Any = declared.ProviderSettings if key == "providers" else str
    said = _AT.sub("", message)
    for name, value in table.items():
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as fault:
            if _AT.sub("", str(fault)) == said:
                return name
    return next(iter(table), "")


def _joined(place: str, field: str) -> str:
    return f"{place}.{field}" if place else field


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
    listed = [
        Sector(row.id, canonical(row.symbol), row.sector, row.tracks, row.side,
               canonical(row.pair) if row.pair else None, row.thesis, _benchmark(row))
        for row in config.sectors
    ]  # fmt: skip
    small = [sector for sector in listed if sector.side == "small"]
    others = {sector.symbol: sector for sector in listed if sector.side == "large"}
    large: dict[str, Sector] = {}
    for sector in small:
        if sector.pair and sector.pair not in large and sector.pair not in others:
            words = _LARGE_SECTORS.get(sector.pair, sector.sector)
            index = f"S&P 500 {words} Select Sector"
            large[sector.pair] = Sector(sector.pair, sector.pair, words, index, "large", None, sector.thesis)
    return Universe(tuple(tickers), tuple(spreads), (*small, *large.values(), *others.values()))


def _benchmark(row: declared.SectorSettings) -> str:
    """The fund of the family: small caps that earn money are not those of the Russell 2000."""
    if row.benchmark is not None:
        return canonical(row.benchmark)
    return "IJR" if row.side == "small" and "600" in row.tracks.split() else BENCHMARKS[row.side]


_LARGE_SECTORS = {
    "XLF": "Financials", "XLI": "Industrials", "XLV": "Health care", "XLE": "Energy", "XLK": "Technology",
    "XLY": "Discretionary", "XLP": "Staples", "XLB": "Materials", "XLU": "Utilities",
}  # fmt: skip
