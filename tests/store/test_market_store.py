"""The one state: what counts as a change, what may not replace what, and that snapshots stand still."""

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from rotation_tui.domain.bars import Basis
from rotation_tui.domain.feed import Event, FeedHealth, FeedState
from rotation_tui.domain.results import Studies
from rotation_tui.store.market_store import MOST_EVENTS, MarketStore, Snapshot, history_name
from tests.store.material import NOON, bars, later, quote, series

HEALTH = FeedHealth("yahoo", FeedState.LIVE, NOON, requests_last_hour=3, budget_per_hour=300)
Put = Callable[[MarketStore], Any]

PUTS: dict[str, Put] = {
    "quotes": lambda store: store.put_quotes([quote()], NOON),
    "bars": lambda store: store.put_bars([bars({2: 1.0, 3: 2.0})]),
    "observations": lambda store: store.put_observations([series({2: 4.1})]),
    "studies": lambda store: store.put_studies(Studies(as_of=NOON.date())),
    "feed": lambda store: store.put_feed(HEALTH),
    "doubts": lambda store: store.put_doubts({"IWM": "it lies"}, {"XYZ": "nobody has it"}),
}


@pytest.mark.parametrize("put", PUTS.values(), ids=PUTS.keys())
def test_the_same_batch_again_is_no_revision(put: Put) -> None:
    store = MarketStore()
    assert put(store) is True
    revision, bars_revision = store.revision, store.bars_revision
    assert put(store) is False
    assert (store.revision, store.bars_revision) == (revision, bars_revision)
    assert revision == 1


@pytest.mark.parametrize(("name", "studies_due"), [("quotes", 0), ("bars", 1), ("observations", 1), ("feed", 0)])
def test_only_bars_and_observations_make_studies_due(name: str, studies_due: int) -> None:
    store = MarketStore()
    PUTS[name](store)
    assert store.bars_revision == studies_due


def test_an_outline_gives_way_to_the_history_and_never_takes_its_place() -> None:
    store, outline = MarketStore(), dataclasses.replace(bars({2: 1.0, 3: 2.0}), outline=True)
    assert store.put_bars([outline])
    assert (store.snapshot().awaits_histories(), dict(store.snapshot().without_outlines().bars)) == (True, {})
    total = dataclasses.replace(bars({1: 0.9, 2: 1.0, 3: 2.0}), basis=Basis.TOTAL)
    assert store.put_bars([total])
    assert list(store.snapshot().bars.values()) == [total]
    assert store.put_bars([outline]) is False
    assert list(store.snapshot().without_outlines().bars.values()) == [total]
    assert store.snapshot().awaits_histories() is False


def test_an_outline_of_a_history_that_nobody_gives_is_not_waited_with() -> None:
    store = MarketStore()
    store.put_bars([dataclasses.replace(bars({2: 1.0, 3: 2.0}), outline=True)])
    (symbol, _), *_ = store.snapshot().bars
    store.put_doubts({}, {history_name(symbol): "yahoo: is not there"})
    assert store.snapshot().awaits_histories() is False
    revision = store.bars_revision
    store.drop_outline("another")
    assert store.bars_revision == revision
    store.drop_outline(symbol)
    assert (dict(store.snapshot().bars), store.bars_revision) == ({}, revision + 1)


def test_an_unchanged_answer_still_tells_that_the_price_was_checked() -> None:
    store = MarketStore()
    store.put_quotes([quote()], NOON)
    before = store.snapshot()
    store.put_quotes([quote()], later(minutes=5))
    assert store.revision == before.revision
    assert store.snapshot().checked["IWM"] == later(minutes=5)
    assert before.checked["IWM"] == NOON


def test_an_older_print_neither_replaces_a_newer_one_nor_confirms_it() -> None:
    store = MarketStore()
    store.put_quotes([quote(price=250.0)], NOON)
    assert store.put_quotes([quote(price=1.0, as_of=later(seconds=-1), source="cboe")], later(minutes=20)) is False
    snapshot = store.snapshot()
    assert snapshot.quotes["IWM"].price == 250.0
    assert snapshot.checked["IWM"] == NOON


@pytest.mark.parametrize("as_of", [NOON, later(seconds=1)])
def test_a_corrected_or_newer_print_replaces(as_of: datetime) -> None:
    store = MarketStore()
    store.put_quotes([quote(price=250.0)], NOON)
    assert store.put_quotes([quote(price=251.0, as_of=as_of)], later(seconds=2)) is True
    assert store.snapshot().quotes["IWM"].price == 251.0


def test_a_snapshot_stands_still_and_refuses_to_be_written() -> None:
    store = MarketStore()
    for put in PUTS.values():
        put(store)
    snapshot = store.snapshot()
    store.put_quotes([quote("SPY", as_of=later(seconds=1)), quote(price=999.0, as_of=later(seconds=1))], NOON)
    store.put_bars([bars({2: 9.0})])
    store.put_observations([series({2: 9.0})])
    store.put_doubts({}, {})
    store.put_event(Event(NOON, "something"))
    store.drop_quote("IWM")
    assert snapshot.quotes == {"IWM": quote()}
    assert snapshot.checked == {"IWM": NOON}
    assert [b.closes for b in snapshot.bars.values()] == [(1.0, 2.0)]
    assert [s.values for s in snapshot.observations.values()] == [(4.1,)]
    assert snapshot.quarantined == {"IWM": "it lies"}
    assert snapshot.events == ()
    with pytest.raises(TypeError):
        snapshot.quotes["IWM"] = quote()  # type: ignore[index]
    with pytest.raises(TypeError):
        snapshot.checked["IWM"] = NOON  # type: ignore[index]


def test_a_month_of_events_weighs_what_a_day_does() -> None:
    store = MarketStore()
    for n in range(MOST_EVENTS + 50):
        store.put_event(Event(NOON, str(n)))
    events = store.snapshot().events
    assert len(events) == MOST_EVENTS
    assert (events[0].text, events[-1].text) == ("50", str(MOST_EVENTS + 49))


def test_request_counts_alone_are_no_revision_but_the_next_snapshot_has_them() -> None:
    store = MarketStore()
    store.put_feed(HEALTH)
    revision = store.revision
    store.snapshot()
    assert store.put_feed(replace(HEALTH, requests_last_hour=4)) is False
    assert store.revision == revision
    assert store.snapshot().feeds[0].requests_last_hour == 4
    assert store.put_feed(replace(HEALTH, state=FeedState.DOWN, fault="no answer")) is True


def test_volumes_that_arrive_later_make_studies_due() -> None:
    store = MarketStore()
    store.put_bars([bars({2: 1.0})])
    assert store.put_bars([dataclasses.replace(bars({2: 1.0}), volumes=(5e6,))]) is True


def test_a_dropped_quote_is_gone_and_said_once() -> None:
    store = MarketStore()
    store.put_quotes([quote()], NOON)
    store.drop_quote("IWM")
    store.drop_quote("IWM")
    assert store.snapshot().quotes == {}
    assert store.revision == 2


def test_a_tap_is_shown_what_was_told_elsewhere_as_well() -> None:
    elsewhere, store = MarketStore(), MarketStore()
    elsewhere.put_quotes([quote()], NOON)
    shown: list[Snapshot] = []
    as_well: list[Snapshot] = []
    store.shown_to(shown.append)
    store.shown_to(as_well.append)
    store.put_told(elsewhere.snapshot())
    assert [snapshot.quotes for snapshot in shown] == [elsewhere.snapshot().quotes], "a tape would lack it"
    assert as_well == shown, "one tap would take the place of the other"
