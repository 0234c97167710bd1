"""Which tickers, spreads and sectors the board is about; made from the config."""

from dataclasses import dataclass

from rotation_tui.domain.instrument import Instrument


@dataclass(frozen=True, slots=True)
class Ticker:
    """A row of the index pane: its own id and the instrument behind it."""

    id: str
    instrument: Instrument
    bars: bool = True

    @property
    def symbol(self) -> str:
        """Canonical symbol."""
        return self.instrument.symbol


@dataclass(frozen=True, slots=True)
class Spread:
    """A pair of symbols, small minus large."""

    id: str
    small: str
    large: str


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector fund; `side` is small or large, `pair` the symbol it is compared with, `tracks` its index.

    `code` is the short name of the sector (FIN IND HC ENE ...), `thesis` marks the article's four.
    """

    id: str
    symbol: str
    sector: str
    tracks: str
    side: str
    pair: str | None
    thesis: bool = False


@dataclass(frozen=True, slots=True)
class Universe:
    """Everything the monitor follows, in the order in which it is shown."""

    tickers: tuple[Ticker, ...]
    spreads: tuple[Spread, ...]
    sectors: tuple[Sector, ...]

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """Every instrument once: tickers first, then legs of spreads, then sectors and their pairs."""
        seen: dict[str, Instrument] = {t.symbol: t.instrument for t in self.tickers}
        for spread in self.spreads:
            for leg in (spread.small, spread.large):
                seen.setdefault(leg, Instrument.of(leg))
        for sector in self.sectors:
            for symbol in (sector.symbol, sector.pair):
                if symbol is not None:
                    seen.setdefault(symbol, Instrument.of(symbol))
        return tuple(seen.values())

    @property
    def without_bars(self) -> frozenset[str]:
        """Symbols that are only quoted (futures lines)."""
        return frozenset(t.symbol for t in self.tickers if not t.bars)
