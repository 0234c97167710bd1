"""The drivers: each is read from what it says it reads."""

import pytest

from rotation_tui.checks.drivers import DRIVERS, Driver, drivers
from rotation_tui.domain.inputs import SeriesId, ids_of
from rotation_tui.domain.state import State
from tests.checks.material import daily, inputs, observed

MACRO = ids_of(SeriesId, (each for driver in DRIVERS for each in driver.inputs))


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.id)
def test_a_driver_needs_what_it_says_it_reads_and_nothing_else(driver: Driver) -> None:
    own = ids_of(SeriesId, driver.inputs)
    states = []
    for fed in (own, MACRO - own):
        known = {r.id: r for r in drivers(inputs((), [observed(name, daily([4.0] * 90)) for name in sorted(fed)]))}
        states.append(known[driver.id].state)
    assert states == [State.CLOSED, State.UNKNOWN]
