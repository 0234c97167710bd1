"""Relative rotation: strength of each sector against its benchmark, and the momentum of that strength."""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from msgspec import Struct

from rotation_tui.board.contract import Board, Mode
from rotation_tui.board.rotations import LISTS, Wanted
from rotation_tui.domain.results import RotationPoint
from rotation_tui.domain.rotation import CENTRE, FURTHEST_BACK, TAIL
from rotation_tui.domain.universe import BENCHMARKS
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import Pane, Setting, Space
from rotation_tui.panes.conditions import of_regime
from rotation_tui.panes.parts import GONE, facts
from rotation_tui.panes.rotation.tracks import (
    COMPASS,
    Track,
    cut_to,
    in_order,
    is_old,
    newest_of,
    table,
    track_of,
    tracks,
    whole_of,
)
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Rows, Span, cut, fit
from rotation_tui.widgets.glyphs import Glyphs
from rotation_tui.widgets.scatter import Axis, Caption, Drawn, Path, Point, ScatterChart, scatter

LIST = Setting("side", "d", LISTS, "sectors of a side or of both, tickers, or pairs")
AGAINST = Setting("against", "b", ("1", "2"), "what they are set against")
LENGTH = Setting("tail", "o", ("8", "13", "26", "1", "4"), "points of the tail")
PRESET = Setting("preset", "p", ("weekly", "daily"), "rotation weekly or daily")
ATTRIBUTION = "RRG is a trademark of RRG Research; this is an open re-implementation"
_ATTRIBUTIONS = (
    ATTRIBUTION, "open formula; RRG is a trademark of RRG Research", "RRG is a trademark of RRG Research",
    "RRG is a trademark",
)  # fmt: skip
_KEYS = 24
"""Columns of the lower edge that the keys take."""

MEASURE = (
    ("a MACD of log relative strength scaled by its own spread: not comparable with vendors' values",),
    ("a MACD of log strength by its own spread,", "not comparable with vendors' values"),
    ("a scaled MACD of relative strength, not comparable with vendors' values",),
    ("a scaled MACD, not vendors' values",),
    ("not vendors' values",),
)
"""What the picture measures, in as many words as there is room for; where it is tall in two lines."""
MOST = 4.0
"""The picture never reaches further from the centre; what lies beyond stands at its edge."""
_LEAST = 1.0
_SIDES = ("small", "large", "both")
_TABLE = 36
_NARROWEST = 30
"""Columns below which a picture beside a table shows nothing."""
_LOWEST = 8
_SHORT_TAIL = 4
_TAIL_ROOM = 16
"""Lines of a picture from which on everybody's tail is drawn whole."""


def draw(board: Board, space: Space) -> Face:
    """The picture, and the table beside or under it where there is room."""
    side, preset = space.setting(LIST), space.setting(PRESET)
    found, benchmark = _shown(board, space, preset)
    subtitle = next((words for words in _ATTRIBUTIONS if len(words) <= space.width - _KEYS), _ATTRIBUTIONS[-1])
    if not any(t.points for t in found):
        rows = _nothing(found, board, space)
        return Face("Relative rotation", rows, (None,) * len(rows), subtitle)
    notes = _notes(found, board, side, space)
    room = space.height - len(notes)
    beside = _beside(space.width, room, len(found))
    across = space.width - _TABLE - 2 if beside else space.width
    caption = _caption(found, benchmark, preset, space, across)
    rows, ids, head = {None: _alone, True: _side_by_side, False: _one_over_the_other}[beside](
        found, space, room, caption
    )
    return Face("Relative rotation", (*rows, *notes), (*ids, *(None for _ in notes)), subtitle, head)


def _shown(board: Board, space: Space, preset: str) -> tuple[list[Track], str]:
    """What is drawn, with sectors small caps as a whole first, and what it is set against in words.

    The board has the sectors of now against the funds of their sides; all else is asked for.
    """
    side, tail, back = space.setting(LIST), int(space.setting(LENGTH)), weeks_back(space)
    against = int(space.setting(AGAINST)) - 1
    if side in _SIDES and not back and tail <= TAIL and (not against or side == "both"):
        whole = [whole_of(track) for track in board.rotation if track.preset == preset]
        found = [cut_to(track, tail) for track in (*whole[:1], *tracks(board, side, preset))]
        return found, ", ".join(f"{name} against {fund}" for name, fund in BENCHMARKS.items() if side in (name, "both"))
    told = space.rotations(Wanted(side, against, preset, back, tail))
    members = in_order(track_of(listed, board) for listed in told.members)
    words = {"pairs": "pairs, small against large", "both": "sectors against the funds of their sides"}
    return (
        [*((whole_of(told.whole),) if told.whole is not None else ()), *members],
        words.get(side, f"{side} against {told.benchmark or '?'}"),
    )


def weeks_back(space: Space) -> int:
    """By how many completed points the tail is stepped back."""
    text = space.settings.get("back", "0")
    return min(int(text), FURTHEST_BACK) if text.isdecimal() else 0


def _beside(width: int, height: int, count: int) -> bool | None:
    """Whether the table stands beside the picture, under it (False) or nowhere, for the largest square."""
    besides = min((width - _TABLE - 2) / 2, height) if width - _TABLE - 2 >= _NARROWEST and height >= 3 else 0.0
    under = min(width / 2, height - count - 1) if height - count - 1 >= _LOWEST else 0.0
    return None if not besides and not under else besides >= under


Laid = tuple[tuple[Row, ...], tuple[str | None, ...], Row]


def _alone(found: Sequence[Track], space: Space, height: int, caption: Row) -> Laid:
    drawn = _picture(found, space, space.width, height)
    rows = drawn.rows
    if drawn.unplaced and height > _LOWEST:
        drawn = _picture(found, space, space.width, height - 1)
        rows = (*drawn.rows, *((_unnamed(drawn, space),) if drawn.unplaced else ((),)))
    return rows, (None,) * len(rows), fit(caption, space.width)


def _side_by_side(found: Sequence[Track], space: Space, height: int, caption: Row) -> Laid:
    width = space.width - _TABLE - 2
    drawn = _picture(found, space, width, height)
    head, body, ids = table(found, space, _TABLE, height)
    gap = Span("  ")
    rows = tuple((*a, gap, *b) for a, b in zip_longest(drawn.rows, body, fillvalue=()))
    return rows, (*ids, *((None,) * (len(rows) - len(ids)))), (*fit(caption, width), gap, *head)


def _one_over_the_other(found: Sequence[Track], space: Space, height: int, caption: Row) -> Laid:
    head, body, ids = table(found, space, space.width, len(found))
    drawn = _picture(found, space, space.width, height - len(body) - 1)
    return (*drawn.rows, head, *body), (*((None,) * (len(drawn.rows) + 1)), *ids), fit(caption, space.width)


def _picture(found: Sequence[Track], space: Space, width: int, height: int) -> Drawn:
    return _drawn(tuple(found), space.picked, width, height, space.glyphs)


@lru_cache(maxsize=4)
def _drawn(found: tuple[Track, ...], picked: str | None, width: int, height: int, glyphs: Glyphs) -> Drawn:
    """The chosen sector first, so that it is drawn over the others and named before them.

    Cached, since no price moves it: finding places for labels takes most of the time of a frame.
    """
    there = [t for t in found if t.points]
    chosen = next((t for t in there if t.id == picked), None)
    there.sort(key=lambda t: (t is not chosen, not t.whole, not t.thesis))
    whole = height >= _TAIL_ROOM and chosen is None
    ways = [_way(t, whole=whole, chosen=t is chosen) for t in there]
    reach = max(abs(v - CENTRE) for way in ways for point in way for v in point)
    half = min(MOST, max(_LEAST, math.ceil(2 * reach * 1.05) / 2))
    axis = Axis(CENTRE - half, CENTRE + half, tuple((v, f"{v:.1f}") for v in (CENTRE - half, CENTRE, CENTRE + half)))
    captions = (
        Caption("improving", -1, 1), Caption("leading", 1, 1), Caption("lagging", -1, -1), Caption("weakening", 1, -1),
        Caption("RS-Ratio", 1, 0), Caption("RS-Momentum", 0, 1),
    )  # fmt: skip
    newest = newest_of(found)
    paths, points = [], []
    for track, way in zip(there, ways, strict=True):
        tone = _tone(track, chosen, newest)
        bold = track is chosen
        paths.append(Path(way, "highlight" if bold else "faint"))
        glyph = _head(glyphs, complete=track.points[-1].complete, whole=track.whole)
        if track.points[-1].near_centre and not track.whole:
            glyph, tone = _CENTRE[glyphs.braille], "faint" if tone == "text" else tone
        label_tone = tone if tone != "text" else "dim"
        points.append(Point(*way[-1], glyph, tone, track.symbol, label_tone, bold))
    chart = ScatterChart(axis, axis, tuple(paths), tuple(points), captions, (CENTRE, CENTRE))
    return scatter(chart, width, height, glyphs)


def _way(track: Track, *, whole: bool, chosen: bool) -> tuple[tuple[float, float], ...]:
    """Small caps as a whole are one point among the tails of sectors, until they are chosen."""
    shown = 1 if track.whole and not chosen else len(track.points) if whole or chosen else _SHORT_TAIL
    points = track.points[-shown:]
    return tuple((p.rs_ratio, p.rs_momentum) for p in points)


_HEADS = {
    (True, False): ("●", "○"), (True, True): ("◆", "◇"), (False, False): ("*", "o"), (False, True): ("#", "@"),
}  # fmt: skip
"""Full and hollow head by whether there is more than ASCII and whether it is that of small caps as a whole."""
_CENTRE = {True: "·", False: "."}
"""Head of a point so near the centre that its quadrant says little."""


def _head(glyphs: Glyphs, *, complete: bool, whole: bool = False) -> str:
    return _HEADS[glyphs.braille, whole][not complete]


def _tone(track: Track, chosen: Track | None, newest: RotationPoint | None) -> str:
    if track is chosen:
        return "highlight"
    if chosen is not None:
        return "faint"
    if is_old(track, newest):
        return "stale"
    return "bright" if track.whole else "faint" if track.thin else "highlight" if track.thesis else "text"


def _nothing(found: Sequence[Track], board: Board, space: Space) -> tuple[Row, ...]:
    """Why there is no picture: one sentence for all, or one a sector where they differ."""
    if not found and board.sectors:
        past = board.mode is Mode.AS_OF
        why = "a past day has the sectors of a side alone, d" if past else "comes with the first study of this session"
        return ((Span(f"n/a ({why})", "dim"),),)
    reasons = dict.fromkeys(t.why or "waiting for the first study" for t in found)
    if len(reasons) <= 1:
        why = next(iter(reasons), "no sectors in the config")
        return ((Span(f"n/a ({why})", "dim"),),)
    told = [(Span(f"{t.symbol:<5} ", "dim"), Span(f"n/a ({t.why or 'waiting'})", "dim")) for t in found]
    return tuple(told[: max(1, space.height)])


def _caption(found: Sequence[Track], against: str, preset: str, space: Space, width: int) -> Row:
    """What the picture is of, in as many words as there is room for; clear of a title on the same line."""
    newest = newest_of(found)
    blank = " " * (len("Relative rotation") + 2) if space.tight else ""
    running = any(t.points and not t.points[-1].complete for t in found)
    back = weeks_back(space)
    unit = counted(back, "week" if preset == PRESET.choices[0] else "session")
    what = f"{against}, {preset}" + (f", {unit} back" if back else "")
    to = f" to {newest.session}" if newest else ""
    choices = (
        f"{what}{to}" + (f", {_head(space.glyphs, complete=False)} running week" if running else ""),
        f"{what}{to}",
        what,
        f"{against.replace(' against ', '/')} {preset}" + (f" -{back}" if back else ""),
    )
    text = next((c for c in choices if len(c) <= width - len(blank)), choices[-1])
    return (Span(blank), Span(text, "dim"))


def _notes(found: Sequence[Track], board: Board, side: str, space: Space) -> tuple[Row, ...]:
    """What the reader would otherwise look for in vain."""
    if space.height < _LOWEST:
        return ()
    fits = (m for m in MEASURE if max(map(len, m)) <= space.width and (len(m) == 1 or space.height >= _TAIL_ROOM))
    texts = list(next(fits, MEASURE[-1]))
    sided = side in ("small", "large")
    elsewhere = next((s for s in board.sectors if sided and s.id == space.picked and s.side != side), None)
    if elsewhere is not None:
        texts.append(f"{elsewhere.symbol} is a {elsewhere.side} cap: d changes the side")
    back = [t.symbol for t in found if t.right_side and t.points]
    if back and space.height >= _TAIL_ROOM:  # elsewhere it would cost the table a row
        texts.append(f"right-side rotation: {', '.join(back)}")
    absent = [t for t in found if not t.points]
    if absent:
        texts.append(f"{', '.join(t.symbol for t in absent)} n/a ({absent[0].why or 'no closes'})")
    return tuple((Span(cut(text, space.width, space.glyphs.ellipsis), "faint"),) for text in texts)


def _unnamed(drawn: Drawn, space: Space) -> Row:
    return (Span(cut(f"no room to name {', '.join(drawn.unplaced)}", space.width, space.glyphs.ellipsis), "faint"),)


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """The two rotations of a sector, or of small caps as a whole, the weekly tail, and how they are computed."""
    found: dict[str, Track | None] = {}
    against = ""
    for preset in PRESET.choices:
        shown, against = _shown(board, space, preset)
        found[preset] = next((t for t in shown if t.id == row_id), None)
    weekly = found["weekly"]
    if weekly is None:
        return GONE
    lines = [("what", f"{weekly.symbol}, {weekly.sector}"), ("list", against)]
    for preset, track in found.items():
        if track is not None:
            lines.append((preset, _told(track)))
    lines += [(str(p.session), f"{figures.amount(p.rs_ratio)} / {figures.amount(p.rs_momentum)}"
               f"{'' if p.complete else '  running week'}") for p in weekly.points]  # fmt: skip
    lines += [
        ("ratio", "100 + (EMA10 - EMA30 of ln price over benchmark) / its root mean square of 52 weeks"),
        ("momentum", "the same of that difference less its own EMA9"),
        ("daily", "20, 60 and 15 sessions, root mean square of 252"),
        ("means", MEASURE[0][0]),
        ("centre", "within 0.25 of 100 on either axis, where a quadrant says little"),
        ("picture", f"never beyond {CENTRE - MOST:.0f} to {CENTRE + MOST:.0f}: what is, stands at the edge"),
        ("name", ATTRIBUTION),
    ]
    return facts(lines, 12)


def _told(track: Track) -> str:
    last, eighth = track.last, track.eighth
    if last is None or track.quadrant is None:
        return f"n/a ({track.why or 'no closes'})"
    where = f"centre ({track.quadrant.value})" if last.near_centre else track.quadrant.value
    text = f"{where}, {figures.amount(last.rs_ratio)} / {figures.amount(last.rs_momentum)}"
    if eighth is not None:
        text += f", heading {COMPASS[eighth]}, {figures.amount(track.heading, 0)} degrees from the right"
    if track.speed is not None:
        text += f", speed {figures.amount(track.speed)}"
    return text + (", right-side rotation (weakening to leading)" if track.right_side else "")


class Dot(Struct, frozen=True):
    """A point of the rotation of a symbol, as a row of a table."""

    symbol: str
    preset: str
    point: RotationPoint


def _dots(board: Board) -> Iterator[Dot]:
    for whole in board.rotation:
        yield from (Dot(whole.symbol, whole.preset, point) for point in whole.points)
    for row in board.sectors:
        yield from (Dot(row.symbol, "weekly", point) for point in row.rotation)
        yield from (Dot(row.symbol, "daily", point) for point in row.rotation_daily)


PANE = Pane(
    "rotation",
    "Relative rotation",
    draw,
    lambda _: 14,
    8,
    detail,
    most=lambda board: 33 + sum(s.side == "small" for s in board.sectors),
    settings=(LIST, PRESET, AGAINST, LENGTH),
    weight=2,
    told_at=lambda _: "rotation",
    figure=True,
    table=_dots,
    alert=of_regime,
)
