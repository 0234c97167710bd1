"""A spread in words: who leads, since when the margin was as wide, and the detail of a pair."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from rotation_tui.board.contract import Board, SpreadRow
from rotation_tui.domain.results import Breakout, WidestSince, YearExtreme
from rotation_tui.domain.state import State
from rotation_tui.domain.window import Window
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import Space, tone_of
from rotation_tui.panes.history.face import with_chart
from rotation_tui.panes.parts import GONE, facts
from rotation_tui.panes.window_columns import all_windows, window_name
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Rows, Span
from rotation_tui.widgets.table import MARK

DEFINITION_NAMES = {
    "CAL": "calendar", "HALF": "half", "ROLL126": "126d", "ROLL252": "252d", "STREAK": "streak",
}  # fmt: skip


def percentile(row: SpreadRow) -> Span:
    """Rank of the 126-session margin in its own history: p72, or REC where there was none wider."""
    if row.percentile is None:
        return Span(figures.UNKNOWN, "unknown")
    if row.percentile_is_record:
        return Span("REC", tone_of(row.state, "highlight"), bold=row.state is not State.STALE)
    return Span(f"p{row.percentile:02.0f}", tone_of(row.state, "dim"))


def leads(row: SpreadRow, periods: Mapping[str, str]) -> tuple[str, ...]:
    """Who leads this year and this half, and how unusual that is; the longest first, nothing where all is unknown."""
    year, half = row.windows["YTD"], row.windows["HALF"]
    this_year = f"in {periods['YTD'].removeprefix('YTD ')}" if "YTD" in periods else "this year"
    this_half = f"in {periods['HALF']}" if "HALF" in periods else "this half"
    told = [
        (value, words + ("*" if window in (row.marks or {}) else ""))
        for window, value, words in (("YTD", year, this_year), ("HALF", half, this_half))
        if value is not None
    ]
    if not told:
        return ()
    if year == half:  # the first half of a year is the year
        told = told[:1]
    whole, short = _led(told, " caps"), _led(told, "")
    if row.percentile is None:
        return (whole, short)
    past = f"of {counted(row.percentile_n, 'session')}"
    unusual = f"the widest {past}" if row.percentile_is_record else f"above {row.percentile:.0f} % {past}"
    brief = "the widest yet" if row.percentile_is_record else f"wider than {row.percentile:.0f} %"
    margin, windows = f"{whole}; 126d margin {unusual}", _windows(row.percentile_windows)
    return (*((margin + windows,) if windows else ()), margin, f"{short}; 126d {brief}", whole, short)


def _led(told: Sequence[tuple[float, str]], caps: str) -> str:
    """ "large caps lead by 5.1 pp this year, small caps by 3.8 pp this half"."""
    (value, words), *more = told
    text = f"{_who(value)}{caps} lead by {abs(value):.1f} pp {words}"
    for other, when in more:
        who = f"{_who(other)}{caps} " if _who(other) != _who(value) else ""
        text += f", {who}by {abs(other):.1f} pp {when}"
    return text


def _who(spread: float) -> str:
    return "small" if spread > 0 else "large"


def since(found: WidestSince) -> str:
    """How long ago a margin as wide was last seen; a record is told apart from a date."""
    if found.value is None:
        return "unknown"
    if found.value <= 0:
        return "no margin, small lag"
    if found.record:
        return f"widest since records begin, {str(found.first)[:4]}"
    return f"widest since {str(found.since)[:4]}" if found.since else "unknown"


def since_within(found: WidestSince) -> tuple[str, ...]:
    """The same in its lengths, longest first."""
    return (since(found), f"a record since {str(found.first)[:4]}") if found.record else (since(found),)


def in_total_return(row: SpreadRow) -> SpreadRow:
    """The row with its margins in total return, which end with a close; unknown where it has none."""
    if row.total is None or row.state is State.UNKNOWN:
        return row
    state = State.STALE if row.state is State.STALE else State.CLOSED
    marks = dict(row.total.marks)
    if row.total.as_of != row.as_of:  # a day that is not the one of the prices elsewhere on the screen
        marks[Window.D1.value] = f"* to the close of {row.total.as_of}"
    marks |= {name: words for name, words in row.marks.items() if name == "statistics"}
    return replace(row, windows=row.total.windows, marks=marks, state=state)


def _both(row: SpreadRow, periods: Mapping[str, str]) -> tuple[str, str]:
    """Year to date and a year in both returns, to one close."""
    total = row.total
    if total is None or total.why is not None:
        return "return", f"price alone; total return ? {total.why if total else 'no study yet'}"
    told = []
    for window in (Window.YTD, Window.Y1):
        price, paid = (figures.signed(of[window.value], 2) for of in (total.price, total.windows))
        told.append(f"{window_name(window, periods)} {price}/{paid}")
    return "return", f"price/total {', '.join(told)}, to {total.as_of}"


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """What the pair is and how its numbers were made; beside an unknown one stands why."""
    row = next((r for r in board.spreads if r.id == row_id), None)
    if row is None:
        return GONE
    lines = [*_identity(row, board.periods), _both(row, board.periods), *_measures(row)]
    for name, found in row.widest_since.items() if row.as_of else ():
        lagging = found.value is not None and found.value <= 0
        words = since(found) if lagging else found.note or since(found)
        if found.run_max is not None and found.value is not None and found.run_max > found.value > 0:
            words += f" by its run to {figures.signed(found.run_max, 2)}"
        lines.append((DEFINITION_NAMES.get(name, name), f"{figures.signed(found.value, 2)}: {words}"
                      + (f" ({found.since})" if found.since else "")))  # fmt: skip
    if row.study_as_of is not None:
        lines.append(("closes", f"of both legs to {row.study_as_of}"))
    if (said := row.marks.get("statistics")) is not None:
        lines.append(("", f"{said}: margin to streak are of then"))
    if row.why:
        lines.append(("why ?", row.why))
    return with_chart(row.id, facts(lines), board, space, stale=State.STALE in (row.state, row.study_state))


def _identity(row: SpreadRow, periods: Mapping[str, str]) -> list[tuple[str, str]]:
    basis = f"{row.basis.value} return, pp" if row.basis else "pp"
    session = "no common session" if row.as_of is None else f"session {row.as_of}"
    return [
        ("what", f"{row.small} minus {row.large}, {basis}; {session}, {row.state.value}"),
        *all_windows(row, periods),
    ]


def _measures(row: SpreadRow) -> list[tuple[str, str]]:
    moves = row.moves or {}
    state = figures.UNKNOWN if row.breakout is Breakout.UNKNOWN else row.breakout.value
    where = {YearExtreme.HIGH: "52wH", YearExtreme.LOW: "52wL", YearExtreme.INSIDE: "within its 52 weeks"}
    return [
        _line(row, "margin", f"126d: z {figures.signed(row.z, 2)}{_windows(row.z_windows)}, {percentile(row).text} of "
              f"{counted(row.percentile_n, 'session')}{_windows(row.percentile_windows)}{_range(row)}",
              "z", "percentile"),
        _line(row, "adjusted", f"in logs {figures.signed(row.log_margin_pp, 2)} pp, for beta "
              f"{figures.signed(row.beta_adjusted_pp, 2)}; {figures.signed(row.vol_adjusted, 2)} tracking volatilities",
              "log_margin_pp", "beta_adjusted_pp", "vol_adjusted"),
        _line(row, "moves", " ".join(f"{n}d {figures.signed(move, 2)}" for n, move in moves.items())
              + " standard deviations", *(f"move_{n}" for n in moves)),
        _line(row, "ratio", f"{figures.significant(row.ratio)}, log {figures.amount(row.log_ratio, 4)}, "
              f"52 weeks: {where.get(row.year_extreme, figures.UNKNOWN)}", "year_extreme"),
        _line(row, "200d", f"{figures.signed(row.ratio_vs_200d_pct, 2)} % from the mean of 200 sessions, state "
              f"{state}", "ratio_vs_200d_pct", "breakout"),
        _line(row, "drawdown", f"{figures.signed(row.drawdown_pct, 2)} % from the highest, "
              f"{figures.signed(row.drawdown_since_2020_pct, 2)} since 2020, "
              f"{figures.signed(row.drawdown_252_pct, 2)} of 252d",
              "drawdown_pct", "drawdown_since_2020_pct", "drawdown_252_pct"),
        _line(row, "tied", f"correlation {figures.amount(row.correlation_63)} over 63, "
              f"{figures.amount(row.correlation)} over 252 sessions, beta {figures.amount(row.beta)}",
              "correlation_63", "correlation", "beta"),
        _line(row, "streak", f"{_sessions(row.streak)}; months won: {_of(row.months_won_of_6, 6)}, "
              f"{_of(row.months_won_of_12, 12)}", "streak", "months_won_of_6", "months_won_of_12"),
    ]  # fmt: skip


def _line(row: SpreadRow, name: str, text: str, *measures: str) -> tuple[str, str]:
    """Text with why what is unknown in it is unknown."""
    mark = f" {MARK}" if "statistics" in row.marks else ""
    return name, text + mark + _because(row.reasons or {}, measures)


def _because(reasons: dict[str, str], measures: Sequence[str]) -> str:
    found = dict.fromkeys(reasons[m] for m in measures if m in reasons)
    return f"  ? {'; '.join(found)}" if found else ""


def _range(row: SpreadRow) -> str:
    """Between which margins the one that the percentile is of lies."""
    if row.margin_pp is None or row.margin_low_pp is None or row.margin_high_pp is None:
        return ""
    low, value, high = (figures.signed(v) for v in (row.margin_low_pp, row.margin_pp, row.margin_high_pp))
    return f": {value} in {low} to {high}"


def _windows(beside: float | None) -> str:
    """How many windows overlapping ones rest on: " (3 windows)"."""
    return "" if beside is None else f" ({counted(round(beside), 'window')})"


def _sessions(streak: int | None) -> str:
    return (
        figures.UNKNOWN
        if streak is None
        else f"{figures.signed(streak, 0)} session{'' if abs(streak) == 1 else 's'} in a row"
    )


def _of(won: int | None, months: int) -> str:
    return f"{figures.UNKNOWN if won is None else won} of {months}"
