"""The first line: regime, age, score, lasting or temporary; at its end phase, countdown, health, mode."""

from datetime import datetime

from rotation_tui.board.contract import Board, Loading, Mode
from rotation_tui.domain.feed import FeedState
from rotation_tui.domain.session import EASTERN, Phase
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Regime
from rotation_tui.domain.wording import counted
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, Span, cut, fit, spread_out, width_of
from rotation_tui.widgets.glyphs import Glyphs

_NEXT = {Phase.PRE: "pre-market", Phase.OPEN: "opens", Phase.POST: "closes", Phase.CLOSED: "ends"}


def header_row(
    board: Board, now: datetime, width: int, glyphs: Glyphs, *, frozen_since: str | None, low_bandwidth: bool = False
) -> Row:
    """The first line of every screen; the answer is cut last, trust is never cut."""
    manner = _manner(board, frozen_since, low_bandwidth, short=width < 110)
    trust = manner + _trust(board, now, short=width < 110)
    if width_of(trust) > width // 2 + 10:
        trust = manner + _trust(board, now, short=True, terse=True)
    for near in (_answer(board, glyphs, wordy=True), _answer(board, glyphs, wordy=False), _answer(board, glyphs)[:2]):
        if width_of(near) + width_of(trust) + 2 <= width:
            break
    return spread_out(fit(near, max(0, width - width_of(trust) - 1)), trust, width)


def _answer(board: Board, glyphs: Glyphs, *, wordy: bool = False) -> Row:
    verdict, loading = board.verdict, board.loading
    if _nobody_answers(board):
        said = "no source answers: check network and proxy, or " if wordy else ""
        return (Span(" NO DATA", "alert", bold=True), Span(f"  {said}run rotation-tui doctor"))
    if verdict.regime is Regime.UNKNOWN and verdict.score is None:
        if loading is not None:
            return (Span(f" STATE{figures.COMING}", "unknown", bold=True), Span("  " + _progress(loading), "dim"))
        return (Span(" STATE?", "unknown", bold=True), Span(f"  {verdict.sustained or 'not enough history'}", "dim"))
    known = verdict.regime is not Regime.UNKNOWN
    spans = [Span(f" {verdict.regime.value if known else 'STATE?'}", "bright" if known else "unknown", bold=True)]
    if verdict.age_sessions is not None:
        spans.append(
            Span(f" {counted(verdict.age_sessions, 'session')}" if wordy else f" {verdict.age_sessions} sess.", "dim")
        )
    if verdict.score is not None:
        spans.append(Span(f"  score {figures.signed(verdict.score, 0)} " if wordy else
                          f"  {figures.signed(verdict.score, 0)} ", "text"))  # fmt: skip
        spans.append(Span(glyphs.bar * max(0, min(10, round(abs(verdict.score) / 10))), "highlight"))
    if loading is not None:
        words = f" provisional, {_progress(loading)}" if wordy else f" provisional {loading.have}/{loading.want}"
        return (*spans, Span(words, "watch"))
    word = verdict.sustained.split(":")[0].lower()
    spans.append(Span(f" lasting or temporary: {word}" if wordy else f" {word}", "dim"))
    return tuple(spans)


def _progress(loading: Loading) -> str:
    return f"{loading.have} of {loading.want} histories"


def _nobody_answers(board: Board) -> bool:
    """Whether there is no price at all and no source left that might bring one soon."""
    asked = [f for f in board.feeds if f.state is not FeedState.OFF]
    down = bool(asked) and all(f.state is FeedState.DOWN for f in asked)
    return down and board.mode is Mode.LIVE and all(t.last is None for t in board.tickers)


def _manner(board: Board, frozen_since: str | None, low_bandwidth: bool, *, short: bool) -> Row:
    """What is unusual about this screen."""
    words: list[str] = []
    if low_bandwidth:
        words.append("SLOW" if short else "SLOW LINK")
    if frozen_since:
        words.append(f"FROZEN {frozen_since}")
    if board.mode is Mode.DEMO:
        words.append("DEMO")
    elif board.mode is Mode.AS_OF:
        words.append(f"AS OF {board.generated_at.astimezone(EASTERN).date()}")
    return tuple(Span(f"{word} ", "watch", bold=True) for word in words)


def _trust(board: Board, now: datetime, *, short: bool, terse: bool = False) -> Row:
    session = board.session
    spans = [
        Span("" if terse else "NYSE ", "dim"),
        Span(session.phase.value, "bright", bold=session.phase is Phase.OPEN),
    ]
    if not terse:  # where a line is too narrow for all, the time to the next phase is the least
        if session.early_close and session.phase in (Phase.PRE, Phase.OPEN):
            spans.append(Span(" half day", "watch"))
        left = figures.countdown(session.next_change - now)
        spans.append(Span(f" {left}" if short else f" {_NEXT[session.next_phase]} in {left}", "dim"))
    spans += [Span("  "), _health(board), Span(" ")]
    return tuple(spans)


def _health(board: Board) -> Span:
    asked = [f for f in board.feeds if f.state is not FeedState.OFF]
    if not asked:
        if board.mode is not Mode.LIVE:
            return Span("no feeds", "dim")
        return Span("saved" if any(t.last is not None for t in board.tickers) else "connecting", "dim")
    bad = [f for f in asked if f.state in (FeedState.DOWN, FeedState.LATE)]
    if not bad:
        if any(row.study_state is State.STALE for row in board.spreads):
            return Span("old closes", "alert")  # the sources answer, and what the board rests on is old
        degraded = any(f.state is FeedState.DEGRADED for f in asked)
        return Span("feeds in part" if degraded else "feeds ok", "watch" if degraded else "ok")
    late = all(f.state is FeedState.LATE and f.fault is not None for f in bad)  # they answer
    if len(bad) == len(asked) and not late:
        waiting = all(f.fault is None and f.last_success is None for f in bad)
        return Span("connecting" if waiting else "NO FEED", "dim" if waiting else "alert", bold=not waiting)
    many = f"{len(bad)} feeds {'late' if late else 'down'}"
    word = f"{cut(bad[0].name, 12)} {bad[0].state.value.lower()}" if len(bad) == 1 else many
    return Span(word, "alert", bold=len(bad) == len(asked))
