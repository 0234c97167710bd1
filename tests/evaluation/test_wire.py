"""What goes over the pipe arrives as it was."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe
from rotation_tui.domain.bars import Bars, Basis, Dividend, Split
from rotation_tui.domain.claim import ConsensusEntry
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.rules import Rules
from rotation_tui.evaluation.wire import ASKED, HEAD, Ask, Sent, Unpacker, framed, packed_bars, packed_series

NOW = datetime(2026, 6, 22, 15, 0, 1, 2, UTC)
FIRST = date(2020, 1, 2)
prices = st.floats(0.01, 1e6)


def carried(message: Sent) -> Sent:
    """The message as the other end reads it."""
    head, body = framed(message)
    assert HEAD.unpack(head) == (len(body),)
    read: Sent = ASKED.decode(body)
    return read


@settings(max_examples=30)
@given(st.lists(st.tuples(prices, st.none() | prices, st.none() | st.floats(0, 1e9)), max_size=20), st.booleans())
def test_histories_arrive_with_their_gaps(rows: list[tuple[float, float | None, float | None]], lows: bool) -> None:
    dates = tuple(FIRST + timedelta(days=n) for n in range(len(rows)))
    closes = tuple(row[0] for row in rows)
    highs, volumes = tuple(row[1] for row in rows), tuple(row[2] for row in rows)
    splits, lowest = (Split(FIRST), Split(FIRST, 1.5)), highs if lows else None
    bars = Bars("^RUT", Basis.TOTAL, dates, closes, "yahoo", NOW, highs, volumes, splits, NOW, lowest, lows)
    series = Observations("NFCI", dates, closes, "fred", NOW, FIRST)
    unpacker = Unpacker()
    assert unpacker.bars(carried(packed_bars(bars))) == bars  # type: ignore[arg-type]
    assert unpacker.series(carried(packed_series(series))) == series  # type: ignore[arg-type]


def test_no_field_of_a_history_is_left_behind() -> None:
    days = (FIRST, FIRST + timedelta(days=1))
    column = (1.0, None)
    bars = Bars(
        "IWM",
        Basis.PRICE,
        days,
        (1.0, 2.0),
        "yahoo",
        NOW,
        column,
        column,
        (Split(FIRST, 2.0),),
        NOW,
        column,
        True,
        column,
        (Dividend(FIRST, 0.5),),
    )
    given = [getattr(bars, field.name) for field in dataclasses.fields(Bars)]
    defaults = [field.default for field in dataclasses.fields(Bars)]
    assert all(value != default for value, default in zip(given, defaults, strict=True)), "every field is tried"
    assert Unpacker().bars(packed_bars(bars)) == bars


def test_equal_dates_are_one_object_at_the_other_end() -> None:
    dates = tuple(FIRST + timedelta(days=n) for n in range(5))
    unpacker = Unpacker()
    one, other = (
        unpacker.bars(packed_bars(Bars(symbol, Basis.PRICE, tuple(dates), (1.0,) * 5, "yahoo", NOW)))
        for symbol in ("IWM", "SPY")
    )
    assert one.dates is other.dates


def test_a_question_arrives_whole() -> None:
    asked = Ask(
        universe(Config()),
        Rules(frozenset({"E5"}), {"C1": (1.0, 2.0)}, (FIRST,)),
        NOW,
        None,
        FIRST,
        {"history of IWM": "yahoo: unknown"},
        {"SPY": "a move of 40 %"},
        (ConsensusEntry("RUT", "fwd_pe", "NTM", 25.0, "with losses", FIRST, "a bank"),),
        frozenset({"C03"}),
        (("QQQ", Basis.TOTAL),),
        ("NFCI",),
    )
    assert carried(asked) == asked
