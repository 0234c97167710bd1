"""How long a test waits, and how slow the machine is: no test fails for being kept from running."""

import time

PATIENCE_S = 120.0
"""How long a test waits for what it expects: no claim about speed, only an end to what will never come."""


def slowness() -> float:
    """How many times as long as alone a piece of work takes at the moment: 1 on a machine with nothing else to do."""
    began, used = time.monotonic(), time.thread_time()
    while time.thread_time() - used < 0.1:
        pass
    return max(1.0, (time.monotonic() - began) / 0.1)
