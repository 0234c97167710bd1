"""The last known answer in one line on disk: what a status bar shows without drawing a board."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Leader, Regime
from rotation_tui.store.kept import Tell, keep, read_kept

FORMAT = 1
NAME = "headline.json"


class Headline(Struct, frozen=True):
    """Who leads, regime and score as a board had them at `saved_at`.

    Margins are in percentage points. `old_from` is when it is too old to stand as of now, unless it is saved again:
    minutes later while the exchange is open, else minutes after it opens next. `waiting` are alerts that have come true
    and wait for a channel.
    """

    format: int
    saved_at: datetime
    old_from: datetime
    pair: str
    side: Leader
    half_pp: float | None
    ytd_pp: float | None
    month_pp: float | None
    state: State
    regime: Regime
    age_sessions: int | None
    score: float | None
    waiting: int = 0


def keep_headline(folder: Path, headline: Headline) -> None:
    """Write it; OSError where the disk refuses."""
    keep(folder / NAME, headline, synced=False)


def read_headline(folder: Path, tell: Tell | None = None) -> Headline | None:
    """What was written last, None where there is nothing that can be used."""
    return read_kept(folder / NAME, Headline, version=FORMAT, tell=tell)
