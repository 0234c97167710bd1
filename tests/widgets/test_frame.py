"""Faces in their place: framed or tight, always exactly as large as the place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.widgets.cells import Face, Span, plain, width_of
from rotation_tui.widgets.frame import framed, tight
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs, ascii_only
from tests.boards import HOSTILE_TEXT

words = st.one_of(st.sampled_from(HOSTILE_TEXT), st.text("ab 界", max_size=60))
faces = st.builds(
    lambda title, rows, subtitle, header, note: Face(
        title,
        tuple((Span(text),) for text in rows),
        (None,) * len(rows),
        subtitle,
        (Span(header, "header"),) if header else (),
        (Span(note),) if note else (),
    ),
    words, st.lists(words, max_size=12), words, words, words,
)  # fmt: skip


@given(faces, st.integers(10, 90), st.integers(3, 20), st.sampled_from([UNICODE, ASCII]), st.booleans())
def test_a_face_fills_its_place_exactly(face: Face, width: int, height: int, glyphs: Glyphs, focused: bool) -> None:
    for rows in (framed(face, width, height, glyphs, focused=focused), tight(face, width, height, focused=focused)):
        assert len(rows) == height
        assert {width_of(row) for row in rows} == {width}


FACE = Face(
    "Title",
    tuple((Span(f"row {n}"),) for n in range(3)),
    (None,) * 3,
    "from whom",
    (Span("      1D"),),
    (Span("a note"),),
)


def test_a_frame_says_what_above_and_from_whom_below() -> None:
    lines = plain(framed(FACE, 24, 7, UNICODE, focused=False)).split("\n")
    assert lines[0] == "┌─ Title ──────────────┐"
    assert lines[-1] == "└────────── from whom ─┘"
    assert [line.strip("│ ") for line in lines[1:-1]] == ["1D", "row 0", "row 1", "row 2", "a note"]


def test_a_note_gives_way_to_rows() -> None:
    assert "a note" not in plain(framed(FACE, 24, 6, UNICODE, focused=False))


@pytest.mark.parametrize("draw", ["framed", "tight"])
def test_the_focused_pane_is_told_by_its_tone(draw: str) -> None:
    def tones(focused: bool) -> set[str]:
        rows = (
            framed(FACE, 30, 7, UNICODE, focused=focused) if draw == "framed" else tight(FACE, 30, 7, focused=focused)
        )
        return {s.tone for s in rows[0]}

    assert "highlight" in tones(True)
    assert "highlight" not in tones(False)


def test_the_title_stands_over_the_first_column() -> None:
    assert plain(tight(FACE, 20, 2, focused=False)) == "Title 1D\nrow 0"


def test_half_a_column_name_is_not_shown_behind_the_title() -> None:
    face = FACE._replace(title="Titles", header=(Span("abc defgh "), Span(" 1D")))
    assert plain(tight(face, 20, 1, focused=False)).split() == ["Titles", "1D"]


def test_ascii_frames_are_ascii() -> None:
    assert plain(framed(FACE, 24, 7, ASCII, focused=True)).isascii()


@given(st.text("a−…界é▲⠿\u0301", max_size=30))
def test_ascii_keeps_the_width(text: str) -> None:
    assert ascii_only(text).isascii()
    assert len(ascii_only(text)) == width_of((Span(text),))
