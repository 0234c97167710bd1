"""The risk checklist: groups by severity on the overview, every check with the screen to itself."""

from collections.abc import Callable, Sequence
from datetime import date

from rotation_tui.board.contract import Board, CheckRow, RiskRow
from rotation_tui.domain.results import Level
from rotation_tui.panes.base import Pane, Space
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Span, cut, left

_ORDER = (Level.ALERT, Level.WATCH, Level.OK, Level.UNKNOWN)
_UNITS = {"%": "%", "pp": "pp", "x": "x", "percentile": " pct"}
"""Units that a table has room for; the others stand where the check is opened."""
_ROOMY = 24
"""Rows from which on checks are listed under their groups; below it the groups alone say more."""
_TONES = {Level.ALERT: "alert", Level.WATCH: "watch", Level.OK: "ok", Level.UNKNOWN: "unknown"}


def _badge(level: Level, space: Space) -> tuple[Span, Span]:
    glyphs = space.glyphs
    glyph = {Level.ALERT: glyphs.alert, Level.WATCH: glyphs.watch, Level.OK: glyphs.ok}.get(level, glyphs.none)
    word = {Level.OK: "ok", Level.UNKNOWN: "?"}.get(level, level.value)
    loud = level in (Level.ALERT, Level.WATCH)
    return (
        Span(glyph + " ", _TONES[level]),
        Span(left(word, 6), _TONES[level], bold=level is Level.ALERT and loud),
    )


def draw(board: Board, space: Space) -> Face:
    """Groups, worst first; with the screen to itself each group with its checks."""
    groups = sorted(board.risk, key=lambda g: _ORDER.index(g.level))
    shown = _shown_checks(groups, space)
    rows: list[Row] = []
    ids: list[str | None] = []
    for group in groups:
        rows.append(_group_line(group, space))
        ids.append(group.id)
        for check in shown(group):
            rows.append(_check_line(check, space))
            ids.append(check.id)
    head = "" if not rows else "level   group"
    note = _note(board)
    if not rows:
        rows, ids = [(Span("waiting for the first study", "dim"),)], [None]
    return Face("Risk", tuple(rows), tuple(ids), _subtitle(board), (Span(head, "header"),) if space.tight else (),
                note)  # fmt: skip


def _shown_checks(groups: Sequence[RiskRow], space: Space) -> Callable[[RiskRow], Sequence[CheckRow]]:
    """As many checks as there is room for: all of them, those that are known, those that are loud, or none."""

    def known(group: RiskRow) -> Sequence[CheckRow]:
        return [c for c in group.checks if c.level is not Level.UNKNOWN]

    def loud(group: RiskRow) -> Sequence[CheckRow]:
        return [c for c in group.checks if c.level in (Level.WATCH, Level.ALERT)]

    if space.full:
        return lambda group: group.checks
    if not space.tight and space.height >= _ROOMY:
        choices: tuple[Callable[[RiskRow], Sequence[CheckRow]], ...] = (lambda g: g.checks, known, loud)
        for choice in choices:
            if sum(1 + len(choice(group)) for group in groups) < space.height:
                return choice
    return lambda _: ()


def _group_line(group: RiskRow, space: Space) -> Row:
    glyph, word = _badge(group.level, space)
    quiet = group.level in (Level.OK, Level.UNKNOWN)
    name = Span(left(cut(group.title, 14), 15), "text" if group.level is not Level.UNKNOWN else "dim")
    room = max(0, space.width - 24)
    return (glyph, word, Span(" "), name, Span(cut(group.line, room), "dim" if quiet else "text"))


def _check_line(check: CheckRow, space: Space) -> Row:
    glyph, word = _badge(check.level, space)
    value = "?" if check.value is None else f"{check.value:,.2f}{_UNITS.get(check.unit, '')}"
    muted = f" muted until {check.muted_until}" if check.muted_until else ""
    room = max(0, space.width - 58)
    as_of = _day(check.as_of)
    return (
        Span("   "), glyph, word, Span(f" {left(check.id, 4)}", "faint"), Span(left(cut(check.title, 26), 27), "dim"),
        Span(f"{value:>10} ", "text" if check.value is not None else "unknown"), Span(left(as_of, 7), "faint"),
        Span(cut(check.why + muted, room), "dim"),
    )  # fmt: skip


def _day(as_of: date | None) -> str:
    return "" if as_of is None else f"{as_of.day} {as_of:%b}"


def _subtitle(board: Board) -> str:
    checks = [c for g in board.risk for c in g.checks]
    known = sum(c.level is not Level.UNKNOWN for c in checks)
    sources = list(dict.fromkeys(c.source for c in checks if c.source))
    return f"{known} of {len(checks)} checks known · {', '.join(sources[:3])}" if checks else ""


def _note(board: Board) -> Row:
    if not board.risk:
        return ()
    count = {level: sum(g.level is level for g in board.risk) for level in Level}
    words = []
    if count[Level.ALERT]:
        words.append(f"{count[Level.ALERT]} on alert")
    words.append(f"{count[Level.WATCH]} of {len(board.risk)} groups on watch")
    return (Span(", ".join(words), "dim"),)


def detail(board: Board, row_id: str, space: Space) -> tuple[Row, ...]:
    """A group's checks, or one check with its formula and thresholds."""
    for group in board.risk:
        if group.id == row_id:
            inner = Space(space.width, space.height, space.now, space.zone, space.glyphs, full=True)
            return ((Span(group.title, "bright", bold=True), Span(f"  {group.line}", "dim")),
                    *(_check_line(c, inner) for c in group.checks))  # fmt: skip
        for check in group.checks:
            if check.id == row_id:
                return _check_detail(check)
    return ((Span("no longer on the board", "dim"),),)


def _check_detail(check: CheckRow) -> tuple[Row, ...]:
    changed = ", changed in the config" if check.thresholds_changed else ""
    lines = [
        ("check", f"{check.id} {check.title}: {check.level.value}"),
        ("value", "?" if check.value is None else f"{check.value:,.4g} {check.unit}"),
        ("why", check.why),
        ("formula", check.formula),
        ("watch", f"{figures.amount(check.watch, 2)}   alert {figures.amount(check.alert, 2)}{changed}"),
        ("limits", check.threshold_source),
        ("as of", str(check.as_of or "?")),
        ("from", check.source or "?"),
    ]
    return tuple((Span(name.ljust(9), "dim"), Span(text, "text")) for name, text in lines)


PANE = Pane(
    "risk",
    "Risk",
    draw,
    lambda board: max(3, len(board.risk)) + 1,
    3,
    detail,
    most=lambda board: sum(1 + len(g.checks) for g in board.risk) + 1,
)
