"""A closed market, and an open one at the pace of its quotes."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from tests.benchmarks import screens
from tests.benchmarks.meter import Cost, Meter, measured, settle
from tests.benchmarks.rows import Row
from tests.benchmarks.stage import CLOSED, COLUMNS, OPEN, OVER_SSH, ROWS, Stage

_SETTLED_S = 40.0
"""The studies, the first save and the last ages are over by then."""


def closed_market(stage: Stage, quick: bool) -> list[Row]:
    """Nothing changes; the countdown and the ages may step."""
    seconds = 15.0 if quick else 60.0
    with stage.actor(stage.user(CLOSED), CLOSED) as actor:
        session = actor.session
        settle(session, 3)
        time.sleep(5 if quick else _SETTLED_S)
        _early_in_the_minute(stage)
        before, cost = session.raw, measured(session, seconds)
        after = session.raw[len(before) :]
        steps = list(screens.changes(before, after, COLUMNS, ROWS))
        lines = screens.final(before, COLUMNS, ROWS)
    elsewhere = [step for step in steps if not _only_steps(step, lines)]
    return [
        Row(
            f"closed, nothing changes, {seconds:.0f} s",
            f"{cost.bytes} bytes, frames: {cost.frames}",
            "0, but for countdown and ages",
            not elsewhere,
            "every byte stepped the countdown of the first line or an age"
            if steps and not elsewhere
            else (f"lines {sorted(elsewhere[0].lines)} changed" if elsewhere else "nothing was written"),
            {"bytes": cost.bytes, "frames": cost.frames},
        ),
        Row(
            "  CPU",
            f"{cost.cpu_percent:.2f} %",
            "at most 0.5 %",
            cost.cpu_percent <= 0.5,
            figures={"cpu_percent": cost.cpu_percent},
        ),
    ]


def live_quotes(stage: Stage, quick: bool) -> list[Row]:
    """The default universe, every quote moving every 5 s, over ssh and on a local terminal."""
    seconds = 20.0 if quick else 60.0
    far = live(stage, seconds, OVER_SSH)
    spared = live(stage, seconds, OVER_SSH | {"ROTATION_TUI_LOW_BANDWIDTH": "1"})
    near = live(stage, seconds, {})
    return [
        Row(
            "default universe, quotes every 5 s",
            f"{far.bytes_a_second:.0f} bytes/s in {far.frames / far.seconds:.2f} frames/s",
            "at most 250 bytes/s, 256 colours",
            far.bytes_a_second <= 250,
            f"as over ssh: changes are not marked; with --low-bandwidth {spared.bytes_a_second:.0f} bytes/s, on a "
            f"local terminal, where changes are marked, {near.bytes_a_second:.0f} bytes/s",
            {
                "bytes_a_second": far.bytes_a_second,
                "low_bandwidth_bytes_a_second": spared.bytes_a_second,
                "local_bytes_a_second": near.bytes_a_second,
            },
        ),
        Row(
            "  CPU",
            f"{far.cpu_percent:.2f} %",
            "at most 0.3 %",
            far.cpu_percent <= 0.3,
            f"local, with marks: {near.cpu_percent:.2f} %",
            {"cpu_percent": far.cpu_percent, "local_cpu_percent": near.cpu_percent},
        ),
    ]


def live(stage: Stage, seconds: float, env: Mapping[str, str]) -> Cost:
    """The costs of the default universe, asked for every 5 s."""
    user = stage.user(OPEN, poll_s=5, flash=not env)
    with stage.actor(user, env=env) as actor:
        settle(actor.session)
        time.sleep(8)  # studies
        meter = Meter(actor.session)
        asked = stage.upstream.count("yahoo")
        time.sleep(seconds)
        cost = meter.read()
        if stage.upstream.count("yahoo") - asked < seconds / 5:
            raise AssertionError("the quotes were not asked for every 5 s")
    return cost


def _early_in_the_minute(stage: Stage) -> None:
    """The stage's minutes are whole ones of the real time, give or take; start just after a step."""
    while not 2 <= (datetime.now(UTC) + stage.market.shift).second < 10:
        time.sleep(0.2)


def _only_steps(step: screens.Change, lines: list[str]) -> bool:
    """Whether a frame touched nothing but the first line and lines that hold an age."""
    ages = {y for y, line in enumerate(lines) if any(w in line.split() for w in ("live", "1m", "5m", "15m", "30m"))}
    return step.lines <= {0} | ages
