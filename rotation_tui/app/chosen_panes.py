"""The panes that config and keys name, ours and other people's: one that fails says so, and the others are drawn."""

from collections.abc import Callable
from functools import partial
from textwrap import wrap
from typing import ParamSpec, TypeVar

from msgspec.structs import replace

from rotation_tui import plugins
from rotation_tui.board.contract import Board
from rotation_tui.panes.base import Pane, Space
from rotation_tui.theme.palette import TONES
from rotation_tui.widgets.cells import Face, Row, Rows, Span, printable

P = ParamSpec("P")
T = TypeVar("T")

_PANES = "rotation_tui.panes"


def pane_of(name: str) -> Pane:
    """The pane that is called so; another package's that cannot be used is one that says why.

    Raises UnknownPartError.
    """
    pane: Pane | None = plugins.own(_PANES, name, "PANE")
    if pane is not None:
        return pane
    try:
        plugin = plugins.other(_PANES, name, "PANE")
        theirs = plugin.load("PANE", Pane)
    except plugins.PluginError as fault:
        why = str(fault)
        return Pane(name, name, lambda _, space: _saying(name, why, space), lambda _: 2, 1)
    return _Held(plugin).pane(theirs)


def _saying(name: str, why: str, space: Space) -> Face:
    rows = _rows(why, space)
    return Face(name, rows, (None,) * len(rows))


def _rows(why: str, space: Space) -> tuple[Row, ...]:
    return tuple((Span(piece, "alert"),) for piece in wrap(printable(why), max(1, space.width)))


class _Held:
    """A pane of another package with each of its functions held, so that what one raises stays in its own place."""

    def __init__(self, plugin: plugins.Plugin) -> None:
        self._plugin = plugin
        self._logged: set[type[Exception]] = set()

    def pane(self, pane: Pane) -> Pane:
        """The pane under its name in the config."""
        name, detail, most = self._plugin.name, pane.detail, pane.most

        def draw(board: Board, space: Space) -> Face:
            return _sound(pane.draw(board, space))

        def opened(board: Board, row: str, space: Space) -> Rows:
            return () if detail is None else _sound_rows(detail(board, row, space))

        return replace(
            pane,
            name=name,
            draw=self._held(draw, self._face),
            wants=self._held(partial(_count, pane.wants), _two),
            most=None if most is None else self._held(partial(_count, most), _two),
            pinned=self._held(partial(_names, pane.pinned), _none),
            detail=None if detail is None else self._held(opened, lambda why, _board, _row, space: _rows(why, space)),
            settings=tuple(
                replace(setting, more=self._held(partial(_names, setting.more), _none))
                for setting in pane.settings
                if setting.choices
            ),
            reads=(),  # it may name what the board does not have
            told_at=None,  # that page is about our own
        )

    def _face(self, why: str, _: Board, space: Space) -> Face:
        return _saying(self._plugin.name, why, space)

    def _held(self, work: Callable[P, T], instead: Callable[..., T]) -> Callable[P, T]:
        def held(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return work(*args, **kwargs)
            except Exception as fault:
                return instead(self._why(fault), *args, **kwargs)

        return held

    def _why(self, fault: Exception) -> str:
        """What to say of it; the log gets the first of its kind, and not one with every frame."""
        told = self._plugin.told if type(fault) in self._logged else self._plugin.fault
        self._logged.add(type(fault))
        return str(told("cannot be drawn", fault))


def _two(_why: str, _board: Board) -> int:
    """Rows for a pane that cannot say how many it wants: there is a sentence in it."""
    return 2


def _none(_why: str, _board: Board) -> tuple[str, ...]:
    return ()


def _count(told: Callable[[Board], int], board: Board) -> int:
    return int(told(board))


def _names(told: Callable[[Board], tuple[str, ...]], board: Board) -> tuple[str, ...]:
    return tuple(told(board))


def _sound(face: Face) -> Face:
    """`face` where it can be placed and coloured, else ValueError."""
    if not isinstance(face, Face) or len(face.ids) != len(face.rows):
        raise ValueError("draw has to give a Face with an id, or None, for each row")
    _sound_rows((*face.rows, face.header, face.note, (Span(face.title), Span(face.subtitle))))
    return face


def _sound_rows(rows: Rows) -> Rows:
    """`rows` where they can be drawn, else ValueError."""
    spans = [span for row in rows for span in row]
    if not all(isinstance(span, Span) and isinstance(span.text, str) for span in spans):
        raise ValueError("a row has to be made of Spans with text")
    if unknown := {span.tone for span in spans} - set(TONES):
        raise ValueError(f"there is no tone {', '.join(sorted(unknown))}")
    return tuple(rows)
