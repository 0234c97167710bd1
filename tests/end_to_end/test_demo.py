"""The demo: marked on every screen, and never on the network."""

import pytest

from tests.end_to_end.home import Home, price_shown, quit_cleanly
from tests.upstream.server import Upstream

pytestmark = pytest.mark.terminal

NOTE = "simulated between a few published closes"
ANSWER = "demo: a made-up market, no price is real"


@pytest.mark.parametrize(
    ("columns", "rows", "words"), [(80, 24, NOTE), pytest.param(120, 40, ANSWER, marks=pytest.mark.slow)]
)
def test_the_demo_says_what_it_is_and_asks_nobody(
    full_home: Home, upstream: Upstream, columns: int, rows: int, words: str
) -> None:
    with full_home.start("demo", "--seed", "7", columns=columns, rows=rows) as session:
        session.wait_for(lambda seen: price_shown(seen, "RUT") not in (None, "?") and words in seen)
        for key in "23461":
            session.press(key)
            session.settle()
            assert "DEMO" in session.lines()[0]
        session.wait_for(words)
        quit_cleanly(session)
    assert upstream.count() == 0
    assert full_home.log() == ""
