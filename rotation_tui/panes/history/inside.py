"""The frames of one and of five sessions: prices of minutes, with those outside regular hours told apart."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise

from rotation_tui.board.contract import Board
from rotation_tui.board.minutes import MinuteLine
from rotation_tui.domain.session import Phase
from rotation_tui.panes.base import Space
from rotation_tui.panes.history.curves import KIND, value
from rotation_tui.panes.history.frames import FRAME, SESSIONS, cursor_of
from rotation_tui.panes.parts import as_fits, sentence
from rotation_tui.widgets import figures
from rotation_tui.widgets.axis import time_ticks
from rotation_tui.widgets.cells import Face, Row, Rows, Span, cut, width_of
from rotation_tui.widgets.glyphs import Glyphs
from rotation_tui.widgets.plot import Plot, Scale, Trace, plot

_OLD_AFTER = timedelta(minutes=5)
"""So long without a new row while the exchange is open, beyond the source's delay, the line is old."""
_LEAST, _MOST = 6, 14

Values = tuple[float | None, ...]


def days_in(space: Space) -> int | None:
    """Sessions of the frame, None where it is one of days."""
    return SESSIONS.get(space.setting(FRAME))


def face_inside(name: str, days: int, board: Board, space: Space) -> Face:
    """The chart of minutes, or the sentence why there is none."""
    line = space.minutes(name, days)
    if isinstance(line, str):
        return sentence(f"{name} {space.setting(FRAME)}", line, width=space.width)
    kind = space.setting(KIND) if len(line.legs) == 2 else "price"
    old = _is_old(line, board, space.now)
    found = _drawn(line, kind, old, space.width, space.height, space.glyphs, space.zone)
    rows, point = found.rows, len(line.times) - 1
    back = cursor_of(space)
    if back and found.points:
        column = max(0, len(found.points) - 1 - back)
        rows, point = found.with_cursor(column, space.glyphs.vertical, "bright"), found.points[column]
    title = _title(line, kind, space)
    covered = width_of((Span(title),)) + 1 if space.tight else 0
    at = datetime.fromtimestamp(line.times[point], space.zone)
    stamp = f"{at:%d %b %H:%M}" if days > 1 else f"{at:%H:%M %Z}"
    pieces = [(Span(stamp, "highlight" if back else "dim", bold=bool(back)),), *_read(line, kind, point)]
    header = (Span(" " * covered), *as_fits(pieces, space.width - covered))
    return Face(title, rows, (None,) * len(rows), _subtitle(line, space, old=old), header)


def inside_detail(name: str, days: int, facts: Rows, board: Board, space: Space) -> Rows:
    """A detail with the chart of minutes above what is said of its row."""
    line = space.minutes(name, days)
    if isinstance(line, str):
        return ((Span(cut(f"{space.setting(FRAME)}: {line}", space.width), "dim"),), (), *facts)
    kind = space.setting(KIND) if len(line.legs) == 2 else "price"
    height, old = max(_LEAST, min(_MOST, space.height - len(facts) - 2)), _is_old(line, board, space.now)
    found = _drawn(line, kind, old, space.width, height, space.glyphs, space.zone)
    words = f"{_title(line, kind, space)} {space.glyphs.dot} {_subtitle(line, space, old=old)}"
    return ((Span(cut(words, space.width), "title"),), *found.rows, (), *facts)


def _bases(line: MinuteLine) -> tuple[float, ...]:
    """What the legs are set against: their closes before, else the first price that both have."""
    if line.bases is not None:
        return line.bases
    first = next(at for at, known in enumerate(line.values) if known is not None)
    return tuple(column[first] or 1.0 for column in line.columns)


def _curves(line: MinuteLine, kind: str) -> list[tuple[str, Values]]:
    """What is drawn, and what each line is called: prices as they are, of pairs lines from 100 or a spread from 0."""
    if kind == "price":
        return [("", line.values)]
    bases = _bases(line)
    grown = [
        tuple(None if price is None else 100.0 * price / base for price in column)
        for column, base in zip(line.columns, bases, strict=True)
    ]
    if kind == "legs":
        return list(zip(line.legs, grown, strict=True))
    if kind == "spread":
        return [("", tuple(None if a is None or b is None else a - b for a, b in zip(*grown, strict=True)))]
    base = bases[0] / bases[1]
    return [("", tuple(None if ratio is None else 100.0 * ratio / base for ratio in line.values))]


@lru_cache(maxsize=4)
def _drawn(line: MinuteLine, kind: str, old: bool, width: int, height: int, glyphs: Glyphs, zone: tzinfo) -> Plot:
    """All but the cursor. Minutes outside regular hours are dimmer, and a line stands where a session or its hours
    begin and end.
    """
    tones = ("stale", "stale") if old else ("highlight", "text")
    traces: list[Trace] = []
    for (name, values), tone in zip(_curves(line, kind), tones, strict=False):
        inside = tuple(v if phase is Phase.OPEN else None for v, phase in zip(values, line.phases, strict=True))
        traces.append(Trace(inside, tone, name))
        if Phase.PRE in line.phases or Phase.POST in line.phases:
            traces.append(Trace(_around(values, line.phases), "dim"))
    bases = _bases(line)
    guide = {"price": bases[0] if line.bases is not None else None, "spread": 0.0}.get(kind, 100.0)
    scale = Scale(False, guide, figures.signed if kind == "spread" else figures.amount)
    turns = [at for at, (one, other) in enumerate(pairwise(line.phases), 1) if one is not other]
    if len(line.sessions) > 1:
        days = [datetime.fromtimestamp(at, zone).date() for at in line.times]
        turns = [at for at, (one, other) in enumerate(pairwise(days), 1) if one != other]
    times = [datetime.fromtimestamp(at, zone) for at in line.times]
    made = plot(traces, times, width, height, scale=scale, glyphs=glyphs)
    columns = [bisect_left(made.points, at) for at in turns]
    ruled = made.with_lines([column for column in columns if column < len(made.points)], glyphs.vertical)
    return ruled.with_foot(time_ticks([times[at] for at in made.points]))


def _around(values: Values, phases: Sequence[Phase]) -> Values:
    """The values outside regular hours, with those inside that they lead to or come from."""
    last = len(values) - 1
    return tuple(
        v
        if phase is not Phase.OPEN
        or (at > 0 and phases[at - 1] is not Phase.OPEN)
        or (at < last and phases[at + 1] is not Phase.OPEN)
        else None
        for at, (v, phase) in enumerate(zip(values, phases, strict=True))
    )


def _title(line: MinuteLine, kind: str, space: Space) -> str:
    what = {"legs": " and ".join(line.legs), "spread": f" {space.glyphs.minus} ".join(line.legs), "price": line.name}
    words = f"{what.get(kind, f'{line.name} ratio')} {space.setting(FRAME)}"
    if space.tight:
        return words
    if line.base_session is None:
        return f"{words} {space.glyphs.dot} from its first minute"
    return f"{words} {space.glyphs.dot} from the close of {line.base_session}"


def _subtitle(line: MinuteLine, space: Space, *, old: bool) -> str:
    """From whom, how late, and how old."""
    dot = f" {space.glyphs.dot} "
    late = f"{line.delay_s // 60} min late" if line.delay_s else "real time"
    rows = f"{line.step_s // 60} min"
    newest = datetime.fromtimestamp(line.times[-1], space.zone)
    return dot.join([f"{line.source} {late}", rows, f"{'old, ' if old else ''}to {newest:%H:%M %Z}"])


def _read(line: MinuteLine, kind: str, point: int) -> list[Row]:
    phase: Row = () if line.phases[point] is Phase.OPEN else (Span(line.phases[point].value.lower(), "watch"),)
    here = line.values[point]
    bases = _bases(line)
    prices = [column[point] for column in line.columns]
    grown = [None if p is None else 100.0 * (p / b - 1.0) for p, b in zip(prices, bases, strict=True)]
    pieces: list[Row] = [phase] if phase else []
    if kind == "price":
        known = [v for v in line.values if v is not None]
        return [
            *pieces,
            value("last", figures.amount(here)),
            value("change", figures.signed(grown[0], 2) + " %"),
            value("low", figures.amount(min(known))),
            value("high", figures.amount(max(known))),
        ]
    margin = None if None in grown else (grown[0] or 0.0) - (grown[1] or 0.0)
    return [
        *pieces,
        value("ratio", figures.significant(here)),
        value("spread", figures.signed(margin, 2) + (" pp" if margin is not None else "")),
        *(value(leg, figures.signed(change, 2)) for leg, change in zip(line.legs, grown, strict=True)),
    ]


def _is_old(line: MinuteLine, board: Board, now: datetime) -> bool:
    if board.session.phase is not Phase.OPEN:
        return False
    return now.timestamp() - line.times[-1] - line.step_s - line.delay_s > _OLD_AFTER.total_seconds() + line.step_s
