"""Messages: whoever listens knows what whoever tells knew, moment after moment, and says what it cannot know."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.store.market_store import MarketStore, Snapshot
from rotation_tui.tape.message import CHANGE, SMALL, WHOLE, HeardMessage, Listener, Message, Teller
from tests.chance import tried
from tests.tape.states import START, SYMBOLS, Act, acts, bars, comparable, moments, quote

SESSIONS = st.lists(st.tuples(st.integers(0, 5_000_000), acts()), min_size=1, max_size=25)
Session = list[tuple[int, Act]]


def heard(listener: Listener, told: bytes) -> HeardMessage:
    found = listener.hear(told)
    assert found is not None
    return found


@given(SESSIONS)
@tried(150)
def test_every_state_is_given_again(session: Session) -> None:
    teller, listener, known = Teller(), Listener(), None
    for moment in moments(session):
        told = teller.tell(moment)
        if told is not None:
            known = heard(listener, told)
            assert known.faults == ()
            assert known.moment.at == moment.at
        assert known is not None
        assert comparable(known.moment.snapshot) == comparable(moment.snapshot)
        assert list(known.moment.snapshot.quotes) == list(moment.snapshot.quotes)
        assert known.moment.about == moment.about


@given(SESSIONS, st.data())
@tried(60)
def test_one_may_begin_with_a_whole_message_anywhere(session: Session, data: st.DataObject) -> None:
    told = moments(session)
    at, teller = data.draw(st.integers(0, len(told) - 1)), Teller()
    for moment in told[: at + 1]:
        teller.tell(moment)
    listener = Listener()
    known = heard(listener, teller.again(WHOLE))
    assert known.moment.snapshot == replace(known.moment.snapshot, studies=told[at].snapshot.studies)
    for moment in told[at + 1 :]:
        if (message := teller.tell(moment)) is not None:
            known = heard(listener, message)
    assert comparable(known.moment.snapshot) == comparable(told[-1].snapshot)


@given(SESSIONS, st.data())
@tried(100)
def test_behind_a_gap_a_small_message_has_all_but_what_it_says_is_lost(session: Session, data: st.DataObject) -> None:
    told = moments(session)
    first = data.draw(st.integers(0, len(told) - 1))
    last = data.draw(st.integers(first, len(told) - 1))
    teller, listener = Teller(), Listener()
    for moment in told[: first + 1]:
        if (message := teller.tell(moment)) is not None:
            listener.hear(message)
    listener.lose()
    for moment in told[first + 1 : last + 1]:
        if (message := teller.tell(moment)) is not None:
            assert listener.hear(message) is None
    known = heard(listener, teller.again(SMALL))
    now, then = told[last].snapshot, known.moment.snapshot
    large = ("bars", "observations", "minutes", "studies", "documents")
    same = {name: getattr(now, name) for name in large}
    assert replace(then, **same) == now
    if not known.faults:
        assert [b.closes for b in then.bars.values()] == [b.closes for b in now.bars.values()]


def test_a_loss_of_histories_is_said_and_what_goes_on_from_them_is_left_out() -> None:
    store, teller, listener = MarketStore(), Teller(), Listener()
    seen = moments([(0, lambda store, now: store.put_quotes([quote("IWM", 250.0, now)], now))])
    about = seen[1].about
    listener.hear(teller.tell(seen[1]) or b"")
    listener.lose()
    store.put_bars([bars("IWM", [1.0, 2.0, 3.0], START)])
    lost = replace(seen[1], snapshot=store.snapshot(), about=about)
    teller.tell(lost)
    known = heard(listener, teller.again(SMALL))
    assert known.faults == ("histories that came meanwhile are lost, and those before stand in for them",)
    store.put_bars([bars("IWM", [1.0, 2.0, 3.0, 4.0], START)])
    known = heard(listener, teller.tell(replace(lost, snapshot=store.snapshot())) or b"")
    assert known.faults == ("the history of IWM goes on from rows that are lost",)
    assert known.moment.snapshot.bars == {}


def test_what_stands_still_is_no_message_and_what_was_checked_alone_is_a_small_one() -> None:
    store, teller = MarketStore(), Teller()
    quotes = [quote(symbol, 250.0, START) for symbol in SYMBOLS]
    store.put_quotes(quotes, START)
    moment = moments([(0, lambda store, now: store.put_quotes(quotes, now))])[1]
    teller.tell(moment)
    assert teller.tell(moment) is None
    checked = replace(moment.snapshot, checked=dict.fromkeys(SYMBOLS, START.replace(second=1)))
    told = teller.tell(replace(moment, snapshot=checked))
    assert told is not None
    assert len(told) < 40


def test_a_history_that_has_grown_is_told_by_its_new_rows() -> None:
    closes = [round(100 + n / 100, 2) for n in range(30)]
    seen = moments(
        [
            (0, lambda store, now: store.put_bars([bars("IWM", closes, now)])),
            (1, lambda store, now: store.put_bars([bars("IWM", [*closes, 101.5], now)])),
        ]
    )
    teller = Teller()
    teller.tell(seen[1])
    message = msgspec.msgpack.decode(teller.tell(seen[2]) or b"", type=Message)
    assert (message.bars[0].rows.kept, message.bars[0].rows.rows) == (30, 1)


def test_every_part_of_a_state_is_told() -> None:
    """A part that a message leaves out would make a replay another session; documents lie on the disk of one machine,
    and results follow from the rest.
    """
    told = {"quotes", "checked", "bars", "observations", "feeds", "events", "quarantined", "missing", "unstudied",
            "minutes", "progress", "alerts", "revision", "bars_revision", "studies_asked",
            "unheard"}  # fmt: skip
    assert set(Snapshot.__struct_fields__) == told | {"studies", "documents"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "x"}, "no kind of message"),
        ({"about": None}, "does not say"),
        ({"at": 2**62}, "microseconds are beyond"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], why: str) -> None:
    told = Teller().tell(moments([(0, lambda store, now: store.put_quotes([quote("IWM", 250.0, now)], now))])[1])
    message = replace(msgspec.msgpack.decode(told or b"", type=Message), **change)
    with pytest.raises(ValueError, match=why):
        Listener().hear(msgspec.msgpack.encode(message, enc_hook=dict))


def test_prices_pass_the_door_again() -> None:
    moment = moments([(0, lambda store, now: store.put_quotes([quote("IWM", 250.0, now)], now))])[1]
    raw = msgspec.msgpack.decode(Teller().tell(moment) or b"")
    raw["prices"]["whole"][0]["price"] = -1.0
    with pytest.raises(ValueError, match=r"IWM price is -1\.0"):
        Listener().hear(msgspec.msgpack.encode(raw))
    raw["prices"]["whole"][0] |= {"price": 1.0, "session": "1803-01-03"}
    with pytest.raises(ValueError, match="IWM is of no session that is known"):
        Listener().hear(msgspec.msgpack.encode(raw))


def test_changes_are_heard_in_their_order_only() -> None:
    seen = moments([(n, lambda store, now: store.put_quotes([quote("IWM", 250.0, now)], now)) for n in range(1, 4)])
    teller, listener = Teller(), Listener()
    first, second, third = (teller.tell(moment) or b"" for moment in seen[1:])
    assert listener.hear(second) is None
    assert heard(listener, first).kind == WHOLE
    assert listener.hear(third) is None
    assert heard(listener, second).kind == CHANGE
    assert heard(listener, third).moment.at == seen[-1].at
