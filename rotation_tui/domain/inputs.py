"""What a check or a claim reads, by its kind: what has to be fetched for it follows from the type, not from a name."""

from collections.abc import Iterable

from msgspec import Struct


class Symbol(Struct, frozen=True):
    """The daily bars of a symbol."""

    id: str


class SeriesId(Struct, frozen=True):
    """A macro series by its FRED id."""

    id: str


class Members(Struct, frozen=True):
    """What a fund holds, by its ticker."""

    id: str


class Filings(Struct, frozen=True):
    """A figure of what companies have filed, by its id in `domain/figures.py`."""

    id: str


class Unfed(Struct, frozen=True):
    """Data of a fund's members that no feed on the network gives yet, in a word; the demo's own may."""

    id: str
    fund: str


Input = Symbol | SeriesId | Members | Filings | Unfed


def ids_of(kind: type[Input], inputs: Iterable[Input]) -> frozenset[str]:
    """The ids of those inputs that are of a kind."""
    return frozenset(each.id for each in inputs if isinstance(each, kind))
