"""Much at once: changing cells, further symbols, a burst, studies, and a terminal that does not read."""

import time

from tests.benchmarks import screens
from tests.benchmarks.meter import Cost, Meter, key_to_screen_ms, settle
from tests.benchmarks.plan import Report
from tests.benchmarks.rows import Row, median, percentile
from tests.benchmarks.stage import COLUMNS, OPEN, ROWS, Stage

_SYMBOLS_A_BEAT = 7
"""So many new prices four times a second make about sixty figures change each second."""
_KEYS = ("?", "?", "2", "1", "tab")
_STUDIES_S = 8.0
_ENDED_S = 4.0
"""By then a process that has nothing to do has ended."""


def sixty_cells(stage: Stage, quick: bool) -> list[Row]:
    """About 60 figures a second, drawn four times a second, with and without marks."""
    seconds = 8.0 if quick else 30.0
    plain, figures = _cells(stage, seconds, flash=False)
    marked, marked_figures = _cells(stage, seconds, flash=True)
    each, each_marked = plain.bytes / figures, marked.bytes / marked_figures
    return [
        Row(
            "60 cells a second, pump 4 Hz",
            f"{each:.1f} bytes a changed cell, {plain.bytes_a_second:.0f} bytes/s",
            "at most 16 bytes, 256 colours",
            each <= 16,
            f"{figures / plain.seconds:.0f} figures a second changed; where changes are marked for a beat, each is "
            f"drawn twice: {each_marked:.1f} bytes",
            {"bytes_a_cell": each, "cells_a_second": figures / plain.seconds, "marked_bytes_a_cell": each_marked},
        ),
        Row(
            "  CPU",
            f"{plain.cpu_percent:.2f} %",
            "at most 3 %",
            plain.cpu_percent <= 3,
            f"with marks: {marked.cpu_percent:.2f} %",
            {"cpu_percent": plain.cpu_percent, "marked_cpu_percent": marked.cpu_percent},
        ),
    ]


def _cells(stage: Stage, seconds: float, *, flash: bool) -> tuple[Cost, int]:
    options = {"seconds": seconds + 2, "symbols": _SYMBOLS_A_BEAT}
    with stage.actor(stage.user(OPEN, flash=flash), load="cells", options=options) as actor:
        settle(actor.session)
        time.sleep(_STUDIES_S)
        actor.begin()
        time.sleep(1)
        before, meter = actor.session.raw, Meter(actor.session)
        time.sleep(seconds)
        cost = meter.read()
        after = actor.session.raw[len(before) :][: cost.bytes]
    return cost, sum(change.figures for change in screens.changes(before, after, COLUMNS, ROWS))


def further_symbols(stage: Stage, quick: bool) -> list[Row]:
    """2,000 symbols that are not on the board, each once a second, and keys meanwhile."""
    presses = 60 if quick else 300
    seconds = 10.0 if quick else 30.0
    options = {"symbols": 2000, "seconds": seconds + presses * 0.2 + 5}
    with stage.actor(stage.user(OPEN), load="further", options=options) as actor:
        settle(actor.session)
        time.sleep(_STUDIES_S)
        resting = key_to_screen_ms(actor.session, _KEYS, presses // 3)
        actor.begin()
        time.sleep(2)
        meter = Meter(actor.session)
        time.sleep(seconds)
        cost = meter.read()
        waits = key_to_screen_ms(actor.session, _KEYS, presses)
    p99 = percentile(waits, 0.99)
    return [
        Row(
            "2,000 further symbols a second",
            f"CPU {cost.cpu_percent:.1f} %",
            "at most 8 %",
            cost.cpu_percent <= 8,
            f"making the quotes included; {cost.bytes} bytes written",
            {"cpu_percent": cost.cpu_percent},
        ),
        Row(
            "  key to screen",
            f"p50 {median(waits):.0f}, p99 {p99:.0f} ms",
            "p99 at most 35 ms",
            p99 <= 35,
            f"{len(waits)} keys (help, screens, panes); without the load p50 {median(resting):.0f}, "
            f"p99 {percentile(resting, 0.99):.0f} ms",
            {"p50_ms": median(waits), "p99_ms": p99, "resting_p99_ms": percentile(resting, 0.99)},
        ),
    ]


def burst(stage: Stage, quick: bool) -> list[Row]:
    """10,000 quotes in one batch, those of the board among them."""
    options = {"quotes": 10_000, "times": 2 if quick else 5}
    with stage.actor(stage.user(OPEN), load="burst", options=options) as actor:
        settle(actor.session)
        time.sleep(_STUDIES_S)
        actor.begin()
        report = actor.report(60)
    frames, fewest = report.figures["most_frames"], report.figures["fewest_frames"]
    worst = report.figures["worst_lag_ms"]
    return [
        Row("10,000 quotes in one burst", f"{frames:.0f} frame{'s' * (frames != 1)}", "one frame",
            frames == fewest == 1, figures=dict(report.figures)),
        Row("  the loop stood still", f"at most {worst:.0f} ms", "never over 50 ms", worst <= 50,
            f"the worst of {options['times']} bursts, the frame and the second after it included",
            {"worst_ms": worst}),
    ]  # fmt: skip


def studies(stage: Stage, quick: bool) -> list[Row]:
    """All studies of the default universe, again and again, and keys meanwhile; then each in a process of its own."""
    options: dict[str, float] = {"times": 3 if quick else 10}
    with stage.actor(stage.user(OPEN), load="studies", options=options, lag=True) as actor:
        settle(actor.session)
        time.sleep(_STUDIES_S)
        actor.begin()
        waits = key_to_screen_ms(actor.session, _KEYS, 10 if quick else 40)
        report = actor.report(120)
    p99, each = percentile(waits, 0.99), report.figures["seconds_each"]
    options = {"times": 3, "pause_s": _ENDED_S}
    with stage.actor(stage.user(OPEN), load="studies", options=options) as actor:
        settle(actor.session)
        actor.begin()
        whole = actor.report(120).figures["seconds_each"]
    return [
        _lag_row("studies recomputed", report, 0.99, 20, f"{each:.2f} s each; "),
        Row("  key to screen", f"p99 {p99:.0f} ms", "p99 at most 35 ms", p99 <= 35,
            f"{len(waits)} keys while studies are made", {"p99_ms": p99}),
        Row("  a process starts, computes and ends", f"{whole:.2f} s", "at most 1.5 s", whole <= 1.5,
            "from the news to the results in the store, with the wait for quiet", {"seconds": whole}),
    ]  # fmt: skip


def time_machine(stage: Stage, quick: bool) -> list[Row]:
    """Back by one session after the other, as a user looks at them."""
    options = {"times": 4 if quick else 10, "pause_s": 1.0}
    with stage.actor(stage.user(OPEN), load="past", options=options) as actor:
        settle(actor.session)
        time.sleep(_STUDIES_S)
        actor.begin()
        figures = actor.report(120).figures
    median_ms = figures["median_s"] * 1000
    return [
        Row(
            "a past day",
            f"{median_ms:.0f} ms",
            "at most 150 ms",
            median_ms <= 150,
            f"from the key to the board, a second apart; worst {figures['worst_s'] * 1000:.0f} ms, the first "
            f"{figures['first_s'] * 1000:.0f} ms, with the start of the process",
            dict(figures),
        )
    ]


def stalled_terminal(stage: Stage, quick: bool) -> list[Row]:
    """The terminal does not read for 10 s while 60 cells a second change; they stop just before it reads again."""
    seconds = 10.0
    options = {"seconds": seconds - 1, "symbols": _SYMBOLS_A_BEAT}
    with stage.actor(stage.user(OPEN), load="cells", options=options, lag=True) as actor:
        session = actor.session
        settle(session)
        time.sleep(_STUDIES_S if not quick else 4)
        session.pause_reading()
        before = session.raw
        actor.begin()
        time.sleep(seconds)
        session.resume_reading()
        report = actor.report(30)
        time.sleep(2)
        left = session.raw[len(before) :]
        shown = screens.final(session.raw, COLUMNS, ROWS)[:-1]
        session.press("ctrl+l")
        time.sleep(2)
        true = screens.final(session.raw, COLUMNS, ROWS)[:-1]  # the last line answers the key
    frames = screens.frames(left)
    row = _lag_row("terminal does not read for 10 s", report, 1.0, 50, "")
    return [
        row,
        Row(
            "  what it is sent afterwards",
            f"{frames} frames, {len(left)} bytes; the screen is {'true' if shown == true else 'WRONG'}",
            "one current frame, no backlog",
            frames <= 3 and shown == true,
            "the last frame is the current one; those before it were under way when the terminal fell silent, or "
            "went out when its reply was overdue (after 5 s)",
            {"frames": frames, "bytes": len(left)},
        ),
    ]


def _lag_row(name: str, report: Report, share: float, most_ms: float, note: str) -> Row:
    lags = report.lags_ms
    lag = percentile(lags, share)
    word = "worst" if share == 1 else f"p{share * 100:.0f}"
    return Row(
        name,
        f"loop lag {word} {lag:.0f} ms",
        f"{word} at most {most_ms:.0f} ms",
        lag <= most_ms,
        note
        + f"median {median(lags):.1f}, p99 {percentile(lags, 0.99):.0f}, worst {max(lags):.0f} ms in {len(lags)} looks",
        {"p50_ms": median(lags), "p99_ms": percentile(lags, 0.99), "worst_ms": max(lags)},
    )
