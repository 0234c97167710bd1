"""Which tickers, spreads and sectors the board is about; made from the config."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from msgspec import Struct

from rotation_tui.domain.instrument import Instrument


class Ticker(Struct, frozen=True):
    """A row of the index pane: its own id and the instrument behind it."""

    id: str
    instrument: Instrument
    bars: bool = True

    @property
    def symbol(self) -> str:
        return self.instrument.symbol


class Spread(Struct, frozen=True):
    """A pair of symbols, small minus large."""

    id: str
    small: str
    large: str


BROAD_PAIRS = (("RUT", "SPX"), ("IWM", "SPY"))
"""Small caps against large ones as a whole: the indexes, and the funds that stand in where an index is missing."""

BENCHMARKS = dict(zip(("small", "large"), BROAD_PAIRS[1], strict=True))
"""What small and large caps are measured by where a sector names nothing else, and in the relative rotation."""


class Sector(Struct, frozen=True):
    """A sector fund; `side` is small or large, `pair` the symbol it is compared with, `tracks` its index.

    `benchmark` is the fund of its own family that its excess is against, the side's where it is empty.

    `code` is the short name of the sector (FIN IND HC ENE ...), `thesis` marks the article's four.
    """

    id: str
    symbol: str
    sector: str
    tracks: str
    side: str
    pair: str | None
    thesis: bool = False
    benchmark: str = ""

    @property
    def against(self) -> str:
        """Symbol of the fund that the excess is measured against."""
        return self.benchmark or BENCHMARKS[self.side]


@dataclass(frozen=True)
class Universe:
    """Everything the monitor follows, in the order in which it is shown.

    `background` instruments are not on the board; only their daily history is kept, for the risk checks. `watched` are
    the symbols of watch lists, whether or not the rest has them, `held` the shares of positions by symbol. `visitors`
    are those of both that it has not, and what the user looks at beside the config, legs of typed pairs among them:
    fetched and drawn, behind all others, and neither a witness of others nor read by their studies. What follows from
    the rest is worked out once: every round of every feed asks for it.
    """

    tickers: tuple[Ticker, ...]
    spreads: tuple[Spread, ...]
    sectors: tuple[Sector, ...]
    background: tuple[Instrument, ...] = ()
    visitors: tuple[Instrument, ...] = ()
    watched: tuple[str, ...] = ()
    held: tuple[tuple[str, float], ...] = ()

    @cached_property
    def own(self) -> "Universe":
        """The same without visitors and the pairs that they are legs of, and without what is held."""
        if not self.visitors and not self.held:
            return self
        visiting = {i.symbol for i in self.visitors}
        spreads = tuple(s for s in self.spreads if visiting.isdisjoint((s.small, s.large)))
        return replace(self, spreads=spreads, visitors=(), held=())

    def holding(self, held: tuple[tuple[str, float], ...], symbols: Iterable[str] = ()) -> "Universe":
        """The same with these shares held, and with `symbols` looked at as before."""
        return replace(self, held=held).looking_at(self.spreads, symbols)

    def looking_at(self, spreads: tuple[Spread, ...], symbols: Iterable[str]) -> "Universe":
        """The same with these spreads, and as visitors what of their legs, of `symbols`, of what is watched and of what
        is held it has not itself.
        """
        known = {i.symbol for i in self.own.instruments}
        typed = (leg for spread in spreads if spread not in self.own.spreads for leg in (spread.small, spread.large))
        wanted = (*self.watched, *symbols, *typed, *(symbol for symbol, _ in self.held))
        strangers = dict.fromkeys(symbol for symbol in wanted if symbol not in known)
        return replace(self, spreads=spreads, visitors=tuple(map(Instrument.of, strangers)))

    @cached_property
    def with_bars(self) -> tuple[Instrument, ...]:
        """Every instrument whose daily history is kept: of the board but quoted lines, of the background, visitors."""
        quoted_only = {t.symbol for t in self.tickers if not t.bars}
        shown = (i for i in self.own.instruments if i.symbol not in quoted_only)
        by_symbol: dict[str, Instrument] = {}
        for instrument in (*shown, *self.background, *self.visitors):
            by_symbol.setdefault(instrument.symbol, instrument)
        return tuple(by_symbol.values())

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """Every accepted spelling, upper case, to its canonical symbol."""
        ids = {t.id.upper(): t.symbol for t in self.tickers}
        ids |= {s.id.upper(): s.symbol for s in self.sectors}
        return ids | {i.symbol: i.symbol for i in (*self.instruments, *self.background)}

    def peers(self, symbol: str) -> tuple[str, ...]:
        """What moves with a symbol on a day that moves it far: the other sector funds, or the other broad lines."""
        funds = {s for sector in self.sectors for s in (sector.symbol, sector.pair) if s is not None}
        broad = {i.symbol for i in self.own.instruments} - funds
        group = funds if symbol in funds else broad if symbol in broad else set()
        return tuple(sorted(group - {symbol}))

    @cached_property
    def instruments(self) -> tuple[Instrument, ...]:
        """Every instrument once: tickers, legs of spreads, sectors with their pairs and benchmarks, then visitors."""
        seen: dict[str, Instrument] = {t.symbol: t.instrument for t in self.tickers}
        for spread in self.own.spreads:
            for leg in (spread.small, spread.large):
                seen.setdefault(leg, Instrument.of(leg))
        for sector in self.sectors:
            for symbol in (sector.symbol, sector.pair, sector.benchmark or None):
                if symbol is not None:
                    seen.setdefault(symbol, Instrument.of(symbol))
        for visitor in self.visitors:
            seen.setdefault(visitor.symbol, visitor)
        return tuple(seen.values())
