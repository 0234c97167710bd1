"""How levels, values and limits of risk checks are written, and which checks the risk screen is about."""

from collections.abc import Sequence
from datetime import date

from rotation_tui.board.contract import Board
from rotation_tui.domain.reading import GroupReading, Level, Reading, Turn
from rotation_tui.panes.base import Space
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Span
from rotation_tui.widgets.glyphs import Glyphs

ALL = "all"
"""Id of the row that stands for the checks of every group."""
SEVERITY = (Level.ALERT, Level.WATCH, Level.OK, Level.UNKNOWN)
"""Levels, worst first; what nobody knows comes last."""
TONES = {Level.ALERT: "alert", Level.WATCH: "watch", Level.OK: "ok", Level.UNKNOWN: "unknown"}
LIMIT_TONES = {**TONES, Level.ALERT: "loss"}
"""Of limits and of levels that do not hold now: themes may draw an alert in reverse, and a line would be a bar."""
_MUTED = "muted"
_WHOLE = frozenset({"sessions", "session"})
_SIGNED = frozenset({"pp"})
_BEHIND = {"%": "%", "pp": "pp", "x": "x"}
"""Units that stand behind the number; of the others the title tells."""
_TIMES = {1: "once", 2: "twice"}


def badge(level: Level, glyphs: Glyphs, *, muted: bool = False) -> Span:
    """Sign and word of a level in one span; a muted check is quiet and says so in place of its level."""
    glyph = {Level.ALERT: glyphs.alert, Level.WATCH: glyphs.watch, Level.OK: glyphs.ok}.get(level, " ")
    if muted:
        return Span(f"{glyph} {_MUTED}", "dim")
    word = {Level.OK: "ok", Level.UNKNOWN: "?"}.get(level, level.value)
    return Span(f"{glyph} {word}", TONES[level], bold=level is Level.ALERT)


def number(value: float, unit: str, decimals: int = 2) -> str:
    """A value in its unit: percentiles as p81, pp with their sign."""
    if unit == "percentile":
        return f"p{value:.0f}"
    if unit in _WHOLE:
        return figures.amount(value, 0)
    write = figures.signed if unit in _SIGNED else figures.amount
    return write(value, decimals) + _BEHIND.get(unit, "")


def value_of(check: Reading) -> str:
    """The check's value; a check by hand has none, any other without one is unknown."""
    if check.value is None:
        return figures.UNKNOWN if check.level is Level.UNKNOWN else ""
    return number(check.value, check.unit)


def limits_of(check: Reading) -> tuple[tuple[str, str], ...]:
    """Names and values of the thresholds there are, in as few decimals as tell both."""
    known = [(name, value) for name, value in (("watch", check.watch), ("alert", check.alert)) if value is not None]
    decimals = max((_decimals(value) for _, value in known), default=0)
    return tuple((name, figures.amount(value, decimals)) for name, value in known)


def _decimals(value: float) -> int:
    return len(f"{abs(round(value, 4)):.4f}".rstrip("0").partition(".")[2])


def turn_of(turn: Turn, check: Reading) -> str:
    """What leads to another level: where, how far from here, how often."""
    at = figures.amount(turn.at, _decimals(turn.at)) + _BEHIND.get(check.unit, "")
    where = f"{turn.side if turn.beyond else 'at'} {at}"
    if turn.reached:
        return f"{where}, there now, {_TIMES.get(turn.more, f'{turn.more} times')} more"
    away = figures.signed(turn.away, 2 if abs(turn.away) >= 0.005 else 4)
    return f"{where}, {away} from here, {_TIMES.get(turn.more, f'{turn.more} times')}"


def day(as_of: date | None) -> str:
    """Day and month for a column."""
    return "" if as_of is None else f"{as_of.day} {as_of:%b}"


def told_at(row_id: str) -> str:
    """The place in METHODOLOGY.md of a check, of those by hand (M1, M2 ...), or of the groups."""
    if not row_id[-1:].isdigit():
        return "groups"
    return "check-by-hand" if row_id.startswith("M") else f"check-{row_id.lower()}"


def by_severity(groups: Sequence[GroupReading]) -> list[GroupReading]:
    return sorted(groups, key=lambda g: SEVERITY.index(g.level))


def picked_group(board: Board, space: Space) -> GroupReading | None:
    """The group that is picked in the risk pane; None stands for all."""
    picked = space.selected.get("risk")
    return next((g for g in board.risk if g.id == picked), None)


def shown_checks(board: Board, space: Space) -> list[Reading]:
    """The checks of the picked group, or of all groups, worst first."""
    group = picked_group(board, space)
    groups = board.risk if group is None else (group,)
    checks = [check for g in groups for check in g.checks]
    return sorted(checks, key=lambda c: SEVERITY.index(c.level))


def chosen_check(board: Board, space: Space) -> Reading | None:
    """The check that is selected among those shown, the first of them where none is."""
    checks = shown_checks(board, space)
    selected = space.selected.get("checks")
    return next((c for c in checks if c.id == selected), checks[0] if checks else None)
