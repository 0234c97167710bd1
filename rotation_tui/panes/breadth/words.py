"""What opens on a row of breadth: each fund's sentence, what it rests on, and who is left out."""

import textwrap

from rotation_tui.board.contract import Board, SectorRow
from rotation_tui.domain.breadth import MemberBreadth, MemberRow
from rotation_tui.domain.holdings import FUNDS
from rotation_tui.panes.base import Space, local_stamp
from rotation_tui.panes.breadth.measures import MEASURES
from rotation_tui.panes.parts import GONE, facts
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Rows

_LABEL = 10
_NAMED = 12
"""So many of those that are left out are named."""


def found_in(board: Board) -> tuple[MemberBreadth, ...]:
    """Breadth of each fund, in the order of the funds that are looked at where nothing else is said."""
    found = () if board.fundamentals is None else board.fundamentals.breadth
    order = [*FUNDS]
    return tuple(sorted(found, key=lambda b: (order.index(b.fund) if b.fund in order else len(order), b.fund)))


def fund_of_sector(board: Board, sector: str) -> SectorRow | None:
    """The fund of small caps of the same sector, whose name is the last of the sector's words or all of them."""
    plain = sector.casefold()
    small = (row for row in board.sectors if row.side == "small" and row.sector)
    return next((row for row in small if plain.endswith(row.sector.casefold())), None)


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """One row in full."""
    every = found_in(board)
    if not every:
        return GONE
    measure = next((measure for measure in MEASURES if measure.id == row_id), None)
    if measure is not None:
        lines = [("what", measure.title)]
        for found in every:
            lines += [(found.fund, measure.sentence(found)), *_rests_on(found, space)]
        return _wrapped(lines, space)
    kind, _, name = row_id.partition(" ")
    first = every[0]
    if kind == "sector":
        return _wrapped(_sector(board, first, name, space), space)
    members = first.leaders if kind == "leader" else first.laggards
    member = next((member for member in members if member.ticker == name), None)
    return GONE if member is None else _wrapped(_member(first, member, space), space)


def _wrapped(lines: list[tuple[str, str]], space: Space) -> Rows:
    room = max(20, space.width - _LABEL)
    told = [
        ("" if n else label, piece)
        for label, text in lines
        for n, piece in enumerate(textwrap.wrap(text, room) or [""])
    ]
    return facts(told, _LABEL)


def _rests_on(found: MemberBreadth, space: Space) -> list[tuple[str, str]]:
    """The sample, where it is from, and who of it does not count."""
    whole = "all" if found.sampled >= found.members else f"a sample of {found.sampled} of"
    lines = [
        ("of", f"{whole} {found.members:,} members held on {found.held_on}, closes to {found.as_of}"),
        ("from", f"{found.source}, fetched {local_stamp(found.fetched_at, space)}"),
    ]
    if found.left_out:
        named = "; ".join(f"{left.name}: {left.why}" for left in found.left_out[:_NAMED])
        more = len(found.left_out) - _NAMED
        lines.append(("left out", f"{len(found.left_out)}: {named}" + (f"; and {more} more" if more > 0 else "")))
    return lines


def _sector(board: Board, first: MemberBreadth, name: str, space: Space) -> list[tuple[str, str]]:
    sector = next((sector for sector in first.sectors if sector.sector == name), None)
    if sector is None:
        return [("what", "no longer on the board")]
    row = fund_of_sector(board, name)
    lines = [
        ("what", f"{name or '?'}, {figures.amount(sector.weight, 1)} % of {first.fund}"),
        ("members", f"{sector.known} known of {sector.members} in the fund"),
        ("rank", f"{sector.rank or figures.UNKNOWN} by return over 63 sessions"),
        ("63d", f"{figures.signed(sector.return_63_pct)} %, {figures.signed(sector.excess_pp)} pp on {first.fund}"),
        ("21d", f"{figures.signed(sector.return_21_pct)} %"),
        ("above 200d", f"{figures.amount(sector.above_200.pct, 1)} % of {sector.above_200.known} known"),
    ]
    if row is not None:
        lines.append(("S&P 600", f"{row.symbol} {figures.signed(row.windows['63d'])} % over 63 sessions; {row.tracks}"))
    return lines + _rests_on(first, space)


def _member(first: MemberBreadth, member: MemberRow, space: Space) -> list[tuple[str, str]]:
    return [
        ("what", f"{member.ticker}, {member.name}"),
        ("sector", member.sector or figures.UNKNOWN),
        ("63d", f"{figures.signed(member.return_pct)} %"),
        ("weight", f"{figures.amount(member.weight)} % of {first.fund}"),
        ("added", f"{figures.signed(member.contribution_pp, 3)} points of {first.fund} as it is today"),
        *_rests_on(first, space),
    ]
