"""The checks of the risk checklist, those of the picked group or all of them, worst first."""

from rotation_tui.board.contract import Board
from rotation_tui.domain.reading import Level, Reading
from rotation_tui.panes.base import NOWHERE, Pane, Space
from rotation_tui.panes.conditions import saying
from rotation_tui.panes.levels import (
    SEVERITY,
    badge,
    chosen_check,
    day,
    limits_of,
    picked_group,
    shown_checks,
    told_at,
    value_of,
)
from rotation_tui.panes.parts import GONE, waiting
from rotation_tui.panes.past import LEAST_LINE, longest
from rotation_tui.panes.report import past_of, report
from rotation_tui.widgets.cells import Face, Row, Rows, Span
from rotation_tui.widgets.table import Column, answering, fitting, header, legend, line, ordered, orders

_ROOMY = 112
"""Columns from which on a line stands beside whole titles and reasons."""


def _columns(space: Space, chosen: Reading | None) -> list[Column[Reading]]:
    def level(row: Reading, _: int) -> Span:
        return badge(row.level, space.glyphs, muted=row.muted_until is not None)

    def name(row: Reading, _: int) -> Span:
        return Span(row.id, "highlight" if row is chosen else "faint", bold=row is chosen)

    def title(row: Reading, _: int) -> Span:
        return Span(row.title, "text" if row.level in (Level.ALERT, Level.WATCH) else "dim")

    def value(row: Reading, _: int) -> Span:
        return Span(value_of(row), "unknown" if row.value is None else "text")

    roomy = space.width >= _ROOMY
    line = 12 if space.width >= _ROOMY + 4 else LEAST_LINE
    return [
        Column(
            "level",
            "level",
            7,
            level,
            lambda r: SEVERITY.index(r.level),
            0,
            left=True,
            words="ok, WATCH, ALERT or ? by the limits of the check; ? has its reason in the last column",
        ),
        Column("id", "", 3, name, lambda r: r.id, 1, left=True, words="its name in the config and in METHODOLOGY"),
        Column(
            "title",
            "check",
            24 if roomy else 20,
            title,
            lambda r: r.title,
            0,
            left=True,
            grow=12,
            words="what is looked at",
        ),
        Column("value", "value", 9, value, None, 0, words="the value that is judged, with its unit"),
        Column(
            "limits",
            "watch / alert",
            16,
            lambda r, _: _limits(r),
            None,
            5,
            words="limits of WATCH and ALERT; yours: as the config has them",
        ),
        Column(
            "spark",
            longest(line, f"past {space.glyphs.dotted} watch", "its past"),
            line,
            lambda r, w: past_of(r, w, space),
            None,
            6,
            True,
            grow=24,
            words="its past values around the limit of WATCH",
        ),
        Column(
            "as_of", "as of", 6, lambda r, _: Span(day(r.as_of), "faint"), None, 3, words="the day that the value is of"
        ),
        Column(
            "why",
            "",
            30 if roomy else 32,
            lambda r, _: Span(_why(r), "dim"),
            None,
            4,
            left=True,
            grow=40,
            words="why, in numbers, or what is missing",
        ),
    ]


def _limits(check: Reading) -> Span:
    words = " / ".join(value for _, value in limits_of(check))
    return Span(f"yours {words}", "highlight") if check.thresholds_changed else Span(words, "faint")


def _why(check: Reading) -> str:
    if check.muted_until is None:
        return check.why
    return f"until {day(check.muted_until)}: {check.level.value}, {check.why}"


def draw(board: Board, space: Space) -> Face:
    every = _columns(space, chosen_check(board, space))
    columns = fitting(every, space.width, space.order)
    checks = ordered(shown_checks(board, space), every, space.order, lambda r: r.id)
    rows: list[Row] = [line(columns, check) for check in checks]
    ids: tuple[str | None, ...] = tuple(check.id for check in checks)
    group = picked_group(board, space)
    title = "Checks" if group is None else group.title
    if not rows:
        return waiting(title, width=space.width)
    return Face(
        title,
        tuple(rows),
        ids,
        _subtitle(checks),
        header(columns, space.order),
        legend=legend(columns),
        answers=answering(every, checks, lambda r: r.id),
    )


def _subtitle(checks: list[Reading]) -> str:
    known = sum(c.level is not Level.UNKNOWN for c in checks)
    muted = sum(c.muted_until is not None for c in checks)
    words = [f"{known} of {len(checks)} known", *([f"{muted} muted"] if muted else []), "u mutes the selected one"]
    return " · ".join(words)


def detail(board: Board, row_id: str, space: Space) -> Rows:
    for group in board.risk:
        for check in group.checks:
            if check.id == row_id:
                name = Span(f"{check.id} {check.title}", "bright", bold=True)
                return ((name, Span(f"  {group.title}", "dim")), *report(check, space))
    return GONE


PANE = Pane(
    "checks",
    "Checks",
    draw,
    lambda _: 11,
    4,
    detail,
    orders(_columns(NOWHERE, None)),
    most=lambda board: sum(len(group.checks) for group in board.risk) + 1,
    weight=8,
    reads=("risk",),
    told_at=told_at,
    table=lambda board: (check for group in board.risk for check in group.checks),
    alert=saying("* becomes ALERT"),
)
