"""The ways of sectors, and of small caps as a whole, through the relative rotation, and the table of them."""

import math
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.board.contract import Board, SectorRow
from rotation_tui.board.rotations import Listed
from rotation_tui.domain.results import Quadrant, Rotation, RotationPoint
from rotation_tui.domain.state import State
from rotation_tui.panes.base import Space
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, Span
from rotation_tui.widgets.table import Column, fitting, header, line

ARROWS = ("→", "↗", "↑", "↖", "←", "↙", "↓", "↘")
COMPASS = ("E", "NE", "N", "NW", "W", "SW", "S", "SE")
"""Headings in eighths of a turn, from the right against the clock; the second is for ASCII and for words."""


class Track(Struct, frozen=True):
    """One way by one preset; `why` says why there is none.

    `symbol` is how it is named in the picture, `sector` in the table. `whole` is true for small caps as a whole.
    `heading` is in degrees, 0 right and 90 up, `speed` the length of the last complete step.
    """

    id: str
    symbol: str
    sector: str
    points: tuple[RotationPoint, ...]
    quadrant: Quadrant | None
    heading: float | None
    speed: float | None
    right_side: bool
    why: str | None
    thesis: bool = False
    thin: bool = False
    stale: bool = False
    whole: bool = False

    @property
    def last(self) -> RotationPoint | None:
        """The last complete point, which the quadrant is of."""
        return next((p for p in reversed(self.points) if p.complete), None)

    @property
    def eighth(self) -> int | None:
        return None if self.heading is None else round(self.heading / 45) % 8


def tracks(board: Board, side: str, preset: str) -> list[Track]:
    """The sectors of a side, in order."""
    return in_order(_sector(row, daily=preset == "daily") for row in board.sectors if side in (row.side, "both"))


def _sector(row: SectorRow, *, daily: bool) -> Track:
    points = _finite(row.rotation_daily if daily else row.rotation)
    quadrant = row.quadrant_daily if daily else row.quadrant
    return Track(
        id=row.id,
        symbol=row.symbol,
        sector=row.sector,
        points=points,
        quadrant=quadrant if points else None,
        heading=row.heading_daily if daily else row.heading,
        speed=row.speed_daily if daily else row.speed,
        right_side=bool(row.right_side_daily if daily else row.right_side),
        why=row.rotation_daily_why if daily else row.rotation_why,
        thesis=row.thesis,
        thin=bool(row.illiquid),
        stale=row.state is State.STALE,
    )


def track_of(listed: Listed, board: Board) -> Track:
    """The way of a member of a list, named as the board names its row."""
    row = next((row for row in board.sectors if row.id == listed.id), None)
    ticker = next((row for row in board.tickers if row.id == listed.id), None)
    turn, pair = listed.rotation, next((row for row in board.spreads if row.id == listed.id), None)
    points = _finite(turn.points)
    name = f"against {turn.benchmark}" if pair is not None else ticker.name if ticker is not None else ""
    return Track(
        id=listed.id,
        symbol=listed.id if pair is not None else turn.symbol,
        sector=row.sector if row is not None and pair is None and ticker is None else name,
        points=points,
        quadrant=turn.quadrant if points else None,
        heading=turn.heading,
        speed=turn.speed,
        right_side=bool(turn.right_side),
        why=turn.why,
        thesis=row is not None and row.thesis,
        thin=row is not None and bool(row.illiquid),
        stale=turn.stale,
    )


def in_order(found: Iterable[Track]) -> list[Track]:
    """By quadrant, clockwise from LEADING, the strongest first; unknown ones last."""
    order = list(Quadrant)
    return sorted(found, key=lambda t: (
        not t.points, len(order) if t.quadrant is None else order.index(t.quadrant),
        -(t.last.rs_ratio if t.last else 0.0), t.symbol,
    ))  # fmt: skip


def cut_to(track: Track, tail: int) -> Track:
    """The way with no more than so many completed points."""
    running = bool(track.points) and not track.points[-1].complete
    return track if len(track.points) <= tail + running else replace(track, points=track.points[-tail - running :])


def whole_of(track: Rotation) -> Track:
    name, points = f"{track.symbol}/{track.benchmark}", _finite(track.points)
    return Track(
        id=name,
        symbol=name,
        sector="small caps",
        points=points,
        quadrant=track.quadrant if points else None,
        heading=track.heading,
        speed=track.speed,
        right_side=bool(track.right_side),
        why=track.why,
        whole=True,
        stale=track.stale,
    )


def _finite(points: Sequence[RotationPoint]) -> tuple[RotationPoint, ...]:
    return tuple(p for p in points if math.isfinite(p.rs_ratio) and math.isfinite(p.rs_momentum))


def newest_of(found: Sequence[Track]) -> RotationPoint | None:
    """The latest of the last complete points."""
    return max((t.last for t in found if t.last is not None), key=lambda p: p.session, default=None)


def is_old(track: Track, newest: RotationPoint | None) -> bool:
    """Whether the closes have stopped, or ended before those of the others."""
    behind = newest is not None and track.last is not None and track.last.session < newest.session
    return behind or track.stale


def table(found: Sequence[Track], space: Space, width: int, room: int) -> tuple[Row, list[Row], tuple[str | None, ...]]:
    """Column names, rows and ids; what has no room is counted in the last row."""
    newest = newest_of(found)

    def tone(track: Track, tone: str) -> str:
        if not track.points:
            return "unknown"
        if track.id == space.picked:
            return "highlight"
        return "stale" if is_old(track, newest) else "faint" if track.thin else tone

    def number(key: str, name: str, of: str) -> Column[Track]:
        return Column(key, name, 7, lambda t, _: Span(
            figures.amount(None if t.last is None else getattr(t.last, of)), tone(t, "dim")))  # fmt: skip

    def quadrant(track: Track, _: int) -> Span:
        if track.quadrant is None:
            return Span("n/a", "unknown")
        if track.last is not None and track.last.near_centre:
            return Span("centre", tone(track, "faint"))
        return Span(
            track.quadrant.value.lower(), tone(track, "text" if track.quadrant is Quadrant.LEADING else "faint")
        )

    arrows = ARROWS if space.glyphs.braille else COMPASS
    columns = fitting(
        [
            Column("symbol", "", max((len(t.symbol) for t in found), default=0), lambda t, _: Span(
                t.symbol, tone(t, "bright" if t.whole else "highlight" if t.thesis else "text")), left=True),
            Column("sector", "sector", 15, lambda t, _: Span(t.sector, tone(t, "dim")), rank=5, left=True),
            number("ratio", "ratio", "rs_ratio"),
            number("momentum", "moment.", "rs_momentum"),
            Column("quadrant", "quadrant", 9, quadrant, left=True),
            Column("heading", "", 2, lambda t, _: Span(
                "" if t.eighth is None else arrows[t.eighth], tone(t, "dim")), left=True),
            Column("speed", "speed", 5, lambda t, _: Span(figures.amount(t.speed), tone(t, "dim")), rank=4),
            Column("tail", "to", 10, lambda t, _: Span(
                "" if t.last is None else str(t.last.session), tone(t, "faint")), rank=6, left=True),
        ],
        width,
    )  # fmt: skip
    shown = list(found) if len(found) <= room else list(found[: max(0, room - 1)])
    body = [line(columns, t) for t in shown]
    ids: list[str | None] = [t.id for t in shown]
    if len(shown) < len(found) and room > 0:
        body.append((Span(f"{len(found) - len(shown)} more", "faint"),))
        ids.append(None)
    return header(columns), body, tuple(ids)
