"""What stands under and in a chart: candles by period, volume, falls from the high, and regimes by name."""

import dataclasses
import re
from datetime import UTC, date

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.board.lines import Drawable, PriceLine, price_line
from rotation_tui.domain.bars import Bars, Basis, Column
from rotation_tui.domain.session import nyse
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Regime, Transition
from rotation_tui.panes import chart
from rotation_tui.panes.base import Space
from rotation_tui.panes.history.periods import candles_of
from rotation_tui.widgets.cells import Face, Row, plain, width_of
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs
from tests.boards import FULL, NOW
from tests.pairs import in_pairs
from tests.panes.test_chart import WAVES

DAYS = nyse().sessions(date(2014, 1, 2), date(2026, 6, 18))
CLOSES = tuple(100.0 + (n % 13) + n / 50 for n in range(len(DAYS)))
REGIMES = replace(
    FULL,
    verdict=replace(
        FULL.verdict,
        pair="RUT-SPX",
        transitions=(
            Transition(date(2025, 9, 2), Regime.EMERGING),
            Transition(date(2025, 10, 20), Regime.ROTATION),
            Transition(date(2026, 3, 2), Regime.CONSOLIDATION),
            Transition(date(2026, 3, 25), Regime.REVERSAL),
            Transition(date(2026, 4, 22), Regime.NO_ROTATION),
        ),
    ),
)


def line_of(**columns: Column | None) -> PriceLine:
    some: dict[str, Column | None] = {
        "opens": tuple(c - 0.5 for c in CLOSES),
        "highs": tuple(c + 1 for c in CLOSES),
        "lows": tuple(c - 2 for c in CLOSES),
        "volumes": tuple(1e6 + 1e4 * (n % 7) for n in range(len(DAYS))),
    }
    made = price_line(Bars("IWM", Basis.PRICE, DAYS, CLOSES, "test", NOW, **some | columns))  # type: ignore[arg-type]
    assert made is not None
    return made


WHOLE = line_of()
SPIKED = line_of(highs=tuple(c * 50 for c in CLOSES))
"""Numbers beside its highs are longer than beside its closes."""


def space(history: Drawable, width: int = 116, height: int = 24, glyphs: Glyphs = UNICODE, **settings: str) -> Space:
    row = "IWM" if isinstance(history, PriceLine) else None
    return Space(width, height, NOW, UTC, glyphs, full=True, settings=settings, lines=lambda _: history, looked_at=row)


def face(history: Drawable, board: Board = FULL, **settings: str) -> Face:
    return chart.draw(board, space(history, **settings))  # type: ignore[arg-type]


def said(row: Row) -> str:
    return "".join(span.text for span in row)


@in_pairs(
    glyphs={"unicode": UNICODE, "ascii": ASCII},
    shape={"line": "line", "candles": "candles"},
    lower={name: name for name in ("none", "volume", "drawdown")},
    frame={name: name for name in ("1M", "1Y", "MAX", "YTD")},
    history={"symbol": WHOLE, "pair": WAVES, "bare": line_of(opens=None, highs=None, lows=None, volumes=None)},
)
def test_whatever_is_chosen_the_chart_fills_its_place_exactly(
    glyphs: Glyphs, shape: str, lower: str, frame: str, history: Drawable
) -> None:
    for (width, height), cursor in zip(((56, 8), (75, 14), (116, 24), (196, 50)), ("0", "3", "0", "999"), strict=True):
        room = space(history, width, height, glyphs, shape=shape, lower=lower, frame=frame, cursor=cursor)
        drawn = chart.draw(REGIMES, room)
        assert len(drawn.rows) == len(drawn.ids) == height
        assert width_of(drawn.header) <= width
        for row in drawn.rows:
            assert width_of(row) == width
            assert glyphs is UNICODE or not re.search("[─-◿⠀-⣿]", said(row)), said(row)


@pytest.mark.parametrize(
    ("frame", "period"), [("1M", "session"), ("3M", "session"), ("1Y", "week"), ("5Y", "month"), ("MAX", "quarter")]
)
def test_a_candle_is_as_long_as_it_must_be_and_the_title_tells(frame: str, period: str) -> None:
    assert f"a candle a {period}" in face(WHOLE, shape="candles", frame=frame).title


def test_a_candle_of_a_week_is_that_of_its_sessions() -> None:
    first = DAYS.index(date(2026, 6, 8))  # a Monday
    word, made = candles_of(WHOLE, first, 3)
    assert word == "week"
    one = slice(first, first + 5)
    assert (made[0].open, made[0].close) == (CLOSES[first] - 0.5, CLOSES[first + 4])
    assert (made[0].high, made[0].low) == (max(CLOSES[one]) + 1, min(CLOSES[one]) - 2)
    assert made[1].point == len(DAYS) - first - 1, "the last week is as long as it is so far"


def test_what_is_not_known_of_a_candle_is_not_made_up() -> None:
    first = DAYS.index(date(2026, 6, 8))
    holed = line_of(opens=tuple(None if n == first else c for n, c in enumerate(CLOSES)), lows=None)
    _, made = candles_of(holed, first, 3)
    assert made[0].open is None
    assert made[0].low is None
    assert made[1].open == CLOSES[first + 5]
    shown = said(face(holed, shape="candles", frame="1M").header)
    assert re.search(r"O [\d.]+ +H [\d.]+ +L \? +C [\d.]+", shown)


def test_closes_alone_stay_a_line_and_say_so() -> None:
    bare = line_of(opens=None, highs=None, lows=None)
    drawn = face(bare, shape="candles")
    assert "closes alone, no candles" in drawn.title
    assert drawn.rows == face(bare).rows


def test_the_reading_is_the_candle_under_the_cursor() -> None:
    drawn = face(WHOLE, shape="candles", frame="1M", cursor="1")
    day = date.fromisoformat(said(drawn.header).split()[0])
    close = CLOSES[DAYS.index(day)]
    assert f"O {close - 0.5:.2f}  H {close + 1:.2f}  L {close - 2:.2f}  C {close:.2f}" in said(drawn.header)


def test_an_old_symbol_has_no_candle_in_the_tones_of_gain_and_loss() -> None:
    old = replace(FULL, tickers=tuple(replace(row, state=State.STALE) for row in FULL.tickers))
    tones = {span.tone for row in face(WHOLE, old, shape="candles").rows for span in row}
    assert not tones & {"gain", "loss"}


def test_volume_stands_under_what_has_one_and_nowhere_else() -> None:
    assert "1.06m" in plain(face(WHOLE, lower="volume", frame="1M").rows)
    assert re.search(r"volume [\d.]+m", said(face(WHOLE, lower="volume").header))
    none = line_of(volumes=None)
    assert face(none, lower="volume").rows == face(none).rows
    assert "volume ?" in said(face(none, lower="volume").header)
    assert "traded ?" in said(face(WAVES, lower="volume").header), "indexes have no shares"
    funds = replace(WAVES, turnover=tuple(2e9 for _ in WAVES.dates))
    drawn = face(funds, lower="volume")
    assert "traded $2.00bn" in said(drawn.header)
    assert "$2.00bn" in plain(drawn.rows)


def test_the_fall_is_from_the_highest_close_of_the_frame() -> None:
    down = price_line(Bars("IWM", Basis.PRICE, DAYS[-300:], tuple(400.0 - n for n in range(300)), "test", NOW))
    assert down is not None
    shown = face(down, lower="drawdown", frame="1Y")
    base = down.closes[-1] + next(n for n, day in enumerate(reversed(down.dates)) if day <= date(2025, 6, 18))
    assert f"from 1Y high −{100 * (1 - down.closes[-1] / base):.2f} %" in said(shown.header)
    lowest = [row for row in shown.rows if "⣿" in said(row)]
    assert lowest, "it hangs below the chart"


def test_a_low_chart_has_nothing_under_it() -> None:
    for lower in ("volume", "drawdown"):
        low = chart.draw(FULL, space(WHOLE, height=9, lower=lower))
        assert low.rows == chart.draw(FULL, space(WHOLE, height=9)).rows


def test_regimes_stand_at_the_foot_of_their_pair_by_name() -> None:
    drawn = face(WAVES, REGIMES)
    foot = said(drawn.rows[-2])
    words = [word for word in ("EMERGING", "ROTATION", "CONS", "REV", "no rotation") if word in foot]
    assert len(words) == 5, foot
    assert [foot.index(word) for word in words] == sorted(foot.index(word) for word in words)
    assert "regime NO ROTATION" in said(drawn.header)
    assert "regime" not in said(face(WAVES, FULL).header)


def test_a_regime_begins_on_the_day_of_its_close() -> None:
    for back in range(1, 90):
        drawn = face(WAVES, REGIMES, cursor=str(back))
        day = date.fromisoformat(said(drawn.header).split()[0])
        known = [one for one in REGIMES.verdict.transitions if one.session <= day]
        if known:
            assert f"regime {known[-1].regime.value}" in said(drawn.header)
        else:
            assert "regime" not in said(drawn.header)


def test_regimes_of_one_pair_are_told_of_no_other() -> None:
    other = replace(WAVES, small="IWM", large="SPY")
    for history in (other, WHOLE):
        assert "regime" not in said(face(history, REGIMES).header)
    paid = replace(REGIMES, verdict=replace(REGIMES.verdict, pair="IWM-SPY, total return"))
    assert "regime" in said(face(other, paid).header)


def test_the_regimes_of_an_old_pair_are_drawn_as_old() -> None:
    old = replace(REGIMES, spreads=tuple(replace(row, state=State.STALE) for row in FULL.spreads))
    tones = {span.tone for span in face(WAVES, old).rows[-2]}
    assert tones <= {"stale", "text", "dim"}


def test_nothing_is_drawn_anew_while_history_and_wish_are_the_same() -> None:
    room = space(WHOLE, shape="candles", lower="volume")
    first = chart.draw(REGIMES, room)
    again = chart.draw(replace(REGIMES, notes=("a note",)), dataclasses.replace(room))
    assert again.rows is first.rows


@pytest.mark.parametrize(("width", "frame"), [(40, "1M"), (61, "1Y"), (62, "1Y"), (54, "3Y"), (75, "5Y"), (117, "6M")])
def test_every_candle_of_the_frame_is_drawn(width: int, frame: str) -> None:
    drawn = chart.draw(FULL, space(SPIKED, width, 20, shape="candles", frame=frame))
    word = re.search(r"a candle a (\w+)", drawn.title)
    assert word is not None
    first = next(at for at, day in enumerate(DAYS) if str(day) in drawn.title)
    most = next(most for most in range(width, 0, -1) if candles_of(SPIKED, first, most)[0] == word[1])
    _, made = candles_of(SPIKED, first, most)
    bodies = [x for x in range(width) if any(said(row)[x : x + 1] in tuple("│┃█╽╿╷╵╻╹▀▄") for row in drawn.rows[1:-1])]
    assert len(bodies) == len(made)
