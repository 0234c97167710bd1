"""The last known state on disk: what the first paint shows before any request is answered."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from rotation_tui.domain.feed import Event
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.results import Studies
from rotation_tui.domain.session import nyse
from rotation_tui.store.earlier import last_known_of_format_1, last_known_of_format_2
from rotation_tui.store.kept import Tell, keep, read_kept, set_aside
from rotation_tui.store.market_store import Snapshot

FORMAT = 3
_EARLIER = {1: last_known_of_format_1, 2: last_known_of_format_2}
"""A file of a newer format is set aside, never guessed at."""


class Saved(Struct, frozen=True):
    """What is written: enough to draw the board, not the bars themselves (they have files of their own)."""

    format: int
    fingerprint: str
    saved_at: datetime
    quotes: Mapping[str, Quote] = field(default_factory=dict)
    checked: Mapping[str, datetime] = field(default_factory=dict)
    studies: Studies = field(default_factory=Studies)
    events: tuple[Event, ...] = ()
    unheard: datetime | None = None


class LastKnown:
    """The state file of one mode and universe.

    `fingerprint` tells whether a file fits the config, `earlier` the same by format where it was made otherwise.
    """

    def __init__(self, path: Path, fingerprint: str, earlier: Mapping[int, str] = MappingProxyType({})) -> None:
        self._path = path
        self._fingerprint = fingerprint
        self._earlier = earlier
        self._written: tuple[int, Mapping[str, datetime]] | None = None
        self.beside: Callable[[Snapshot, datetime], None] | None = None
        """What else is kept of the same state, in the thread that writes."""
        self._writing = threading.Lock()

    def read(self, tell: Tell | None = None) -> Snapshot | None:
        """The saved state, None where there is none that can be used; `tell` as in `store.kept`."""
        saved = read_kept(self._path, Saved, version=FORMAT, earlier=_EARLIER, tell=tell)
        if saved is None or saved.fingerprint != self._earlier.get(saved.format, self._fingerprint):
            return None
        calendar = nyse()
        if odd := [q.symbol for q in saved.quotes.values() if not calendar.first <= q.session <= calendar.last]:
            self.refuse(f"{odd[0]} is of no session that is known", tell)
            return None
        return Snapshot(
            quotes=saved.quotes,
            checked=saved.checked,
            studies=saved.studies,
            events=saved.events,
            unheard=saved.unheard,
        )

    def saved_at(self) -> datetime | None:
        """When the file was written, None where there is none."""
        saved = read_kept(self._path, Saved, version=FORMAT, earlier=_EARLIER)
        return None if saved is None else saved.saved_at

    def refuse(self, why: str, tell: Tell | None = None) -> None:
        """Set the file aside, because no board can be made of what it holds."""
        set_aside(self._path, why, tell)

    def write(self, snapshot: Snapshot, now: datetime) -> None:
        """Save `snapshot` where it moved since the last time, from any thread; OSError where the disk refuses."""
        if not (snapshot.quotes or snapshot.studies.tickers):
            return
        with self._writing:  # so that an older state never lands on a newer one
            # a price that did not move but was confirmed is no revision, and yet a restart must know of it
            if self._written == (snapshot.revision, snapshot.checked):
                return
            saved = Saved(
                FORMAT, self._fingerprint, now,
                dict(snapshot.quotes), dict(snapshot.checked), replace(snapshot.studies, pasts=()),
                snapshot.events[-20:], snapshot.unheard,
            )  # fmt: skip
            keep(self._path, saved)
            if self.beside is not None:
                self.beside(snapshot, now)
            self._written = snapshot.revision, snapshot.checked
