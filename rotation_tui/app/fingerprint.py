"""Whether saved results are of the config that is read: they are shown under its rows, so they must be of its rows."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from rotation_tui.config.defaults import RECONSTITUTIONS
from rotation_tui.config.schema import Config, as_plain

_MEANT: Final = ("tickers", "spreads", "sectors", "feeds", "risk")
"""Whatever makes results mean something else: the universe, the feeds, and limits."""
_NULLS: Final = {
    1: frozenset({"name", "path", "kind", "seed", "pair"}),
    2: frozenset({"name", "path", "kind", "seed", "pair", "date_format", "decimal", "separator", "benchmark"}),
}
"""Keys without a value that counted nevertheless, by the format of last known state that they were written into."""


def fingerprint(config: Config) -> str:
    """Changes with what results mean; a key that a new version brings changes nothing while it has no value."""
    plain = as_plain(config)
    return _digest([plain[name] for name in _MEANT])


def earlier_fingerprints(config: Config) -> Mapping[int, str]:
    """The fingerprint of this config as earlier versions made it, by format of last known state."""
    plain = msgspec.to_builtins(config, builtin_types=(date,))
    of_2 = [_with_nulls(plain[name], _NULLS[2]) for name in _MEANT]
    if config.risk.reconstitution == RECONSTITUTIONS:
        plain["risk"]["reconstitution"] = [_as_first_assumed(day) for day in RECONSTITUTIONS]
    of_1 = [_with_nulls(plain[name], _NULLS[1]) for name in _MEANT]
    return {1: _digest(of_1), 2: _digest(of_2)}


def _with_nulls(value: Any, nulls: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {k: _with_nulls(v, nulls) for k, v in value.items() if v is not None or k in nulls}
    return [_with_nulls(v, nulls) for v in value] if isinstance(value, list | tuple) else value


def _as_first_assumed(day: date) -> date:
    """0.1.0 had the reconstitutions of December a week later."""
    return day + timedelta(days=7) if day.month == 12 else day


def _digest(shape: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(shape)).hexdigest()[:16]
