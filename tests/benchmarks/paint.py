"""How soon the whole board stands on the screen, next to an empty Textual app in the same run."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from tests.benchmarks import screens
from tests.benchmarks.meter import rss_mib
from tests.benchmarks.nine_panes import LAST_WORDS
from tests.benchmarks.rows import Row, median
from tests.benchmarks.stage import COLUMNS, OPEN, PROGRAM, ROWS, Stage
from tests.end_to_end.home import ROOT, Home
from tests.terminal.pty_session import PtySession

_NINE_PANES = (sys.executable, "-m", "tests.benchmarks.nine_panes")
_LAST_KEY = b" quit"
_HELP = b"this help"
LARGE: Final = (200, 60)
LEAST_INK: Final = 0.45


class _Start(NamedTuple):
    """One start of the program and one of the empty app."""

    own_ms: float
    first_byte_ms: float
    rss_mb: float
    board: list[str]
    empty_ms: float
    answered_ms: float


def first_paint(stage: Stage, quick: bool) -> list[Row]:
    """Both programs in turn, so that a busy machine is busy for both."""
    user = stage.user(OPEN)
    stage.upstream.kill()  # what is painted first comes from the last known state alone
    try:
        _start(stage, user)  # the first start has compiled what was not yet
        starts = [_start(stage, user) for _ in range(3 if quick else 11)]
    finally:
        stage.upstream.start()
    own, empty = [s.own_ms for s in starts], [s.empty_ms for s in starts]
    memory = median([s.rss_mb for s in starts])
    whole = all(any("RUT " in row and "," in row for row in s.board) and "quit" in s.board[-1] for s in starts)
    ratio = median(own) / median(empty)
    note = "" if whole else "the board was not whole at that moment; "
    return [
        Row(
            "first full paint, last known state",
            f"{ratio:.2f} x the empty app: {median(own):.0f} ms against {median(empty):.0f} ms",
            "at most 1.25 x the empty app",
            whole and ratio <= 1.25,
            note
            + f"medians of {len(own)} starts in turn, from the start of the process to the last cell of the board; "
            f"first byte after {median([s.first_byte_ms for s in starts]):.0f} ms",
            {"ratio": ratio, "ms": median(own), "empty_app_ms": median(empty), "fastest_ms": min(own)},
        ),
        Row(
            "  the fastest of them",
            f"{min(own):.0f} ms",
            "at most 200 ms",
            min(own) <= 200,
            "on a machine that does nothing else",
        ),
        Row(
            "  a key pressed then is answered",
            f"after {median([s.answered_ms for s in starts]):.0f} ms",
            note="by the help; Textual and everything else is imported in between, and the key waits for it",
            figures={"ms": median([s.answered_ms for s in starts])},
        ),
        Row(
            "RSS once it is answered",
            f"{memory:.0f} MB",
            "at most 60 MB",
            memory <= 60,
            figures={"rss_mb": memory},
        ),
    ]


def cells_with_ink(stage: Stage, quick: bool) -> list[Row]:  # noqa: ARG001
    """How much of a large screen the overview of the demo uses."""
    share = ink(LARGE, stage.user(None).environment())
    return [
        Row("cells with ink, overview at 200x60", f"{100 * share:.0f} %", "at least 45 %", share >= LEAST_INK,
            "frames included", {"share": share})
    ]  # fmt: skip


def ink(size: tuple[int, int], env: Mapping[str, str | None]) -> float:
    """The share of cells of the demo's overview that are not blank."""
    columns, rows = size
    command = [*PROGRAM, "snapshot", "--demo", "--format", "text", "--size", f"{columns}x{rows}"]
    wanted = os.environ | {name: value for name, value in env.items() if value is not None}
    drawn = subprocess.run(command, env=wanted, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return sum(not cell.isspace() for cell in drawn) / (columns * rows)


def _start(stage: Stage, user: Home) -> _Start:
    with stage.program(user) as session:
        own_ms = _painted_ms(session, _is_whole)
        board = screens.final(session.raw, COLUMNS, ROWS)
        first_byte_ms = 1000 * (session.seconds_to_first_output or 0)
        session.press("?")
        session.wait_until(lambda: _HELP in session.raw, "the help", 60)
        answered_ms = 1000 * ((session.last_output_at or 0) - session.started_at)
        memory = rss_mib(session)
    with stage.program(user, _NINE_PANES) as session:
        empty_ms = _painted_ms(session, lambda raw: LAST_WORDS.encode() in raw)
    return _Start(own_ms, first_byte_ms, memory, board, empty_ms, answered_ms)


def painted_ms(stage: Stage, user: Home) -> float:
    """How long one start of the program takes up to the last cell of the board."""
    with stage.program(user) as session:
        return _painted_ms(session, _is_whole)


def _is_whole(raw: bytes) -> bool:
    return _LAST_KEY in raw


def _painted_ms(session: PtySession, done: Callable[[bytes], bool]) -> float:
    session.wait_until(lambda: done(session.raw), "the first full paint", 60)
    return 1000 * ((session.last_output_at or 0) - session.started_at)
