"""Bars of how many fall into each bin."""

from rotation_tui.widgets.histogram import bars


def test_the_largest_reaches_the_top_and_none_that_has_any_is_empty() -> None:
    top, bottom = bars((0, 1, 100, 50), 2, braille=True)
    assert top == "⠀⡇"
    assert bottom == "⢀⣿"


def test_ascii_has_the_higher_of_two() -> None:
    assert bars((0, 1, 100, 50), 2, braille=False) == (" #", ".#")


def test_nothing_is_drawn_of_nobody() -> None:
    assert bars((0, 0), 1, braille=False) == (" ",)
    assert bars((), 2, braille=True) == ("", "")
