"""History on disk, parsed: one file a symbol or series, each with the time when it is due again."""

import time
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from rotation_tui.domain.bars import COLUMNS, Bars, all_splits, last_dividends
from rotation_tui.domain.holes import Hole
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.packed import kept, packed_doubles
from rotation_tui.store.documents import Documents
from rotation_tui.store.earlier import bars_of_first_version
from rotation_tui.store.kept import digest, file_stem, keep, plain_stem, read_kept

FORMAT = 1
MOST_STRANGERS = 100
"""Histories of symbols that are not followed, of which so many stay on the shelf..."""
_OF_USE_S = 30 * 86_400.0
"""...for so long: by then all of it would be asked for again."""
_EARLIER_BARS = {FORMAT: bars_of_first_version}


class KeptBars(Struct, frozen=True):
    """All bases of one symbol from one feed, and the sessions that they lack."""

    format: int
    due: datetime
    bars: tuple[Bars, ...]
    holes: tuple[Hole, ...] = ()


class KeptSeries(Struct, frozen=True):
    """One macro series from one feed."""

    format: int
    due: datetime
    series: Observations


def folder_of(shelves: Path, feed: str, feeds: Collection[str]) -> Path:
    """The folder for the history of a feed, another for each of the names in `feeds`, whatever characters they have.

    One made by older versions, in which "a b" and "a_b" were the same, is taken over where only this feed can
    have made it. Touches the disk for that.
    """
    if feed.isalnum() and feed == feed.lower():
        return shelves / feed
    plain = plain_stem(feed)
    own = shelves / f"{plain}-{digest(feed)}"
    alone = sum(plain_stem(name).lower() == plain.lower() for name in feeds) == 1
    if alone and (shelves / plain).is_dir() and not own.exists():
        with suppress(OSError):  # then it is fetched anew
            (shelves / plain).rename(own)
    return own


class Shelf:
    """The folder that one feed's history stands in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._refused: list[str] = []

    @property
    def folder(self) -> Path:
        """Where it stands."""
        return self._folder

    @property
    def documents(self) -> Documents:
        """What is kept of holdings and filings."""
        return Documents(self._folder, self._refused.append)

    def bars(self, symbol: str) -> KeptBars | None:
        """What is kept of `symbol`, None where nothing usable is."""
        path, tell = self._path("bars", symbol), self._refused.append
        return read_kept(path, KeptBars, version=FORMAT, earlier=_EARLIER_BARS, tell=tell)

    def series(self, series_id: str) -> KeptSeries | None:
        """What is kept of a macro series, None where nothing usable is."""
        return read_kept(self._path("series", series_id), KeptSeries, version=FORMAT, tell=self._refused.append)

    def take_refused(self) -> str:
        """A sentence on the files that could not be used since the last time, empty where there are none."""
        refused, self._refused = self._refused, []
        more = f", and {len(refused) - 1} more of its files" if len(refused) > 1 else ""
        return f"history: {refused[0]}{more}" if refused else ""

    def keep_bars(self, symbol: str, bars: Iterable[Bars], due: datetime, holes: tuple[Hole, ...] = ()) -> None:
        """Keep the bars of a symbol; raises OSError."""
        keep(self._path("bars", symbol), KeptBars(FORMAT, due, tuple(bars), holes))

    def keep_series(self, series: Observations, due: datetime) -> None:
        """Keep a macro series; raises OSError."""
        keep(self._path("series", series.series_id), KeptSeries(FORMAT, due, series))

    def sweep_bars(self, followed: Collection[str]) -> None:
        """Remove histories that were looked at once: not of `followed`, the newest others apart; raises OSError.

        One that was kept lately may be another config's, and is only fetched again otherwise.
        """
        stay = {self._path("bars", symbol).name for symbol in followed}
        folder = self._folder / "bars"
        files = [path for path in folder.glob("[!.]*.json") if path.name not in stay] if folder.is_dir() else []
        aged = sorted(((path.stat().st_mtime, path) for path in files), reverse=True)
        for rank, (kept_at, path) in enumerate(aged):
            if rank >= MOST_STRANGERS or time.time() - kept_at > _OF_USE_S:
                path.unlink(missing_ok=True)

    def _path(self, what: str, name: str) -> Path:
        return self._folder / what / f"{file_stem(name)}.json"


OVERLAP_ROWS = 10
"""Rows that are fetched again, to see whether the source restated its past."""

_TOLERANCE = 1e-4


def agree(one: Bars, other: Bars) -> bool:
    """Whether two histories share a session and have the same close on every one that they share."""
    common = _closes_of_span(other, one)
    shared = [(close, common[day]) for day, close in _closes_of_span(one, other).items() if day in common]
    return bool(shared) and all(abs(a / b - 1) <= _TOLERANCE for a, b in shared)


def _closes_of_span(bars: Bars, other: Bars) -> dict[date, float]:
    """The closes of the days that `other` spans."""
    if not other.dates:
        return {}
    rows = slice(bisect_left(bars.dates, other.dates[0]), bars.row_until(other.dates[-1]) + 1)
    return dict(zip(bars.dates[rows], bars.closes_in(rows), strict=True))


def joined(old: Bars, new: Bars) -> Bars | None:
    """`old` continued by `new`, or None where they disagree on a common row or leave a gap between them.

    A row that `new` lacks among its own is kept: a source that loses a session for a day does not undo it.
    """
    if not agree(old, new):
        return None
    if any((kept(old, name) is None) != (kept(new, name) is None) for name in COLUMNS):
        return None
    told, begins = frozenset(new.dates), bisect_left(old.dates, new.dates[0])
    retained = [
        (day, 0, row) for row, day in enumerate(old.dates[begins:], begins) if day not in told and day < new.dates[-1]
    ]
    rows = sorted([*retained, *((day, 1, row) for row, day in enumerate(new.dates))])
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        sides = kept(old, name), kept(new, name)
        if None not in sides:
            doubles = [side.unpacked() for side in sides]
            whole = doubles[0][:begins] + array("d", [doubles[side][row] for _, side, row in rows])
            columns[name] = packed_doubles(whole, has_gaps=any(side.has_gaps for side in sides))
    return replace(
        new,
        dates=old.dates[:begins] + tuple(day for day, _, _ in rows),
        splits=all_splits(old.splits, new.splits),
        dividends=last_dividends(old.dividends, new.dividends),
        **columns,
    )
