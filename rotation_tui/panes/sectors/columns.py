"""Columns of the sector leaderboard."""

from collections.abc import Callable, Mapping

from rotation_tui.board.contract import SectorRow
from rotation_tui.domain.results import Quadrant
from rotation_tui.domain.state import State
from rotation_tui.domain.window import Window
from rotation_tui.panes.base import OLD, Space, age_of, tone_of
from rotation_tui.panes.past import ink_of
from rotation_tui.panes.sectors.words import short_index
from rotation_tui.panes.window_columns import window_name, window_text, window_words
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, Span, cut
from rotation_tui.widgets.spark import Ink, spark
from rotation_tui.widgets.table import Column

_WINDOWS = (
    (Window.W1, 5, 9), (Window.M1, 5, 9), (Window.M3, 5, 10), (Window.M6, 6, 10), (Window.Y1, 6, 11),
    (Window.HALF, 6, 6), (Window.YTD, 6, 5),
)  # fmt: skip
"""Window, width and rank; 1D has a place of its own, and so has 63d, which ranks and excess are of."""
_BENCH = 7
"""Columns for the names of what excess is against; where they are longer, each row has its own."""
_THIN = " thin"


def columns_of(space: Space, periods: Mapping[str, str], bench: str, *, old: bool) -> list[Column[SectorRow]]:
    """All of them; beside the rotation table quadrants give way to the index that each fund tracks.

    `bench` names what excess is against, for its column.
    """

    def number(
        key: str, title: str, width: int, rank: int, of: Callable[[SectorRow], float | None],
        text: Callable[[float | None], str] = figures.signed, words: str = "",
    ) -> Column[SectorRow]:  # fmt: skip
        return Column(key, title, width, lambda r, _: Span(text(of(r)), tone(r, "dim")), of, rank, words=words)

    def window(at: Window, width: int, rank: int) -> Column[SectorRow]:
        title = window_name(at, periods)
        return Column(at.value, title, max(width, len(title)), lambda r, _: Span(window_text(r, at), tone(r, "dim")),
                      lambda r: r.windows[at.value], rank, words=window_words(at, "return, %,"))  # fmt: skip

    minus = space.glyphs.minus
    against, named = (f"{minus}{bench}", False) if 0 < len(bench) <= _BENCH else (f"{minus}bench", True)
    windows = [window(*each) for each in _WINDOWS]
    return [
        Column("rank", "#", 2, lambda r, _: _rank(r), lambda r: r.rank, 0, low_first=True,
               words="rank by the return of 63 sessions; a dot: not ranked"),
        Column("change", "Δ21" if space.glyphs.braille else "d21", 3, lambda r, _: _rank_change(r, space),
               lambda r: r.rank_change, 1, words="places won or lost in 21 sessions"),
        Column("sector", "sector" if space.full else "small caps", 15, _name, lambda r: r.sector, 0, left=True, grow=3,
               words="sector; thin: so little of the fund is traded that its price says little"),
        Column("symbol", "fund", 4, lambda r, _: Span(r.symbol, tone(r, "dim")), lambda r: r.symbol, 3, left=True,
               words="the fund whose price stands for the sector"),
        number("last", "last", 8, 8, lambda r: r.last, figures.amount, "last price, dollars"),
        window(Window.D1, 5, 6),
        Column("63d", "63d", 5, lambda r, _: _quarter(r), lambda r: r.windows["63d"], 0,
               words=window_words(Window.S63, "the return that ranks, %,")),
        *((Column("age", "age", 4, lambda r, _: age_of(r, space), None, 0, words=OLD),) if old else ()),
        *windows,
        Column("excess", against, 9 if named else max(6, len(against)), lambda r, _: _excess(r, named=named),
               lambda r: r.excess_pp, 1,
               words="63 sessions: return less that of the benchmark, percentage points"),
        Column("pair", f"{minus}large", 6, lambda r, _: _pair_spread(r), lambda r: r.pair_spread_pp, 1,
               words="63 sessions: return less that of the same sector among large caps, percentage points"),
        Column("spark", f"1 year {space.glyphs.dotted} 0", 12, lambda r, w: _year(r, w, space), None, 6, True, grow=12,
               words="the excess over 63 sessions through the past year; over the dots: ahead of the benchmark"),
        number("range", "52w %", 5, 7, lambda r: r.year_range_pct, lambda v: figures.amount(v, 0),
               "where the price is between lowest (0) and highest (100) of 52 weeks"),
        number("volume", "$m/day", 7, 8, lambda r: r.median_dollar_volume, _millions,
               "median dollars traded a day, millions"),
        Column("rotation", "rotation", 9, lambda r, _: _quadrant(r),
               lambda r: None if r.quadrant is None else list(Quadrant).index(r.quadrant), 12 if space.full else 2,
               left=True, words="relative rotation: leading, weakening, lagging, improving; centre: too near to say"),
        Column("tracks", "tracks", 8, _tracks, lambda r: r.tracks, _rank_of_tracks(space), left=True, grow=34,
               words="the index that the fund tracks"),
    ]  # fmt: skip


def _rank_of_tracks(space: Space) -> int:
    """In a frame the lower edge names the indexes where the column has no room."""
    return 2 if space.full else 4 if space.tight else 7


def tone(row: SectorRow, wanted: str) -> str:
    """`wanted`, quieter where the price is old or so little is traded that it says little."""
    return tone_of(row.state, "faint" if row.illiquid else wanted)


def _rank(row: SectorRow) -> Span:
    if row.rank is None:
        return Span("·" if row.state is not State.UNKNOWN else figures.UNKNOWN, "faint")
    return Span(str(row.rank), tone(row, "dim"))


def _rank_change(row: SectorRow, space: Space) -> Span:
    change = row.rank_change
    if change is None:
        return Span("", "faint")
    glyphs = space.glyphs
    text = glyphs.same if change == 0 else f"{glyphs.up if change > 0 else glyphs.down}{abs(change)}"
    return Span(text, tone(row, "dim"))


def _name(row: SectorRow, width: int) -> Span:
    if row.illiquid:  # the word is never the part that is cut
        return Span(cut(row.sector, width - len(_THIN)) + _THIN, "faint")
    return Span(row.sector, tone(row, "highlight" if row.thesis else "text"))


def _quarter(row: SectorRow) -> Span:
    value = row.windows[Window.S63.value]
    if value is None:
        return Span(figures.UNKNOWN, "unknown")
    return Span(window_text(row, Window.S63), tone(row, "gain" if value > 0 else "loss" if value < 0 else "flat"))


def _quadrant(row: SectorRow) -> Span:
    if row.quadrant is None:
        return Span("", "faint")
    if row.centre:
        return Span("centre", tone(row, "faint"))
    return Span(row.quadrant.value.lower(), tone(row, "text" if row.quadrant is Quadrant.LEADING else "faint"))


def _excess(row: SectorRow, *, named: bool) -> Span:
    text = figures.signed(row.excess_pp)
    return Span(f"{text} {row.benchmark}" if named and row.excess_pp is not None else text, tone(row, "dim"))


def _year(row: SectorRow, width: int, space: Space) -> Row:
    """The excess of the past year over its benchmark, with zero as its base, up to the excess of now."""
    ink = Ink("faint", "faint", "faint", "faint") if row.illiquid else ink_of(row)
    return spark(row.excess_line, width, space.glyphs, base=0.0, last=row.excess_pp, ink=ink)[0]


def _pair_spread(row: SectorRow) -> Span:
    return Span("" if row.pair is None else figures.signed(row.pair_spread_pp), tone(row, "dim"))


def _tracks(row: SectorRow, width: int) -> Span:
    return Span(row.tracks if len(row.tracks) <= width else short_index(row.tracks), "faint")


def _millions(dollars: float | None) -> str:
    return figures.amount(None if dollars is None else dollars / 1e6, 1)
