"""The demo: marked on every screen, and never on the network."""

import pytest

from tests.end_to_end.home import Home, price_shown, quit_cleanly
from tests.upstream.server import Upstream

pytestmark = pytest.mark.terminal

NOTE = "simulated between a few published closes"


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), pytest.param(120, 40, marks=pytest.mark.slow)])
def test_the_demo_says_what_it_is_and_asks_nobody(full_home: Home, upstream: Upstream, columns: int, rows: int) -> None:
    with full_home.start("demo", "--seed", "7", columns=columns, rows=rows) as session:
        session.wait_for(lambda seen: price_shown(seen, "RUT") not in (None, "?") and NOTE in seen)
        for key in "23461":
            session.press(key)
            session.settle()
            assert "DEMO" in session.lines()[0]
        session.wait_for(NOTE)
        quit_cleanly(session)
    assert upstream.count() == 0
    assert full_home.log() == ""
