"""Fitting text into columns: exact widths, whatever the text."""

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from rotation_tui.widgets.cells import (
    SURE,
    Span,
    after,
    cut,
    fit,
    folded,
    is_single,
    left,
    plain,
    printable,
    right,
    spread_out,
    width_of,
)
from tests.boards import HOSTILE_TEXT

PIECES = (*"aZ9 .−▲│⠿…éß", "界", "한", "e\u0301", "\x1b[31m", "\n", "\u200b", "\u202e", "👩\u200d🚀", "✈\ufe0f", "🇺🇸")
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.text(max_size=20))
rows = st.lists(texts.map(Span), max_size=5).map(tuple)
widths = st.integers(0, 90)


def text_of(row: tuple[Span, ...]) -> str:
    return "".join(s.text for s in row)


@given(rows, widths)
def test_a_fitted_row_is_as_wide_as_asked_and_obeyed_by_no_terminal(row: tuple[Span, ...], width: int) -> None:
    fitted = fit(row, width)
    assert width_of(fitted) == width
    assert text_of(fitted).isprintable()
    assert fit(fitted, width) == fitted


@given(rows, rows, widths)
def test_the_far_end_is_never_cut_where_it_fits(near: tuple[Span, ...], far: tuple[Span, ...], width: int) -> None:
    far = fit(far, width_of(fit(far, 40)))
    out = spread_out(near, far, width)
    assert width_of(out) == width
    if width_of(far) <= width:
        assert text_of(out).endswith(text_of(far))


@given(texts, widths)
def test_cut_text_fits_and_says_that_it_was_cut(text: str, width: int) -> None:
    short = cut(text, width)
    assert cell_len(short) <= width
    whole = printable(text)
    if cell_len(whole) <= width:
        assert short == whole
    elif width:
        assert short.endswith("…")


@pytest.mark.parametrize(
    ("text", "width", "seen"),
    [
        ("record 2,590.61 on 2025-12-11", 14, "record…"),
        ("record 2,590.61 on 2025-12-11", 17, "record 2,590.61 …"),
        ("record 2,590.61 on 2025-12-11", 16, "record…"),
        ("record 2,590.61 on 2025-12-11", 28, "record 2,590.61 on…"),
        ("4.17 %, −29 bp in 63 sessions", 6, "…"),
        ("4.17 %, −29 bp in 63 sessions", 11, "4.17 %…"),
        ("4.17 %, −29 bp in 63 sessions", 14, "4.17 %…"),
        ("4.17 %, −29 bp in 63 sessions", 15, "4.17 %, −29 bp…"),
        ("price impact p32 of two years", 16, "price impact…"),
        ("Top ten of the S&P 500 by weight", 23, "Top ten of the S&P…"),
        ("feed2024-of-mine", 7, "feed…"),
        ("feed2024-of-mine", 12, "feed2024-of…"),
        ("2025-12-29", 8, "…"),
        ("of (22.9 % after CY2026)", 8, "of…"),
    ],
)  # fmt: skip
def test_no_part_of_a_number_is_left_and_none_without_its_unit(text: str, width: int, seen: str) -> None:
    assert cut(text, width) == seen


figures = st.sampled_from(["2,590.61", "−4.58pp", "+8.6 %", "2025-12-29", "p76", "3", "(22.9", "3.50-3.75", "200d"])
words = st.sampled_from(["record", "·", "of", "S&P", "−large"])


@given(st.lists(st.one_of(figures, words), max_size=6), widths)
def test_every_number_in_cut_text_is_one_of_the_whole(parts: list[str], width: int) -> None:
    whole = " ".join(parts)
    numbers = {word.strip("…") for word in cut(whole, width).split() if any(c.isdigit() for c in word)}
    assert numbers <= set(whole.split())


@given(texts, widths)
def test_alignment_fills_and_never_cuts(text: str, width: int) -> None:
    wanted = max(width, cell_len(printable(text)))
    assert cell_len(left(text, width)) == cell_len(right(text, width)) == wanted
    assert left(text, width).startswith(printable(text))
    assert right(text, width).endswith(printable(text))


@given(texts, st.integers(-3, 60))
def test_folding_loses_no_letter_and_comes_to_an_end(text: str, width: int) -> None:
    lines = folded(text, width)
    assert all(cell_len(line) <= max(2, width) for line in lines)
    assert "".join("".join(lines).split()) == "".join(printable(text).split())


@example((Span("aaa\u2708\ufe0f"),), 4, 1)
@given(rows, st.integers(0, 40), st.integers(0, 40))
def test_what_comes_after_a_column_completes_what_came_before(row: tuple[Span, ...], start: int, more: int) -> None:
    whole = fit(row, start + more)
    assert width_of(after(whole, start)) == more


def test_what_is_told_to_be_single_is_shown_as_it_is_in_one_column() -> None:
    found = [c for c in map(chr, range(sys.maxunicode + 1)) if is_single(c)]
    assert {"a", "−", "│", "⣿", "▲", "…"} <= set(found)
    assert {cell_len(c) for c in found} == {1}
    assert printable("".join(found)) == "".join(found)


@pytest.mark.parametrize("text", HOSTILE_TEXT)
def test_nothing_that_a_terminal_would_obey_is_printable(text: str) -> None:
    assert printable(text).isprintable()
    assert "\x1b" not in printable(text)
    assert printable(printable(text)) == printable(text)


def test_tones_stay_with_their_text() -> None:
    row = (Span("gain", "gain"), Span("小型", "dim"), Span("x", "text"))
    assert fit(row, 7) == (Span("gain", "gain"), Span("小 ", "dim"))
    assert after(row, 5) == (Span(" 型", "dim"), Span("x", "text"))
    assert fit((), 2) == (Span("  ", "text"),)
    assert plain([row, ()]) == "gain小型x\n"


def test_characters_of_known_width_take_one_column() -> None:
    assert {cell_len(character) for character in SURE} == {1}


def test_a_row_that_fits_stays_as_it_is_but_for_what_takes_no_column() -> None:
    row = (Span("│ +1.25", "gain"), Span("⣿−", "spark"))
    assert fit(row, 9) is row
    assert fit((Span(""), *row), 10) == (*row, Span(" "))
    assert fit((Span("a\xa0b"), Span("")), 3) == (Span("a b"),)
