"""The sources: state, last good answer, what is wrong, what happens next, requests against the budget."""

from rotation_tui.board.contract import Board, Mode
from rotation_tui.domain.feed import FeedHealth, FeedState
from rotation_tui.panes.base import Pane, Space, local_stamp
from rotation_tui.panes.conditions import saying
from rotation_tui.panes.parts import GONE, facts
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Rows, Span, folded
from rotation_tui.widgets.table import Column, fitting, header, legend, line

_TONES = {
    FeedState.LIVE: "ok",
    FeedState.LATE: "watch",
    FeedState.DEGRADED: "watch",
    FeedState.DOWN: "alert",
    FeedState.OFF: "faint",
}


def _state(row: FeedHealth) -> Span:
    word = "standby" if row.state is FeedState.OFF else row.state.value
    return Span(word, _TONES[row.state], bold=row.state is FeedState.DOWN)


def words(row: FeedHealth, space: Space) -> str:
    """What is wrong and what happens next, in one sentence."""
    if row.state is FeedState.OFF:
        return "nothing falls to it now"
    if row.fault is None:
        return "" if row.last_success else "asked, no answer yet"
    if row.retry_at is None:
        return row.fault
    return f"retry in {figures.wait(row.retry_at - space.now)}: {row.fault}"


def _columns(space: Space) -> list[Column[FeedHealth]]:
    def age(row: FeedHealth, _: int) -> Span:
        if row.last_success is None:
            return Span("", "dim")
        told = figures.old if row.state is FeedState.DOWN else figures.age
        return Span(told(space.now - row.last_success), "dim")

    def budget(row: FeedHealth, _: int) -> Span:
        used = "" if row.budget_per_hour is None else f"{row.requests_last_hour}/{row.budget_per_hour}"
        return Span(used, "dim")

    return [
        Column(
            "name",
            "",
            11,
            lambda r, _: Span(r.name, "text"),
            None,
            0,
            left=True,
            grow=8,
            words="the source, in the order in which they are asked",
        ),
        Column(
            "state",
            "state",
            8,
            lambda r, _: _state(r),
            None,
            0,
            left=True,
            words="LIVE, LATE, DEGRADED (in part), DOWN, or OFF: not needed now",
        ),
        Column("age", "answer", 6, age, None, 1, words="how long ago it last answered"),
        Column(
            "budget", "req/h", 8, budget, None, 3, words="requests of the last hour, of so many that it may be asked"
        ),
        Column(
            "fault",
            "",
            28,
            lambda r, _: Span(words(r, space), "dim"),
            None,
            0,
            left=True,
            grow=120,
            words="what is wrong, and what happens next",
        ),
    ]


def draw(board: Board, space: Space) -> Face:
    """All feeds in the order of failover."""
    columns = fitting(_columns(space), space.width)
    rows: list[Row] = [line(columns, feed) for feed in board.feeds]
    if not rows:
        live = board.mode is Mode.LIVE  # then the feeds are about to be opened
        rows = [(Span("connecting to the feeds" if live else "no feeds: all is from what is on disk", "dim"),)]
    ids = tuple(feed.name for feed in board.feeds) or (None,)
    return Face("Feeds", tuple(rows), ids, "order of failover", header(columns), legend=legend(columns))


def detail(board: Board, row_id: str, space: Space) -> Rows:
    row = next((f for f in board.feeds if f.name == row_id), None)
    if row is None:
        return GONE
    allowed = "no budget" if row.budget_per_hour is None else f"budget {row.budget_per_hour}"
    lines = [
        ("feed", f"{row.name}: {row.state.value}"),
        ("answer", local_stamp(row.last_success, space)),
        ("requests", f"{row.requests_last_hour} in the last hour, {allowed}"),
        ("retry", local_stamp(row.retry_at, space) if row.retry_at else "not needed"),
    ]
    lines += [("what", piece) for piece in folded(words(row, space), min(66, space.width - 9))]
    return facts(lines)


PANE = Pane(
    "feeds",
    "Feeds",
    draw,
    lambda board: max(1, len(board.feeds)) + 1,
    1,
    detail,
    table=lambda board: board.feeds,
    alert=saying("feeds.* becomes DOWN"),
)
