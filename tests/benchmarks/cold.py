"""A start of somebody who has nothing yet: how soon the whole board stands, and what the first minute costs."""

import time

from tests.benchmarks.meter import cpu_seconds
from tests.benchmarks.rows import Row
from tests.benchmarks.stage import Stage
from tests.upstream.replies import slow

_MINUTE_S = 60.0
_ANSWER_S = {"yahoo": 0.15, "fred": 0.6, "newyorkfed": 0.3, "treasury": 0.3, "cboe": 0.1}
"""Each source takes so long for an answer, as over a home's connection."""


def cold_start(stage: Stage, quick: bool) -> list[Row]:  # noqa: ARG001 - a first minute cannot be shorter
    """One start without any state, in the middle of a session."""
    user = stage.user(None, poll_s=30)
    for source, seconds in _ANSWER_S.items():
        stage.upstream.tell(source, slow(seconds))
    before = {source: stage.upstream.count(source) for source in _ANSWER_S}
    try:
        with stage.actor(user, load="arrivals", options={"seconds": _MINUTE_S - 2}) as actor:
            actor.begin()
            time.sleep(max(0.0, actor.session.started_at + _MINUTE_S - time.monotonic()))
            cpu_s = cpu_seconds(actor.session)
            told = actor.report(30).figures
        asked = {source: stage.upstream.count(source) - before[source] for source in _ANSWER_S}
    finally:
        stage.upstream.behave()
    listed = ", ".join(f"{source} {count}" for source, count in asked.items() if count)
    return [
        Row("cold start: whole board", f"{told['whole_s']:.1f} s", "at most 15 s", told["whole_s"] <= 15,
            f"{told['tickers']:.0f} tickers, {told['spreads']:.0f} spreads, {told['ranks']:.0f} ranks and the score; "
            f"{told['checks_then']:.0f} of {told['checks']:.0f} checks answer then, the last study is of "
            f"{told['last_s']:.1f} s", dict(told)),
        Row("  CPU of the first minute", f"{cpu_s:.1f} s", "at most 8 s", cpu_s <= 8,
            f"{told['studies']:.0f} studies", {"cpu_s": cpu_s}),
        Row("  requests of the first minute", f"{sum(asked.values())}", note=listed,
            figures={source: float(count) for source, count in asked.items()}),
    ]  # fmt: skip
