"""Relative rotations of a list as they were told at any week; beside the board, which has those of the sectors now."""

from msgspec import Struct

from rotation_tui.board.expired import rotation_at
from rotation_tui.board.marks import Moment
from rotation_tui.domain.results import Rotation
from rotation_tui.domain.rotation import WHOLE, benchmarks_of, members_of, rotation_of
from rotation_tui.domain.rotation_past import RotationPast
from rotation_tui.domain.universe import Universe

LISTS = ("small", "large", "both", "tickers", "pairs")
"""What can be shown together: sectors of a side or of both, tickers, and pairs by their own legs."""


class Wanted(Struct, frozen=True):
    """Which rotations: of a list, against its benchmark of that number, as told so many completed points before.

    `tail` is how many of those points are told.
    """

    listed: str
    against: int
    preset: str
    back: int
    tail: int


class Listed(Struct, frozen=True):
    """A member of a list by the id of its row, and its rotation."""

    id: str
    rotation: Rotation


class Rotations(Struct, frozen=True):
    """What was wanted. `whole` is that of small caps against large ones, where the list is of sectors.

    `benchmarks` are those that the list could be set against, `benchmark` the one that it is, empty where each member
    has its own.
    """

    members: tuple[Listed, ...] = ()
    whole: Rotation | None = None
    benchmarks: tuple[str, ...] = ()
    benchmark: str = ""


def rotations_of(wanted: Wanted, universe: Universe, pasts: tuple[RotationPast, ...], moment: Moment) -> Rotations:
    """The rotations of a list; a member that was not studied yet is not among them."""
    known = {(past.symbol, past.benchmark): past for past in pasts if past.preset == wanted.preset}

    def told(symbol: str, other: str) -> Rotation | None:
        past = known.get((symbol, other))
        return None if past is None else rotation_at(moment, rotation_of(past, wanted.back, wanted.tail))

    benchmarks = benchmarks_of(wanted.listed, universe)
    chosen = benchmarks[wanted.against % len(benchmarks)] if benchmarks else ""
    sides = ("small", "large") if wanted.listed == "both" else (wanted.listed,)
    members = [
        (row, told(symbol, other))
        for side in sides
        for row, symbol, other in members_of(side, chosen or next(iter(benchmarks_of(side, universe)), ""), universe)
    ]
    return Rotations(
        members=tuple(Listed(row, rotation) for row, rotation in members if rotation is not None),
        whole=told(*WHOLE) if set(sides) <= {"small", "large"} else None,
        benchmarks=benchmarks,
        benchmark=chosen,
    )
