"""On a link that is spared a line of dots is drawn anew where it moved by more than one step, and only there."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.widgets.cells import Row, Span
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs
from rotation_tui.widgets.spark import spark
from rotation_tui.widgets.steady import steadied

MANNERS = (UNICODE, replace(UNICODE, spark="blocks"), ASCII)
LEVELS = "⣀⠤⠒⠉"


def row(line: str, price: str = "101.50", tone: str = "spark") -> Row:
    return (Span("RUT "), Span(price, "gain"), Span(" "), Span(line, tone))


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("⣀⠤⠒⠉", "⣀⠤⠒⠒", True),
        ("⣀⠤⠒⠉", "⠤⣀⠉⠒", True),
        ("⣀⠤⠒⠉", "⣀⠤⠒⠤", False),
        ("⣀⠤⠒ ", "⣀⠤⠒⠒", False),
        ("⣀⠤⠒⢀", "⣀⠤⠒⡀", False),
        ("⣀⠤⠒⠉", "⣀⠤⠒", False),
        ("⡇⠤⠒⠉", "⡆⠤⠒⠉", True),
        ("⡇⠤⠒⠉", "⡄⠤⠒⠉", False),
        ("▁▂▃█", "▁▄▃▆", True),
        ("▁▂▃█", "▁▂▃▅", False),
        ("▁▂▃█", "▁▂▃ ", False),
        ("▁▂▃█", "▁▂▃⣀", False),
        ("_.-'", "_.--", True),
        ("_.-'", "_.-.", False),
    ],
)
def test_a_step_is_kept_back_and_more_is_drawn(old: str, new: str, kept: bool) -> None:
    assert steadied(row(old), row(new)) == row(old if kept else new)


def test_figures_are_never_kept_back() -> None:
    assert steadied(row("⣀⠤", "101.50"), row("⣀⠤", "101.52")) == row("⣀⠤", "101.52")
    assert steadied((Span("1-2.5"),), (Span("1.2-5"),)) == (Span("1.2-5"),)


@given(
    st.lists(st.lists(st.floats(-100, 100), min_size=8, max_size=8), min_size=2, max_size=12), st.sampled_from(MANNERS)
)
def test_what_is_shown_is_never_further_off_than_a_step(histories: list[list[float]], glyphs: Glyphs) -> None:
    lines = [spark(history, 8, glyphs)[0][0].text for history in histories]
    shown = row(lines[0])
    for _, line in pairwise(lines):
        shown = steadied(shown, row(line))
        for a, b in zip(shown[-1].text, line, strict=True):
            assert steadied(row(a), row(b)) == row(a)
