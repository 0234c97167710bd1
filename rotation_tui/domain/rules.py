"""What a trader changes of the checks."""

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec import Struct


class Rules(Struct, frozen=True):
    """What a trader changed of the checks: which are left out, (watch, alert) by check id.

    `reconstitutions` are the days on which indexes are made anew. `companies` are those that tickers of funds' members
    belong to, by the trader's own table.
    """

    skip: frozenset[str] = frozenset()
    thresholds: Mapping[str, tuple[float, float]] = msgspec.field(default_factory=dict)
    reconstitutions: tuple[date, ...] = ()
    companies: Mapping[str, int] = msgspec.field(default_factory=dict)
