"""Reading the config file, and the universe that it describes."""

from pathlib import Path

from rotation_tui import plugins
from rotation_tui.config import schema as declared
from rotation_tui.config import universe as defaults
from rotation_tui.config.check import contradictions
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.instrument import Instrument, canonical
from rotation_tui.domain.universe import BENCHMARKS, Sector, Spread, Ticker, Universe
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.place import line_of
from rotation_tui.toml_file.read import decoded, shipped, text_of


def load(path: Path | None) -> Loaded:
    """The config in `path`, or in the usual place, or the defaults where there is no file there.

    Raises ConfigFault. A file that was named must exist.
    """
    found = path or declared.config_path()
    try:
        text = text_of(found)
    except ConfigFault as fault:
        if not isinstance(fault.__cause__, FileNotFoundError):
            raise
        if path is not None:
            remedy = "there is no such file; `rotation-tui config init` writes one"
            raise ConfigFault(found, "", remedy) from None
        return Loaded(Config(), None)
    return Loaded(parse(text, found.absolute()), found.absolute())


def parse(text: str, path: Path | None = None) -> Config:
    """The config in `text`; raises ConfigFault.

    `path` is the file it came from: its folder is where relative paths start and where the user's themes are.
    """
    where = path or "config"
    config = decoded(text, Config, where)
    folder = Path.cwd() if path is None else path.parent
    themes = theme_names(declared.themes_folder(path or declared.config_path()))
    for key, problem in contradictions(config, folder, themes):
        raise ConfigFault(where, key, problem, line_of(key, text))
    return config


def theme_names(folder: Path) -> tuple[str, ...]:
    """Names of the shipped themes and of those in the user's `folder`, told from the file names alone."""
    files = [*shipped("themes").glob("*.toml"), *folder.glob("*.toml")]
    return tuple(sorted({file.stem for file in files}))


def require_theme(name: str, folder: Path) -> None:
    """Raises ConfigFault unless a theme called `name` is shipped or in the user's `folder`."""
    known = theme_names(folder)
    if name not in known:
        near = plugins.nearest(name, known)
        raise ConfigFault("--theme", "", f'no theme "{name}"{near}; there are: {", ".join(known)}')


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


_LARGE_SECTORS = {pair: sector for _, sector, _, pair, _ in reversed(defaults.SECTORS) if pair is not None}
"""Sector by large-cap fund: that of the first small-cap fund which is set against it by default."""
