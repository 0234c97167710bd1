"""History on disk, parsed: one file a symbol or series, each with the time when it is due again."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from rotation_tui.domain.bars import Bars, all_splits
from rotation_tui.domain.observation import Observations
from rotation_tui.store import files
from rotation_tui.store.kept import read_kept

FORMAT = 1


@dataclass(frozen=True, slots=True)
class KeptBars:
    """All bases of one symbol from one feed."""

    format: int
    due: datetime
    bars: tuple[Bars, ...]


@dataclass(frozen=True, slots=True)
class KeptSeries:
    """One macro series from one feed."""

    format: int
    due: datetime
    series: Observations


class Shelf:
    """The folder that one feed's history stands in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._refused: list[str] = []

    def bars(self, symbol: str) -> KeptBars | None:
        """What is kept of `symbol`, None where nothing usable is."""
        return read_kept(self._path("bars", symbol), KeptBars, version=FORMAT, tell=self._refused.append)

    def series(self, series_id: str) -> KeptSeries | None:
        """What is kept of a macro series, None where nothing usable is."""
        return read_kept(self._path("series", series_id), KeptSeries, version=FORMAT, tell=self._refused.append)

    def take_refused(self) -> str:
        """A sentence on the files that could not be used since the last time, empty where there are none."""
        refused, self._refused = self._refused, []
        more = f", and {len(refused) - 1} more of its files" if len(refused) > 1 else ""
        return f"history: {refused[0]}{more}" if refused else ""

    def keep_bars(self, symbol: str, bars: Iterable[Bars], due: datetime) -> None:
        """Keep the bars of a symbol; raises OSError."""
        kept = KeptBars(FORMAT, due, tuple(bars))
        files.write_whole(self._path("bars", symbol), msgspec.json.encode(kept))

    def keep_series(self, series: Observations, due: datetime) -> None:
        """Keep a macro series; raises OSError."""
        kept = KeptSeries(FORMAT, due, series)
        files.write_whole(self._path("series", series.series_id), msgspec.json.encode(kept))

    def _path(self, what: str, name: str) -> Path:
        plain = "".join(c if c.isalnum() else "_" for c in name)
        if plain != name:  # two names must not share a file
            plain += "-" + hashlib.sha256(name.encode()).hexdigest()[:8]
        return self._folder / what / f"{plain}.json"


OVERLAP_ROWS = 10
"""Rows that are fetched again, to see whether the source restated its past."""

_TOLERANCE = 1e-4


def agree(one: Bars, other: Bars) -> bool:
    """Whether two histories share a session and have the same close on every one that they share."""
    common = dict(zip(other.dates, other.closes, strict=True))
    shared = [(close, common[day]) for day, close in zip(one.dates, one.closes, strict=True) if day in common]
    return bool(shared) and all(abs(a / b - 1) <= _TOLERANCE for a, b in shared)


def joined(old: Bars, new: Bars) -> Bars | None:
    """`old` continued by `new`, or None where they disagree on a common row or leave a gap between them."""
    if not agree(old, new):
        return None
    columns = ("highs", "lows", "volumes")
    if any((getattr(old, name) is None) != (getattr(new, name) is None) for name in columns):
        return None
    kept = sum(1 for day in old.dates if day < new.dates[0])
    return Bars(
        new.symbol,
        new.basis,
        old.dates[:kept] + new.dates,
        old.closes[:kept] + new.closes,
        new.source,
        new.fetched_at,
        None if old.highs is None or new.highs is None else old.highs[:kept] + new.highs,
        None if old.volumes is None or new.volumes is None else old.volumes[:kept] + new.volumes,
        all_splits(old.splits, new.splits),
        new.last_print,
        None if old.lows is None or new.lows is None else old.lows[:kept] + new.lows,
    )
