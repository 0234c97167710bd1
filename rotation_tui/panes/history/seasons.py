"""The months of the year of a pair: their mean margins on one axis, each with what it may be off by chance."""

import calendar
from collections.abc import Sequence
from datetime import date

from rotation_tui.board.contract import SpreadRow
from rotation_tui.domain.results import Season
from rotation_tui.domain.state import State
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import Space
from rotation_tui.panes.parts import sentence
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Span, fit, left, right

_NAMES = tuple(calendar.month_abbr)[1:]
_ERRORS = 2
_NUMBERS, _SHARE = 32, 6
"""Columns of month, mean, error, years and share before the axis, and those of the share alone."""
_GAP = 3
_LEAST_AXIS = 17
_BY_CHANCE = 20
"""One in so many months is told apart from zero by chance alone."""


def by_month(row: SpreadRow, today: date, space: Space) -> Face:
    """Twelve rows, and in words what can be told apart from zero: as a rule nothing can."""
    minus = space.glyphs.minus
    title = f"{row.small} {minus} {row.large} by month, pp"
    if not any(season.years for season in row.seasons):
        return sentence(title, row.why or "no completed month yet", width=space.width)
    if row.study_state is State.STALE:
        title += f", closes end {row.study_as_of}"
    words: list[Row] = [(Span(text, tone),) for text, tone in _words(row.seasons, space)]
    halved = len(row.seasons) + 1 > space.height
    axis = 0 if halved else space.width - _NUMBERS - 1
    axis = axis if axis >= _LEAST_AXIS else 0
    far = max((abs(s.mean_pp or 0.0) + _ERRORS * (s.error_pp or 0.0) for s in row.seasons), default=0.0)
    rows = [_line(season, today, far, axis, space) for season in row.seasons]
    head = _header(far, axis, space)
    if halved:  # January to June beside July to December, and no axis
        room = min(_NUMBERS, (space.width - _GAP) // 2)
        kept = _NUMBERS if room >= _NUMBERS else _NUMBERS - _SHARE
        half = len(rows) // 2
        rows = [(*fit(a, kept), Span(" " * _GAP), *fit(b, kept)) for a, b in zip(rows[:half], rows[half:], strict=True)]
        head = (*fit(head, kept), Span(" " * _GAP), *fit(head, kept))
    if space.tight and len(rows) < space.height:  # there the title stands where the column names would
        rows.insert(0, head)
    spare = space.height - len(rows)
    air: list[Row] = [()] if spare > len(words) else []
    drawn = (*words[: max(0, spare)], *air, *rows)[: max(1, space.height)]
    years = max(season.years for season in row.seasons)
    basis = f"{row.basis.value} return {space.glyphs.dot} " if row.basis else ""
    subtitle = f"{basis}{counted(years, 'year')} to {row.study_as_of}"
    return Face(title, drawn, (None,) * len(drawn), subtitle, () if space.tight else head)


def _words(seasons: Sequence[Season], space: Space) -> list[tuple[str, str]]:
    """January by itself, since a small-cap effect is told of it; then what else stands out, and what chance does."""
    january = seasons[0]
    room = space.width
    mean = _sign(january.mean_pp, space)
    told = f"January: {mean} pp on average, {_ERRORS} standard errors {_error(january)}: {_said(january)}"
    if len(told) > room:
        told = f"January: {_said(january)}"
    apart = [_NAMES[s.month - 1] for s in seasons if s.apart]
    judged = sum(s.apart is not None for s in seasons)
    others = f"apart from zero: {', '.join(apart)}" if apart else "no month is told apart from zero"
    if judged == 0:
        others = "too few years to tell any month apart from zero"
    elif len(longer := f"{others}; one of {_BY_CHANCE} is by chance alone") <= room:
        others = longer
    return [(told, "text" if january.apart else "dim"), (others, "text" if apart else "dim")]


def _said(season: Season) -> str:
    if season.apart is None:
        return f"too few years ({season.years})"
    return "apart from zero" if season.apart else "not distinguishable from zero"


def _sign(value: float | None, space: Space) -> str:
    return figures.signed(value, 2).replace("−", space.glyphs.minus)


def _error(season: Season) -> str:
    return figures.UNKNOWN if season.error_pp is None else figures.amount(_ERRORS * season.error_pp)


def _header(far: float, axis: int, space: Space) -> Row:
    names = f"  {'':4}{'mean':>6} {'± 2 se':>7} {'years':>5} {'above':>5}"
    if not axis:
        return (Span(names, "header"),)
    ends = figures.signed(-far), figures.signed(far)
    line = left(left(ends[0], axis // 2) + "0", axis - len(ends[1])) + ends[1]
    return (Span(left(names, _NUMBERS + 1), "header"), Span(line.replace("−", space.glyphs.minus), "header"))


def _line(season: Season, today: date, far: float, axis: int, space: Space) -> Row:
    """A month: the running one marked, the mean bright where it can be told apart from zero."""
    now = season.month == today.month
    tone = "unknown" if season.mean_pp is None else "bright" if season.apart else "dim"
    share = figures.UNKNOWN if not season.years else f"{100 * season.positive / season.years:.0f} %"
    numbers = (
        Span(f"{space.glyphs.cursor if now else ' '} {_NAMES[season.month - 1]:4}", "highlight" if now else "text"),
        Span(right(_sign(season.mean_pp, space), 6), tone, bold=bool(season.apart)),
        Span(right(_error(season), 8), "dim"),
        Span(right(str(season.years), 6), "dim"),
        Span(right(share, 6), "dim"),
    )
    if not axis or season.mean_pp is None or not far:
        return numbers
    return (*numbers, Span(" "), *_ruler(season.mean_pp, season.error_pp, far, axis, tone, space))


def _ruler(mean: float, error: float | None, far: float, axis: int, tone: str, space: Space) -> Row:
    """Zero, the interval of two standard errors, and the mean in it."""

    def place(value: float) -> int:
        return max(0, min(axis - 1, round((value / far + 1) / 2 * (axis - 1))))

    braille = space.glyphs.braille
    cells = [" "] * axis
    if error is not None:
        first, last = place(mean - _ERRORS * error), place(mean + _ERRORS * error)
        cells[first : last + 1] = ["─" if braille else "-"] * (last + 1 - first)
        cells[first], cells[last] = ("├", "┤") if braille else ("|", "|")
    zero = place(0.0)
    cells[zero] = ("┼" if cells[zero] != " " else "│") if braille else ("+" if cells[zero] != " " else ":")
    cells[place(mean)] = "●" if braille else "*"
    at = place(mean)
    parts = ("".join(cells[:at]), cells[at], "".join(cells[at + 1 :]))
    return tuple(Span(text, shade) for text, shade in zip(parts, ("faint", tone, "faint"), strict=True) if text)
