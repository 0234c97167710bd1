"""The door: what may be believed of a quote and of a history."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.quote import Quote
from rotation_tui.workers.admission import comparable, doubt_of_bars, doubt_of_quote
from tests.workers.fakes import MONDAY, MORNING, TUESDAY, history

BARS = {("IWM", Basis.PRICE): history("IWM", MONDAY, start=94.1), ("VIX", Basis.PRICE): history("VIX", MONDAY)}
"""IWM closed at 100.00 on Monday."""


def _quote(price: float, symbol: str = "IWM", previous: float | None = None, session: date = TUESDAY) -> Quote:
    return Quote(symbol, price, MORNING, session, "yahoo", previous_close=previous)


@pytest.mark.parametrize(
    ("quote", "believed"),
    [
        (_quote(134.9), True),
        (_quote(65.1), True),
        (_quote(135.1), False),
        (_quote(64.9), False),
        (_quote(160.0), False),
        (_quote(160.0, previous=158.0), False),
        (_quote(300.0, "VIX"), True),
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
        (66.67, MONDAY, False),
        (90.91, MONDAY, False),
        (66.67, None, True),
        (66.67, MONDAY + timedelta(days=1), True),
    ],
    ids=["the same", "nearly", "split 3 for 2", "split 11 for 10", "of no known session", "not in the history"],
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
    ("factor", "symbol", "split", "believed"),
    [
        (1.30, "IWM", False, True),
        (1.60, "IWM", False, False),
        (0.50, "IWM", False, False),
        (0.50, "IWM", True, True),
        (1.60, "RUT", False, False),
        (1.60, "VIX", False, True),
    ],
)
def test_a_history_with_a_jump_needs_a_split_on_record(factor: float, symbol: str, split: bool, believed: bool) -> None:
    flat = history(symbol, MONDAY)
    jumped = replace(
        flat,
        closes=(*flat.closes[:30], *(c * factor for c in flat.closes[30:])),
        splits=(flat.dates[30],) if split else (),
    )
    doubt = doubt_of_bars(jumped)
    assert (doubt is None) is believed
    assert doubt is None or str(flat.dates[30]) in doubt


def _jumped(at: int, rows: int = 1000) -> Bars:
    flat = history("IWM", MONDAY, rows)
    return replace(flat, closes=(*(c * 2 for c in flat.closes[:at]), *flat.closes[at:]))


@pytest.mark.parametrize(("at", "believed"), [(599, True), (600, True), (601, False), (999, False)])
def test_a_jump_far_back_costs_the_rows_before_it_only(at: int, believed: bool) -> None:
    jumped = _jumped(at)
    assert (doubt_of_bars(jumped) is None) is believed
    assert comparable(jumped) == jumped.tail(1000 - at)
    assert comparable(replace(jumped, splits=(jumped.dates[at],))).dates[0] == jumped.dates[0]


def test_what_moved_over_a_long_hole_is_no_jump() -> None:
    jumped = _jumped(980)
    without = [*range(970), *range(980, 1000)]
    holed = replace(
        jumped, dates=tuple(jumped.dates[i] for i in without), closes=tuple(jumped.closes[i] for i in without)
    )
    assert doubt_of_bars(holed) is None
    assert comparable(holed) == holed
