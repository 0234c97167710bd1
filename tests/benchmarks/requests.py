"""How often Yahoo is asked."""

import time

from rotation_tui.config.schema import Config
from rotation_tui.providers import yahoo
from tests.benchmarks.meter import settle
from tests.benchmarks.rows import Row
from tests.benchmarks.stage import OPEN, Stage


def requests(stage: Stage, quick: bool) -> list[Row]:
    """Requests for one refresh of the default universe, and what that makes in an hour at the default pace."""
    times = 2 if quick else 5
    with stage.actor(stage.user(OPEN)) as actor:
        settle(actor.session)
        counts: list[int] = []
        for _ in range(times):
            before = stage.upstream.count("yahoo")
            actor.session.press("r")
            time.sleep(4)  # two or three requests, one a second once the first three are spent
            counts.append(stage.upstream.count("yahoo") - before)
    most = max(counts)
    open_s = Config().poll.open
    hourly = most * 3600 / (open_s * 0.9)
    endpoint = yahoo.PROVIDER.endpoint
    budget = None if endpoint is None else endpoint.max_per_hour
    return [
        Row("requests to Yahoo for one refresh", f"{most}", "at most 4", 0 < most <= 4,
            f"the default universe, {times} refreshes", {"requests": most}),
        Row("  in an hour of an open market", f"at most {hourly:.0f}", "never over 300",
            budget is not None and budget <= 300,
            f"a poll every {open_s:.0f} s, as soon as jitter allows; history is asked for once; all monitors of a "
            f"user share a budget of {budget} an hour", {"requests": hourly, "budget": budget}),
    ]  # fmt: skip
