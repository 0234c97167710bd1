"""The frames of one and of five sessions: what is drawn, what is told apart, what is said where nothing is."""

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.board.minutes import COMING, MinuteLine
from rotation_tui.domain.minutes import Hours
from rotation_tui.domain.session import EASTERN, Phase, nyse
from rotation_tui.panes import chart
from rotation_tui.panes.base import Space
from rotation_tui.widgets.cells import Face, plain, width_of
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs, ascii_only
from tests.boards import EMPTY, FULL

DAYS = nyse().sessions(date(2026, 6, 11), date(2026, 6, 18))
NOW = datetime(2026, 6, 18, 20, 30, tzinfo=UTC)


def line(*legs: str, days: int = 1, until: datetime = NOW, bases: bool = True) -> MinuteLine:
    """Waves around 100 from an hour before each open to an hour after each close."""
    step = {1: 60, 5: 300}[days]
    times = [
        int(moment.timestamp())
        for day in DAYS[-days:]
        for n in range((8 * 3600 + 1800) // step)
        if (moment := nyse().open_at(day) + timedelta(seconds=n * step - 3600)) < until
    ]
    columns = tuple(
        tuple(100.0 + leg * 50 + 2 * math.sin(n / 40 + leg) for n in range(len(times))) for leg in range(len(legs))
    )
    values = columns[0] if len(legs) == 1 else tuple(a / b for a, b in zip(*columns, strict=True))
    hours = Hours(nyse())
    return MinuteLine(
        legs, step, tuple(times), columns, values, tuple(map(hours.phase_at, times)), DAYS[-days:],
        tuple(100.0 + 50 * leg for leg in range(len(legs))) if bases else None, DAYS[-days - 1] if bases else None,
        "yahoo", 0, until,
    )  # fmt: skip


def face(told: MinuteLine | str, frame: str = "1D", width: int = 116, height: int = 24, glyphs: Glyphs = UNICODE,
         now: datetime = NOW, **settings: str) -> Face:  # fmt: skip
    space = Space(
        width, height, now, EASTERN, glyphs, full=True, settings={"frame": frame, **settings},
        minutes=lambda _name, _days: told, picked="RUT-SPX",
    )  # fmt: skip
    return chart.draw(FULL, space)


@pytest.mark.parametrize(("width", "height"), [(20, 4), (56, 8), (76, 10), (116, 24), (196, 50)])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("kind", ["ratio", "legs", "spread"])
@pytest.mark.parametrize("frame", ["1D", "5D"])
def test_it_fills_its_place_and_no_more(frame: str, kind: str, glyphs: Glyphs, width: int, height: int) -> None:
    days = {"1D": 1, "5D": 5}[frame]
    for legs in (("IWM",), ("RUT", "SPX")):
        drawn = face(line(*legs, days=days), frame, width, height, glyphs, kind=kind)
        assert [width_of(row) for row in drawn.rows] == [width] * height
        assert width_of(drawn.header) <= width
        assert glyphs is UNICODE or ascii_only(plain(drawn.rows)).isascii()


def test_the_reading_line_is_the_last_minute_and_the_cursor_goes_back() -> None:
    made = line("IWM", until=datetime(2026, 6, 18, 18, tzinfo=UTC))
    header, last = plain((face(made).header,)), made.values[-1] or 0.0
    assert header.startswith("13:59 EDT")
    assert f"last {last:.2f}" in header
    assert f"change {last - 100.0:+.2f} %".replace("-", "−") in header
    back = plain((face(made, cursor="105").header,))
    assert back.startswith("08:")
    assert "pre" in back.split()


def test_before_the_open_and_after_the_close_are_dimmer_and_set_off_by_a_line() -> None:
    drawn = face(line("IWM"))
    tones = {span.tone for row in drawn.rows for span in row if any(c > "⠀" for c in span.text)}
    assert {"highlight", "dim"} <= tones
    ruled = [row for row in drawn.rows if UNICODE.vertical in plain((row,))]
    assert len(ruled) > 10
    assert plain(ruled).count(UNICODE.vertical) > 20, "at the open and at the close"
    only = face(replace(line("IWM"), phases=(Phase.OPEN,) * len(line("IWM").times)))
    assert UNICODE.vertical not in plain(only.rows)


def test_five_sessions_are_named_at_the_foot_and_one_by_its_hours() -> None:
    foot = plain(face(line("IWM", days=5), "5D").rows[-1:])
    assert [f"{day.day} Jun" in foot for day in DAYS[-4:]] == [True] * 4
    hours = plain(face(line("IWM")).rows[-1:]).split()
    assert set(hours) <= {f"{hour:02d}:00" for hour in range(24)}
    assert len(hours) >= 3


def test_it_says_from_whom_how_late_and_to_when() -> None:
    assert face(line("IWM")).subtitle.startswith("yahoo real time")
    late = face(replace(line("IWM"), source="cboe", delay_s=900)).subtitle
    assert "cboe 15 min late" in late
    assert "to 16:29 EDT" in late


@pytest.mark.parametrize(("minutes", "old"), [(5, False), (30, True)])
def test_a_line_that_goes_on_no_more_while_the_exchange_is_open_is_old(minutes: int, *, old: bool) -> None:
    until = datetime(2026, 6, 18, 17, tzinfo=UTC)
    drawn = face(line("IWM", until=until), now=until + timedelta(minutes=minutes))
    tones = {span.tone for row in drawn.rows for span in row}
    assert ("stale" in tones, "old, " in drawn.subtitle) == (old, old)


def test_without_the_close_before_it_begins_with_its_first_minute() -> None:
    drawn = face(line("RUT", "SPX", bases=False))
    assert "from its first minute" in drawn.title
    assert "from the close of" in face(line("RUT", "SPX")).title


def test_a_minute_that_one_leg_lacks_is_a_gap_and_read_as_unknown() -> None:
    made = line("RUT", "SPX")
    without = replace(made, values=(*made.values[:-1], None), columns=((*made.columns[0][:-1], None), made.columns[1]))
    header = plain((face(without).header,))
    assert "ratio ?" in header
    assert "spread ?" in header


@pytest.mark.parametrize("why", [COMING, "yahoo: no minutes of IWM"])
def test_where_there_is_none_the_sentence_stands_there(why: str) -> None:
    assert why in plain(face(why).rows)
    assert chart.draw(EMPTY, Space(60, 10, NOW, UTC, settings={"frame": "1D"})).rows
