"""Everywhere that one can go by name: one list for the prompt `:` and for the command palette."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from msgspec import Struct

from rotation_tui.board.contract import Board
from rotation_tui.panes.base import dated_rows
from rotation_tui.panes.watchlists import LIST
from rotation_tui.screens.going import to_pane, to_row
from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.steer import PanesOn, screens_with
from rotation_tui.screens.view import View
from rotation_tui.theme.load import LoadedThemes
from rotation_tui.widgets.keyed import key as key_of

_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_MOST = 200
"""Offers at a time; more letters leave fewer."""


class Ways(Struct, frozen=True):
    """How the app goes somewhere: by a step of the view, to a theme, to the past, to a symbol that was typed, to what
    the config says now.
    """

    step: Callable[[Callable[[View], View]], None]
    theme: Callable[[str], None]
    day: Callable[[date], None]
    now: Callable[[], None]
    look: Callable[[str], None]
    say: Callable[[str], None]
    reload: Callable[[], None] = lambda: None


class Destination(Struct, frozen=True):
    """Somewhere to go: its name, what it is, and the way there."""

    name: str
    words: str
    go: Callable[[], None]


def destinations(board: Board, panes_on: PanesOn, themes: LoadedThemes, ways: Ways) -> tuple[Destination, ...]:
    """Screens, symbols, pairs, checks, claims, other rows, panes and themes, each name once."""
    found: dict[str, Destination] = {}
    for name, words, step in (*_screens(), *_rows(board, panes_on), *_panes(panes_on)):
        found.setdefault(name.casefold(), Destination(name, words, partial(ways.step, step)))
    for name, theme in sorted(themes.themes.items()):
        there = Destination(f"theme {name}", theme.description, partial(ways.theme, name))
        found.setdefault(there.name.casefold(), there)
    found.setdefault("now", Destination("now", "leave the past", ways.now))
    found.setdefault("reload config", Destination("reload config", "read the config file again", ways.reload))
    return tuple(found.values())


def offered(text: str, every: Sequence[Destination], ways: Ways) -> list[Destination]:
    """What enter can mean once `text` is typed, the likeliest first; a symbol or pair that is nowhere comes last."""
    text = text.strip()
    if _DAY.fullmatch(text):
        return [_of_day(text, ways)]
    near = matching(text, every)
    if not text or any(_plain(there.name) == _plain(text) for there in near):
        return near
    return [*near, Destination(text.upper(), "ask the feeds for it", partial(ways.look, text))]


def _of_day(text: str, ways: Ways) -> Destination:
    try:
        day = date(*map(int, text.split("-")))
    except ValueError:
        return Destination(text, "no day of the calendar", partial(ways.say, f"{text} is no day of the calendar"))
    return Destination(text, "the board of that day", partial(ways.day, day))


_Place = tuple[str, str, Callable[[View], View]]


def _screens() -> Iterator[_Place]:
    for name, screen in SCREENS.items():
        focus = name if name in screen.panes else ""
        yield name, f"screen {key_of(screen.key)}", partial(to_pane, screen=name, pane=focus)


def _rows(board: Board, panes_on: PanesOn) -> Iterator[_Place]:
    for pane, rows, opens in (
        ("indexes", [(t.id, t.id, t.name) for t in board.tickers], True),
        ("spreads", [(s.id, s.id, f"{s.small} less {s.large}") for s in board.spreads], False),
        ("sectors", [(s.id, s.symbol or s.id, f"{s.sector}, {s.side} caps") for s in board.sectors], True),
        ("symbols", [(name, name, "chart") for name in dated_rows(board)], False),
        ("checks", [(c.id, c.id, f"{c.title}, {g.title}") for g in board.risk for c in g.checks], False),
        ("claims", [(c.id, c.id, c.text) for c in board.claims], True),
        ("drivers", [(d.id, d.id, d.title) for d in board.drivers], True),
        ("feeds", [(f.name, f.name, "feed") for f in board.feeds], True),
        ("positions", [(p.id, f"{p.id} position", "what is held of it") for p in board.positions], True),
    ):
        if pane == "symbols":  # a symbol that is in a list alone is gone to there
            yield from _listed(board)
        screens = screens_with(pane) or [s for s in SCREENS if any(p.name == pane for p in panes_on(s))]
        for row_id, name, words in rows if screens else ():
            yield name, words, partial(to_row, screen=screens[0], pane=pane, row=row_id, opens=opens)


def _listed(board: Board) -> Iterator[_Place]:
    """Symbols of watch lists, and the lists."""

    def step(view: View, name: str, row: str | None) -> View:
        pane = "watchlists"
        if row is None:
            there = to_pane(view, screen=pane, pane=pane)
        else:
            there = to_row(view, screen=pane, pane=pane, row=row, opens=True)
        return there.with_setting(LIST.name, name)

    for listed in board.watchlists:
        yield listed.name, "watch list", partial(step, name=listed.name, row=None)
        for row in listed.rows:
            words = ", ".join(filter(None, (row.name if row.name != row.id else "", row.tag, f"in {listed.name}")))
            yield row.id, words, partial(step, name=listed.name, row=row.id)


def _panes(panes_on: PanesOn) -> Iterator[_Place]:
    for screen in sorted(SCREENS, key=lambda name: not SCREENS[name].panes):
        for pane in panes_on(screen):
            words = f"{pane.title}, on the {screen} screen"
            yield pane.name, words, partial(to_pane, screen=screen, pane=pane.name)


def matching(text: str, every: Sequence[Destination]) -> list[Destination]:
    """Those that have `text` in their name or words, the nearest first; all where nothing is typed."""
    wanted = _plain(text)

    def distance(there: Destination) -> int:
        name, words = _plain(there.name), _plain(there.words)
        if name == wanted:
            return 0
        if name.startswith(wanted):
            return 1
        if any(part.startswith(wanted) for part in f"{name} {words}".split()):
            return 2
        return 3 if wanted in name else 4 if wanted in words else 5

    near = [(distance(there), there) for there in every]
    return [there for at, there in sorted(near, key=lambda pair: pair[0]) if at < 5][:_MOST]


def _plain(text: str) -> str:
    """As it is typed: in small letters, a pair with its hyphen."""
    return " ".join(text.casefold().replace("/", "-").split())
