"""Settings of all tests."""

import gc
import importlib.util
import os
import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal import entropy
from hypothesis.internal.conjecture import providers

# A slow machine is no fault of the code; and the suite tries the same examples every time and everywhere, so that it
# fails for what a change did and not for what nobody had tried before: `--hypothesis-profile=search` looks for those.
_SLOW = [HealthCheck.too_slow]
settings.register_profile("same", deadline=None, suppress_health_check=_SLOW, derandomize=True, database=None)
settings.register_profile("search", deadline=None, suppress_health_check=_SLOW, max_examples=1000)
settings.load_profile("same")

# Hypothesis also tries numbers and words that it finds in the code imported so far, which is other code in each worker.
providers._get_local_constants = lambda: providers._local_constants

# It also keeps and gives back NumPy's global generator, 0.4 ms an example, which nothing here may draw from
# (tests/test_collecting.py sees to it).
entropy.NP_RANDOM = object()  # type: ignore[assignment]

# httpcore asks for this eight times a request; while pytest rewrites what is imported, to find nothing costs 1 ms.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]

# Programs that tests start find themselves compiled, as an installed one does; else each start costs a second more.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Started in the background or under nohup, a process ignores these, and so would every program that a test starts
# and then interrupts: a handler of our own is reset to the default in them, an ignored signal stays ignored.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
for _number in (getattr(signal, name, None) for name in ("SIGHUP", "SIGQUIT", "SIGTERM", "SIGTSTP")):
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.SIG_DFL)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected lives to the end, so the collector of garbage need not look through it again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
