"""What is held, in the real program: from a config edited while it runs, with the trades, hidden by a key."""

import re

import pytest

from tests.end_to_end.home import Home, answered, price_shown, quit_cleanly
from tests.end_to_end.test_living_config import edit

pytestmark = pytest.mark.terminal

BOOK = """
[rebalance]
target_small = 50.0
[[positions]]
symbol = "IWM"
quantity = 1234
cost = 200
[[positions]]
symbol = "SPY"
quantity = 1000
cost = 500
[[tickers]]
id = "RUT"
"""


def test_a_book_that_is_written_into_the_config_is_shown_and_hidden(quick_home: Home) -> None:
    market = quick_home.upstream.market
    market.hold()
    try:
        with quick_home.start() as session:
            session.wait_for(lambda seen: price_shown(seen, "RUT") not in (None, "?"))
            session.wait_for(answered)
            session.press("0")
            session.wait_for(lambda seen: "[[positions]] with symbol, quantity and cost" in seen)
            edit(quick_home, '[[tickers]]\nid = "RUT"\n', BOOK)
            value = 1234 * market.last("IWM").price
            session.wait_for(lambda seen: f"{value:,.0f}" in seen)
            session.wait_for(lambda seen: re.search(r"by regression +\d", seen) is not None)
            session.wait_for(lambda seen: "sell SPY" in seen or "sell IWM" in seen)
            session.press("$")
            session.wait_for(
                lambda seen: "amounts hidden" in seen and "1,234" not in seen and f"{value:,.0f}" not in seen
            )
            assert "IWM" in session.screen_text()
            quit_cleanly(session)
        with quick_home.start() as session:
            session.wait_for(lambda seen: "amounts hidden" in seen and f"{value:,.0f}" not in seen)
            quit_cleanly(session)
    finally:
        market.restore()
    assert "1234" not in quick_home.log()
