"""The universe that a config describes: what the board has rows of."""

from collections.abc import Callable

from msgspec import structs

from rotation_tui.config import defaults
from rotation_tui.config.schema import Config, SectorSettings
from rotation_tui.domain.instrument import Instrument, canonical
from rotation_tui.domain.universe import BENCHMARKS, Sector, Spread, Ticker, Universe
from rotation_tui.domain.watchlist import WatchList, watched_by


def universe(config: Config) -> Universe:
    """The universe that `config` describes, all symbols in their canonical spelling."""
    resolve = _resolving(config)
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
    sectors = (*small, *large.values(), *others.values())
    watched = watched_by(watch_lists(config))
    return Universe(tuple(tickers), tuple(spreads), sectors, watched=watched).looking_at(tuple(spreads), ())


def watch_lists(config: Config) -> tuple[WatchList, ...]:
    """The watch lists with every symbol in its canonical spelling; an id of a ticker stands for its symbol."""
    resolve = _resolving(config)
    return tuple(
        structs.replace(
            listed,
            symbols=tuple(structs.replace(row, symbol=resolve(row.symbol)) for row in listed.entries),
            benchmark=resolve(listed.benchmark),
        )
        for listed in config.watchlists
    )


def _resolving(config: Config) -> Callable[[str], str]:
    symbols = {row.id: canonical(row.symbol) for row in config.tickers}
    return lambda name: symbols.get(name) or canonical(name)


def _benchmark(row: SectorSettings) -> str:
    """The fund of the family: small caps that earn money are not those of the Russell 2000."""
    if row.benchmark is not None:
        return canonical(row.benchmark)
    return "IJR" if row.side == "small" and "600" in row.tracks.split() else BENCHMARKS[row.side]


_LARGE_SECTORS = {pair: sector for _, sector, _, pair, _ in reversed(defaults.SECTORS) if pair is not None}
"""Sector by large-cap fund: that of the first small-cap fund which is set against it by default."""
