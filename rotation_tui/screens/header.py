"""The first line: who leads and what bears it out; at its end phase, countdown, health, mode."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from rotation_tui.board.contract import Board, Loading, Mode
from rotation_tui.domain.feed import FeedState
from rotation_tui.domain.session import EASTERN, Phase
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import BROAD_PAIRS
from rotation_tui.domain.verdict import Course, Leader, Leads, Regime
from rotation_tui.domain.window import Window
from rotation_tui.domain.wording import counted
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, Span, cut, fit, spread_out, width_of
from rotation_tui.widgets.glyphs import Glyphs

_NEXT = {Phase.PRE: "pre-market", Phase.OPEN: "opens", Phase.POST: "closes", Phase.CLOSED: "ends"}
_INDEXES = "-".join(BROAD_PAIRS[0])
_WIDE = 110
_LEAST = 8
"""The shortest of the answer's lengths."""
_BRIEF = 6
"""From this length on a margin's sign alone says who leads, unless it is level."""
_LONG = {
    Leader.SMALL: "SMALL CAPS LEAD", Leader.LARGE: "LARGE CAPS LEAD", Leader.NEITHER: "NEITHER LEADS",
    Leader.UNKNOWN: "WHO LEADS", Leader.MIXED: "MIXED",
}  # fmt: skip
_SHORT = {
    Leader.SMALL: "SMALL LEADS", Leader.LARGE: "LARGE LEADS", Leader.NEITHER: "NEITHER", Leader.UNKNOWN: "LEADS",
    Leader.MIXED: "MIXED",
}  # fmt: skip
_OVER = {Leader.SMALL: "small", Leader.LARGE: "large", Leader.NEITHER: "even", Leader.UNKNOWN: "?"}
_NOBODY = Leads(Leader.UNKNOWN, None, None, None)


def header_row(
    board: Board,
    now: datetime,
    width: int,
    glyphs: Glyphs,
    *,
    frozen_since: str | None,
    low_bandwidth: bool = False,
    zone: tzinfo = EASTERN,
) -> Row:
    """The first line of every screen: the longest answer beside the longest trust that both fit, neither ever cut."""
    answers: dict[int, tuple[Row, int]] = {}  # each takes some 15 us to make, and is tried beside several trusts
    near: Row = ()
    trust: Row = ()
    for longest, shortest, trust in _trusts(board, now, width, zone, frozen_since, low_bandwidth):
        room = width - width_of(trust) - (2 if width >= _WIDE else 1)
        for length in range(longest, shortest + 1):
            if length not in answers:
                near = _answer(board, now, glyphs, length)
                answers[length] = near, width_of(near)
            near, taken = answers[length]
            if taken <= room:
                return spread_out(near, trust, width)
    return spread_out(fit(near, max(0, width - width_of(trust) - 1)), trust, width)


def title_of(board: Board) -> str:
    """The answer in a few words, for the title of a window: "SMALL +4.6 half | feeds ok"."""
    leads = board.verdict.leads or _NOBODY
    word = _side(leads, board.loading, _LEAST).text
    margin = f" {figures.signed(leads.half_pp)} half" if leads.half_pp is not None else ""
    old = " STALE" if leads.state is State.STALE else ""
    manner = "".join(span.text for span in _manner(board, None, False, short=True))
    return f"{manner}{word.strip()}{margin}{old} | {_health(board, 1).text}"


def _answer(board: Board, now: datetime, glyphs: Glyphs, length: int) -> Row:
    """The answer in one of nine lengths, 0 the longest: each leaves something more out, who leads last."""
    verdict, loading = board.verdict, board.loading
    leads = verdict.leads or _NOBODY
    if _nobody_answers(board):
        said = "check network and proxy, or run rotation-tui doctor" if length < 2 else "run rotation-tui doctor"
        why = "no source answers: " if length < 1 else ""
        return (Span(" NO DATA", "alert", bold=True), *((Span(f"  {why}{said}"),) if length < 4 else ()))
    spans = [_side(leads, loading, length)]
    if leads.state is State.STALE and leads.as_of is not None and length < _LEAST:
        spans.append(Span(f" {figures.old(now - leads.as_of)} old", "stale"))
    if leads.pair not in ("", _INDEXES) and length < 7:
        spans.append(Span(f" {leads.pair.replace('-', figures.MINUS)}", "watch"))
    if loading is not None:
        left = f", about {loading.left_s} s" if loading.left_s is not None and length < 3 else ""
        words = (
            f" provisional: {_progress(loading)}{left}" if length < 4 else f" provisional {loading.have}/{loading.want}"
        )
        spans.append(Span(words if length < 7 else "", "watch"))
    elif leads.side is Leader.UNKNOWN and length < 3:
        why = (leads.reasons or {}).get("side") or verdict.sustained or "not enough history"
        spans.append(Span("  " + (why if length < 1 else cut(why, 40, glyphs.ellipsis)), "dim"))
    spans += _margins(board, leads, length)
    spans += _regime(board, glyphs, length)
    return tuple(spans)


def _side(leads: Leads, loading: Loading | None, length: int) -> Span:
    word = (_LONG if length < 4 else _SHORT)[leads.side]
    word = word if length < _LEAST else word.split()[0]
    unknown = leads.side is Leader.UNKNOWN
    mark = "" if loading is None and not unknown else figures.COMING if loading and unknown else figures.UNKNOWN
    tone = "unknown" if unknown else "stale" if leads.state is State.STALE else "bright"
    return Span(f" {word}{mark}", tone, bold=True)


def _margins(board: Board, leads: Leads, length: int) -> Iterator[Span]:
    """Half, year and last month, each whole or not at all; nothing where neither half nor year is known.

    Where the two have different leaders each is named behind its margin, which keeps its sign.
    """
    if leads.half_pp is None and leads.ytd_pp is None:
        return
    row = next((row for row in board.spreads if f"{row.small}-{row.large}" == leads.pair), None)
    marks = {} if row is None else row.marks
    sooner = 0 if board.loading is None else 4  # how far the board has come is then what counts
    tone = "stale" if leads.state is State.STALE else "text"
    for window, name, value, side, least in (
        (Window.HALF.value, "half", leads.half_pp, leads.half_side, 7 - sooner),
        (Window.YTD.value, "YTD", leads.ytd_pp, leads.year_side, 7 - sooner),
        (Window.M1.value, "1M", leads.month_pp, None, 6 - sooner),
    ):
        if length > least:
            continue
        yield Span(f"  {board.periods.get(window, name)} ", "dim")
        shown = figures.signed(value) + ("*" if window in marks and window not in board.periods else "")
        if window == Window.M1.value and value is not None:
            shown += "↑" if value > 0 else "↓" if value < 0 else ""
        yield Span(shown, "unknown" if value is None else tone)
        if side is not None and leads.side is Leader.MIXED and (length < _BRIEF or side is Leader.NEITHER):
            yield Span(f" {_OVER[side]}", tone)
    if leads.course is not None and length < 2:
        yield Span(f" {leads.course.value}", "watch" if leads.course is Course.TURNING else "dim")


def _regime(board: Board, glyphs: Glyphs, length: int) -> Iterator[Span]:
    """The evidence: the regime with its day and the score."""
    verdict, loading = board.verdict, board.loading
    known = verdict.regime is not Regime.UNKNOWN
    if length > (5 if loading is None else 0) or (not known and verdict.score is None and length > 3):
        return
    word = verdict.regime.value if known else "STATE" + (figures.UNKNOWN if loading is None else figures.COMING)
    yield Span(f" {glyphs.vertical} " if length < 3 else "  ", "faint")
    yield Span(word, "text" if known else "unknown")
    if length > 4:
        return
    if verdict.age_sessions is not None:
        yield Span(f" day {verdict.age_sessions}" if length < 2 else f" {verdict.age_sessions}d", "dim")
    if verdict.score is not None:
        if length < 3:
            yield Span(" score", "dim")
        yield Span(f" {figures.signed(verdict.score, 0)}", "text")
    if length < 1 and loading is None and known:
        yield Span(f"  lasting or temporary: {verdict.sustained.split(':')[0].lower()}", "dim")


def _progress(loading: Loading) -> str:
    if loading.have >= loading.want:
        return "all histories are there, studies follow"
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
    elif board.mode is Mode.REPLAY:
        words.append("REPLAY DEMO" if any(note.startswith("DEMO") for note in board.notes) else "REPLAY")
    elif board.mode is Mode.AS_OF:
        words.append(f"AS OF {board.generated_at.astimezone(EASTERN).date()}")
    return tuple(Span(f"{word} ", "watch", bold=True) for word in words)


def _trusts(
    board: Board, now: datetime, width: int, zone: tzinfo, frozen_since: str | None, low_bandwidth: bool
) -> Iterator[tuple[int, int, Row]]:
    """The right end from long to short, each with the longest and the shortest answer that may stand beside it."""
    manner = _manner(board, frozen_since, low_bandwidth, short=width < _WIDE)
    if width >= _WIDE:
        yield 0, 2, (*manner, *_phase(board, now, zone, wordy=True), Span("  "), _health(board, 0), Span(" "))
    for health in (1, 2):
        coming = _phase(board, now, zone)
        if width >= _WIDE:
            yield 2, 2, (*manner, *coming, Span(" left", "dim"), Span("  "), _health(board, health), Span(" "))
        yield 2, 4, (*manner, *coming, Span("  "), _health(board, health), Span(" "))
    for health, shortest in ((1, 4), (2, 7), (3, _LEAST)):
        phase = Span(f"{board.session.phase.value} ")  # the time to the next phase is the least
        yield 2, shortest, (*manner, phase, _health(board, health), Span(" "))


def _phase(board: Board, now: datetime, zone: tzinfo, *, wordy: bool = False) -> Row:
    """The phase, and when the next one begins: in so many hours, or on which day where that is not soon."""
    session = board.session
    half_day = session.early_close and session.phase in (Phase.PRE, Phase.OPEN)
    left = session.next_change - now
    if not wordy:
        told = f" {figures.countdown(left)}"
    elif left > timedelta(days=1):
        told = f" → {session.next_change.astimezone(zone):%a %H:%M}"
    else:
        told = f" {_NEXT[session.next_phase]} in {figures.countdown(left)}"
    return (Span(session.phase.value), Span(" half day" if half_day else "", "watch"), Span(told, "dim"))


def _health(board: Board, length: int) -> Span:
    """The health of the data in one of four lengths, 0 the longest."""
    asked = [f for f in board.feeds if f.state is not FeedState.OFF]
    if not asked:
        if board.mode is not Mode.LIVE:
            return Span("no feeds", "dim")
        return Span("saved" if any(t.last is not None for t in board.tickers) else "connecting", "dim")
    bad = [f for f in asked if f.state in (FeedState.DOWN, FeedState.LATE)]
    if not bad:
        if any(row.study_state is State.STALE for row in board.spreads):
            return Span("old closes", "alert")  # the sources answer, and what the board rests on is old
        if any(f.state is FeedState.DEGRADED for f in asked):
            return Span("feeds in part" if length < 2 else "in part", "watch")
        if board.mode is Mode.DEMO:
            return Span("simulated" if length < 2 else "sim", "dim")  # nobody has to wonder what is fed and by whom
        return Span((f"feeds {len(asked)}/{len(asked)}", "feeds ok", "ok", "ok")[length], "ok")
    late = all(f.state is FeedState.LATE and f.fault is not None for f in bad)  # they answer
    if len(bad) == len(asked) and not late:
        if all(f.fault is None and f.last_success is None for f in bad):
            return Span(f"asking {counted(len(asked), 'feed')}" if length < 2 else "asking", "dim")
        return Span("NO FEED", "alert", bold=True)
    word = "late" if late else "down"
    told = f"{len(bad)} {word}" if length > 2 else f"{len(bad)} feeds {word}"
    if len(bad) == 1 and length < 3:
        told = f"{cut(bad[0].name, 12)} {bad[0].state.value.lower()}"
    return Span(told, "alert", bold=len(bad) == len(asked))
