"""Where on a board a value stands: a path in the names of the JSON, found from the types of the contract."""

import functools
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from rotation_tui.board.contract import Board, SectorRow, SpreadRow, TickerRow, WatchedRow
from rotation_tui.board.holding_rows import PositionRow
from rotation_tui.domain.claim import ClaimResult
from rotation_tui.domain.feed import FeedHealth
from rotation_tui.domain.reading import GroupReading, Reading
from rotation_tui.domain.results import DriverReading
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Leads, Verdict
from rotation_tui.domain.window import Window
from rotation_tui.plugins import nearest

Read = float | str | bool | None
"""A value of the board; None is unknown."""


class Sort(StrEnum):
    """What kind of value stands at a place."""

    NUMBER = "a number"
    YES_NO = "yes or no"
    WORD = "a word"
    TEXT = "a text"
    TIME = "a time"


class PlaceFault(ValueError):
    """No value of the board; `at` is the part of the path that is wrong, counted from 0."""

    def __init__(self, at: int, problem: str) -> None:
        super().__init__(problem)
        self.at = at


class Known(Struct, frozen=True):
    """The ids that a board has, by part. One that it has not is taken where its part is named before it, in those that
    are `open`, and in all where `lenient`.
    """

    ids: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lenient: bool = False
    open: frozenset[str] = frozenset()


class Place(Struct, frozen=True):
    """A value of the board: in which part and row it stands, and what it is.

    `words` are all that it can be, where it is a word. `live` says that it follows from prices alone, so that it is
    known while histories are on their way.
    """

    path: str
    part: str
    row: str | None
    sort: Sort
    read: Callable[[Any], Read]
    words: tuple[str, ...] = ()
    live: bool = False

    def value(self, board: Board, row: object) -> Read:
        """What stands there; None where it is unknown, stale, or provisional while histories are on their way."""
        if row is None or (board.loading is not None and not self.live):
            return None
        return self.read(row)


_MAIN: Mapping[type, str] = {
    TickerRow: "last",
    WatchedRow: "last",
    Reading: "level",
    GroupReading: "level",
    DriverReading: "value",
    ClaimResult: "now.finding",
    FeedHealth: "state",
    Verdict: "regime",
    Leads: "side",
}
"""What a row itself stands for, where its path ends with it."""
_ROWS = {"tickers": TickerRow, "spreads": SpreadRow, "sectors": SectorRow, "looked": TickerRow, "claims": ClaimResult,
         "risk": GroupReading, "drivers": DriverReading, "feeds": FeedHealth, "positions": PositionRow}  # fmt: skip
"""Parts that are rows with an id, in the order in which an id without its part is looked for."""
_LISTS, _IN = "watchlists", "/"
"""The part of watch lists, and what stands between a list and a symbol in an id of it."""
_LEADS = "leads"
"""A part of the verdict that may be named without it, as `history` names its columns."""
_OF_PRICE = ("last", "change_pct", "extended")
"""Fields of a ticker that no completed bar has a part in."""
_UNWATCHED = ("alerts",)
"""Parts that follow from alerts."""
_WITHOUT_STUDY = ("feeds", "session", "events", "mode", "loading", "fetching", "generated_at")
_UNTRUSTED = (State.STALE, State.UNKNOWN)


def place(segments: Sequence[str], known: Known) -> Place:
    """The value that a path stands for; PlaceFault where there is none."""
    head, path = segments[0], ".".join(segments)
    if head == _LISTS:
        return _in_list(path, segments, known)
    if head in _ROWS:
        if len(segments) == 1:
            raise PlaceFault(0, f"{head} has many rows; name one, as {_example(head, known)}")
        listed = known.ids.get(head, ())
        if segments[1] not in listed and not known.lenient and head not in known.open:
            raise PlaceFault(1, f'no "{segments[1]}" among the {head}{nearest(segments[1], tuple(listed))}')
        return _in_row(path, head, segments[1], segments[2:], 2)
    if head in _UNWATCHED:
        raise PlaceFault(0, f"{head} follow from the board, and none can follow from them")
    if head == _LEADS or head in Board.__struct_fields__:
        return _in_board(path, segments)
    homes = [part for part in _ROWS if head in known.ids.get(part, ())]
    if not homes:
        everything = dict.fromkeys([*(i for part in _ROWS for i in known.ids.get(part, ())), *Board.__struct_fields__])
        raise PlaceFault(0, f'nothing on the board is called "{head}"{nearest(head, tuple(everything))}')
    for part in homes[:-1]:  # a fund may be a ticker and a sector: whichever has such a value
        try:
            return _in_row(path, part, head, segments[1:], 1)
        except PlaceFault:
            continue
    return _in_row(path, homes[-1], head, segments[1:], 1)


def _in_board(path: str, segments: Sequence[str]) -> Place:
    head = segments[0]
    if head == _LEADS:
        found = _below_struct(Verdict, segments, 0)
        return Place(f"verdict.{path}", "verdict", None, found.sort, found.read, found.words)
    found = _walk(_hints(Board)[head], segments[1:], 1)
    return Place(path, head, None, found.sort, found.read, found.words, head in _WITHOUT_STUDY)


def _in_list(path: str, segments: Sequence[str], known: Known) -> Place:
    """A value of a symbol in a watch list, as watchlists.banks.KRE.last."""
    listed = tuple(row.partition(_IN) for row in known.ids.get(_LISTS, ()))
    names = tuple(dict.fromkeys(name for name, _, _ in listed))
    if segments[2:3] == ["rows"]:  # as in the JSON
        segments = [*segments[:2], *segments[3:]]
    if len(segments) < 3:
        example = f"{_LISTS}.{names[0] if names else 'banks'}.KRE"
        raise PlaceFault(len(segments) - 1, f"name a list and a symbol, as {example}")
    name, symbol = segments[1:3]
    if name not in names and not known.lenient:
        raise PlaceFault(1, f'no watch list "{name}"{nearest(name, names)}')
    symbols = tuple(s for of, _, s in listed if of == name)
    if symbol not in symbols and not known.lenient:
        raise PlaceFault(2, f'no "{symbol}" in {name}{nearest(symbol, symbols)}')
    rest = segments[3:]
    found = _walk(WatchedRow, rest, 3)
    live = (rest or ("last",))[0] in _OF_PRICE
    return Place(path, _LISTS, f"{name}{_IN}{symbol}", found.sort, found.read, found.words, live)


def row_of(board: Board, part: str, row: str | None) -> Any:
    """The part of the board, or its row of that id; None where it has none."""
    return getattr(board, part) if row is None else rows_of(getattr(board, part), part).get(row)


def rows_of(rows: Sequence[Any], part: str) -> Mapping[str, Any]:
    """The rows of a part by their id: feeds by their name, of the risk groups their checks as well.

    Those of watch lists by list and symbol.
    """
    if part == _LISTS:
        return {f"{listed.name}{_IN}{row.id}": row for listed in rows for row in listed.rows}
    if part == "feeds":
        return {row.name: row for row in rows}
    found = {row.id: row for row in rows}
    return found | {check.id: check for group in rows for check in group.checks} if part == "risk" else found


class _Found(Struct, frozen=True):
    sort: Sort
    read: Callable[[Any], Read]
    words: tuple[str, ...] = ()


def _in_row(path: str, part: str, row: str, rest: Sequence[str], at: int) -> Place:
    kinds: tuple[type, ...] = (_ROWS[part],)
    if part == "risk":
        kinds = (Reading, GroupReading)  # what both have means either
    fault: PlaceFault | None = None
    for kind in kinds:
        try:
            found = _walk(kind, rest, at)
        except PlaceFault as wrong:
            fault = fault or wrong
            continue
        live = part in _WITHOUT_STUDY or (kind is TickerRow and (rest or ("last",))[0] in _OF_PRICE)
        return Place(path, part, row, found.sort, found.read, found.words, live)
    assert fault is not None
    raise fault


def _walk(kind: Any, segments: Sequence[str], at: int) -> _Found:
    """The value below something of a type; `at` is where in the path the next segment stands."""
    kind = _plain(kind)
    if _is_struct(kind):
        return _below_struct(kind, segments, at)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (dict, Mapping) and segments:
        _one_of_windows(kind, segments[0], at)
        return _through(_walk(args[1], segments[1:], at + 1), functools.partial(_item, segments[0]))
    if origin is tuple and segments and args and (name := _naming(args[0])):
        return _through(_walk(args[0], segments[1:], at + 1), functools.partial(_named, name, segments[0]))
    if segments:
        raise PlaceFault(at, f'"{segments[0]}" is below a value that has nothing below it')
    return _leaf(kind, at)


def _below_struct(kind: Any, segments: Sequence[str], at: int) -> _Found:
    hints = _hints(kind)
    if not segments:
        if kind not in _MAIN:
            raise PlaceFault(at - 1, f"is no single value; it has {', '.join(_values_of(kind))}")
        segments, at = _MAIN[kind].split("."), at - 1
    name = segments[0]
    if name not in hints and "windows" in hints and name in tuple(Window):
        segments, name = ("windows", *segments), "windows"
    if name not in hints:
        windows = tuple(Window) if "windows" in hints else ()
        every = (*hints, *windows)
        raise PlaceFault(at, f'no "{name}" there{nearest(name, every)}; there are {", ".join(every)}')
    found = _through(_walk(hints[name], segments[1:], at + 1), functools.partial(_attribute, name))
    return found if found.sort in (Sort.TEXT, Sort.TIME) or name.endswith("state") else _guarded(kind, name, found)


def _guarded(kind: Any, name: str, found: _Found) -> _Found:
    """The value, unknown where its row says that what it is of cannot be trusted."""
    hints, guards = _hints(kind), []
    if hints.get("state") is State:
        guards = ["state"]
        if issubclass(kind, TickerRow) and name not in _OF_PRICE:
            guards.append("study_state")
    read, current, ages = found.read, "current" in hints, hints.get("stale") is bool
    if not guards and not ages:
        return found

    def trusted(row: Any) -> Read:
        if any(getattr(row, guard) in _UNTRUSTED for guard in guards):
            return None
        if (current and not row.current) or (ages and row.stale):
            return None
        return read(row)

    return _Found(found.sort, trusted, found.words)


def _leaf(kind: Any, at: int) -> _Found:
    if not isinstance(kind, type):
        raise PlaceFault(at - 1, "is no value that can be watched")
    if issubclass(kind, StrEnum):
        return _Found(Sort.WORD, _as_word, tuple(member.value for member in kind))
    for of, sort, read in _LEAVES:
        if issubclass(kind, of):
            return _Found(sort, read)
    raise PlaceFault(at - 1, "is no value that can be watched")


def _as_word(value: Any) -> Read:
    return None if value is None else str(value.value)


def _as_it_is(value: Any) -> Read:
    return value  # type: ignore[no-any-return]


def _as_text(value: Any) -> Read:
    return None if value is None else str(value)


_LEAVES: Sequence[tuple[type, Sort, Callable[[Any], Read]]] = (
    (bool, Sort.YES_NO, _as_it_is),
    (float, Sort.NUMBER, _as_it_is),
    (int, Sort.NUMBER, _as_it_is),
    (str, Sort.TEXT, _as_it_is),
    (date, Sort.TIME, _as_text),
)


def _through(found: _Found, step: Callable[[Any], Any]) -> _Found:
    read = found.read

    def both(value: Any) -> Read:
        below = step(value)
        return None if below is None else read(below)

    return _Found(found.sort, both, found.words)


def _attribute(name: str, value: Any) -> Any:
    return getattr(value, name)


def _item(name: str, value: Any) -> Any:
    return value.get(name)


def _named(field: str, name: str, rows: Any) -> Any:
    return next((row for row in rows if getattr(row, field) == name), None)


def _naming(kind: Any) -> str | None:
    """The field by which rows of this type are told apart, None where there is none."""
    kind = _plain(kind)
    fields = kind.__struct_fields__ if _is_struct(kind) else ()
    return next((name for name in ("id", "name", "preset") if name in fields), None)


def _one_of_windows(kind: Any, name: str, at: int) -> None:
    args = typing.get_args(kind)
    if args == typing.get_args(_hints(TickerRow)["windows"]) and name not in tuple(Window) and not name.isdigit():
        raise PlaceFault(at, f'no window "{name}"{nearest(name, tuple(Window))}; there are {", ".join(Window)}')


def _values_of(kind: Any) -> tuple[str, ...]:
    return tuple(name for name in _hints(kind) if not name.startswith("_"))


def _example(part: str, known: Known) -> str:
    return f"{part}.{next(iter(known.ids.get(part, ())), 'ID')}"


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _plain(kind: Any) -> Any:
    """The type without None beside it."""
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return kind
    rest = [arg for arg in typing.get_args(kind) if arg is not type(None)]
    return rest[0] if len(rest) == 1 else float if set(rest) <= {int, float} else kind
