"""Small minus large: each pair over the windows, how unusual the margin is, and its two years."""

from collections.abc import Callable

from rotation_tui.board.contract import Board, SpreadRow, State, WidestRow
from rotation_tui.domain.results import DEFINITIONS
from rotation_tui.domain.window import Window
from rotation_tui.panes.base import Pane, Setting, Space, age_of, tone_of
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Span
from rotation_tui.widgets.spark import spark
from rotation_tui.widgets.table import Column, fitting, header, line, ordered

_WINDOWS = (
    (Window.W1, "1W", 5), (Window.M1, "1M", 1), (Window.M3, "3M", 4), (Window.M6, "6M", 2),
    (Window.Y1, "1Y", 6), (Window.MTD, "MTD", 7), (Window.QTD, "QTD", 8), (Window.HALF, "half", 1),
    (Window.YTD, "YTD", 0),
)  # fmt: skip
_DEFINITION_NAMES = {
    "CAL": "calendar", "HALF": "half", "ROLL126": "126d", "ROLL252": "252d", "STREAK": "streak",
}  # fmt: skip


DEFINITION = Setting("definition", "d", ("HALF", "CAL", "ROLL126", "ROLL252", "STREAK"), "definition of widest since")
"""Which meaning of "widest margin" the headline spells out; all five verdicts always stand under it."""


def _window(row: SpreadRow, window: Window, first: bool) -> Span:
    return Span(
        figures.signed(row.windows[window.value]),
        tone_of(row.state, "bright" if first else "dim"),
        bold=first and row.state not in (State.STALE, State.UNKNOWN),
    )


def _day(row: SpreadRow) -> Span:
    value = row.windows["1D"]
    if value is None:
        return Span(figures.UNKNOWN, "unknown")
    tone = "gain" if value > 0 else "loss" if value < 0 else "flat"
    return Span(figures.signed(value), tone_of(row.state, tone))


def percentile(row: SpreadRow) -> Span:
    """Rank of the 126-session margin in its own history: p72, or REC where there was none wider."""
    if row.percentile is None:
        return Span(figures.UNKNOWN, "unknown")
    if row.percentile_is_record:
        return Span("REC", "highlight", bold=True)
    return Span(f"p{row.percentile:02.0f}", tone_of(row.state, "dim"))


def _columns(space: Space, first: str, old: bool) -> list[Column[SpreadRow]]:
    def window(at: Window, name: str, rank: int) -> Column[SpreadRow]:
        return Column(at.value, name, 5, lambda r, _: _window(r, at, r.id == first),
                      lambda r: r.windows[at.value], rank, grow=1)  # fmt: skip

    def number(key: str, name: str, width: int, of: Callable[[SpreadRow], float | None], text: Callable[
        [float | None], str], rank: int) -> Column[SpreadRow]:  # fmt: skip
        return Column(key, name, width, lambda r, _: Span(text(of(r)), tone_of(r.state, "dim")), of, rank)

    def name(row: SpreadRow, _: int) -> Span:
        return Span(row.id.replace("-", space.glyphs.minus), "highlight" if row.id == first else "text")

    def two_years(row: SpreadRow, width: int) -> Span:
        line_of = spark(row.spark, width, braille=space.glyphs.braille)
        return Span(line_of, "highlight" if row.id == first else "spark")

    return [
        Column("id", "", 8, name, lambda r: r.id, 0, left=True),
        Column("1D", "1D", 5, lambda r, _: _day(r), lambda r: r.windows["1D"], 0),
        *(window(at, text, rank) for at, text, rank in _WINDOWS),
        Column("rank", "rank", 4, lambda r, _: percentile(r), lambda r: r.percentile, 0),
        *((Column("age", "age", 4, lambda r, _: age_of(r.state, r.as_of, space), None, 0),) if old else ()),
        number("z", "z", 5, lambda r: r.z, lambda v: figures.signed(v, 2), 9),
        number("vs200", "200d", 6, lambda r: r.ratio_vs_200d_pct, figures.signed, 9),
        number("beta", "beta", 5, lambda r: r.beta, figures.amount, 10),
        number("corr", "corr", 5, lambda r: r.correlation, figures.amount, 10),
        number("won", "won", 4, lambda r: r.months_won_of_6, lambda v: "?" if v is None else f"{v:.0f}/6", 10),
        Column("spark", "two years", 10 if space.width < 80 else 24, two_years, None, 1, grow=40),
    ]


def draw(board: Board, space: Space) -> Face:
    """All pairs."""
    first = board.spreads[0].id if board.spreads else ""
    columns = fitting(_columns(space, first, any(r.state is State.STALE for r in board.spreads)), space.width)
    rows = ordered(board.spreads, [c for c, _ in columns], space.order, lambda r: r.id)
    drawn: list[Row] = [line(columns, row) for row in rows]
    ids: list[str | None] = [row.id for row in rows]
    if not space.tight:
        extra = _headline(board, space)
        if extra and len(drawn) + len(extra) + 2 <= space.height:
            drawn += [(), *extra]
            ids += [None] * (len(extra) + 1)
    title = "Spreads, pp" if space.tight else f"Small {space.glyphs.minus} large, pp"
    return Face(title, tuple(drawn), tuple(ids), _subtitle(board), header(columns, space.order))


def _subtitle(board: Board) -> str:
    if not board.spreads:
        return "no pairs configured"
    row = board.spreads[0]
    if row.as_of is None:
        return row.why or "no history yet"
    return f"{row.basis.value if row.basis else ''} return · session {row.as_of}"


def _headline(board: Board, space: Space) -> list[Row]:
    """The headline claim with its five definitions, on the first pair."""
    if not board.spreads or not board.spreads[0].widest_since:
        return []
    row = board.spreads[0]
    marks: list[Span] = []
    yes = known = 0
    for name in DEFINITIONS:
        found = row.widest_since.get(name)
        verdict = found.over_a_decade if found else None
        known += verdict is not None
        yes += bool(verdict)
        glyph = "?" if verdict is None else space.glyphs.yes if verdict else space.glyphs.no
        marks.append(Span(f" {_DEFINITION_NAMES[name]} {glyph} ", "bright" if verdict else "dim"))
    word, tone = ("UNKNOWN", "unknown") if known < len(DEFINITIONS) else (
        ("CONFIRMED", "ok") if yes >= 3 else ("DENIED", "alert") if yes <= 1 else ("MIXED", "watch"))  # fmt: skip
    if row.state in (State.STALE, State.UNKNOWN):
        unknown = Span("UNKNOWN", "unknown", bold=True)
        return [(Span("widest in over a decade? ", "dim"), unknown, Span(f"  closes end {row.as_of}", "stale"))]
    name = space.setting(DEFINITION)
    found = row.widest_since.get(name)
    since = "" if found is None else f"  {_DEFINITION_NAMES[name]}: {_since(found)}"
    return [
        (Span("widest in over a decade? ", "dim"), Span(word, tone, bold=True), Span(since, "dim")),
        tuple(marks),
    ]


def _since(found: WidestRow) -> str:
    """How long ago a margin as wide was last seen; a record is told apart from a date."""
    if found.value is None:
        return "unknown"
    if found.value <= 0:
        return "no margin, small lag"
    if found.record:
        return f"widest since records begin, {str(found.first)[:4]}"
    return f"widest since {str(found.since)[:4]}" if found.since else "unknown"


def detail(board: Board, row_id: str, _: Space) -> tuple[Row, ...]:
    """What the pair is and how its numbers were made."""
    row = next((r for r in board.spreads if r.id == row_id), None)
    if row is None:
        return ((Span("no longer on the board", "dim"),),)
    reasons = row.reasons or {}

    def number(name: str, value: float | None, decimals: int = 2, unit: str = "") -> str:
        return figures.signed(value, decimals) + unit if value is not None else f"? {reasons.get(name, '')}"

    lines = [
        ("what", f"{row.small} minus {row.large}, {row.basis.value if row.basis else '?'} return, "
                 f"percentage points; session {row.as_of}, {row.state.value}"),
        ("windows", "  ".join(f"{w.value} {figures.signed(row.windows[w.value], 2)}" for w in Window)),
        ("z", f"{number('z', row.z)} of the 126-session margin over 252 sessions"),
        ("rank", f"{percentile(row).text} mid-rank percentile, n = {row.percentile_n}"),
        ("ratio", f"{figures.significant(row.ratio)}, {number('ratio_vs_200d_pct', row.ratio_vs_200d_pct)} % from its "
                  f"200-session mean: {row.breakout.value}"),
        ("drawdown", number("drawdown_pct", row.drawdown_pct, 2, " % from the ratio's highest")),
        ("beta", f"{figures.amount(row.beta)}  correlation {figures.amount(row.correlation)} (252 sessions)"),
        ("streak", "?" if row.streak is None else f"{row.streak:+d} sessions; won "
                   f"{'?' if row.months_won_of_6 is None else row.months_won_of_6} of the last 6 months"),
    ]  # fmt: skip
    for name, found in row.widest_since.items():
        words = found.note or _since(found)
        lines.append((name.lower(), f"{figures.signed(found.value, 2)}: {words}"
                      + (f" ({found.since})" if found.since else "")))  # fmt: skip
    if row.why:
        lines.append(("why ?", row.why))
    return tuple((Span(name.ljust(9), "dim"), Span(text, "text")) for name, text in lines)


PANE = Pane(
    "spreads",
    "Small − large",
    draw,
    lambda board: len(board.spreads) + 4,
    2,
    detail,
    ("id", "1D", "1W", "1M", "3M", "6M", "1Y", "MTD", "QTD", "HALF", "YTD", "rank", "z"),
    settings=(DEFINITION,),
)
