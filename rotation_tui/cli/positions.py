"""The work of `rotation-tui positions`."""

import asyncio
import shutil
import sys
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.cli.options import DemoOptions, Options
from rotation_tui.cli.output import complain, give, in_json, show
from rotation_tui.domain.positions import RebalanceSettings
from rotation_tui.domain.state import State

if TYPE_CHECKING:
    from rotation_tui.board.holding_rows import PortfolioRow, Rebalance

DONE, NONE, INCOMPLETE, EMPTY = 0, 2, 3, 4
_COLUMNS = 122
_TRADE = ("action", "symbol", "quantity", "price", "amount", "of_book_pct", "before", "after")


class PositionsRequest(msgspec.Struct, frozen=True):
    """What is printed, of which market and day; `timeout_s` is how long the feeds may take."""

    form: str
    demo: DemoOptions | None
    as_of: date | None
    timeout_s: float
    private: bool


def listed(options: Options, request: PositionsRequest) -> int:
    """Print what is held; the exit code."""
    board = asyncio.run(_board(options, request, None))
    portfolio = board.portfolio
    if portfolio is None or not board.positions:
        return _none(portfolio)
    if request.form == "json":
        give(_json({"positions": board.positions, "portfolio": portfolio}))
    elif request.form == "csv":
        from rotation_tui.widgets.spreadsheet import structs_in_csv

        give(structs_in_csv(board.positions))
    else:
        show(_drawn(board, options, ("positions", "tilt")))
    for note in portfolio.notes:
        complain(f"rotation-tui: {note}")
    if portfolio.why is not None:
        complain(f"rotation-tui: {portfolio.known} of {portfolio.positions} positions known: {portfolio.why}")
    if not portfolio.known:
        return EMPTY
    return INCOMPLETE if portfolio.state in (State.UNKNOWN, State.STALE) else DONE


def rebalanced(options: Options, request: PositionsRequest, to: RebalanceSettings) -> int:
    """Print the trades; the exit code."""
    board = asyncio.run(_board(options, request, to))
    portfolio = board.portfolio
    if portfolio is None or not board.positions:
        return _none(portfolio)
    told = portfolio.rebalance
    if told is None:
        complain("rotation-tui: no target; --target 40, or target_small = 40 under [rebalance], says which tilt")
        return NONE
    if request.form == "json":
        give(_json(told))
    elif request.form == "csv":
        from rotation_tui.widgets.spreadsheet import in_csv

        rows = ([t.action, t.id, t.quantity, t.price, t.amount, t.of_book_pct, t.before, t.after] for t in told.trades)
        give(in_csv(_TRADE, rows))
    else:
        show(_trades(told, private=portfolio.private))
    for note in portfolio.notes:
        complain(f"rotation-tui: {note}")
    if told.why is not None:
        complain(f"rotation-tui: {told.why}")
    return DONE if told.trades or told.after_pct is not None else INCOMPLETE


async def _board(options: Options, request: PositionsRequest, to: RebalanceSettings | None) -> Board:
    from rotation_tui.app.scene import Wish
    from rotation_tui.app.setup import prepare
    from rotation_tui.app.unwaited import Unwaited

    asyncio.get_running_loop().set_default_executor(Unwaited())
    loaded = options.load()
    if to is not None:
        own = loaded.config.rebalance
        to = RebalanceSettings(
            target_small=own.target_small if to.target_small is None else to.target_small,
            small=to.small or own.small,
            large=to.large or own.large,
        )
        loaded = replace(loaded, config=replace(loaded.config, rebalance=to))
    seed = None if request.demo is None else request.demo.seed
    run = prepare(loaded, Wish(demo_seed=seed, demo_speed=None, as_of=request.as_of))
    if to is not None and to.target_small is not None:
        run.hold(replace(run.scope.book, rebalance=to))
    run.hide(private=request.private or (run.scope.private and request.form != "json"))
    if not run.scope.book:
        return run.board()
    await run.desk.open()
    try:
        if not await run.settled(request.timeout_s):
            complain(f"rotation-tui: not all feeds answered within {request.timeout_s:g} s")
        return run.board()
    finally:
        await run.desk.close()


def _none(portfolio: "PortfolioRow | None") -> int:
    for note in portfolio.notes if portfolio is not None else ():
        complain(f"rotation-tui: {note}")
    if portfolio is None:
        complain("rotation-tui: no positions; [[positions]] or [[positions_files]] in the config has them")
    return NONE


def _json(what: object) -> str:
    return in_json(msgspec.json.format(msgspec.json.encode(what), indent=2).decode()) + "\n"


def _trades(told: "Rebalance", *, private: bool) -> str:
    """The trades as lines, and what they come to."""
    from rotation_tui.widgets import figures

    lines = []
    for t in told.trades:
        amounts = "" if private else f"{t.quantity or 0:>10,}  {figures.amount(t.amount):>16}  "
        rest = f"{figures.amount(t.of_book_pct):>7}%  at {figures.amount(t.price)}"
        lines.append(f"{t.action:<5}{t.id:<10}{amounts}{rest}")
    if told.now_pct is None:
        return ""
    after = "" if told.after_pct is None else f"{figures.amount(told.after_pct)}% after these, "
    lines.append(f"small caps {figures.amount(told.now_pct)}% now, {after}target {figures.amount(told.target_pct)}%")
    if told.cash_left_pct is not None:
        left = "" if private else f"{figures.amount(told.cash_left)}, "
        lines.append(f"cash left {left}{figures.amount(told.cash_left_pct)}% of the book; no order is made here")
    return "\n".join(lines) + "\n"


def _drawn(board: Board, options: Options, names: tuple[str, ...]) -> str:
    """What the panes of the screen say, from the same code."""
    from rotation_tui.app.chosen_panes import pane_of
    from rotation_tui.domain.clock import LOCAL
    from rotation_tui.domain.session import EASTERN
    from rotation_tui.panes.base import Space
    from rotation_tui.widgets.cells import plain
    from rotation_tui.widgets.glyphs import glyphs_of

    display = options.load().config.display
    columns = shutil.get_terminal_size((_COLUMNS, 0)).columns if sys.stdout.isatty() else _COLUMNS
    zone = EASTERN if display.times == "exchange" else LOCAL
    glyphs = glyphs_of(ascii_only=display.ascii, spark=display.spark)
    parts = []
    for name in names:
        face = pane_of(name).draw(board, Space(columns, 10_000, board.generated_at, zone, glyphs, full=True))
        rows = (face.header, *face.rows) if face.header else face.rows
        parts.append("\n".join(line.rstrip() for line in plain(rows).splitlines()))
    return "\n\n".join(parts) + "\n"
