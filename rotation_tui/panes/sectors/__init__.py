"""Sector leaderboard: small-cap sectors by rank, against their benchmark and their large-cap pair."""

from collections.abc import Sequence

from rotation_tui.board.contract import Board, SectorRow
from rotation_tui.board.sectors import LEADING
from rotation_tui.domain.window import Window
from rotation_tui.panes.base import NOWHERE, Pane, Space, coming, shows_age
from rotation_tui.panes.conditions import saying
from rotation_tui.panes.sectors.columns import columns_of
from rotation_tui.panes.sectors.words import against, benchmarks, detail, short_index
from rotation_tui.panes.window_columns import window_name
from rotation_tui.widgets.cells import Face, Row, Span, width_of
from rotation_tui.widgets.table import answering, fitting, header, legend, lines, ordered, orders

_BOTH = 6
"""Rows beyond those of the small side from which on the large one begins under it, to be scrolled where it is long."""


_KEYS = 26
"""Columns of the lower edge that are left to the keys."""


def draw(board: Board, space: Space) -> Face:
    """The small side; with the screen to itself, both sides."""
    small = sum(row.side == "small" for row in board.sectors)
    roomy = not space.tight and space.height >= small + _BOTH
    sides = ("small", "large") if space.full or space.alone or roomy else ("small",)
    bench = "/".join(benchmarks([s for s in board.sectors if s.side in sides]))
    known = columns_of(space, board.periods, bench, old=any(map(shows_age, board.sectors)))
    columns = fitting(known, space.width, space.order)
    rows: list[Row] = []
    ids: list[str | None] = []
    for side in sides:
        here = _by_rank([s for s in board.sectors if s.side == side])
        if rows:
            rows += [(), (Span(f"large caps: {_indexes(here)}, {against(here)}", "dim"),)]
            ids += [None, None]
        shown = ordered(here, known, space.order, lambda r: r.id)
        rows += lines(columns, shown, space.row_cache, lambda r: coming(board, r.symbol))
        ids += [row.id for row in shown]
    named = any(c.key == "tracks" for c, _ in columns)
    return Face("Sectors", tuple(rows), tuple(ids), _subtitle(board, space, named=named),
                header(columns, space.order), _note(board, space), legend(columns),
                answering(known, board.sectors, lambda r: r.id))  # fmt: skip


def _by_rank(rows: list[SectorRow]) -> list[SectorRow]:
    """Ranked rows first; the others by their 63 sessions."""
    return sorted(rows, key=lambda r: (r.rank is None, r.rank or 0, -(r.windows["63d"] or -1e9), r.id))


def _indexes(rows: Sequence[SectorRow], *, brief: bool = False) -> str:
    """The index that most funds track, then each other fund with its own; `brief` only names these."""
    by_index: dict[str, list[str]] = {}
    for row in rows:
        by_index.setdefault(short_index(row.tracks), []).append(row.symbol)
    most = max(by_index, key=lambda index: len(by_index[index]), default="")
    if brief and len(by_index) > 1:
        apart = [symbol for index, symbols in by_index.items() if index != most for symbol in symbols]
        return f"{most} but for {', '.join(apart)}"
    others = (f"{' '.join(symbols)} {index}" for index, symbols in by_index.items() if index != most)
    return "; ".join([most, *others])


def _subtitle(board: Board, space: Space, *, named: bool) -> str:
    """What the funds track, for the S&P 600 is not the Russell 2000, and from whom their prices are."""
    small = [s for s in board.sectors if s.side == "small"]
    sources = ", ".join(dict.fromkeys(s.source for s in small if s.source))
    if not sources:
        return "no data yet"
    what = against(small) if named else _indexes(small)
    if not named and len(what) > space.width - _KEYS:
        what = _indexes(small, brief=True)
    return f"{what} {space.glyphs.dot} {sources}"


def _note(board: Board, space: Space) -> Row:
    """How many of the thesis's four sectors lead, in as many words as there is room for."""
    counts = [(window_name(at, board.periods), board.leaders.get(at.value)) for at in (Window.HALF, Window.YTD)]
    if all(count is None for _, count in counts):
        return ()
    found: list[Span] = []
    for name, count in counts:
        text = "?" if count is None else f"{count} of {LEADING}"
        found += [Span(f"  {name} ", "dim"), Span(text, "bright", bold=True)]
    indent = "" if space.tight else "    "
    choices = ("thesis sectors in the top four:", "thesis sectors in top 4:", "thesis in top 4:", "")
    notes = [(Span(indent), Span(words, "dim"), *found) for words in choices]
    return next((note for note in notes if width_of(note) <= space.width), ())


PANE = Pane(
    "sectors",
    "Sectors",
    draw,
    lambda board: sum(s.side == "small" for s in board.sectors) + 2,
    5,
    detail,
    orders(columns_of(NOWHERE, {}, "", old=False)),
    lambda board: len(board.sectors) + 4,
    reads=("sectors", "leaders", "loading", "periods"),
    told_at=lambda _: "sectors",
    table=lambda board: board.sectors,
    alert=saying("*.rank <= 3"),
)
