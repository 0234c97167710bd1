"""The door: what may be believed of a quote."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.domain.bars import Basis
from rotation_tui.domain.quote import Extended, Quote
from rotation_tui.domain.session import Phase
from rotation_tui.workers.admission import doubt_of_quote, without_bad_extras
from tests.workers.fakes import MONDAY, MORNING, TUESDAY, history

BARS = {("IWM", Basis.PRICE): history("IWM", MONDAY, start=94.1), ("VIX", Basis.PRICE): history("VIX", MONDAY)}
"""IWM closed at 100.00 on Monday."""


def _quote(price: float, symbol: str = "IWM", previous: float | None = None, session: date = TUESDAY) -> Quote:
    return Quote(symbol, price, MORNING, session, "yahoo", previous_close=previous)


@pytest.mark.parametrize(
    ("quote", "believed"),
    [
        (_quote(134.9), True),
        (_quote(69.0), True),
        (_quote(66.0), False),
        (_quote(135.1), False),
        (_quote(64.9), False),
        (_quote(160.0), False),
        (_quote(160.0, previous=158.0), False),
        (_quote(240.0, "VIX"), True),
        (_quote(160.0, "NEW"), True),
        (_quote(160.0, "NEW", previous=100.0), False),
        (_quote(130.0, session=MONDAY), True),
        (_quote(160.0, session=MONDAY), False),
    ],
)
def test_a_quote_is_measured_against_the_close_before_it(quote: Quote, believed: bool) -> None:
    doubt = doubt_of_quote(quote, BARS, MORNING)
    assert (doubt is None) is believed
    assert doubt is None or "yahoo says" in doubt


@pytest.mark.parametrize(
    ("previous", "session", "believed"),
    [
        (100.2, MONDAY, True),
        (95.5, MONDAY, True),
        (80.00, MONDAY, False),
        (90.91, MONDAY, False),
        (80.00, None, True),
        (80.00, MONDAY + timedelta(days=1), True),
    ],
    ids=["the same", "nearly", "split 5 for 4", "split 11 for 10", "of no known session", "not in the history"],
)
def test_a_split_of_today_is_no_fall(previous: float, session: date | None, believed: bool) -> None:
    split = replace(_quote(previous), previous_close=previous, previous_session=session)
    doubt = doubt_of_quote(split, BARS, MORNING)
    assert (doubt is None) is believed
    assert doubt is None or "yahoo says the close of 2026-03-02 was" in doubt


def test_a_history_that_ended_long_ago_is_no_measure() -> None:
    old = {("IWM", Basis.PRICE): history("IWM", date(2025, 3, 3))}
    assert doubt_of_quote(_quote(200.0), old, MORNING) is None


@pytest.mark.parametrize(("minutes", "believed"), [(0, True), (9, True), (11, False), (60 * 24, False)])
def test_a_print_may_not_be_of_the_future(minutes: float, believed: bool) -> None:
    ahead = replace(_quote(100.0), as_of=MORNING + timedelta(minutes=minutes))
    assert (doubt_of_quote(ahead, BARS, MORNING) is None) is believed


@pytest.mark.parametrize(
    ("symbol", "price", "believed"),
    [("VIX", 105.0, True), ("VIX", 1300.0, False), ("VIX", 1e308, False), ("VIX", 0.02, False), ("NEW", 1e9, False),
     ("RVX", 40.0, True), ("IWM", 66.7, False), ("IWM", 70.0, True)],
)  # fmt: skip
def test_a_price_lies_within_bounds_that_fit_it(symbol: str, price: float, believed: bool) -> None:
    assert (doubt_of_quote(_quote(price, symbol), BARS, MORNING) is None) is believed


@pytest.mark.parametrize(
    ("high", "kept"), [(100.0, True), (134.0, True), (136.0, False), (1000.0, False), (99.0, False), (None, True)]
)
def test_a_days_high_that_no_day_can_have_is_unknown(high: float | None, kept: bool) -> None:
    quote = replace(_quote(100.0), day_high=high)
    assert without_bad_extras(quote) == (quote if kept else replace(quote, day_high=None))


@pytest.mark.parametrize(("price", "kept"), [(104.0, True), (50.0, False), (1000.0, False)])
def test_a_price_outside_regular_hours_that_cannot_be_is_left_out(price: float, kept: bool) -> None:
    quote = replace(_quote(100.0), extended=Extended(price, MORNING, Phase.PRE))
    assert without_bad_extras(quote) == (quote if kept else replace(quote, extended=None))


def _other(price: float, symbol: str = "RUT", session: date = TUESDAY, source: str = "second") -> Quote:
    return Quote(symbol, price, MORNING, session, source, previous_close=100.0)


@pytest.mark.parametrize(
    ("witness", "believed"),
    [
        (_other(79.0), True),
        (_other(81.0), False),
        (_other(121.0), False),
        (_other(60.0), False),
        (_other(79.0, session=MONDAY), False),
        (_other(60.5, "IWM"), True),
        (_other(65.0, "IWM"), False),
        (_other(60.5, "IWM", source="yahoo"), False),
    ],
    ids=[
        "a peer, more than half as far", "a peer, less", "the other way", "a peer, as doubtful", "another day",
        "another source, the same", "another source, less", "itself",
    ],
)  # fmt: skip
def test_a_large_move_needs_a_witness(witness: Quote, believed: bool) -> None:
    assert (doubt_of_quote(_quote(60.0), BARS, MORNING, (witness,)) is None) is believed


@pytest.mark.parametrize(
    ("price", "believed"),
    [
        (50.0, False),
        (50.9, False),
        (33.3, False),
        (66.7, False),
        (40.3, False),
        (200.0, False),
        (59.0, True),
        (45.0, True),
    ],
)
def test_two_sources_cannot_tell_a_fall_from_a_split_but_a_peer_can(price: float, believed: bool) -> None:
    """On the day of a split every source tells the price of the new shares."""
    quote, same = _quote(price), _other(price, "IWM")
    for told in (replace(quote, previous_close=100.0), replace(quote, previous_close=None)):
        assert (doubt_of_quote(told, BARS, MORNING, (same,)) is None) is believed


def test_a_fall_by_half_that_a_peer_shares_is_one() -> None:
    quote, same, peer = _quote(50.0), _other(50.0, "IWM"), _other(70.0)
    assert doubt_of_quote(quote, BARS, MORNING, (same,)) is not None
    assert doubt_of_quote(quote, BARS, MORNING, (same, peer)) is None
