"""What has changed since the user last looked: the answers of then against those of the board.

Where nobody has looked before, as in every demo, it is the session before that they are compared with.
"""

from collections.abc import Iterator, Mapping

from rotation_tui.board.contract import Board, Mode
from rotation_tui.domain.claim import Finding
from rotation_tui.domain.look import Difference, Look, RecordSeen, SinceRow
from rotation_tui.domain.reading import Level
from rotation_tui.domain.verdict import Leader, Regime

LARGE_MOVE = 3
"""Places that a sector has to go up or down for its rank to be told."""

YOUNG = 5
"""Sessions for which a regime is told as new where it has not changed: it may have begun at the close compared with."""

_UNKNOWN = Level.UNKNOWN.value
_SEVERITY = {Level.ALERT.value: "alert", Level.WATCH.value: "watch", _UNKNOWN: "watch"}
_FIRST = ("alert", "watch", "info")
_FIRST_VISIT = "waiting for the session before, to compare with"
_WHY = {
    Mode.REPLAY: "a replay is not compared with what was looked at",
    Mode.AS_OF: "a past day is not compared with what was looked at",
}


def look_of(board: Board) -> Look:
    """What of the board a later one is compared with; what is unknown is left out, but for levels of groups."""
    verdict = board.verdict
    checks = (check for group in board.risk for check in group.checks)
    return Look(
        board.generated_at,
        "" if verdict.regime is Regime.UNKNOWN else verdict.regime.value,
        "" if verdict.leads is None or verdict.leads.side is Leader.UNKNOWN else verdict.leads.side.value,
        {group.title: group.level.value for group in board.risk},
        {f"{check.id} {check.title}": check.level.value for check in checks if check.level is not Level.UNKNOWN},
        {claim.id: claim.now.finding.value for claim in board.claims if claim.now.finding is not Finding.UNKNOWN},
        {row.id: row.rank for row in board.sectors if row.rank is not None},
        {
            row.id: RecordSeen(row.record_close, row.record_date)
            for row in board.tickers
            if row.record_close is not None and row.record_date is not None
        },
    )


def since_of(before: Look | None, board: Board) -> SinceRow:
    """What differs on the board from what was looked at, what counts most first; nothing where that is not known."""
    if board.mode in _WHY:
        return SinceRow(None, (), _WHY[board.mode])
    if before is None:
        return SinceRow(None, (), _FIRST_VISIT)
    if board.loading is not None:
        waiting = "waiting for histories, which may change what is told"
        return SinceRow(before.at, (), waiting, session=before.session)
    now = look_of(board)
    changes = tuple(_differences(before, now, _sectors(board)))
    age = board.verdict.age_sessions
    began = board.verdict.since if age is not None and age <= YOUNG else None
    return SinceRow(before.at, changes, None, tuple(_compared(before, now)), before.session, began)


def _compared(before: Look, now: Look) -> Iterator[str]:
    if before.leads and now.leads:
        yield "who leads"
    if before.regime and now.regime:
        yield "regime"
    groups = {title: level for title, level in now.groups.items() if level != _UNKNOWN}
    for kind, was, told in (
        ("group", before.groups, groups), ("record", before.records, now.records), ("rank", before.ranks, now.ranks),
        ("check", before.checks, now.checks), ("claim", before.findings, now.findings),
    ):  # fmt: skip
        if told and told.keys() <= {what for what, known in was.items() if known != _UNKNOWN}:
            yield kind


def _sectors(board: Board) -> dict[str, str]:
    """What the board calls the funds that are ranked; a large-cap sector may have the name of a small-cap one."""
    return {row.id: row.sector if row.side == "small" else f"{row.sector}, large" for row in board.sectors}


def _differences(before: Look, now: Look, sectors: Mapping[str, str]) -> Iterator[Difference]:
    for what, was, told in (("who leads", before.leads, now.leads), ("regime", before.regime, now.regime)):
        if was and told and was != told:
            yield Difference("verdict", what, was, told, "watch")
    known = {title: level for title, level in before.groups.items() if level != _UNKNOWN}
    yield from _levels("group", known, now.groups)
    for ticker, record in now.records.items():
        earlier = before.records.get(ticker)
        if earlier is not None and record.session > earlier.session:
            yield Difference("record", f"{ticker} record", f"{earlier.close:,.2f}", f"{record.close:,.2f}", "info")
    moved = [(before.ranks[row], rank, row) for row, rank in now.ranks.items() if row in before.ranks]
    for was_rank, rank, row in sorted(moved, key=lambda move: -abs(move[0] - move[1])):
        if abs(was_rank - rank) >= LARGE_MOVE:
            yield Difference("rank", sectors[row], str(was_rank), str(rank), "info")
    yield from _levels("check", before.checks, now.checks)
    for claim, finding in now.findings.items():
        if before.findings.get(claim, finding) != finding:
            yield Difference("claim", f"claim {claim}", before.findings[claim], finding, "info")


def _levels(kind: str, before: Mapping[str, str], now: Mapping[str, str]) -> list[Difference]:
    """The levels that are other ones now, the worst first; a check that is unknown now is not among `now`."""
    found = [
        Difference(kind, what, before[what], "?" if level == _UNKNOWN else level, _SEVERITY.get(level, "info"))
        for what, level in now.items()
        if before.get(what, level) != level
    ]
    return sorted(found, key=lambda difference: _FIRST.index(difference.severity))
