"""What the user last looked at, on disk, so that a later start can say what has changed since."""

from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from rotation_tui.domain.look import Look
from rotation_tui.store.kept import Tell, keep, read_kept

FORMAT = 1
NAME = "last_look.json"
AWAY = timedelta(hours=4)
"""Without a key for so long a visit is over: longer than lunch, shorter than a night."""


class Visit(Struct, frozen=True):
    """`seen` is what stood there at the last key press, `before` what the visit before this one ended with."""

    format: int
    fingerprint: str
    seen: Look
    before: Look | None = None

    def compared_with(self, now: datetime) -> Look | None:
        """What a board of now is compared with: the end of the last visit that is over, None where none is known."""
        return self.seen if now - self.seen.at >= AWAY else self.before


def read_visit(folder: Path, fingerprint: str, tell: Tell | None = None) -> Visit | None:
    """The last visit of this config, None where none is kept that can be used; `tell` as in `store.kept`."""
    visit = read_kept(folder / NAME, Visit, version=FORMAT, tell=tell)
    return visit if visit is not None and visit.fingerprint == fingerprint else None


def keep_visit(folder: Path, visit: Visit, *, synced: bool) -> None:
    """Write the visit; raises OSError where the disk refuses."""
    keep(folder / NAME, visit, synced=synced)
