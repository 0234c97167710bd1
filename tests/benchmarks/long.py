"""Hours that pass at once: memory over a day, bytes over a session."""

import time

from tests.benchmarks.meter import has_loaded, rss_mib, settle
from tests.benchmarks.rows import Row, median
from tests.benchmarks.sshd import serving
from tests.benchmarks.stage import OPEN, OVER_SSH, SIMULATED, Stage

_MB = 1_000_000


def memory(stage: Stage, quick: bool) -> list[Row]:
    """Before there is any history, with all of it, and over a day."""
    without, bare = _without_history(stage)
    whole, growth, frames, steps = _over_a_day(stage, quick)
    return [
        Row(
            "RSS before there is a history",
            f"{without:.0f} MB",
            "at most 60 MB",
            without <= 60 and bare,
            "quotes of the default universe arrive" + ("" if bare else "; pandas was loaded all the same"),
            {"rss_mb": without},
        ),
        Row(
            "RSS all day",
            f"{whole:.0f} MB",
            "at most 55 MB",
            whole <= 55,
            "after studies of the default universe with all its history; Python, msgspec and what both take of the "
            "standard library are 14 MB of it, asyncio and ssl 8, Textual and rich 12, httpx 7, click and filelock "
            "with others 3, our own code 9, histories 3, results, rows and what Textual makes of a screen the rest",
            {"rss_mb": whole},
        ),
        Row(
            "  growth over 24 simulated hours",
            f"{growth:+.1f} MB",
            "at most 2 MB",
            growth <= 2,
            f"{steps:.0f} polls and {frames:.0f} frames through midnight and the next opening; medians of the second "
            "and the last tenth; histories and series are asked for after the close, as of a source in the network; "
            "their making by the simulated market is part of it. Of what comes to stay half a megabyte is told of "
            "more, the rest are arenas of Python's own, given back only whole; runs differ by a megabyte",
            {"growth_mb": growth, "polls": steps, "frames": frames},
        ),
    ]


def _without_history(stage: Stage) -> tuple[float, bool]:
    stage.upstream.kill()
    try:
        with stage.actor(stage.user(None)) as actor:
            settle(actor.session)
            time.sleep(5)
            return rss_mib(actor.session), not has_loaded(actor.session, "pandas")
    finally:
        stage.upstream.start()


def _over_a_day(stage: Stage, quick: bool) -> tuple[float, float, float, float]:
    options = {"hours": 24.0, "step_s": 120.0 if quick else 30.0}
    user = stage.user(OPEN)
    with stage.actor(user) as actor:  # as users have it: their history from the network's feeds
        settle(actor.session, 3)
        time.sleep(8)
        whole = rss_mib(actor.session)
    samples: list[float] = []
    with stage.actor(stage.user(OPEN, tables=SIMULATED), load="hours", options=options) as actor:
        settle(actor.session, 3)
        time.sleep(8)
        actor.begin()
        deadline = time.monotonic() + 900
        while time.monotonic() < deadline:
            samples.append(rss_mib(actor.session))
            time.sleep(0.25)
            if actor.is_done:
                break
        report = actor.report(1)
    tenth = max(1, len(samples) // 10)
    growth = median(samples[-tenth:]) - median(samples[tenth : 2 * tenth])
    return whole, growth, report.figures["frames"], report.figures["steps"]


def session_over_ssh(stage: Stage, quick: bool) -> list[Row]:
    """6.5 hours from opening to close with a poll every 5 s, over a real sshd; --quick takes a tenth of it."""
    share = 10 if quick else 1
    opening = OPEN.replace(hour=9, minute=30)
    options = {"hours": 6.5 / share, "step_s": 5.0}
    user = stage.user(OPEN, tables=SIMULATED)
    with serving(stage.new("sshd")) as link:
        env = OVER_SSH if link is None else {}
        with stage.actor(user, opening, load="hours", options=options, env=env, link=link) as actor:
            settle(actor.session, 3)
            time.sleep(8)
            first = actor.session.bytes_written
            actor.begin()
            report = actor.report(1200)
            written = actor.session.bytes_written
            actor.session.press("q")
            actor.session.exit_code()
        whole = written if link is None else link.received()
    # the first screen comes once, however short the session
    whole, written = (first + (n - first) * share for n in (whole, written))
    through = (
        "without ssh's own bytes, for sshd is not installed"
        if link is None
        else f"received through a real sshd on loopback, encrypted; the terminal's share is {written / _MB:.2f} MB"
    )
    return [
        Row(
            "a session of 6.5 h over ssh",
            f"{whole / _MB:.2f} MB in {report.figures['frames'] * share:.0f} frames",
            "at most 6 MB",
            whole <= 6 * _MB,
            f"{through}; 256 colours, {report.figures['steps'] * share:.0f} polls"
            + (", ten times a tenth of it" if quick else ""),
            {"bytes": whole, "terminal_bytes": written, "frames": report.figures["frames"] * share},
        )
    ]
