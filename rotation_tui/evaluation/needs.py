"""What has to be fetched for checks, claims and drivers, from a table beside this module.

`python -m tests.needs` writes the table from the parts, and a test holds it to them. To ask the parts themselves
takes the import of all of them, which whoever has another process work them out has no other use for: 0.8 MB all day.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, get_args

import msgspec
from msgspec import Struct

from rotation_tui.domain.inputs import Input

TABLE: Final = Path(__file__).with_name("needs.json")
_KINDS: Final = {kind.__name__: kind for kind in get_args(Input)}

Reads = Mapping[str, Sequence[tuple[str, ...]]]
"""By the id of a part: the kind of each input, and its fields."""


class Needs(Struct, frozen=True):
    """What each part reads."""

    checks: Reads
    claims: Reads
    drivers: Reads


def of_checks(skip: Collection[str] = ()) -> frozenset[Input]:
    """What the checks not in `skip` read."""
    return frozenset(_read(_table().checks, skip))


def of_claims(skip: Collection[str] = ()) -> frozenset[Input]:
    """What the claims not in `skip` read."""
    return frozenset(_read(_table().claims, skip))


def of_drivers() -> frozenset[Input]:
    """What the drivers read."""
    return frozenset(_read(_table().drivers))


def _read(reads: Reads, skip: Collection[str] = ()) -> Iterator[Input]:
    for part, inputs in reads.items():
        if part not in skip:
            yield from (_KINDS[kind](*fields) for kind, *fields in inputs)


@cache
def _table() -> Needs:
    return msgspec.json.decode(TABLE.read_bytes(), type=Needs)
