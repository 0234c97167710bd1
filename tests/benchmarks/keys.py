"""Keys that are pressed for the first time, as soon as the program has come to rest."""

from typing import Final

from tests.benchmarks.meter import key_to_screen_ms, settle
from tests.benchmarks.rows import Row, median, percentile
from tests.benchmarks.stage import OPEN, Stage

_KEYS: Final = (
    *("?", "?", "2", "j", "enter", "h", "w", "m", "o", "3", "tab", "j", "enter", "h", "4", "tab", "j", "enter", "h"),
    *("5", "j", "6", "v", "j", "9", "w", "1", "tab", "s", "S", "+", "+", "-", "=", "z", "c", "f", "f"),
)
"""None of them twice for the same thing. Not escape, which a terminal's sequences begin with: it is waited on."""


def first_keys(stage: Stage, quick: bool) -> list[Row]:
    """Each key once in a program of its own."""
    waits: list[float] = []
    for _ in range(1 if quick else 3):
        with stage.actor(stage.user(OPEN)) as actor:
            settle(actor.session)
            waits += key_to_screen_ms(actor.session, _KEYS, len(_KEYS), 0.3)
    p99 = percentile(waits, 0.99)
    return [
        Row("the first keys, to screen", f"p50 {median(waits):.0f}, p99 {p99:.0f} ms", "p99 at most 35 ms", p99 <= 35,
            f"{len(waits)} keys, none before it did the same; the very first {waits[0]:.0f} ms",
            {"p50_ms": median(waits), "p99_ms": p99, "first_ms": waits[0]}),
    ]  # fmt: skip
