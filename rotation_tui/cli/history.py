"""`rotation-tui history`: verdict, score, spreads and levels of every session between two days."""

import asyncio
import time
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from rotation_tui.board.contract import Board
from rotation_tui.cli.options import DemoOptions, Options
from rotation_tui.cli.output import complain, give, in_json
from rotation_tui.domain.state import State
from rotation_tui.domain.window import Window
from rotation_tui.domain.wording import counted
from rotation_tui.widgets.spreadsheet import in_csv

if TYPE_CHECKING:
    from rotation_tui.app.setup import Run

COMPLETE, INCOMPLETE, EMPTY = 0, 3, 4
_VERDICT = ("regime", "since", "age_sessions", "score", "price_only_score", "coverage", "sustained")
_LEADS = ("side", "half_pp", "ytd_pp", "month_pp", "course")
_SPREAD = ("z", "percentile", "ratio", "ratio_vs_200d_pct", "breakout")


class HistoryRequest(msgspec.Struct, frozen=True):
    """Between which days, how often, and how it is printed; `last` None is the newest session."""

    first: date
    last: date | None
    every: str
    form: str
    demo: DemoOptions | None
    timeout_s: float


def run(options: Options, request: HistoryRequest) -> int:
    """Print a row a session as it is made; the exit code."""
    from rotation_tui.app.over_time import BoardsOverTime, sessions_over

    taken = asyncio.run(_taken(options, request))
    newest = taken.scope.calendar.last_completed(taken.clock.now())
    days = sessions_over(taken, request.first, request.last or newest, request.every)
    if not days:
        complain("rotation-tui: no data at all between these days")
        for feed in taken.store.snapshot().feeds:
            if feed.fault:
                complain(f"rotation-tui: {feed.name} {feed.state.value}: {feed.fault}")
        return EMPTY
    began = time.monotonic()
    boards = BoardsOverTime(taken, days)
    if boards.by_themselves:
        complain(
            f"rotation-tui: {counted(boards.by_themselves, 'session')} with holdings on disk, or at the beginning of "
            "the session table, are studied one by one, about ten a second"
        )
    printed = _as_json if request.form == "json" else _as_csv
    lacking = list[date]()
    for text, day, board in printed(iter(boards)):
        give(text)
        if board is not None and _lacks(board):
            lacking.append(day)
    took = time.monotonic() - began
    complain(f"rotation-tui: {counted(len(days), 'session')}, {days[0]} to {days[-1]}, in {took:.1f} s")
    if lacking:
        complain(
            f"rotation-tui: on {counted(len(lacking), 'session')}, {lacking[0]} to {lacking[-1]}, "
            "the YTD of a spread is unknown or stale"
        )
    return INCOMPLETE if lacking else COMPLETE


async def _taken(options: Options, request: HistoryRequest) -> "Run":
    """What the feeds know of the last day, and nothing of later."""
    from rotation_tui.app.scene import NOT_OVER, Wish
    from rotation_tui.app.setup import prepare
    from rotation_tui.app.unwaited import Unwaited
    from rotation_tui.domain.clock import DEMO_START, SystemClock
    from rotation_tui.domain.session import nyse

    asyncio.get_running_loop().set_default_executor(Unwaited())
    seed = None if request.demo is None else request.demo.seed
    as_of = request.last
    if as_of is None:
        as_of = nyse().last_completed(DEMO_START if seed is not None else SystemClock().now())
    prepared = prepare(options.load(), Wish(demo_seed=seed, demo_speed=None, as_of=as_of))
    await prepared.desk.open()
    try:
        if not await prepared.settled(request.timeout_s):
            complain(f"rotation-tui: not all feeds answered within {request.timeout_s:g} s")
        for note in prepared.scope.notes:
            if NOT_OVER in note:
                complain(f"rotation-tui: {note}")
        return prepared
    finally:
        await prepared.desk.close()


def _lacks(board: Board) -> bool:
    untrusted = (State.UNKNOWN, State.STALE)
    return any(row.windows[Window.YTD.value] is None or row.state in untrusted for row in board.spreads)


_Printed = Iterator[tuple[str, date, Board | None]]


def _as_json(boards: Iterator[tuple[date, Board]]) -> _Printed:
    """One array, a session a line, in the keys of `snapshot --format json`."""
    before, last = "[\n", None
    for day, board in boards:
        told = in_json(msgspec.json.encode(_told(day, board)).decode())
        yield before + told, day, board
        before, last = ",\n", day
    assert last is not None
    yield "\n]\n", last, None


def _told(day: date, board: Board) -> dict[str, Any]:
    verdict, leads = board.verdict, board.verdict.leads
    of_leads = {name: getattr(leads, name) for name in _LEADS} if leads is not None else None
    return {
        "session": day,
        "verdict": {name: getattr(verdict, name) for name in _VERDICT} | {"leads": of_leads},
        "spreads": [
            {"id": row.id, "windows": row.windows}
            | {name: getattr(row, name) for name in _SPREAD}
            | {"state": row.state, "reasons": row.reasons or {}, "why": row.why}
            for row in board.spreads
        ],
        "risk": [
            {"id": group.id, "level": group.level, "known": group.known, "total": group.total} for group in board.risk
        ],
    }


def _as_csv(boards: Iterator[tuple[date, Board]]) -> _Printed:
    """A row a session; columns are named as in the conditions of alerts, and unknown is an empty cell."""
    header: list[str] | None = None
    for day, board in boards:
        row = _row(day, board)
        if header is None:
            header = list(row)
            yield in_csv(header, [[row[name] for name in header]]), day, board
            continue
        # a check by hand ends and stays, so every board has the groups of the first one
        yield in_csv(None, [[row.get(name) for name in header]]), day, board


def _row(day: date, board: Board) -> dict[str, Any]:
    told = _told(day, board)
    verdict: dict[str, Any] = told["verdict"]
    leads = verdict.pop("leads") or dict.fromkeys(_LEADS)
    row = {"session": day} | {f"leads.{name}": value for name, value in leads.items()} | {
        f"verdict.{name}": value for name, value in verdict.items()
    }  # fmt: skip
    for spread in told["spreads"]:
        row |= {f"{spread['id']}.{name}": value for name, value in spread["windows"].items()}
        row |= {f"{spread['id']}.{name}": spread[name] for name in _SPREAD}
    return row | {f"risk.{group['id']}": group["level"] for group in told["risk"]}
