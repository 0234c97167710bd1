"""The alerts: how each stands, the value against its limit, and by whom it was told last or waits to be."""

import textwrap
from datetime import datetime

from rotation_tui.board.contract import Board, Mode
from rotation_tui.domain.alert import AlertRow, Delivery, Sending, Stand, Telling
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import Pane, Space, local_stamp
from rotation_tui.panes.parts import GONE, facts, sentence
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Rows, Span, folded, printable
from rotation_tui.widgets.table import Column, fitting, header, legend, lines

_TONES = {
    Stand.TRUE: "alert", Stand.BACK: "watch", Stand.CONFIRMED: "watch", Stand.UNKNOWN: "unknown",
    Stand.UNREADABLE: "alert", Stand.ARMED: "text",
}  # fmt: skip
_MOST = 12
"""Rows that it can use on a large screen; more are scrolled to."""


def draw(board: Board, space: Space) -> Face:
    """One row an alert, in the order of the config, those that were made on the screen behind them."""
    if not board.alerts:
        return sentence("Alerts", _none(board, space), width=space.width)
    columns = fitting(_columns(space), space.width)
    true = sum(row.stand is Stand.TRUE for row in board.alerts)
    subtitle = f"{true} of {len(board.alerts)} true" if true else ""
    rows = tuple(lines(columns, board.alerts, space.row_cache))
    ids = tuple(row.id for row in board.alerts)
    return Face("Alerts", rows, ids, subtitle, header(columns), legend=legend(columns))


def _none(board: Board, space: Space) -> str:
    if board.mode is Mode.AS_OF:
        return "alerts are judged on the board of now"
    if board.mode is Mode.REPLAY:
        return "none was watched for on the tape; rotation-tui alerts test --tape FILE tries yours on it"
    made = f"no alert yet: {space.key('A')} makes one of the selected row"
    return "alerts are about to be read" if board.alerts is None else made


def shown(value: float | str | bool | None) -> str:
    """A value as it stands in a row; unknown is ?."""
    if value is None:
        return figures.UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return f"{value:,.2f}".replace("-", figures.MINUS) if abs(value) < 1e9 else f"{value:.4g}"
    return value


def clock(at: datetime | None, space: Space) -> str:
    """A time of today, else the day."""
    if at is None:
        return figures.UNKNOWN
    local = at.astimezone(space.zone)
    return f"{local:%H:%M}" if local.date() == space.now.astimezone(space.zone).date() else f"{local:%d %b}"


def state_words(row: AlertRow, space: Space) -> str:
    """How it stands, and since when or until when."""
    if row.until is not None:
        return f"{row.stand.value} until {clock(row.until, space)}"
    if row.since is not None and row.stand is not Stand.SPENT:
        return f"{row.stand.value} since {clock(row.since, space)}"
    return row.stand.value


def _sending(channel: str, sending: Sending, space: Space) -> str:
    """What stands between an alert and a channel, and what happens next; empty where it was sent."""
    if sending.state is Delivery.SENT:
        return ""
    if sending.state is Delivery.LOST:
        return f"{channel}: not sent, {sending.why}"
    if sending.state is Delivery.CLAIMED:
        return f"{channel}: being sent"
    if sending.not_before is not None:
        return f"{channel}: {sending.why}, again at {clock(sending.not_before, space)}"
    return f"{channel}: waits"


def _pending(told: Telling, space: Space) -> list[str]:
    return [words for channel, sending in told.sent.items() if (words := _sending(channel, sending, space))]


def trouble(row: AlertRow, space: Space) -> str:
    """What waits or failed at a channel; else why it is unknown, quiet or cannot be read."""
    older = sum(any(s.state is not Delivery.SENT for s in t.sent.values()) for t in row.told[1:])
    pending = _pending(row.told[0], space) if row.told else []
    if older:
        pending.append(f"{counted(older, 'telling')} before not sent by all")
    return "; ".join([*pending, *([row.why] if row.why else [])])


def _told(row: AlertRow, space: Space) -> str:
    if row.told_at is None:
        return ""
    sent = [c for c, s in row.told[0].sent.items() if s.state is Delivery.SENT] if row.told else []
    return f"{clock(row.told_at, space)} {', '.join(sent)}".rstrip()


def _columns(space: Space) -> list[Column[AlertRow]]:
    def state(row: AlertRow, _: int) -> Span:
        return Span(state_words(row, space), _TONES.get(row.stand, "dim"), bold=row.stand is Stand.TRUE)

    def value(row: AlertRow, _: int) -> Span:
        return Span(shown(row.value) if row.path else "", "unknown" if row.value is None else "text")

    def next_of(row: AlertRow, _: int) -> Span:
        return Span(trouble(row, space), "dim")

    return [
        Column("alert", "", 14, lambda row, _: Span(row.id, "text"), None, 0, left=True, grow=22, words="its name"),
        Column("state", "state", 19, state, None, 0, left=True, grow=1,
               words="armed: told once it comes true; true: told, and still so; resting, quiet: not told now"),
        Column("now", "now", 9, value, None, 1, words="what stands there now; ? is unknown, and makes no alert true"),
        Column("asks", "asks", 9, lambda row, _: Span(row.asks, "dim"), None, 2, left=True, grow=12,
               words="what is asked of it"),
        Column("told", "told", 12, lambda row, _: Span(_told(row, space), "dim"), None, 3, left=True, grow=60,
               words="when it was told last, and by which channels"),
        Column("next", "", 14, next_of, None, 1, left=True, grow=90,
               words="what waits or failed at a channel and what happens next, or why it is not told"),
    ]  # fmt: skip


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """The whole of an alert: what it asks, how it stands, and its last tellings with each channel."""
    row = next((row for row in board.alerts or () if row.id == row_id), None)
    if row is None:
        return GONE
    alert, room = row.alert, max(20, space.width - 10)
    made = f"on the screen: {space.key('x')} drops it" if row.own else "in the config"
    told: list[tuple[str, str]] = [
        ("alert", row.id), ("when", alert.when), ("reads", f"{row.path}, now {shown(row.value)}" if row.path else ""),
        ("stands", state_words(row, space)), ("why", row.why or ""), ("note", alert.note), ("made", made),
        ("told by", ", ".join(alert.to)), ("rule", _manner(row)),
    ]  # fmt: skip
    for number, telling in enumerate(row.told):
        sent = [c for c, s in telling.sent.items() if s.state is Delivery.SENT]
        by = [f"sent by {', '.join(sent)}"] if sent else []
        words = "; ".join([f"{local_stamp(telling.at, space)}: {telling.words}", *by, *_pending(telling, space)])
        told.append(("told" if number == 0 else "", words))
    if not row.told:
        told.append(("told", "not yet" if row.told_at is None else local_stamp(row.told_at, space)))
    return facts(
        (name if at == 0 else "", piece) for name, text in told if text for at, piece in enumerate(_wrapped(text, room))
    )


def _wrapped(text: str, room: int) -> list[str]:
    return [piece for line in textwrap.wrap(printable(text), room) for piece in folded(line, room)]


def _manner(row: AlertRow) -> str:
    """When it is told and when not, as far as that is not what every alert does."""
    alert = row.alert
    parts = [
        f"armed again at {alert.back:g}" if alert.back is not None else "",
        f"once it has held for {alert.confirm}" if alert.confirm else "",
        f"rests {alert.rest}" if alert.rest else "",
        f"quiet {alert.quiet}" if alert.quiet else "",
        f"in {', '.join(alert.sessions)} alone" if len(alert.sessions) < 4 else "",
        "once and never again" if alert.repeat == "once" else "",
    ]
    return ", ".join(part for part in parts if part)


def _wants(board: Board) -> int:
    return len(board.alerts) + 1 if board.alerts else 1


PANE = Pane(
    "alerts",
    "Alerts",
    draw,
    lambda board: min(4, _wants(board)),
    1,
    detail,
    most=lambda board: min(_MOST, _wants(board)),
    told_at=lambda _: "alerts",
    table=lambda board: board.alerts or (),
    reads=("alerts", "mode"),
    alert=lambda board, row: next((r.alert.when for r in board.alerts or () if r.id == row), ""),
)
