"""What cells and details say of a ticker, wherever one stands: its day, windows, record, age, and hours outside."""

from collections.abc import Iterable
from datetime import timedelta

from rotation_tui.board.contract import Board, TickerRow
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.state import State
from rotation_tui.domain.window import Window
from rotation_tui.panes.base import Space, age_of, local_stamp, shows_age, tone_of
from rotation_tui.panes.parts import came_by
from rotation_tui.panes.past import ink_of
from rotation_tui.panes.window_columns import all_windows, window_text
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, Span
from rotation_tui.widgets.spark import spark
from rotation_tui.widgets.table import MARK, Column

AGE = 9
"""Columns of an age, or of what stands in its place."""
_WITHOUT_WINDOWS = (Kind.VOLATILITY, Kind.FUTURE)
"""Kinds whose returns over a window say nothing: an index of volatility, a chain of contracts."""
_TODAY = timedelta(hours=20)
"""A time of day alone says enough of a print that is no older."""
HOW = (
    "last / base close - 1, %; base of 1M: the last close on or before the same day a month earlier, "
    "of 21d: the close 21 sessions before, of YTD: the last of the year before"
)


def studied(row: TickerRow, tone: str) -> str:
    """The tone of a number that rests on the price and on completed bars."""
    return tone_of(row.state, tone_of(row.study_state, tone) if row.study_state is State.STALE else tone)


def without_windows(row: TickerRow) -> bool:
    """Whether returns and records of this symbol say nothing."""
    return kind_of(row.symbol) in _WITHOUT_WINDOWS


def window_cell(row: TickerRow, window: Window) -> Span:
    return Span("", "dim") if without_windows(row) else Span(window_text(row, window), studied(row, "dim"))


def day_cell(row: TickerRow, space: Space) -> Span:
    """The regular session's change, never that of the hours outside it."""
    change = row.change_pct
    if change is None:
        return Span(figures.UNKNOWN, "unknown")
    glyph = space.glyphs.up if change > 0 else space.glyphs.down if change < 0 else " "
    tone = "gain" if change > 0 else "loss" if change < 0 else "flat"
    if kind_of(row.symbol) is Kind.VOLATILITY:
        tone = "text"  # more of it is no gain
    # a change of an earlier session is not today's: said without colour
    mark = MARK if Window.D1.value in row.marks else ""
    return Span(f"{glyph} {figures.signed(change, 2)}{mark}", tone_of(row.state, tone if row.current else "dim"))


def record_cell(row: TickerRow) -> Span:
    if without_windows(row):
        return Span("", "dim")
    if row.is_record:
        return Span("REC", studied(row, "highlight"), bold=row.state is not State.STALE)
    if row.above_record:
        return Span("above", studied(row, "highlight"))
    if row.from_record_pct is None:
        return Span(figures.UNKNOWN, studied(row, "dim"))
    mark = MARK if "record" in row.marks else ""
    return Span(f"{figures.signed(row.from_record_pct)}%{mark}", studied(row, "dim"))


def age_cell(row: TickerRow, space: Space, *, extended: bool = True) -> Span:
    """How late or how old the price is; else its change outside regular hours, unless that has columns of its own."""
    if row.state is State.UNKNOWN:
        return Span(figures.UNKNOWN, "unknown")
    if row.state is not State.STALE and row.study_state is State.STALE:
        age = age_of(row, space)
        return age._replace(text=f"bars {age.text}")
    if shows_age(row):
        return age_of(row, space)
    if row.note:
        return Span("see data", "watch")
    if row.state is State.DELAYED and row.delay_s:
        return Span(f"{row.delay_s // 60}m late", "faint")
    if extended and row.extended is not None:
        return Span(f"{row.extended.phase.value.lower()} {figures.signed(row.extended.change_pct)}", "dim")
    if row.streamed and row.state is State.LIVE and row.as_of is not None:
        step = figures.age(space.now - row.as_of)
        return Span("stream" if step == "live" else f"stream {step}", "faint")
    return Span("", "faint")


def extended_columns(space: Space, named: str, rank: int) -> list[Column[TickerRow]]:
    """Price, change and time outside regular hours; `named` is pre or post, empty where no row has any.

    The change is against the last regular price, and stands in no other column.
    """
    title = named or "ext"
    when = "before the open" if named == "pre" else "after the close" if named == "post" else "outside regular hours"

    def price(row: TickerRow, _: int) -> Span:
        return Span("" if row.extended is None else figures.amount(row.extended.last), "dim")

    def change(row: TickerRow, _: int) -> Span:
        percent = None if row.extended is None else row.extended.change_pct
        if row.extended is None:
            return Span("", "dim")
        tone = "unknown" if percent is None else "gain" if percent > 0 else "loss" if percent < 0 else "flat"
        return Span(figures.signed(percent, 2), tone)

    def at(row: TickerRow, _: int) -> Span:
        if row.extended is None:
            return Span("", "dim")
        elapsed = space.now - row.extended.as_of
        if elapsed > _TODAY:
            return Span(figures.age(elapsed), "faint")
        return Span(row.extended.as_of.astimezone(space.zone).strftime("%H:%M"), "faint")

    return [
        Column("ext", title, 9, price, lambda r: r.extended.last if r.extended else None, rank + 1,
               words=f"price {when}"),
        Column("ext_pct", f"{title} %", 7, change, lambda r: r.extended.change_pct if r.extended else None, rank,
               words=f"change {when}, %, from the last regular price: no part of the day's"),
        Column("ext_at", "at", 5, at, None, rank + 2, words=f"when the price {when} was printed"),
    ]  # fmt: skip


def named_hours(rows: Iterable[TickerRow]) -> str:
    """Which hours the prices outside the regular ones are of: pre, post, both of them as ext, empty where none."""
    phases = {row.extended.phase.value.lower() for row in rows if row.extended is not None}
    return phases.pop() if len(phases) == 1 else "ext" if phases else ""


def line_cell(row: TickerRow, width: int, space: Space) -> Row:
    """Closes of two years around their mean of 200."""
    (line,) = spark(row.spark, width, space.glyphs, base=row.mean_line, last=row.last, ink=ink_of(row))
    return line


def ticker_facts(row: TickerRow, board: Board, space: Space) -> list[tuple[str, str]]:
    """What a ticker is, how its numbers were made, from what, as of when, from whom."""
    lines = [
        ("what", f"{row.name} ({row.symbol}), {'total return' if row.basis == 'total' else 'price return'}"),
        ("last", f"{figures.amount(row.last)}  {row.state.value}"),
        ("printed", local_stamp(row.as_of, space)),
        ("checked", local_stamp(row.checked_at, space)),
        ("from", _from_whom(row)),
        ("day", f"{figures.signed(row.change_pct, 2)} % from the close of the session before"),
    ]
    lines += _outside(row, space)
    lines += all_windows(row, board.periods)
    if row.record_close is not None:
        mark = MARK if "record" in row.marks else ""
        lines.append(("record", f"{figures.amount(row.record_close)}{mark} on {row.record_date}, "
                                f"{figures.signed(row.from_record_pct, 2)} % from it"
                                + (", above record: a record needs a close" if row.above_record else "")))  # fmt: skip
        if mark:
            lines.append(("", f"record {row.marks['record']}: one of them may be higher"))
    if row.record_intraday is not None:
        lines.append(("highest", f"{figures.amount(row.record_intraday)} within a session"))
    if row.consolidating:
        lines.append(("", "consolidating: 1 to 8 % below its record, 21 sessions within 8 %"))
    if row.from_year_high_pct is not None:
        lines.append(("52 weeks", f"{figures.signed(row.from_year_high_pct, 2)} % from the highest of 252 closes, "
                                  f"{figures.signed(row.from_year_low_pct, 2)} % from the lowest"))  # fmt: skip
    lines.append(("how", HOW))
    if row.study_as_of is not None:
        lines.append(("closes", f"to {row.study_as_of}{', stale' if row.study_state is State.STALE else ''}"))
    if row.note:
        lines.append(("data", f"{row.note}: a fund and its index should be closer"))
    if row.why:
        lines.append(("why ?", row.why))
    return lines


def _outside(row: TickerRow, space: Space) -> list[tuple[str, str]]:
    extended = row.extended
    if extended is None:
        return []
    told = f"{figures.amount(extended.last)} {figures.signed(extended.change_pct, 2)} % from the regular price, "
    return [(extended.phase.value.lower(), told + local_stamp(extended.as_of, space))]


def _from_whom(row: TickerRow) -> str:
    if row.source is None:
        return figures.UNKNOWN
    late = f"{row.delay_s // 60} min delayed" if row.delay_s else "real time"
    return f"{row.source}, {late}{came_by(row)}"
