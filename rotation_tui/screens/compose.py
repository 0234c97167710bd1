"""A board to the rows of a whole screen: first line, panes in their places, last line."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, tzinfo

from msgspec import Struct

from rotation_tui.board.contract import Board, Mode
from rotation_tui.board.lines import Drawable
from rotation_tui.board.minutes import COMING, MinuteLine
from rotation_tui.board.rotations import Rotations, Wanted
from rotation_tui.domain.reading import Trail
from rotation_tui.domain.session import EASTERN
from rotation_tui.panes.base import Pane, Space
from rotation_tui.screens.arrange import LEAST, Slot, arrange
from rotation_tui.screens.filtering import filtered
from rotation_tui.screens.footer import footer_row
from rotation_tui.screens.frame_cache import FrameCache, Part
from rotation_tui.screens.header import header_row
from rotation_tui.screens.hints import hint_row, hints
from rotation_tui.screens.keymap import DEFAULT, Keymap
from rotation_tui.screens.keys import CHARTED, JUMPS, SCREENS, Key
from rotation_tui.screens.overlay import (
    BESIDE,
    Box,
    Offers,
    detail_box,
    detail_pane,
    help_box,
    laid_over,
    offers_box,
)
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import Face, Row, Span, cut, fit, width_of
from rotation_tui.widgets.frame import Extent, framed, tight
from rotation_tui.widgets.glyphs import ASCII, Glyphs, ascii_only
from rotation_tui.widgets.table import Order


class Sheet(Struct, frozen=True):
    """One composed screen. `rows_of` are the ids that can be selected in each pane, in order; `spots` tells
    which pane and row lie on a line and column; `box` is what lies over it. `every` has all panes that the screen has
    for tab, in sight or not.
    """

    rows: tuple[Row, ...]
    panes: tuple[str, ...]
    rows_of: dict[str, tuple[str, ...]]
    spots: tuple[tuple[Slot, tuple[str | None, ...]], ...]
    box: Box | None = None
    every: tuple[str, ...] = ()


class Canvas(Struct, frozen=True):
    """Size and manner of drawing; `low_bandwidth` says on the first line that the link is spared.

    `lines` gives the history of a pair or symbol by the id of its row, `trail` that of a risk check,
    `minutes` its prices within so many sessions, `rotations` those of a list at some week.
    `offers` lie over the lower left corner while one types where to go. `keymap` has the keys as they are written,
    `progress` of a tape stands on the last line.
    """

    width: int
    height: int
    glyphs: Glyphs
    zone: tzinfo
    keys_shown: bool = True
    low_bandwidth: bool = False
    lines: Callable[[str], Drawable | None] = lambda _: None
    trail: Callable[[str], Trail | None] = lambda _: None
    minutes: Callable[[str, int], MinuteLine | str] = lambda _name, _days: COMING
    rotations: Callable[[Wanted], Rotations] = lambda _: Rotations()
    offers: Offers | None = None
    keymap: Keymap = DEFAULT
    progress: Row | None = None


_LIST = 0.65
"""Share of the width that a pane has whose rows are told beside it."""
_WITH_DETAIL = 180
"""Columns from which on it is told there."""
_EDGE = 10
"""Columns of a pane's lower edge that are neither keys nor subtitle."""
_EXTENT = 18
"""Columns of the upper edge that a title leaves to the frame and to how much is in sight."""
_NAME = 4
"""Columns that are worth having of a title in front of a date."""
_KEYS = 20
"""Columns of it that the keys have before the subtitle, up to a third."""


def compose(
    board: Board,
    view: View,
    panes: Sequence[Pane],
    canvas: Canvas,
    now: datetime,
    cache: FrameCache | None = None,
    *,
    left: int = 0,
) -> Sheet:
    """The screen of `view` with `panes`, exactly as large as the canvas; the cache knows the frame before.

    The first `left` panes stand in a column of their own.
    """
    cache = cache or FrameCache()
    if canvas.width < LEAST[0] or canvas.height < LEAST[1]:
        return Sheet(_too_small(canvas), (), {}, ())
    screen = SCREENS[view.screen]
    hidden = view.hidden.get(view.screen, ())
    shown = [pane for pane in panes if pane.name not in hidden] or panes
    alone = [pane for pane in shown if pane.name == view.enlarged.get(view.screen)]
    rows_of: dict[str, tuple[str, ...]] = {}
    placed, share = alone or shown, 0.5
    if screen.beside and not alone and canvas.width >= _WITH_DETAIL:
        main = placed[0]  # it is drawn first, so its rows are known by then
        row_of = lambda: view.selected.get(main.name) or next(iter(rows_of.get(main.name, ())), None)  # noqa: E731
        placed, left, share = [main, detail_pane(main, row_of)], 1, _LIST
    slots = arrange(
        placed,
        board,
        canvas.width,
        canvas.height - 2,
        stacked=screen.stacked,
        paired=screen.paired and len(shown) == len(panes),
        left=left if share == _LIST else sum(pane in shown for pane in panes[:left]),
        share=share,
    )
    first = panes[0].name if panes else None
    # nothing is marked before the user has chosen: the eye must go to the answer
    focus = view.focus if any(s.pane.name == view.focus for s in slots) else ""
    header = header_row(
        board,
        now,
        canvas.width,
        canvas.glyphs,
        frozen_since=view.frozen_since,
        low_bandwidth=canvas.low_bandwidth,
        zone=canvas.zone,
    )
    lines: list[list[Part]] = [[] for _ in range(canvas.height)]
    spots: list[tuple[Slot, tuple[str | None, ...]]] = []
    row, by_pane = view.looked_at(first), {}
    legend: tuple[str, tuple[tuple[str, str], ...]] = ("", ())
    for index, slot in enumerate(slots):
        name = slot.pane.name
        own = by_pane[name] = hints(slot.pane, board, row, several=len(shown) > 1, alone=bool(alone),
                                      keymap=canvas.keymap)  # fmt: skip
        whole, face, drawn = _drawn(
            slot, board, view, canvas, now, cache, focused=name == focus, index=index, first=first,
            alone=bool(alone), own=own,
        )  # fmt: skip
        rows_of[name] = tuple([i for i in whole.ids if i is not None])
        if name == focus or not (legend[1] or focus):
            legend = whole.title, whole.legend
        if name != BESIDE:
            spots.append((slot, (None,) * _above(slot, face) + face.ids))
        for dy, drawn_row in enumerate(drawn):
            lines[slot.y + dy].append((slot.x, slot.width, drawn_row))
    told = any("notes" in slot.pane.reads for slot in slots)
    footer = footer_row(
        view,
        canvas.width,
        own=by_pane.get(focus, ()),
        note=board.notes[0] if board.notes and not told else "",
        hidden=len(panes) - len(shown),
        keys_shown=canvas.keys_shown,
        keymap=canvas.keymap,
    )
    last = footer if canvas.progress is None or view.said is not None else canvas.progress
    between = (_line(y, parts, canvas.width, cache) for y, parts in enumerate(lines[1:-1], 1))
    sheet = (fit(header, canvas.width), *between, fit(last, canvas.width))
    box = _box(board, view, next((s.pane for s in slots if s.pane.name == focus), None), legend, canvas, now)
    sheet = _under(sheet, box, view, canvas)
    if canvas.glyphs is ASCII:
        sheet = tuple(tuple(s._replace(text=ascii_only(s.text)) for s in row) for row in sheet)
    names = tuple(s.pane.name for s in slots if s.pane.name != BESIDE)
    return Sheet(sheet, names, rows_of, tuple(spots), box, tuple(p.name for p in shown))


def _under(sheet: tuple[Row, ...], box: Box | None, view: View, canvas: Canvas) -> tuple[Row, ...]:
    """The sheet with what lies over it; an answer is seen nevertheless."""
    last = sheet[-1]
    if box is not None:
        sheet = laid_over(sheet, box, canvas.width)
        sheet = (*sheet[:-1], last) if view.said is not None else sheet
    if canvas.offers is not None:
        offered = offers_box(canvas.offers, canvas.width, canvas.height, canvas.glyphs)
        sheet = laid_over(sheet, offered, canvas.width, fades=False)
    return sheet


def _box(
    board: Board,
    view: View,
    pane: Pane | None,
    legend: tuple[str, tuple[tuple[str, str], ...]],
    canvas: Canvas,
    now: datetime,
) -> Box | None:
    """What lies over the screen: the help with a pane's title and legend, or what opened on a row of the pane."""
    width, height = canvas.width, canvas.height
    if view.help:
        tape = board.mode is Mode.REPLAY
        return help_box(width, height, canvas.glyphs, view.scroll, *legend, keymap=canvas.keymap, tape=tape)
    if view.opened is None or pane is None or pane.detail is None:
        return None
    space = Space(
        width - 8, height - 4, now, canvas.zone, canvas.glyphs, settings=view.settings, lines=canvas.lines,
        trail=canvas.trail, minutes=canvas.minutes, rotations=canvas.rotations, key=canvas.keymap.shown,
    )  # fmt: skip
    # in the frame, where it takes no line and stays in sight
    title = view.opened if pane.told_at is None else f"{view.opened} · METHODOLOGY.md#{pane.told_at(view.opened)}"
    if (day := past_day(board)) is not None:
        title = f"{day} · {title}"
    rows = pane.detail(board, view.opened, space)
    onward = f"{canvas.keymap.shown('enter')} its chart" if pane.name in CHARTED else ""
    return detail_box(title, rows, width, height, canvas.glyphs, view.scroll, onward, canvas.keymap)


def _drawn(
    slot: Slot,
    board: Board,
    view: View,
    canvas: Canvas,
    now: datetime,
    cache: FrameCache,
    *,
    focused: bool,
    index: int,
    first: str | None,
    alone: bool,
    own: Sequence[tuple[Key, str]],
) -> tuple[Face, Face, tuple[Row, ...]]:
    """The pane's whole face, the part of it that is in sight, and its rows in their place."""
    inner = slot.width - 4 if slot.framed else slot.width
    height = slot.height - 2 if slot.framed else slot.height
    pane = slot.pane
    full = len(view.screen) > 0 and view.screen != "overview"
    chosen = view.selected.get(pane.name) if focused else None
    picked = chosen if chosen is not None or first is None else view.selected.get(first)
    space = Space(inner, height - 1, now, canvas.zone, canvas.glyphs, not slot.framed, full,
                  view.orders.get(pane.name, Order()), picked, view.settings, canvas.lines,
                  view.selected, canvas.trail, view.looked_at(first), alone, canvas.minutes,
                  canvas.rotations, canvas.keymap.shown)  # fmt: skip
    whole, row_cache = cache.face(pane, board, space)
    narrowed = ""
    if pane.name in view.filters and not pane.figure:
        whole, narrowed = filtered(whole, view.filters[pane.name], canvas.keymap)
    room = height - _above(slot, whole) + slot.framed
    face, extent = _in_sight(whole, pane.pinned(board), view.selected.get(pane.name), room)
    if focused:
        face = _with_selection(face, view.selected.get(pane.name), inner)
    if view.jumping and pane.name != BESIDE:
        face = face._replace(title=f"[{JUMPS[index % len(JUMPS)]}] {face.title}")
    face, tone = _marked(face, past_day(board), narrowed, slot)
    if slot.framed:
        free = max(slot.width - width_of((Span(face.subtitle),)) - _EDGE, min(_KEYS, slot.width // 3))
        keys = hint_row(own, free, bright=focused) if canvas.keys_shown else ()
        boxed = framed(
            face, slot.width, slot.height, canvas.glyphs, focused=focused, cache=row_cache, keys=keys, extent=extent,
            tone=tone,
        )  # fmt: skip
        return whole, face, boxed
    if not slot.titled:
        return whole, face, tuple(fit(row, slot.width) for row in face.rows[: slot.height])
    drawn = tight(face, slot.width, slot.height, canvas.glyphs, focused=focused, extent=extent, tone=tone)
    return whole, face, drawn


def past_day(board: Board) -> date | None:
    """The past day that a board is of, None for one of now."""
    return board.generated_at.astimezone(EASTERN).date() if board.mode is Mode.AS_OF else None


def _marked(face: Face, past: date | None, narrowed: str, slot: Slot) -> tuple[Face, str]:
    """The face with what the eye must not miss behind its title, and the title's tone.

    A board of the past says so in every pane: none of its numbers may be taken for one of now.
    """
    tone = "title" if past is None else "watch"
    if past is not None and not slot.titled:
        rows = tuple((Span(f"{past} ", tone, bold=True), *row) for row in face.rows)
        return face._replace(rows=rows), tone
    mark = " ".join([*([str(past)] if past is not None else []), *([narrowed] if narrowed else [])])
    if not mark:
        return face, tone
    # without a frame, how much is in sight takes the place of what stands behind a comma
    title = face.title if slot.framed else face.title.partition(",")[0]
    room = slot.width - (_EXTENT if slot.framed else 2) - width_of((Span(mark),)) - 1
    if room < _NAME:
        return face._replace(title=narrowed or f"{past:%m-%d}"), tone
    return face._replace(title=f"{cut(title, room)} {mark}"), tone


def _above(slot: Slot, face: Face) -> int:
    """Lines of the place that stand over the first row: frame, title, column names."""
    if slot.framed:
        return 2 if face.header else 1
    return 1 if slot.titled else 0


def _in_sight(face: Face, pinned: Collection[str], selected: str | None, room: int) -> tuple[Face, Extent | None]:
    """The rows that there is room for: what is pinned, and of the others so many that the selected one is there.

    With how much of all that is, None where nothing is out of sight that could be selected.
    """
    if len(face.rows) <= room:
        return face, None
    first = [at for at, row_id in enumerate(face.ids) if row_id in pinned][: max(0, room - 1)]
    others = [at for at in range(len(face.rows)) if at not in first]
    free = max(0, room - len(first))
    chosen = next((n for n, at in enumerate(others) if selected is not None and face.ids[at] == selected), 0)
    start = max(0, chosen - free + 1)
    seen = (*first, *others[start : start + free])
    told = [row_id is not None for row_id in face.ids]
    if not any(told):
        told = [True] * len(told)
    extent = Extent(sum(told[at] for at in others[:start]), sum(told[at] for at in seen), sum(told))
    face = face._replace(rows=tuple(face.rows[at] for at in seen), ids=tuple(face.ids[at] for at in seen))
    return face, extent if extent.seen < extent.total else None


def _with_selection(face: Face, selected: str | None, width: int) -> Face:
    if selected is None or selected not in face.ids:
        return face
    at = face.ids.index(selected)
    row = tuple(s._replace(selected=True) for s in fit(face.rows[at], width))
    return face._replace(rows=(*face.rows[:at], row, *face.rows[at + 1 :]))


def _line(y: int, parts: Sequence[Part], width: int, cache: FrameCache) -> Row:
    """One line of the screen: rows, each as wide as its slot, with the gaps between them."""

    def made() -> Row:
        spans: list[Span] = []
        filled = 0
        for x, columns, row in parts:
            if x > filled:
                spans.append(Span(" " * (x - filled)))
            spans += row
            filled = x + columns
        if filled < width:
            spans.append(Span(" " * (width - filled)))
        return tuple(spans)

    return cache.line(y, width, parts, made)


def _too_small(canvas: Canvas) -> tuple[Row, ...]:
    words = [f"rotation-tui needs at least {LEAST[0]}x{LEAST[1]}", f"this terminal has {canvas.width}x{canvas.height}"]
    above = max(0, (canvas.height - len(words)) // 2)
    texts = [""] * above + words
    texts += [""] * (canvas.height - len(texts))
    return tuple(
        fit((Span(text.center(canvas.width)[: canvas.width], "watch"),), canvas.width)
        for text in texts[: canvas.height]
    )
