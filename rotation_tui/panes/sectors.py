"""Sector leaderboard: small-cap sectors by rank, against their benchmark and their large-cap pair."""

from rotation_tui.board.contract import Board, SectorRow, State
from rotation_tui.domain.results import Quadrant
from rotation_tui.domain.window import Window
from rotation_tui.panes.base import Pane, Space, age_of, local_stamp, tone_of
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Span
from rotation_tui.widgets.table import Column, fitting, header, line, ordered

_OTHER_WINDOWS = (
    (Window.D1, "1D", 5), (Window.W1, "1W", 6), (Window.M1, "1M", 6), (Window.M6, "6M", 6),
    (Window.Y1, "1Y", 8), (Window.HALF, "half", 6), (Window.YTD, "YTD", 4),
)  # fmt: skip


def _rank(row: SectorRow) -> Span:
    if row.rank is None:
        return Span("·" if row.state is not State.UNKNOWN else figures.UNKNOWN, "faint")
    return Span(str(row.rank), tone_of(row.state, "dim"))


def _rank_change(row: SectorRow, space: Space) -> Span:
    change = row.rank_change
    if change is None:
        return Span("", "faint")
    glyphs = space.glyphs
    text = glyphs.same if change == 0 else f"{glyphs.up if change > 0 else glyphs.down}{abs(change)}"
    return Span(text, tone_of(row.state, "dim"))


def _name(row: SectorRow) -> Span:
    if row.illiquid:
        return Span(f"{row.sector} thin", "faint")
    return Span(row.sector, tone_of(row.state, "highlight" if row.thesis else "text"))


def _three_months(row: SectorRow) -> Span:
    value = row.windows[Window.M3.value]
    if value is None:
        return Span(figures.UNKNOWN, "unknown")
    tone = "gain" if value > 0 else "loss" if value < 0 else "flat"
    return Span(figures.signed(value), tone_of(row.state, "faint" if row.illiquid else tone))


def _quadrant(row: SectorRow) -> Span:
    if row.quadrant is None:
        return Span("", "faint")
    tone = "text" if row.quadrant is Quadrant.LEADING else "faint"
    return Span(row.quadrant.value.lower(), tone_of(row.state, tone))


def _pair_spread(row: SectorRow) -> Span:
    return Span("" if row.pair is None else figures.signed(row.pair_spread_pp), tone_of(row.state, "dim"))


def _columns(space: Space, old: bool) -> list[Column[SectorRow]]:
    def plain(key: str, name: str, width: int, rank: int, of: str) -> Column[SectorRow]:
        return Column(key, name, width,
                      lambda r, _: Span(figures.signed(getattr(r, of)), tone_of(r.state, "dim")),
                      lambda r: getattr(r, of), rank)  # fmt: skip

    def window(at: Window, name: str, rank: int) -> Column[SectorRow]:
        return Column(at.value, name, 6,
                      lambda r, _: Span(figures.signed(r.windows[at.value]), tone_of(r.state, "dim")),
                      lambda r: r.windows[at.value], rank)  # fmt: skip

    head: list[Column[SectorRow]] = [
        Column("rank", "#", 2, lambda r, _: _rank(r), lambda r: r.rank, 0),
        Column("change", "Δ" if space.glyphs.braille else "d", 3,
                          lambda r, _: _rank_change(r, space), lambda r: r.rank_change, 1),
        Column("sector", "small caps" if not space.full else "sector", 15,
                          lambda r, _: _name(r), lambda r: r.sector, 0, left=True),
        Column("symbol", "", 4, lambda r, _: Span(r.symbol, "dim"), lambda r: r.symbol, 3, left=True),
    ]  # fmt: skip
    return [
        *head,
        *(window(at, name, rank) for at, name, rank in _OTHER_WINDOWS if at is Window.D1),
        Column("3M", "3M", 5, lambda r, _: _three_months(r), lambda r: r.windows["3M"], 0),
        *((Column("age", "age", 4, lambda r, _: age_of(r.state, r.as_of, space), None, 0),) if old else ()),
        *(window(at, name, rank) for at, name, rank in _OTHER_WINDOWS if at is not Window.D1),
        plain("excess", f"{space.glyphs.minus}bench", 6, 1, "excess_pp"),
        Column("pair", f"{space.glyphs.minus}large", 6, lambda r, _: _pair_spread(r), lambda r: r.pair_spread_pp, 1),
        Column("rotation", "rotation", 9, lambda r, _: _quadrant(r),
               lambda r: None if r.quadrant is None else r.quadrant.value, 2, left=True),
        Column("tracks", "tracks", 30, lambda r, _: Span(r.tracks, "faint"), lambda r: r.tracks,
               9 if space.full else 30, left=True, grow=24),
    ]  # fmt: skip


def _by_rank(rows: list[SectorRow]) -> list[SectorRow]:
    """Ranked rows first; the others by their three months."""
    return sorted(rows, key=lambda r: (r.rank is None, r.rank or 0, -(r.windows["3M"] or -1e9), r.id))


def draw(board: Board, space: Space) -> Face:
    """The small side; with the screen to itself, both sides."""
    columns = fitting(_columns(space, any(r.state is State.STALE for r in board.sectors)), space.width)
    plain_columns = [c for c, _ in columns]
    rows: list[Row] = []
    ids: list[str | None] = []
    roomy = not space.tight and len(board.sectors) + 3 <= space.height
    for side in ("small", "large") if space.full or roomy else ("small",):
        if rows:
            rows += [(), (Span("large caps, S&P 500 sectors", "dim"),)]
            ids += [None, None]
        here = _by_rank([s for s in board.sectors if s.side == side])
        for row in ordered(here, plain_columns, space.order, lambda r: r.id):
            rows.append(line(columns, row))
            ids.append(row.id)
    return Face("Sectors", tuple(rows), tuple(ids), _subtitle(board), header(columns, space.order),
                _note(board, space))  # fmt: skip


def _subtitle(board: Board) -> str:
    small = [s for s in board.sectors if s.side == "small"]
    sources = list(dict.fromkeys(s.source for s in small if s.source))
    return f"PSC* track the S&P 600 · {', '.join(sources)}" if sources else "no data yet"


def leaders(board: Board, window: Window) -> int | None:
    """How many of the thesis's four sectors are among the first four of the broad sectors over a window.

    Industry funds that share their large-cap pair with a broad sector do not count (quant.md 3.2); None where
    a return is unknown.
    """
    broad: dict[str, SectorRow] = {}
    for row in board.sectors:
        if row.side == "small" and row.pair is not None:
            broad.setdefault(row.pair, row)
    returns = [(value, row.thesis) for row in broad.values() if (value := row.windows[window.value]) is not None]
    if len(returns) < max(len(broad), 4):
        return None
    fourth = sorted((value for value, _ in returns), reverse=True)[3]
    return sum(thesis and value >= fourth for value, thesis in returns)


def _note(board: Board, space: Space) -> Row:
    counts = [(name, leaders(board, at)) for name, at in (("half", Window.HALF), ("YTD", Window.YTD))]
    if all(count is None for _, count in counts):
        return ()
    spans = [Span("" if space.tight else "    "), Span("thesis sectors in the top four:", "dim")]
    for name, count in counts:
        spans.append(Span(f"  {name} ", "dim"))
        spans.append(Span("?" if count is None else f"{count} of 4", "ok" if count == 4 else "watch", bold=True))
    return tuple(spans)


def detail(board: Board, row_id: str, space: Space) -> tuple[Row, ...]:
    """What the fund is and how its place came about."""
    row = next((r for r in board.sectors if r.id == row_id), None)
    if row is None:
        return ((Span("no longer on the board", "dim"),),)
    bench = "IWM" if row.side == "small" else "SPY"
    lines = [
        ("what", f"{row.symbol}, {row.sector}"),
        ("tracks", row.tracks),
        ("last", f"{figures.amount(row.last)}  {row.state.value}, {local_stamp(row.as_of, space)}, "
                 f"from {row.source or '?'}"),
        *((w.value, f"{figures.signed(row.windows[w.value], 2)} %") for w in Window),
        ("bench", f"{figures.signed(row.excess_pp, 2)} pp against {bench} over 63 sessions"),
        ("pair", f"{figures.signed(row.pair_spread_pp, 2)} pp against {row.pair} over 63 sessions"
                 if row.pair else "a large-cap sector has no pair"),
        ("rank", f"{row.rank or '?'} by 63 sessions; {_moved(row.rank_change)} in 21 sessions"),
        ("rotation", f"{figures.amount(row.rs_ratio)} / {figures.amount(row.rs_momentum)}"),
    ]  # fmt: skip
    if row.illiquid:
        lines.append(("ILLIQ", "less than $0.5 m traded a day (median of 21 sessions)"))
    if row.why:
        lines.append(("why ?", row.why))
    return tuple((Span(name.ljust(9), "dim"), Span(text, "text")) for name, text in lines)


def _moved(change: int | None) -> str:
    if change is None:
        return "unknown change"
    return "unchanged" if change == 0 else f"{'up' if change > 0 else 'down'} {abs(change)}"


PANE = Pane(
    "sectors",
    "Sectors",
    draw,
    lambda board: sum(s.side == "small" for s in board.sectors) + 2,
    5,
    detail,
    ("rank", "change", "sector", "1D", "3M", "1W", "1M", "6M", "1Y", "HALF", "YTD", "excess", "pair", "rotation"),
    lambda board: len(board.sectors) + 4,
)
