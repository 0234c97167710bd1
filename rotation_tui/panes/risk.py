"""The risk checklist by group, worst first: one line a group, with its checks where an overview has room."""

from collections.abc import Mapping, Sequence

from rotation_tui.board.contract import Board
from rotation_tui.domain.reading import GroupReading, Level, Reading
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import Pane, Space
from rotation_tui.panes.conditions import saying
from rotation_tui.panes.levels import ALL, badge, by_severity, day, picked_group, told_at, value_of
from rotation_tui.panes.parts import GONE, waiting
from rotation_tui.panes.report import report
from rotation_tui.widgets.cells import Face, Row, Rows, Span, cut, left, right, width_of

_NAME = 13
_CHECK = 62
"""Columns of a check's line without its reason; where there are fewer its date stands where it is opened."""
_COUNT, _COUNTED_FROM = 4, 60


_RULE = "ALERT: two of its checks, or one of at most two known; WATCH: one at ALERT, or half of them at WATCH or worse"
_EVERY = "All groups"
_LEGEND = (
    ("level", _RULE),
    ("ok 3?", "three of its checks are unknown; the others make it ok"),
    ("2/4", "checks at WATCH or worse, of those that are known and not muted"),
    ("group", "the group, and the line of its worst check"),
)


def draw(board: Board, space: Space) -> Face:
    """Groups, worst first; on the screen of the checklist with a first line that stands for all of them."""
    groups = by_severity(board.risk)
    if not groups:
        return waiting("Risk", width=space.width)
    if space.full and not space.alone:
        return _beside_the_checks(board, groups, space)
    shown = _shown_checks(groups, space)
    rows: list[Row] = []
    ids: list[str | None] = []
    for group in groups:
        rows.append(_group_line(group, space))
        ids.append(group.id)
        for check in shown[group.id]:
            rows.append(_check_line(check, space))
            ids.append(check.id)
    header = (Span("level   group", "header"),) if space.tight else ()
    return Face(_title(board), tuple(rows), tuple(ids), _subtitle(board, space.glyphs.dot), header, legend=_LEGEND)


def _beside_the_checks(board: Board, groups: Sequence[GroupReading], space: Space) -> Face:
    picked = picked_group(board, space)
    known, total = sum(g.known for g in groups), sum(g.total for g in groups)
    worst = groups[0].level
    rows: list[Row] = [
        _short_line(
            _EVERY if space.width >= len(_EVERY) + 8 else "All", worst, f"{known} of {total}", space, picked is None
        )
    ]
    rows += [_short_line(g.title, g.level, f"{g.known} of {g.total}", space, picked is g) for g in groups]
    header = Span("level   group" + right("known", max(0, space.width - 13)), "header")
    return Face("Risk", tuple(rows), (ALL, *(g.id for g in groups)), "worst first", (header,))


def _short_line(title: str, level: Level, known: str, space: Space, picked: bool) -> Row:
    tone = "highlight" if picked else "dim" if level is Level.UNKNOWN else "text"
    sign = badge(level, space.glyphs)
    room = max(0, space.width - 8 - _NAME)
    counted = right(known, room) if len(known) <= room else ""
    name = left(cut(title, max(1, min(_NAME, space.width - 8))), _NAME)
    return (sign._replace(text=left(sign.text, 8)), Span(name, tone, bold=picked), Span(counted, "faint"))


def _known(group: GroupReading) -> Sequence[Reading]:
    return [c for c in group.checks if c.level is not Level.UNKNOWN]


def _on_alert(group: GroupReading) -> Sequence[Reading]:
    return [c for c in group.checks if c.level is Level.ALERT and c.muted_until is None]


def _loud(group: GroupReading) -> Sequence[Reading]:
    return [c for c in group.checks if c.level in (Level.WATCH, Level.ALERT)]


def _shown_checks(groups: Sequence[GroupReading], space: Space) -> Mapping[str, Sequence[Reading]]:
    """As many checks by group as there is room for: those on alert, else none; then those that are loud, all that
    are known and all there are, group by group, the worst first.
    """
    nothing: dict[str, Sequence[Reading]] = {group.id: () for group in groups}
    if space.alone:
        return {group.id: group.checks for group in groups}
    if space.tight:
        return nothing
    shown: dict[str, Sequence[Reading]] = {group.id: _on_alert(group) for group in groups}
    room = space.height - len(groups) - sum(map(len, shown.values()))
    if room < 0:
        return nothing
    for choice in (_loud, _known, lambda g: g.checks):
        for group in groups:
            more = len(choice(group)) - len(shown[group.id])
            if more > room:  # a better group with checks under a worse one without would be a riddle
                return shown
            shown[group.id], room = choice(group), room - more
    return shown


def _group_line(group: GroupReading, space: Space) -> Row:
    sign = badge(group.level, space.glyphs)
    quiet = group.level in (Level.OK, Level.UNKNOWN)
    name = Span(left(cut(group.title, _NAME), _NAME + 1), "text" if group.level is not Level.UNKNOWN else "dim")
    counted = (Span(left(_counted(group), _COUNT), "dim"),) if space.width >= _COUNTED_FROM else ()
    blind = group.total - group.known
    unknown = f" {blind}?" if group.level is Level.OK and 0 < blind < 10 else ""
    lead = (sign._replace(text=left(sign.text.rstrip() + unknown, 9)), *counted, name)
    return (*lead, Span(cut(_said(group), max(0, space.width - width_of(lead))), "dim" if quiet else "text"))


def _counted(group: GroupReading) -> str:
    """How many of its checks that are known and not muted are at WATCH or worse."""
    if group.level is Level.OK:
        return ""  # its line says so, counted among those that have a vote
    heard = [check for check in _known(group) if check.muted_until is None]
    loud = sum(check.level is not Level.OK for check in heard)
    return f"{loud}/{len(heard)}" if loud else ""


def _said(group: GroupReading) -> str:
    """The group's line without its title, which stands before it."""
    return group.line.removeprefix(f"{group.title.lower()} ")


def _check_line(check: Reading, space: Space) -> Row:
    sign = badge(check.level, space.glyphs, muted=check.muted_until is not None)
    value = Span(f"{value_of(check):>10} ", "text" if check.value is not None else "unknown")
    muted = f", muted until {day(check.muted_until)}" if check.muted_until else ""
    room = max(0, space.width - _CHECK)
    dated = Span(left(day(check.as_of), 7), "faint") if space.width >= _CHECK else Span("")
    return (
        Span("   "), sign._replace(text=left(sign.text, 8)), Span(f" {left(check.id, 4)}", "faint"),
        Span(left(cut(check.title, 26), 27), "dim"), value, dated,
        Span(cut(check.why + muted, room), "dim"),
    )  # fmt: skip


def _subtitle(board: Board, dot: str) -> str:
    checks = [c for g in board.risk for c in g.checks]
    known = sum(c.level is not Level.UNKNOWN for c in checks)
    sources = list(dict.fromkeys(c.source for c in checks if c.source))
    return f"{known} of {len(checks)} checks known {dot} {', '.join(sources[:3])}" if checks else ""


def _title(board: Board) -> str:
    """What broke, before anything else is read."""
    count = {level: sum(g.level is level for g in board.risk) for level in Level}
    if not board.risk or count[Level.UNKNOWN] == len(board.risk):
        return "Risk"
    checks = sum(len(_on_alert(g)) for g in board.risk)
    alerts = f"{counted(count[Level.ALERT], 'group')} on alert" if count[Level.ALERT] else "no alert"
    if checks and not count[Level.ALERT]:  # a group takes more than one to be
        alerts = f"{counted(checks, 'check')} on alert"
    watch = counted(count[Level.WATCH], "group") if count[Level.WATCH] else "none"
    blind = f", {count[Level.UNKNOWN]} unknown" if count[Level.UNKNOWN] else ""
    return f"Risk: {alerts}, {watch} on watch{blind}"


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """A group's checks, every group, or one check."""
    if row_id == ALL:
        return tuple(_group_line(group, space) for group in by_severity(board.risk))
    for group in board.risk:
        if group.id == row_id:
            return ((Span(group.title, "bright", bold=True), Span(f"  {_said(group)}", "dim")),
                    *(_check_line(c, space) for c in group.checks))  # fmt: skip
        for check in group.checks:
            if check.id == row_id:
                return report(check, space)
    return GONE


PANE = Pane(
    "risk",
    "Risk",
    draw,
    lambda board: max(3, len(board.risk) + sum(len(_on_alert(group)) for group in board.risk)) + 1,
    3,
    detail,
    most=lambda board: sum(1 + len(g.checks) for g in board.risk) + 1,
    reads=("risk",),
    told_at=told_at,
    table=lambda board: board.risk,
    alert=saying("risk.* becomes ALERT"),
)
