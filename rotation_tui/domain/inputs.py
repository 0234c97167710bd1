"""What a check or a claim reads, by its kind: what has to be fetched for it follows from the type, not from a name."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Symbol:
    """The daily bars of a symbol."""

    id: str


@dataclass(frozen=True, slots=True)
class SeriesId:
    """A macro series by its FRED id."""

    id: str


@dataclass(frozen=True, slots=True)
class Unfed:
    """Data that no feed gives yet, in a word."""

    id: str


Input = Symbol | SeriesId | Unfed


def ids_of(kind: type[Input], inputs: Iterable[Input]) -> frozenset[str]:
    """The ids of those inputs that are of a kind."""
    return frozenset(each.id for each in inputs if isinstance(each, kind))
