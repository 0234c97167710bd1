"""Breadth among members: how many take part, which sectors inside the index lead, and who is ahead and behind."""

from collections.abc import Sequence

from rotation_tui.board.contract import Board, Mode
from rotation_tui.domain.breadth import MemberBreadth, MemberRow, SectorBasket
from rotation_tui.domain.holdings import FUNDS
from rotation_tui.panes.base import Pane, Space
from rotation_tui.panes.breadth.measures import MEASURES, Measured
from rotation_tui.panes.breadth.words import detail, found_in, fund_of_sector
from rotation_tui.panes.levels import day
from rotation_tui.panes.parts import sentence
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Span
from rotation_tui.widgets.table import Column, fitting, header, legend, line

_TITLE = "Breadth"
_SMALL, _LARGE = [*FUNDS][:2]


def draw(board: Board, space: Space) -> Face:
    """The measures of every fund beside each other, then the sectors and members of the first."""
    every = found_in(board)
    if not every:
        return sentence(_TITLE, _why_none(board, space), width=space.width)
    first = every[0]
    rows: list[Row] = []
    ids: list[str | None] = []
    columns = fitting(_measures(every), space.width)
    for measure in MEASURES:
        rows.append(line(columns, measure))
        ids.append(measure.id)
    sectors = fitting(_sectors(board, first), space.width)
    _put(rows, ids, header(sectors), [(f"sector {s.sector}", line(sectors, s)) for s in first.sectors])
    for word, members in (("leader", first.leaders), ("laggard", first.laggards)):
        shown = fitting(_members(f"{word.capitalize()}s of {first.fund}", first), space.width)
        _put(rows, ids, header(shown), [(f"{word} {m.ticker}", line(shown, m)) for m in members])
    return Face(_TITLE, tuple(rows), tuple(ids), _subtitle(first, space), header(columns), legend=legend(columns))


def _put(rows: list[Row], ids: list[str | None], names: Row, more: Sequence[tuple[str, Row]]) -> None:
    """The names of the columns, then a row each."""
    if more:
        rows += [names, *(row for _, row in more)]
        ids += [None, *(row_id for row_id, _ in more)]


def _why_none(board: Board, space: Space) -> str:
    """What brings it, or why it cannot be brought."""
    fetching = board.fetching
    for name, why in () if fetching is None else fetching.missing.items():
        if name.startswith("closes of"):
            return f"{name}: {why}"
    if board.mode is Mode.AS_OF:
        return "no closes of members were kept by that day, and members of today say nothing of it"
    if fetching is None or not fetching.on:
        return f"the key {space.key('a')} fetches what funds hold, and the closes of 200 members of each"
    return "waiting for what funds hold, and for the closes of 200 members of each"


def _subtitle(first: MemberBreadth, space: Space) -> str:
    """How many speak for how many, from whom and of when, in as many words as there is room for."""
    dot = f" {space.glyphs.dot} "
    pieces = [f"{first.sampled} of {first.members:,}", day(first.as_of), first.source]
    if first.stale:
        pieces[1] += " stale"
    if first.sampled < first.members:
        pieces[0] = f"sample of {pieces[0]}"
    while len(dot.join(pieces)) > space.width - 2 - len(_TITLE) and len(pieces) > 1:
        pieces.pop()
    return dot.join(pieces)


def _measures(every: Sequence[MemberBreadth]) -> list[Column[Measured]]:
    def of(found: MemberBreadth) -> Column[Measured]:
        words = FUNDS.get(found.fund, found.fund)
        return Column(found.fund, found.fund, 11, lambda m, _: m.of(found),
                      rank=0 if found.fund in (_SMALL, _LARGE) else 2, words=f"members of the {words}")  # fmt: skip

    by_fund = {found.fund: found for found in every}
    columns = [Column[Measured]("measure", "members", 18, lambda m, _: Span(m.title, "text"), left=True, grow=14)]
    columns += map(of, every)
    if _SMALL in by_fund and _LARGE in by_fund:
        small, large = by_fund[_SMALL], by_fund[_LARGE]
        columns.insert(3, Column("gap", "gap", 7, lambda m, _: m.gap(small, large), rank=1, words="small less large"))
    return columns


def _sectors(board: Board, first: MemberBreadth) -> list[Column[SectorBasket]]:
    def fund(sector: SectorBasket, _: int) -> Span:
        row = fund_of_sector(board, sector.sector)
        if row is None:
            return Span("", "faint")
        return Span(f"{row.symbol} {figures.signed(row.windows['63d'])}", "dim")

    return [
        Column("sector", f"Sectors of {first.fund}", 18, lambda s, _: Span(s.sector or "?", "text"), left=True, grow=8),
        Column("return", "63d", 7, lambda s, _: _moved(s.return_63_pct, first)),
        Column("excess", f"v {first.fund}", 7, lambda s, _: _moved(s.excess_pp, first), rank=2),
        Column("above", ">200d", 6, lambda s, _: Span(figures.amount(s.above_200.pct, 0), "text"), rank=3),
        Column("known", "names", 5, lambda s, _: Span(str(s.known), "dim"), rank=1),
        Column("fund", "S&P 600", 12, fund, rank=4),
        Column("weight", "weight", 6, lambda s, _: Span(figures.amount(s.weight, 1), "dim"), rank=5),
    ]


def _members(title: str, first: MemberBreadth) -> list[Column[MemberRow]]:
    return [
        Column("name", title, 18, lambda m, _: Span(m.name, "text"), left=True, grow=20),
        Column("ticker", "", 6, lambda m, _: Span(m.ticker, "bright"), left=True),
        Column("return", "63d", 7, lambda m, _: _moved(m.return_pct, first)),
        Column("added", "added", 7, lambda m, _: Span(figures.signed(m.contribution_pp, 2), "dim"), rank=1),
        Column("weight", "weight", 6, lambda m, _: Span(figures.amount(m.weight), "dim"), rank=3),
        Column("sector", "sector", 10, lambda m, _: Span(m.sector, "faint"), rank=2, left=True, grow=14),
    ]


def _moved(value: float | None, first: MemberBreadth) -> Span:
    if value is None:
        return Span(figures.UNKNOWN, "unknown")
    if first.stale:
        return Span(figures.signed(value), "stale")
    return Span(figures.signed(value), "gain" if value > 0 else "loss" if value < 0 else "flat")


def _rows(board: Board) -> int:
    """Measures and sectors under the names of their columns."""
    every = found_in(board)
    return 2 + len(MEASURES) + len(every[0].sectors) if every else 4


def _all(board: Board) -> int:
    every = found_in(board)
    return _rows(board) + (2 + len(every[0].leaders) + len(every[0].laggards) if every else 0)


PANE = Pane(
    "breadth",
    _TITLE,
    draw,
    _rows,
    5,
    detail,
    most=_all,
    reads=("fundamentals", "fetching", "sectors", "mode"),
    table=lambda board: () if board.fundamentals is None else board.fundamentals.breadth,
    told_at=lambda row_id: (
        {"sector": "breadth-sectors", "leader": "breadth-leaders", "laggard": "breadth-leaders"}.get(
            row_id.split(" ")[0]
        )
        or next((measure.told_at for measure in MEASURES if measure.id == row_id), "breadth-members")
    ),
)
