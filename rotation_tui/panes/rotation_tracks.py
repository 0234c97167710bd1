"""The ways of sectors through the relative rotation, and the table of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rotation_tui.board.contract import Board, RotationRow, SectorRow, State
from rotation_tui.domain.results import Quadrant
from rotation_tui.panes.base import Space
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, Span
from rotation_tui.widgets.table import Column, fitting, header, line

ARROWS = ("→", "↗", "↑", "↖", "←", "↙", "↓", "↘")
COMPASS = ("E", "NE", "N", "NW", "W", "SW", "S", "SE")
"""Headings in eighths of a turn, from the right against the clock; the second is for ASCII and for words."""


@dataclass(frozen=True, slots=True)
class Track:
    """One sector's way by one preset; `why` says why there is none."""

    row: SectorRow
    points: tuple[RotationRow, ...]
    quadrant: Quadrant | None
    why: str | None

    @property
    def last(self) -> RotationRow | None:
        """The last complete point, which the quadrant is of."""
        return next((p for p in reversed(self.points) if p.complete), None)

    @property
    def heading(self) -> int | None:
        """Direction of the last complete step in eighths of a turn, 0 is right, 2 is up."""
        whole = [p for p in self.points if p.complete][-2:]
        if len(whole) < 2:
            return None
        right, up = whole[1].rs_ratio - whole[0].rs_ratio, whole[1].rs_momentum - whole[0].rs_momentum
        return round(math.atan2(up, right) / (math.pi / 4)) % 8 if right or up else None


def tracks(board: Board, side: str, preset: str) -> list[Track]:
    """The sectors of a side by quadrant, clockwise from LEADING, the strongest first; unknown ones last."""
    found = []
    for row in board.sectors:
        if side in (row.side, "both"):
            daily = preset == "daily"
            points = tuple(p for p in (row.rotation_daily if daily else row.rotation)
                           if math.isfinite(p.rs_ratio) and math.isfinite(p.rs_momentum))  # fmt: skip
            quadrant, why = (row.quadrant_daily, row.rotation_daily_why) if daily else (row.quadrant, row.rotation_why)
            found.append(Track(row, points, quadrant if points else None, why))
    order = list(Quadrant)
    return sorted(found, key=lambda t: (
        not t.points, len(order) if t.quadrant is None else order.index(t.quadrant),
        -(t.last.rs_ratio if t.last else 0.0), t.row.symbol,
    ))  # fmt: skip


def newest_of(found: Sequence[Track]) -> RotationRow | None:
    """The latest of the last complete points."""
    return max((t.last for t in found if t.last is not None), key=lambda p: p.session, default=None)


def is_old(track: Track, newest: RotationRow | None) -> bool:
    """Whether the sector's closes have stopped, or ended before those of the others."""
    behind = newest is not None and track.last is not None and track.last.session < newest.session
    return behind or track.row.state is State.STALE


Listed = tuple[Row, list[Row], tuple[str | None, ...]]


def table(found: Sequence[Track], space: Space, width: int, room: int) -> tuple[Row, list[Row], tuple[str | None, ...]]:
    """Column names, rows and ids; what has no room is counted in the last row."""
    newest = newest_of(found)

    def tone(track: Track, tone: str) -> str:
        if not track.points:
            return "unknown"
        return "highlight" if track.row.id == space.picked else "stale" if is_old(track, newest) else tone

    def number(key: str, name: str, of: str) -> Column[Track]:
        return Column(key, name, 7, lambda t, _: Span(
            figures.amount(None if t.last is None else getattr(t.last, of)), tone(t, "dim")))  # fmt: skip

    def quadrant(track: Track, _: int) -> Span:
        if track.quadrant is None:
            return Span("n/a", "unknown")
        return Span(
            track.quadrant.value.lower(), tone(track, "text" if track.quadrant is Quadrant.LEADING else "faint")
        )

    names = ARROWS if space.glyphs.braille else COMPASS
    columns = fitting(
        [
            Column("symbol", "", 5, lambda t, _: Span(
                t.row.symbol, tone(t, "highlight" if t.row.thesis else "text")), left=True),
            Column("sector", "sector", 15, lambda t, _: Span(t.row.sector, tone(t, "dim")), rank=5, left=True),
            number("ratio", "ratio", "rs_ratio"),
            number("momentum", "moment.", "rs_momentum"),
            Column("quadrant", "quadrant", 9, quadrant, left=True),
            Column("heading", "", 2, lambda t, _: Span(
                "" if t.heading is None else names[t.heading], tone(t, "dim")), left=True),
            Column("tail", "to", 10, lambda t, _: Span(
                "" if t.last is None else str(t.last.session), tone(t, "faint")), rank=6, left=True),
        ],
        width,
    )  # fmt: skip
    shown = list(found) if len(found) <= room else list(found[: max(0, room - 1)])
    body = [line(columns, t) for t in shown]
    ids: list[str | None] = [t.row.id for t in shown]
    if len(shown) < len(found) and room > 0:
        body.append((Span(f"{len(found) - len(shown)} more", "faint"),))
        ids.append(None)
    return header(columns), body, tuple(ids)
