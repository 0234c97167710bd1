"""`rotation-tui snapshot`: one complete board to standard output, without a terminal."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rotation_tui.board.contract import Board, Mode
from rotation_tui.cli.options import Options, SnapshotRequest
from rotation_tui.cli.output import complain, give, in_json, show
from rotation_tui.domain.state import State
from rotation_tui.screens.arrange import LEAST

if TYPE_CHECKING:
    from msgspec import Struct

    from rotation_tui.board.lines import Drawable

    LinesOf = Callable[[str], Drawable | None]

COMPLETE, INCOMPLETE, EMPTY = 0, 3, 4


def run(options: Options, request: SnapshotRequest) -> int:
    """Print the board (or its JSON Schema) and return the exit code of the contract."""
    if request.schema:
        from rotation_tui.cli.schemas import contract_schema

        give(in_json(contract_schema()) + "\n")
        return COMPLETE
    return print_board(*asyncio.run(_taken(options, request)), options, request)


def print_board(board: Board, lines: "LinesOf", options: Options, request: SnapshotRequest) -> int:
    """Print a board in the format of the request, and what it lacks on standard error; the exit code."""
    code = exit_code_of(board)
    (show if request.format == "text" else give)(_formatted(board, lines, options, request))
    if request.format in ("text", "svg") and (request.columns < LEAST[0] or request.rows < LEAST[1]):
        complain(
            f"rotation-tui: {request.columns}x{request.rows} has no room for a board; "
            f"{LEAST[0]}x{LEAST[1]} is the least"
        )
    if code != COMPLETE:
        what = "no data at all" if code == EMPTY else f"unknown or stale: {', '.join(lacking(board))}"
        complain(f"rotation-tui: {what}")
        for feed in board.feeds:
            if feed.fault:
                complain(f"rotation-tui: {feed.name} {feed.state.value}: {feed.fault}")
    return code


async def _taken(options: Options, request: SnapshotRequest) -> "tuple[Board, LinesOf]":
    """Open a desk, wait until it has settled or the time is up, take one board and what its charts are drawn from."""
    from rotation_tui.app.scene import NOT_OVER, Wish
    from rotation_tui.app.session_before import SessionBefore
    from rotation_tui.app.setup import prepare
    from rotation_tui.app.unwaited import Unwaited
    from rotation_tui.store.kept import sweep

    loop = asyncio.get_running_loop()
    loop.set_default_executor(Unwaited())
    loaded = options.load()
    wish = Wish(demo_seed=None if request.demo is None else request.demo.seed, demo_speed=None, as_of=request.as_of)
    prepared = prepare(loaded, wish)
    prepared.hide(private=request.private or (prepared.scope.private and request.format != "json"))
    loop.run_in_executor(None, sweep, prepared.state_folder)
    await prepared.desk.open()
    try:
        if not await prepared.settled(request.timeout_s):
            complain(f"rotation-tui: not all feeds answered within {request.timeout_s:g} s")
        before = SessionBefore(prepared)
        if before.is_due(prepared.board()):
            await before.compare()
        prepared.alerting.show()
        board = prepared.board()
        for note in board.notes:
            if NOT_OVER in note:
                complain(f"rotation-tui: {note}")
        return board, prepared.lines_of
    finally:
        await prepared.desk.close()


def lacking(board: Board) -> list[str]:
    """Required values that are unknown or stale: `last` of every ticker, YTD of every spread."""
    untrusted = (State.UNKNOWN, State.STALE)
    rows = [t.id for t in board.tickers if t.last is None or t.state in untrusted]
    return rows + [f"{s.id} YTD" for s in board.spreads if s.windows["YTD"] is None or s.state in untrusted]


def exit_code_of(board: Board) -> int:
    """0 complete, 3 something required is unknown or stale, 4 nothing is known at all."""
    if not any(t.last is not None for t in board.tickers):
        return EMPTY
    return INCOMPLETE if lacking(board) else COMPLETE


def _formatted(board: Board, lines: "LinesOf", options: Options, request: SnapshotRequest) -> str:
    if request.format == "json":
        import msgspec

        return in_json(msgspec.json.format(msgspec.json.encode(board), indent=2).decode()) + "\n"
    if request.table is not None:
        from rotation_tui.widgets.spreadsheet import structs_in_csv

        return structs_in_csv(_rows_of(board, request.table))
    if request.format == "csv":
        from rotation_tui.cli.tabular import as_csv

        return as_csv(board)
    return _drawn(board, lines, options, request)


def _rows_of(board: Board, table: str) -> "Sequence[Struct]":
    if table == "watchlists":
        return [row for listed in board.watchlists for row in listed.rows]
    rows: Sequence[Struct] = getattr(board, table) or ()
    return rows


def _drawn(board: Board, lines: "LinesOf", options: Options, request: SnapshotRequest) -> str:
    """The overview as text or as a picture, from the same panes that the monitor shows."""
    from rotation_tui.app.chosen_panes import pane_of
    from rotation_tui.app.link import ascii_because, spark_of
    from rotation_tui.config.schema import key_changes
    from rotation_tui.domain.clock import LOCAL
    from rotation_tui.domain.session import EASTERN
    from rotation_tui.screens.arrange import overview
    from rotation_tui.screens.compose import Canvas, compose
    from rotation_tui.screens.keymap import Keymap
    from rotation_tui.screens.view import View
    from rotation_tui.widgets.cells import plain
    from rotation_tui.widgets.glyphs import glyphs_of

    config = options.load().config
    to_a_screen = request.format == "text" and sys.stdout.isatty()
    is_ascii = config.display.ascii or (to_a_screen and ascii_because(os.environ) is not None)
    glyphs = glyphs_of(ascii_only=is_ascii, spark=spark_of(config.display, os.environ if to_a_screen else {}))
    zone = EASTERN if config.display.times == "exchange" else LOCAL
    layout = config.layout
    names, left = overview(layout.overview, layout.wide, layout.yields, layout.large, request.columns, request.rows)
    panes = [pane_of(name) for name in names]
    keymap = Keymap(key_changes(config))
    canvas = Canvas(request.columns, request.rows, glyphs, zone, keys_shown=False, lines=lines, keymap=keymap)
    view = View().begun(config.layout.hidden, config.layout.enlarged)
    sheet = compose(board, view, panes, canvas, board.generated_at, left=left)
    if request.format == "text":
        return plain(sheet.rows) + "\n"
    from rotation_tui.app.picture import svg

    title = "rotation-tui" + (f" · {board.mode.value}" if board.mode is not Mode.LIVE else "")
    return svg(sheet.rows, request.columns, title, config.theme, options.themes_folder)
