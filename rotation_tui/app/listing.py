"""Watch lists changed on the screen: what is typed, and how it gets into the user's config and onto the board."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.app.living import Living, Read
from rotation_tui.app.prompts import Asked
from rotation_tui.app.setup import Run
from rotation_tui.app.taking_up import TakingUp
from rotation_tui.app.viewer import Viewer
from rotation_tui.board.contract import Mode, WatchedRow, WatchListRow
from rotation_tui.config.list_editing import Change, with_row, without_row
from rotation_tui.config.load import parse
from rotation_tui.config.schema import config_path
from rotation_tui.domain.instrument import ALLOWED, Instrument, canonical, is_symbol
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.watchlist import MOST_NOTE, MOST_TAG, WatchedSymbol, WatchList
from rotation_tui.panes.base import dated_rows
from rotation_tui.panes.watchlists import LIST, chosen
from rotation_tui.screens import steer
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.writing import known_text, rewrite
from rotation_tui.widgets.keyed import key as key_of

_log = logging.getLogger(__name__)

PANE = "watchlists"
LONGEST = 120
_FIRST_LIST = "watch"
"""Name of the list that the first symbol makes."""


class Writes(Struct, frozen=True):
    """How the config is taken up: by following its file, or in the demo, which writes nothing, at once."""

    taking_up: TakingUp
    living: Living | None
    read: Read


class Tells(Struct, frozen=True):
    """How it is told: on the last line, in a toast, and by the prompt once more."""

    say: Callable[[str], None]
    refuse: Callable[[str], None]
    again: Callable[[Asked, str, str], None]
    work: Callable[[Coroutine[None, None, None]], object]


class Listing:
    """What keys do to the list in sight; changes are written one after the other."""

    def __init__(self, run: Run, viewer: Viewer, tells: Tells, writes: Callable[[], Writes | None]) -> None:
        self._run = run
        self._viewer = viewer
        self._tells = tells
        self._writes = writes
        self._one_at_a_time = asyncio.Lock()
        self._dropped = ""
        self._unwritten: str | None = None

    def adding(self) -> tuple[Asked, str]:
        """The prompt for a new symbol, and what stands in it: the selected one, or what was dropped last."""
        name = self._name()
        hint = f"into {name}: KRE #banks what it is for; @name: into another list"
        asked = Asked(hint, lambda _: None, lambda text: self._add(asked, text), lambda: None, longest=LONGEST)
        return asked, self._dropped if self._in_sight() else self._offered()

    def editing(self) -> tuple[Asked, str] | None:
        """The prompt for tag and note of the selected symbol; None where none is selected, which is said."""
        row = self._selected()
        if row is None:
            self._tells.say(
                f"{key_of('N')} edits tag and note of a symbol that is selected on watchlists ({key_of('8')})"
            )
            return None
        asked = Asked(
            f"{row.id} in {row.list}: #tag and note",
            lambda _: None,
            lambda text: self._edit(asked, row, text),
            lambda: None,
            longest=LONGEST,
        )
        return asked, " ".join(filter(None, (f"#{row.tag}" if row.tag else "", row.your_note)))

    def drop(self) -> bool:
        """Take the selected symbol out of the list in sight; False where no list is in sight."""
        if not self._in_sight():
            return False
        row = self._selected()
        if row is None:
            self._tells.say(f"{key_of('x')} drops the symbol that is selected; none is")
            return True
        words = (row.id, f"#{row.tag}" if row.tag else "", f"@{row.list}" if " " not in row.list else "", row.your_note)
        dropped = " ".join(filter(None, words))
        said = f"{row.id} is dropped from {row.list}; {key_of('n')} offers it again"
        self._change(without_row(row.list, row.id), said, dropped)
        return True

    def _in_sight(self) -> bool:
        return self._viewer.view.screen == PANE

    def _list(self) -> WatchListRow | None:
        board = self._viewer.board
        return None if board is None else chosen(board, self._viewer.view.settings)

    def _name(self) -> str:
        listed = self._list()
        return _FIRST_LIST if listed is None else listed.name

    def _selected(self) -> WatchedRow | None:
        listed, view = self._list(), self._viewer.view
        if listed is None or view.screen != PANE:
            return None
        wanted = view.opened or view.selected.get(PANE)
        return next((row for row in listed.rows if row.id == wanted), None)

    def _offered(self) -> str:
        """The symbol of the row that is selected on another screen."""
        board, sheet, view = self._viewer.board, self._viewer.sheet, self._viewer.view
        if board is None or sheet is None:
            return ""
        row = dated_rows(board).get(view.opened or view.selected.get(steer.focused(view, sheet)[0], ""))
        symbol = getattr(row, "symbol", "")
        return f"{symbol} " if symbol else ""

    def _add(self, asked: Asked, text: str) -> None:
        if not text:
            return
        try:
            name, row = typed(text, self._name())
            self._refuse(name, row.symbol)
        except RefusedValueError as refusal:
            self._tells.again(asked, str(refusal), text)
            return
        self._change(with_row(name, row), f"{row.symbol} is added to {name}", select=(name, row.symbol))

    def _refuse(self, name: str, symbol: str) -> None:
        """RefusedValueError where a symbol is in that list already, or none of the feeds has it."""
        lists = self._run.scope.watchlists
        if any(row.symbol == symbol for listed in lists if listed.name == name for row in listed.entries):
            raise RefusedValueError(f"{symbol} is in {name} already; {key_of('N')} edits its tag and note")
        if not self._run.desk.offering(Instrument.of(symbol)):
            raise RefusedValueError(
                f"none of the feeds offers a history of {symbol}; [[feeds]] in the config names them"
            )

    def _edit(self, asked: Asked, row: WatchedRow, text: str) -> None:
        try:
            _, words = typed(f"{row.id} {text}", row.list)
        except RefusedValueError as refusal:
            self._tells.again(asked, str(refusal), text)
            return
        said = f"{row.id} in {row.list}: {words.tag or 'no tag'}, {words.note or 'no note'}"
        self._change(with_row(row.list, words), said, select=(row.list, row.id))

    def _change(self, change: Change, said: str, dropped: str = "", select: tuple[str, str] | None = None) -> None:
        writes = self._writes()
        if writes is None:
            self._tells.say("the config is read at the start alone")
            return
        self._tells.say("writing the config")
        self._tells.work(self._changed(writes, change, said, dropped, select))

    async def _changed(
        self, writes: Writes, change: Change, said: str, dropped: str, select: tuple[str, str] | None
    ) -> None:
        async with self._one_at_a_time:
            file = writes.taking_up.loaded.path or config_path()
            writes.taking_up.expect(PANE)  # else "config taken up" would stand where the answer does
            try:
                where = await (self._shown if self._run.scope.mode is Mode.DEMO else self._written)(
                    writes, file, change
                )
            except ConfigFault as fault:
                writes.taking_up.expect()
                self._tells.say("nothing is written")
                self._tells.refuse(str(fault))
                return
            except Exception as fault:  # a fault of ours must not pass as done
                _log.exception("the list is not changed", exc_info=fault)
                writes.taking_up.expect()
                self._tells.refuse(f"nothing is written ({type(fault).__name__}: {fault}); the log has more")
                return
            self._dropped = dropped
            if select is not None and self._in_sight():
                view = self._viewer.view.with_setting(LIST.name, select[0])
                self._viewer.view = replace(view.with_selected(PANE, select[1]), focus=PANE)
            self._tells.say(f"{said}{where}")

    async def _written(self, writes: Writes, file: Path, change: Change) -> str:
        """Into the file; whoever follows it takes it up."""
        await asyncio.to_thread(_rewritten, file, change)
        if writes.living is not None:
            writes.living.ask()
        return f", in {file.name}"

    async def _shown(self, writes: Writes, file: Path, change: Change) -> str:
        """For as long as the demo runs, with nothing written."""
        self._unwritten, lists = await asyncio.to_thread(_unwritten, file, change, self._unwritten)
        loaded = writes.taking_up.loaded
        changed = replace(loaded, config=replace(loaded.config, watchlists=lists))
        await writes.taking_up.take(replace(writes.read, loaded=changed))
        return "; the demo writes nothing"


def _rewritten(file: Path, change: Change) -> None:
    rewrite(file, lambda text: change(text, file), lambda text: parse(text, file.absolute()))


def _unwritten(file: Path, change: Change, before: str | None) -> tuple[str, tuple[WatchList, ...]]:
    """The text that would be written, and the lists that it has."""
    text = change(known_text(file) if before is None else before, file)
    return text, parse(text, file.absolute()).watchlists


def typed(text: str, name: str) -> tuple[str, WatchedSymbol]:
    """The list and the symbol with tag and note that were typed; RefusedValueError where it is none.

    "KRE #rates @banks a note": `name` is the list where none is named.
    """
    first, *rest = text.split()
    symbol = canonical(first)
    if not is_symbol(symbol):
        raise RefusedValueError(f'"{first}" is no symbol: {ALLOWED}; then #tag, @list and a note')
    tags = [word[1:] for word in rest if word.startswith("#")]
    lists = [word[1:] for word in rest if word.startswith("@")]
    note = " ".join(word for word in rest if word[0] not in "#@")
    if len(tags) > 1 or len(lists) > 1:
        raise RefusedValueError("one #tag and one @list at the most; the rest is the note")
    tag = tags[0] if tags else ""
    if len(tag) > MOST_TAG or len(note) > MOST_NOTE:
        raise RefusedValueError(f"a tag has {MOST_TAG} characters at the most, a note {MOST_NOTE}")
    return (lists[0] if lists and lists[0] else name), WatchedSymbol(symbol=symbol, note=note, tag=tag)
