"""The months of the year as a pane: twelve of them at every size, and no more said than the figures bear."""

import dataclasses
import re
from datetime import UTC

import pytest
from msgspec.structs import replace

from rotation_tui.domain.results import Season
from rotation_tui.domain.state import State
from rotation_tui.panes import chart
from rotation_tui.panes.base import Space
from rotation_tui.widgets.cells import Face, plain, width_of
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs
from tests.boards import FULL, NOW
from tests.pairs import in_pairs

MIXED = tuple(
    Season(n, (0.9 if n == 3 else -0.3), 0.3, 38, 20 + n % 3, n == 3) for n in range(1, 13)
)  # fmt: skip
SIZES = {f"{width}x{height}": (width, height) for width, height in ((56, 6), (56, 9), (76, 14), (116, 24), (196, 50))}


def face(
    seasons: tuple[Season, ...] = MIXED, size: tuple[int, int] = (116, 24), glyphs: Glyphs = UNICODE,
    *, tight: bool = False,
) -> Face:  # fmt: skip
    row = replace(FULL.spreads[0], seasons=seasons)
    space = Space(*size, NOW, UTC, glyphs, tight, full=True, settings={"kind": "months"})
    return chart.draw(replace(FULL, spreads=(row, *FULL.spreads[1:])), space)


@in_pairs(size=SIZES, glyphs={"unicode": UNICODE, "ascii": ASCII}, tight={"tight": True, "framed": False})
def test_every_month_has_its_place_at_every_size(size: tuple[int, int], glyphs: Glyphs, tight: bool) -> None:
    drawn = face(size=size, glyphs=glyphs, tight=tight)
    assert len(drawn.rows) == len(drawn.ids) <= size[1]
    assert all(width_of(row) <= size[0] for row in (*drawn.rows, drawn.header))
    text = plain(drawn.rows)
    for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"):
        assert re.search(rf"\b{month}\b +[−+-]", text), month
    assert glyphs is UNICODE or not re.search("[─-◿⠀-⣿−]", text + drawn.title)


def test_what_is_not_told_apart_from_zero_says_so_and_what_is_stands_out() -> None:
    drawn = face()
    words = plain(drawn.rows)
    assert "January: −0.30 pp on average, 2 standard errors 0.60: not distinguishable from zero" in words
    assert "apart from zero: Mar; one of 20 is by chance alone" in words
    bright = [span.text.strip() for row in drawn.rows for span in row if span.tone == "bright"]
    assert set(bright) == {"+0.90", "●"}


def test_a_january_that_is_apart_is_said_to_be() -> None:
    made = (replace(MIXED[0], mean_pp=1.2, apart=True), *MIXED[1:])
    assert "January: +1.20 pp on average, 2 standard errors 0.60: apart from zero" in plain(face(made).rows)


def test_few_years_say_nothing() -> None:
    few = tuple(replace(one, years=4, positive=2, apart=None) for one in MIXED)
    assert "January: −0.30 pp on average, 2 standard errors 0.60: too few years (4)" in plain(face(few).rows)
    assert "too few years to tell any month apart from zero" in plain(face(few).rows)
    nobody = tuple(Season(n, None, None, 0, 0, None) for n in range(1, 13))
    assert "no completed month" in plain(face(nobody).rows)
    one = (replace(few[0], mean_pp=None, error_pp=None, years=0), *few[1:])
    assert re.search(r"Jan +\? +\? +0 +\?", plain(face(one).rows))


def test_the_interval_holds_the_mean_and_crosses_zero_where_it_is_not_apart() -> None:
    rows = [row for row in plain(face().rows).splitlines() if re.match("[› ] [A-Z][a-z]{2} ", row)]
    for month, row in zip(MIXED, rows, strict=True):
        inside = re.search("├[─┼●]*┤", row)
        assert inside is not None
        assert "●" in inside[0]
        assert ("┼" in inside[0]) == (not month.apart)


def test_the_running_month_is_marked() -> None:
    marked = [line for line in plain(face().rows).splitlines() if line.startswith("›")]
    assert [line.split()[1] for line in marked] == ["Jun"]


def test_months_of_old_closes_say_so() -> None:
    row = replace(FULL.spreads[0], seasons=MIXED, study_state=State.STALE)
    space = Space(116, 24, NOW, UTC, settings={"kind": "months"})
    assert "closes end" in chart.draw(replace(FULL, spreads=(row,)), space).title


@pytest.mark.parametrize("looked_at", ["RUT", "A/B"])
def test_what_has_no_months_is_drawn_as_a_line(looked_at: str) -> None:
    space = Space(116, 24, NOW, UTC, settings={"kind": "months"}, looked_at=looked_at)
    from tests.panes.test_symbols import line_of

    drawn = chart.draw(FULL, dataclasses.replace(space, lines=line_of))
    assert "by month" not in drawn.title
