"""The past of a relative rotation, from which its tail is told for any week and any length."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rotation_tui.domain.instrument import Kind
from rotation_tui.domain.results import Quadrant, Rotation, RotationPoint
from rotation_tui.domain.rotation_past import RotationPast
from rotation_tui.domain.universe import BENCHMARKS, Universe

CENTRE = 100.0
TAIL = 8
"""Completed points that the board has."""
LONGEST_TAIL, FURTHEST_BACK = 26, 52
"""Completed points that a tail may have, and by how many it may be stepped back."""

AGAINST: Mapping[str, tuple[str, ...]] = {
    "small": (BENCHMARKS["small"], "IJR"),
    "large": (BENCHMARKS["large"], "RSP"),
    "tickers": ("SPX", "RUT"),
}
"""What the members of a list are set against, the first where nothing was chosen; a pair has its large leg."""


WHOLE = BENCHMARKS["small"], BENCHMARKS["large"]
"""Small caps as a whole against large ones."""


def rotation_of(past: RotationPast, back: int = 0, tail: int = TAIL) -> Rotation:
    """The rotation with its last `tail` completed points, as it was told so many completed points before.

    Quadrant, heading and speed are of the last completed point; the point of a running week comes last and is
    marked.
    """
    complete = len(past.ordinals) - past.running
    end = complete - back
    if end < 1:
        why = past.why or f"no point so far back, the first is of {_date(past, 0)}"
        return Rotation(past.preset, past.symbol, past.benchmark, why=why)
    rows = range(max(0, end - tail), len(past.ordinals) if back == 0 else end)
    points = tuple(
        RotationPoint(_date(past, row), past.strengths[row], past.momenta[row], complete=row < complete) for row in rows
    )
    told = [point for point in points if point.complete]
    last, heading, speed = told[-1], None, None
    if len(told) > 1:
        right, up = last.rs_ratio - told[-2].rs_ratio, last.rs_momentum - told[-2].rs_momentum
        speed = math.hypot(right, up)
        heading = math.degrees(math.atan2(up, right)) % 360 if speed else None
    return Rotation(
        preset=past.preset,
        symbol=past.symbol,
        benchmark=past.benchmark,
        rs_ratio=last.rs_ratio,
        rs_momentum=last.rs_momentum,
        quadrant=quadrant(last.rs_ratio, last.rs_momentum),
        heading=heading,
        speed=speed,
        right_side=came_back([quadrant(p.rs_ratio, p.rs_momentum) for p in told]),
        points=points,
        as_of=points[-1].session,
        centre=last.near_centre,
    )


def _date(past: RotationPast, row: int) -> date:
    return date.fromordinal(int(past.ordinals[row]))


def quadrant(strength: float | None, momentum: float | None) -> Quadrant | None:
    """Quadrant of a point; exactly 100 counts as right and as up."""
    if strength is None or momentum is None or math.isnan(strength) or math.isnan(momentum):
        return None
    if strength >= CENTRE:
        return Quadrant.LEADING if momentum >= CENTRE else Quadrant.WEAKENING
    return Quadrant.IMPROVING if momentum >= CENTRE else Quadrant.LAGGING


def came_back(quadrants: Sequence[Quadrant | None]) -> bool:
    """Whether the way ends in LEADING and the present stay there began in WEAKENING: a right-side rotation."""
    before = next((q for q in reversed(quadrants) if q is not Quadrant.LEADING), None)
    return bool(quadrants) and quadrants[-1] is Quadrant.LEADING and before is Quadrant.WEAKENING


def benchmarks_of(listed: str, universe: Universe) -> tuple[str, ...]:
    """What the members of a list can be set against: of its benchmarks those that are followed."""
    followed = {i.symbol for i in universe.own.with_bars}
    return tuple(symbol for symbol in AGAINST.get(listed, ()) if symbol in followed)


def members_of(listed: str, benchmark: str, universe: Universe) -> tuple[tuple[str, str, str], ...]:
    """Id, symbol and benchmark of each member of a list: sectors of a side, tickers, or pairs by their large legs.

    An index of volatility and a future have no strength against shares, and nothing has against itself.
    """
    if listed == "pairs":
        return tuple((spread.id, spread.small, spread.large) for spread in universe.spreads)
    if listed == "tickers":
        tickers = (t for t in universe.tickers if t.bars and t.instrument.kind in (Kind.INDEX, Kind.ETF))
        return tuple((t.id, t.symbol, benchmark) for t in tickers if t.symbol != benchmark)
    return tuple((s.id, s.symbol, benchmark) for s in universe.sectors if s.side == listed and s.symbol != benchmark)


def all_members(universe: Universe) -> Iterator[tuple[str, str, str]]:
    """Those of all lists against all of their benchmarks."""
    for listed in AGAINST:
        for benchmark in benchmarks_of(listed, universe):
            yield from members_of(listed, benchmark, universe)
    yield from members_of("pairs", "", universe)
