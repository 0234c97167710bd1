"""Columns of the spreads: margins over the windows, the past of the pair, and its statistics."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from rotation_tui.board.contract import SpreadRow
from rotation_tui.domain.results import MOVES, Breakout, YearExtreme
from rotation_tui.domain.state import State
from rotation_tui.domain.window import Window
from rotation_tui.panes.base import OLD, Space, age_of, tone_of
from rotation_tui.panes.past import DISTANCE, LEAST_LINE, distance, ink_of, longest, titles_of
from rotation_tui.panes.spreads.words import percentile
from rotation_tui.panes.window_columns import window_name, window_text, window_words
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, Span, right
from rotation_tui.widgets.spark import ruler, spark
from rotation_tui.widgets.table import MARK, Column

_WINDOWS = (
    (Window.W1, 5), (Window.M1, 1), (Window.M3, 4), (Window.M6, 2), (Window.Y1, 6), (Window.S21, 12), (Window.S63, 11),
    (Window.S126, 6), (Window.S252, 10), (Window.MTD, 7), (Window.QTD, 8), (Window.HALF, 1), (Window.YTD, 0),
)  # fmt: skip
"""Window and rank: of those in sessions 126d comes first, for percentile and z are of it."""


def name(space: Space, first: str) -> Column[SpreadRow]:
    """The pair; the first one is what the board is about."""

    def written(row: SpreadRow, _: int) -> Span:
        return Span(row.id.replace("-", space.glyphs.minus), "highlight" if row.id == first else "text")

    return Column(
        "id", "", 8, written, lambda r: r.id, 0, left=True, words="the pair: return of the first less the second"
    )


def margins(first: str, periods: Mapping[str, str]) -> list[Column[SpreadRow]]:
    """Small minus large over every window."""

    def window(at: Window, rank: int) -> Column[SpreadRow]:
        title = window_name(at, periods)
        return Column(at.value, title, max(5, len(title)), lambda r, _: _window(r, at, r.id == first),
                      lambda r: r.windows[at.value], rank, grow=1, words=window_words(at, _MARGIN))  # fmt: skip

    day: Column[SpreadRow] = Column("1D", "1D", 5, lambda r, _: _day(r), lambda r: r.windows["1D"], 0,
                                    words=window_words(Window.D1, _MARGIN))  # fmt: skip
    return [day, *(window(at, rank) for at, rank in _WINDOWS)]


_MARGIN = "small less large, percentage points,"
_FIRST = (Window.M1, Window.M6, Window.HALF, Window.YTD)
"""Margins that stand before anything is told of the past."""
_RATIO = 6
_VALUE = 1 + _RATIO + 1 + DISTANCE
_RANK, _RULER = 5, 7
_LONGEST = 48


def past(space: Space, periods: Mapping[str, str], *, tall: bool, old: bool) -> list[Column[SpreadRow]]:
    """The rank of the margin and the line of the ratio, as much of them as there is room for beside the margins.

    First the line and the rank, then the ruler that the rank is marked on, then what the line ends with. Of what is
    spare then the line takes half; the other half is for more margins.
    """
    margins = sum(1 + max(5, len(window_name(window, periods))) for window in _FIRST)
    room = space.width - (8 + 1 + 5) - margins - (5 if old else 0)
    ruled = room >= 1 + LEAST_LINE + 1 + _RULER + _RANK
    valued = room >= 1 + LEAST_LINE + _VALUE + 1 + _RULER + _RANK
    spare = max(0, room - 1 - LEAST_LINE - (_VALUE if valued else 0) - 1 - _RULER - _RANK) if ruled else 0
    scale = 0 if not ruled else _RULER + min(8, spare // 4)
    line = min(_LONGEST, LEAST_LINE + spare // 2)
    width = line + (_VALUE if valued else 0)
    titles = titles_of(space.glyphs, "ratio")
    return [
        Column("percentile", _rank_title(scale + _RANK), scale + _RANK, lambda r, w: _ranked(r, w - _RANK, space),
               lambda r: r.percentile, 0, left=ruled,
               words="the margin of 126 sessions between its least and largest of ten years; p76: above 76 % of them"),
        *((Column("age", "age", 4, lambda r, _: age_of(r, space), None, 0, words=OLD),) if old else ()),
        Column("spark", longest(width, *titles), width,
               lambda r, w: _line(r, w, space, valued=valued, tall=tall)[0], None, 1, True, grow=_LONGEST,
               words="small over large in two years around its mean of 200 sessions, and how far it is from it",
               below=lambda r, w: _line(r, w, space, valued=valued, tall=tall)[-1]),
    ]  # fmt: skip


def _rank_title(width: int) -> str:
    return longest(width, "126d margin, ten years", "126d margin, 10y", "126d, 10 years", "126d, 10y", "p126d")


def _ranked(row: SpreadRow, scale: int, space: Space) -> Row | Span:
    """The percentile of the margin, on a ruler from the lowest to the highest where there is room for one."""
    told = marked(row, percentile(row))
    if scale <= 0:
        return told
    drawn = ruler(row.margin_pp, row.margin_low_pp, row.margin_high_pp, scale, space.glyphs, ink_of(row))
    text = told.text.removesuffix(MARK)
    return (*drawn, told._replace(text=right(text, _RANK - 1) + (MARK if text != told.text else " ")))


def _line(row: SpreadRow, width: int, space: Space, *, valued: bool, tall: bool) -> tuple[Row, ...]:
    """The ratio over two years with the mean of 200 sessions as its base, up to the ratio of now."""
    ink = ink_of(row)
    line = spark(row.spark, width - (_VALUE if valued else 0), space.glyphs, base=row.ratio_mean_line,
                 last=row.ratio_now, tall=tall, ink=ink)  # fmt: skip
    if not valued:
        return line
    now = figures.significant(row.ratio_now)
    told = (
        Span(" " + (right(now, _RATIO) if len(now) <= _RATIO else "#" * _RATIO), tone_of(row.state, "text")),
        Span(" "),
        distance(row.ratio_now_vs_200d_pct, space.glyphs, ink),
    )
    return ((*line[0], *told), *line[1:])


def _window(row: SpreadRow, window: Window, first: bool) -> Span:
    return Span(
        window_text(row, window),
        tone_of(row.state, "bright" if first else "dim"),
        bold=first and row.state not in (State.STALE, State.UNKNOWN),
    )


def _day(row: SpreadRow) -> Span:
    value = row.windows["1D"]
    if value is None:
        return Span(figures.UNKNOWN, "unknown")
    tone = "gain" if value > 0 else "loss" if value < 0 else "flat"
    tone = tone if row.current else "dim"  # not today's
    return Span(window_text(row, Window.D1), tone_of(row.state, tone))


def statistics(space: Space) -> list[Column[SpreadRow]]:
    """What is told of a pair on completed bars; the lower the rank, the sooner it stands beside the margins."""

    def number(
        key: str, title: str, width: int, of: Callable[[SpreadRow], float | None],
        text: Callable[[float | None], str], rank: int, words: str,
    ) -> Column[SpreadRow]:  # fmt: skip
        return Column(
            key, title, width, lambda r, _: Span(text(of(r)), tone_of(r.state, "dim")), of, rank, grow=1, words=words
        )

    def move(n: int) -> Column[SpreadRow]:
        sigma = "σ" if space.glyphs.braille else "sd"
        return number(f"move_{n}", f"{n}d {sigma}", 6, lambda r: (r.moves or {}).get(str(n)), figures.signed, 11,
                      f"margin of {n} sessions in standard deviations of such margins")  # fmt: skip

    def won(key: str, of: Callable[[SpreadRow], int | None], months: int, rank: int) -> Column[SpreadRow]:
        return number(
            key, f"won {months}", 6, of, lambda v: figures.UNKNOWN if v is None else f"{v:.0f}/{months}", rank,
            f"of the last {months} whole months, those in which small beat large",
        )  # fmt: skip

    def small(value: float | None) -> str:
        return figures.signed(value, 2)

    columns = [
        Column("z", "z (win)", 9, lambda r, _: _z(r), lambda r: r.z, 9,
               words="margin of 126 sessions in standard deviations from its mean (windows that stand apart)"),
        number("vs200", "200d", 5, lambda r: r.ratio_vs_200d_pct, figures.signed, 9,
               "ratio against its mean of 200 sessions, %"),
        Column("breakout", "state", 5, lambda r, _: _state(r), lambda r: _order(r.breakout), 12,
               words="side of the 200d mean, once three closes in a row were beyond it"),
        Column("extreme", "52w", 4, lambda r, _: _extreme(r, space), lambda r: _extreme_order(r.year_extreme), 12,
               words="52wH, 52wL: the ratio is at its highest or lowest of a year"),
        number("ratio", "ratio", 6, lambda r: r.ratio, figures.significant, 12, "small over large"),
        number("log", "log", 6, lambda r: r.log_ratio, lambda v: figures.amount(v, 3), 14,
               "natural logarithm of the ratio"),
        number("fall_year", "dd252", 5, lambda r: r.drawdown_252_pct, figures.signed, 13,
               "ratio against its highest of 252 sessions, %"),
        number("fall_2020", "dd 2020", 7, lambda r: r.drawdown_since_2020_pct, figures.signed, 14,
               "ratio against its highest since 2020, %"),
        number("fall", "dd max", 6, lambda r: r.drawdown_pct, figures.signed, 12,
               "ratio against its highest of the whole history, %"),
        *(move(n) for n in MOVES),
        number("corr63", "corr63", 6, lambda r: r.correlation_63, figures.amount, 13,
               "correlation of daily returns over 63 sessions"),
        number("corr", "corr252", 7, lambda r: r.correlation, figures.amount, 10,
               "correlation of daily returns over 252 sessions"),
        number("beta", "beta", 4, lambda r: r.beta, figures.amount, 10,
               "what small moved for each 1 % of large, over 252 sessions"),
        number("beta_adjusted", "beta126", 7, lambda r: r.beta_adjusted_pp, figures.signed, 11,
               "margin of 126 sessions without what beta explains, percentage points"),
        number("vol_adjusted", "vol126", 6, lambda r: r.vol_adjusted, small, 11,
               "margin of 126 sessions in tracking volatilities"),
        number("streak", "run", 3, lambda r: r.streak, lambda v: figures.signed(v, 0), 12,
               "sessions in a row in which small beat large, or the other way round where negative"),
        won("won", lambda r: r.months_won_of_6, 6, 10),
        won("won12", lambda r: r.months_won_of_12, 12, 13),
    ]  # fmt: skip
    return [replace(c, cell=_of_earlier_closes(c.cell)) for c in columns]


def _of_earlier_closes(cell: Callable[[SpreadRow, int], Span | Row]) -> Callable[[SpreadRow, int], Span | Row]:
    def written(row: SpreadRow, width: int) -> Span | Row:
        made = cell(row, width)
        return marked(row, made) if isinstance(made, Span) else made

    return written


def marked(row: SpreadRow, statistic: Span) -> Span:
    """A statistic with the mark where its closes end before the session of the row."""
    if "statistics" not in row.marks or statistic.text == figures.UNKNOWN:
        return statistic
    return statistic._replace(text=statistic.text + MARK)


def _z(row: SpreadRow) -> Span:
    """With how many windows beside each other it rests on, for a z of overlapping ones looks surer than it is."""
    windows = "" if row.z is None or row.z_windows is None else f" ({row.z_windows:.0f})"
    return Span(figures.signed(row.z, 2) + windows, tone_of(row.state, "dim"))


def _state(row: SpreadRow) -> Span:
    if row.breakout is Breakout.UNKNOWN:
        return Span(figures.UNKNOWN, "unknown")
    return Span(row.breakout.value.lower(), tone_of(row.state, "dim"))


def _order(state: Breakout) -> float | None:
    return {Breakout.ABOVE: 1.0, Breakout.BELOW: -1.0}.get(state)


def _extreme(row: SpreadRow, space: Space) -> Span:
    if row.year_extreme is YearExtreme.UNKNOWN:
        return Span(figures.UNKNOWN, "unknown")
    if row.year_extreme is YearExtreme.INSIDE:
        return Span(space.glyphs.none, tone_of(row.state, "faint"))
    return Span(row.year_extreme.value, tone_of(row.state, "highlight"))


def _extreme_order(extreme: YearExtreme) -> float | None:
    return {YearExtreme.HIGH: 1.0, YearExtreme.INSIDE: 0.0, YearExtreme.LOW: -1.0}.get(extreme)
