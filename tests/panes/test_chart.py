"""The history of a pair: the frames cut where they should, and what is read equals the closes."""

import dataclasses
import math
import re
from collections.abc import Callable
from datetime import UTC, date

import pytest
from msgspec.structs import replace

from rotation_tui.board.lines import Lines, pair_lines
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.session import nyse
from rotation_tui.domain.state import State
from rotation_tui.panes import chart
from rotation_tui.panes.base import Space
from rotation_tui.panes.history.curves import KIND, MONTHS
from rotation_tui.panes.history.frames import FRAME, SESSIONS, first_of
from rotation_tui.widgets.cells import Face, Row, plain, width_of
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs
from tests.boards import EMPTY, FULL, NOW
from tests.pairs import in_pairs

KINDS = tuple(kind for kind in KIND.choices if kind != MONTHS)
FRAMES = tuple(frame for frame in FRAME.choices if frame not in SESSIONS)
SIZES = ((56, 8), (76, 10), (116, 24), (196, 50))


def history(
    small: Callable[[int], float], large: Callable[[int], float], first: date = date(2014, 1, 2),
    last: date = date(2026, 6, 18), skip: frozenset[date] = frozenset(),
) -> Lines:  # fmt: skip
    """Lines of RUT and SPX whose closes are functions of the number of the session."""
    dates = tuple(day for day in nyse().sessions(first, last) if day not in skip)
    rut, spx = (
        Bars(name, Basis.PRICE, dates, tuple(close(n) for n in range(len(dates))), "test", NOW)
        for name, close in (("RUT", small), ("SPX", large))
    )
    return pair_lines(rut, spx)


WAVES = history(lambda n: 2000 * math.exp(0.3 * math.sin(n / 90) + n / 9000), lambda n: 3000 * math.exp(n / 4000))


def space(lines: Lines | None, width: int = 116, height: int = 24, glyphs: Glyphs = UNICODE, **settings: str) -> Space:
    return Space(width, height, NOW, UTC, glyphs, full=True, settings=settings, lines=lambda _: lines)


def face(lines: Lines | None, **settings: str) -> Face:
    return chart.draw(FULL, dataclasses.replace(space(lines), settings=settings))


def said(row: Row) -> str:
    return "".join(span.text for span in row)


def read(drawn: Face) -> tuple[date, dict[str, list[float]]]:
    """Date of the reading line, and the figures behind each name on it."""
    words = re.split(r"  +", said(drawn.header).strip())
    figures = {}
    for word in words[1:]:
        found = re.fullmatch(r"(vs 200d|\w+) (.*)", word)
        if found:
            numbers = re.findall(r"[+−]?\d[\d,]*\.?\d*", found[2])
            figures[found[1]] = [float(n.replace("−", "-").replace(",", "")) for n in numbers]
    return date.fromisoformat(words[0]), figures


@in_pairs(
    glyphs={"unicode": UNICODE, "ascii": ASCII},
    kind={kind: kind for kind in KINDS},
    frame={frame: frame for frame in FRAMES},
)
def test_a_chart_fills_its_place_exactly(glyphs: Glyphs, kind: str, frame: str) -> None:
    for (width, height), tight, cursor in zip(SIZES, (True, True, False, False), ("0", "7", "0", "99999"), strict=True):
        room = dataclasses.replace(
            space(WAVES, width, height, glyphs, frame=frame, kind=kind, cursor=cursor), tight=tight
        )
        drawn = chart.draw(FULL, room)
        assert len(drawn.rows) == len(drawn.ids) == height
        assert width_of(drawn.header) <= width
        for row in drawn.rows:
            assert width_of(row) == width
            assert said(row).isprintable()
            assert glyphs is UNICODE or not re.search("[─-◿⠀-⣿]", said(row))
        shown = said(drawn.header)
        assert str(WAVES.dates[-1] if cursor == "0" else "20") in shown
        assert not tight or not shown[: len(drawn.title)].strip(), "the title stands there"


@pytest.mark.parametrize(
    ("frame", "base"),
    [
        ("1M", "2026-05-18"), ("3M", "2026-03-18"), ("6M", "2025-12-18"), ("1Y", "2025-06-18"), ("3Y", "2023-06-16"),
        ("5Y", "2021-06-18"), ("10Y", "2016-06-17"),
    ],
)  # fmt: skip
def test_a_frame_begins_at_the_base_of_its_window(frame: str, base: str) -> None:
    """On 18 June 2026; three and ten years before it was a week-end."""
    assert first_of(WAVES.dates, frame) == WAVES.dates.index(date.fromisoformat(base))
    assert f"100 on {base}" in face(WAVES, frame=frame).title


def test_what_is_shorter_than_its_frame_shows_all_there_is_and_says_so() -> None:
    short = history(lambda n: 100.0 + n, lambda _: 100.0, first=date(2026, 1, 5))
    assert first_of(short.dates, "MAX") == first_of(short.dates, "10Y") == 0
    assert "all there is" in face(short, frame="10Y").title
    assert "all there is" not in face(WAVES, frame="10Y").title
    assert str(short.dates[0]) in face(short, frame="MAX").title


@pytest.mark.parametrize(
    ("skip", "base"),
    [
        (frozenset[date](), date(2025, 12, 31)),
        (frozenset({date(2025, 12, 31), date(2025, 12, 30)}), date(2025, 12, 29)),
        (frozenset(nyse().sessions(date(2025, 12, 24), date(2025, 12, 31))), None),
    ],
)
def test_the_year_begins_with_the_last_close_of_the_year_before(skip: frozenset[date], base: date | None) -> None:
    lines = history(lambda n: 100.0 + n, lambda _: 100.0, first=date(2025, 1, 2), skip=skip)
    first = first_of(lines.dates, "YTD")
    assert (None if first is None else lines.dates[first]) == base
    drawn = face(lines, frame="YTD")
    if base is None:
        assert "2025" in plain(drawn.rows)
        assert "no base" in plain(drawn.rows)
    else:
        assert f"100 on {base}" in drawn.title


def test_a_year_without_the_one_before_has_no_base() -> None:
    lines = history(lambda n: 100.0 + n, lambda _: 100.0, first=date(2026, 1, 2))
    assert first_of(lines.dates, "YTD") is None
    assert "no base" in plain(face(lines, frame="YTD").rows)


@pytest.mark.parametrize("frame", ["1M", "1Y", "MAX"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cursor", [0, 1, 2, 40, 77, 99999])
def test_the_reading_is_the_close_of_its_date(cursor: int, kind: str, frame: str) -> None:
    drawn = face(WAVES, kind=kind, frame=frame, cursor=str(cursor))
    day, figures = read(drawn)
    at, first = WAVES.dates.index(day), first_of(WAVES.dates, frame)
    assert first is not None
    small, large, mean = WAVES.small_closes, WAVES.large_closes, WAVES.mean[at]
    if kind == "ratio":
        ratio = small[at] / large[at]
        assert figures["ratio"] == pytest.approx([ratio, 100 * ratio * large[first] / small[first]], rel=1e-3)
        if mean is None:
            assert "200d ?" in said(drawn.header)
        else:
            assert figures["200d"][0] == pytest.approx(mean, rel=1e-3)
            assert figures["vs 200d"] == pytest.approx([100 * (ratio / mean - 1)], abs=0.01)
    elif kind == "legs":
        assert figures["RUT"] == pytest.approx([small[at], 100 * small[at] / small[first]], abs=0.01)
        assert figures["SPX"] == pytest.approx([large[at], 100 * large[at] / large[first]], abs=0.01)
    else:
        legs = [100 * (leg[at] / leg[first] - 1) for leg in (small, large)]
        assert figures["spread"] == pytest.approx([legs[0] - legs[1]], abs=0.01)
        assert [*figures["RUT"], *figures["SPX"]] == pytest.approx(legs, abs=0.01)
    if cursor == 0:
        assert day == WAVES.dates[-1]
    if cursor == 99999:
        assert first <= at <= first + len(WAVES.dates) // 50, "it stops at the left edge"


def test_the_cursor_moves_by_one_column_and_never_forward_in_time() -> None:
    places, days = [], []
    for cursor in range(1, 60):
        drawn = face(WAVES, frame="3Y", cursor=str(cursor))
        (place,) = {
            width_of(row[:i]) for row in drawn.rows for i, span in enumerate(row)
            if span.tone == "bright" and width_of((span,)) == 1
        }  # fmt: skip
        places.append(place)
        days.append(read(drawn)[0])
    assert places == list(range(places[0], places[0] - 59, -1))
    assert days == sorted(set(days), reverse=True), "several sessions lie in each column"


@pytest.mark.parametrize("cursor", ["", "x", "-3", "1.5", "²"])
def test_a_cursor_that_is_no_number_is_none(cursor: str) -> None:
    assert face(WAVES, cursor=cursor) == face(WAVES)


def test_a_spread_below_zero_is_read_and_drawn() -> None:
    lines = history(lambda _: 100.0, lambda n: 100.0 + n / 10)
    drawn = face(lines, kind="spread", frame="1Y")
    assert read(drawn)[1]["spread"][0] < 0
    assert any(re.match(r" *−\d", said(row)) for row in drawn.rows)
    assert re.match(r" *\+0 ", said(drawn.rows[1])), "zero stands at the top, under the mark"


@pytest.mark.parametrize(
    ("peak_at", "frame", "word"), [(100, "1Y", "high"), (100, "MAX", "record"), (3100, "1Y", "record")]
)
def test_the_highest_of_the_frame_is_a_record_only_if_it_is_that_of_the_history(
    peak_at: int, frame: str, word: str
) -> None:
    lines = history(lambda n: 150.0 if n == peak_at else 100.0 + n / 1000, lambda _: 100.0)
    drawn = face(lines, frame=frame)
    row = peak_at if word == "record" else len(lines.dates) - 1
    assert f"▲ {word} " in said(drawn.header)
    assert str(lines.dates[row]) in said(drawn.header).split("▲")[1]
    marks = [span.tone for row_ in drawn.rows for span in row_ if span.text == "▲"]
    assert marks == ["watch" if word == "record" else "highlight"]


def test_the_highest_of_an_outline_is_no_record() -> None:
    lines = replace(history(lambda n: 150.0 if n == 3100 else 100.0, lambda _: 100.0), outline=True)
    assert f"high 1.500 {lines.dates[3100]}" in said(face(lines, frame="1Y").header)


def test_a_close_that_equals_the_record_is_a_new_one() -> None:
    lines = history(lambda n: 150.0 if n in (50, 3100) else 100.0, lambda _: 100.0)
    assert f"record 1.500 {lines.dates[3100]}" in said(face(lines, frame="1Y").header)


def test_the_row_that_is_picked_is_drawn_and_the_first_one_before_that() -> None:
    asked: list[str] = []

    def lines(pair: str) -> Lines | None:
        asked.append(pair)
        return WAVES if pair in (FULL.spreads[0].id, FULL.spreads[1].id, "A/B") else None

    for picked, drawn in ((None, 0), (FULL.spreads[1].id, 1), ("no pair", 0)):
        asked.clear()
        chart.draw(FULL, dataclasses.replace(space(None), picked=picked, lines=lines))
        assert asked[-1] == FULL.spreads[drawn].id
    asked.clear()
    chart.draw(FULL, dataclasses.replace(space(None), picked="A/B", lines=lines))
    assert set(asked) == {"A/B"}


def test_what_cannot_be_drawn_says_why_in_its_place() -> None:
    row = FULL.spreads[0]
    assert f"no history of {row.small} and {row.large} yet" in plain(face(None).rows)
    told = replace(FULL, spreads=(replace(row, why="SPX: refused by the source"),))
    assert "refused by the source" in plain(chart.draw(told, space(None)).rows)
    assert "no pairs" in plain(chart.draw(replace(EMPTY, spreads=()), space(None)).rows)


def test_an_old_pair_is_drawn_as_old() -> None:
    old = replace(FULL, spreads=tuple(replace(row, state=State.STALE) for row in FULL.spreads))
    tones = {span.tone for row in chart.draw(old, space(WAVES)).rows for span in row}
    assert "stale" in tones
    assert "highlight" not in tones


def test_the_same_history_is_drawn_once() -> None:
    first = face(WAVES, frame="5Y")
    again = chart.draw(replace(FULL, notes=("a note",)), space(WAVES, frame="5Y"))
    assert again == first
    assert again.rows is first.rows
    other = replace(WAVES, ratio=tuple(reversed(WAVES.ratio)))
    assert face(other, frame="5Y").rows != first.rows


def test_the_subtitle_tells_basis_and_depth() -> None:
    assert "price return" in face(WAVES).subtitle
    assert f"{WAVES.dates[0]} to {WAVES.dates[-1]}" in face(WAVES).subtitle


def test_one_common_close_is_a_chart() -> None:
    lines = history(lambda _: 100.0, lambda _: 50.0, first=date(2026, 6, 18))
    for kind in KINDS:
        for frame in ("1Y", "MAX"):
            day, _ = read(face(lines, kind=kind, frame=frame, cursor="3"))
            assert day == date(2026, 6, 18)
