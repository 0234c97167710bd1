"""The panes that config and keys name, ours and other people's: one that fails says so, and the others are drawn."""

from collections.abc import Callable
from textwrap import wrap
from typing import ParamSpec, TypeVar

from msgspec.structs import replace

from rotation_tui import plugins
from rotation_tui.board.contract import Board
from rotation_tui.panes.base import Pane, Space
from rotation_tui.theme.palette import TONES
from rotation_tui.widgets.cells import Face, Row, Span, printable

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
        name, detail = self._plugin.name, pane.detail

        def draw(board: Board, space: Space) -> Face:
            return _sound(pane.draw(board, space))

        return replace(
            pane,
            name=name,
            draw=self._held(draw, self._face),
            wants=self._held(pane.wants, lambda _why, _board: 2),
            most=None if pane.most is None else self._held(pane.most, lambda _why, _board: 2),
            pinned=self._held(pane.pinned, lambda _why, _board: ()),
            detail=None if detail is None else self._held(detail, lambda why, _board, _row, space: _rows(why, space)),
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


def _sound(face: Face) -> Face:
    """`face` where it can be placed and coloured, else ValueError."""
    if not isinstance(face, Face) or len(face.ids) != len(face.rows):
        raise ValueError("draw has to give a Face with an id, or None, for each row")
    if unknown := {span.tone for row in (*face.rows, face.header, face.note) for span in row} - set(TONES):
        raise ValueError(f"there is no tone {', '.join(sorted(unknown))}")
    return face
