"""What can be quoted: its one symbol here, and what kind of thing it is."""

import re
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct


class Kind(StrEnum):
    """What an instrument is; it decides which moves are credible and which comparisons make sense."""

    INDEX = "index"
    ETF = "etf"
    VOLATILITY = "volatility"
    FUTURE = "future"


_ALIASES = {
    "^RUT": "RUT", "_RUT": "RUT",
    "^GSPC": "SPX", "^SPX": "SPX", "_SPX": "SPX",
    "^NDX": "NDX", "_NDX": "NDX",
    "^VIX": "VIX", "_VIX": "VIX",
    "^RVX": "RVX", "_RVX": "RVX",
    "^VIX3M": "VIX3M", "_VIX3M": "VIX3M",
    "^DJI": "DJI", "^DJX": "DJX", "_DJX": "DJX",
}  # fmt: skip
_INDEXES = frozenset({"RUT", "SPX", "NDX", "DJI", "DJX"})
_VOLATILITIES = frozenset({"VIX", "RVX", "VIX3M"})


def canonical(symbol: str) -> str:
    """The one spelling used inside: vendors' index prefixes removed, upper case ("^GSPC" is "SPX")."""
    plain = symbol.strip().upper()
    return _ALIASES.get(plain, plain)


def is_symbol(text: str) -> bool:
    """Whether a canonical spelling can be one that sources are asked for."""
    return _SYMBOL.fullmatch(text) is not None


_SYMBOL = re.compile(r"\^?[A-Z0-9][A-Z0-9.=-]{0,14}")
ALLOWED = "letters, digits and . - = ^, at most 15"
"""What a symbol may have in it, in words."""


def told_kind(symbol: str) -> Kind | None:
    """What a symbol alone tells of its kind; None where it may be a share, a fund or anything else."""
    plain = canonical(symbol)
    if plain in _INDEXES or plain.startswith("^"):
        return Kind.INDEX
    if plain in _VOLATILITIES:
        return Kind.VOLATILITY
    if plain.endswith("=F"):
        return Kind.FUTURE
    return None


@lru_cache(1024)
def kind_of(symbol: str) -> Kind:
    """The kind whose rules hold for a symbol; what does not tell its own is judged as a fund is."""
    return told_kind(symbol) or Kind.ETF


def unlike(one: str, other: str) -> str | None:
    """Why two symbols are no pair, None where they are: points of volatility are in another unit than prices."""
    points = [symbol for symbol in (one, other) if kind_of(symbol) is Kind.VOLATILITY]
    return f"{one} and {other} are in different units: {points[0]} is volatility" if len(points) == 1 else None


class Instrument(Struct, frozen=True):
    """One symbol of the universe; `symbol` is canonical, vendors' spellings live in the providers."""

    symbol: str
    name: str
    kind: Kind

    @classmethod
    def of(cls, symbol: str, name: str = "") -> "Instrument":
        """Instrument for any spelling of a symbol."""
        plain = canonical(symbol)
        return cls(plain, name or plain, kind_of(plain))
