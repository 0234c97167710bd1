"""What the program under measurement is to do, told to its launcher through the environment."""

from collections.abc import Mapping

import msgspec

VARIABLE = "ROTATION_TUI_BENCHMARK"


class Plan(msgspec.Struct, frozen=True):
    """`shift_s` is added to the program's clock, so that the market is open or closed whenever it is measured.

    `load` names a function of loads.py, given `options`; it starts at SIGUSR1. `lag` watches the loop
    meanwhile. `report` is the file that its figures are written to in the end.
    """

    report: str
    shift_s: float = 0.0
    load: str = "rest"
    options: Mapping[str, float] = {}
    lag: bool = False


class Report(msgspec.Struct, frozen=True):
    """What was seen from inside: how long the loop stood still each time it was looked at, and the load's figures."""

    figures: Mapping[str, float]
    lags_ms: tuple[float, ...] = ()
    modules: tuple[str, ...] = ()


READY = ".ready"
"""Appended to the report's name: a file with the process's id that is there once the signal is awaited."""
