"""Prices told by how far they have moved: the same as if each had been told whole, and only through the door."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.domain.quote import Quote
from rotation_tui.tape.message import Listener, Teller
from rotation_tui.tape.prices import Names, Prices, prices_after
from tests.chance import tried
from tests.tape.states import START, Act, acts, moments, quote

AT = 1_772_463_600_000_000


@given(st.lists(st.tuples(st.integers(0, 5_000_000), acts()), min_size=2, max_size=25))
@tried(80)
def test_a_state_that_is_read_late_is_what_it_was(session: list[tuple[int, Act]]) -> None:
    teller, listener = Teller(), Listener()
    kept = []
    for moment in moments(session):
        if (told := teller.tell(moment)) is not None:
            heard = listener.hear(told)
            assert heard is not None
            kept.append((heard.moment.snapshot, moment.snapshot))
    for given_again, was in kept:
        newest = max((each.as_of for each in was.quotes.values()), default=None)
        assert given_again.newest_print() == newest, "told without making a quote"
        assert given_again.quotes == was.quotes
        assert was.newest_print() == newest


def known() -> tuple[dict[str, Quote], Names]:
    names = Names()
    for name in ("IWM", "SPY"):
        names.number(name)
    return {"IWM": quote("IWM", 250.0, START)}, names


def after(**told: Any) -> dict[str, Quote]:
    quotes, names = known()
    return dict(prices_after((quotes, {}), Prices(**told), AT, names)[0])


def test_a_price_moves_by_cents_and_everything_else_of_it_stays() -> None:
    quotes, _ = known()
    moved = after(moved=(0,), steps=(-3,), times=(1_000_000,))["IWM"]
    assert (moved.price, moved.as_of) == (249.97, START.replace(second=1))
    assert replace(moved, price=250.0, as_of=START) == quotes["IWM"]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"steps": (-25_000,)}, "IWM price is 0"),
        ({"steps": (-30_000,)}, "IWM price is -50"),
        ({"steps": (math.nan,)}, "IWM price is nan"),
        ({"steps": (math.inf,)}, "IWM price is inf"),
        ({"steps": (-1.5,)}, r"IWM price is -1\.5"),
        ({"steps": (10**400,)}, "IWM price is beyond all numbers"),
        ({"moved": (1,)}, "a price of SPY follows one that is lost"),
        ({"moved": (2,)}, "symbol number 2 was told in a message that is lost"),
        ({"moved": (-1,)}, "symbol number -1 was told in a message that is lost"),
        ({"times": ()}, "a price of IWM has no time"),
        ({"of": (1,)}, "a price of IWM has no time"),
        ({"of": (-1,)}, "a price of IWM has no time"),
        ({"of": (0, 0)}, "prices and symbols are not as many"),
        ({"steps": (1, 2)}, "prices and symbols are not as many"),
        ({"times": (2**60,)}, "beyond all years|is of the year"),
        ({"gone": ("IWM",)}, "a price of IWM follows one that is lost"),
    ],
)
def test_what_cannot_be_a_price_is_refused(told: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        after(**{"moved": (0,), "steps": (1,), "times": (0,), **told})


def test_a_whole_quote_takes_the_place_of_what_had_moved_and_moves_on_from_there() -> None:
    quotes, names = known()
    moved, _ = prices_after((quotes, {}), Prices(moved=(0,), steps=(5,), times=(0,)), AT, names)
    whole, _ = prices_after((moved, {}), Prices(whole=(quote("IWM", 3.1234, START),)), AT, names)
    assert whole["IWM"].price == 3.1234
    on, _ = prices_after((whole, {}), Prices(moved=(0,), steps=(6,), times=(0,)), AT, names)
    assert on["IWM"].price == 3.124, "it moves by its own unit"
    further, _ = prices_after((on, {}), Prices(moved=(0,), steps=(6,), times=(0,)), AT, names)
    assert further["IWM"].price == 3.13
    gone, _ = prices_after((further, {}), Prices(gone=("IWM",)), AT, names)
    assert "IWM" not in gone
    assert len(gone) == 0
    assert moved["IWM"].price == 250.05
