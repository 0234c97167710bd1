"""Faces in their place: framed or tight, always exactly as large as the place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.widgets.cells import Face, Row, Span, plain, width_of
from rotation_tui.widgets.frame import Extent, framed, tight
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

extents = st.builds(Extent, st.integers(0, 90), st.integers(1, 40), st.integers(131, 200))


@given(faces, st.integers(10, 90), st.integers(3, 20), st.sampled_from([UNICODE, ASCII]), st.booleans(),
       st.one_of(st.none(), extents), st.sampled_from([(), (Span("s sort"),)]))  # fmt: skip
def test_a_face_fills_its_place_exactly(
    face: Face, width: int, height: int, glyphs: Glyphs, focused: bool, extent: Extent | None, keys: Row
) -> None:
    for rows in (
        framed(face, width, height, glyphs, focused=focused, keys=keys, extent=extent),
        tight(face, width, height, glyphs, focused=focused, extent=extent),
    ):
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
            framed(FACE, 30, 7, UNICODE, focused=focused)
            if draw == "framed"
            else tight(FACE, 30, 7, UNICODE, focused=focused)
        )
        return {s.tone for s in rows[0]}

    assert "highlight" in tones(True)
    assert "highlight" not in tones(False)


def test_the_title_stands_over_the_first_column() -> None:
    assert plain(tight(FACE, 20, 2, UNICODE, focused=False)) == "Title 1D\nrow 0"


def test_half_a_column_name_is_not_shown_behind_the_title() -> None:
    face = FACE._replace(title="Titles", header=(Span("abc defgh "), Span(" 1D")))
    assert plain(tight(face, 20, 1, UNICODE, focused=False)).split() == ["Titles", "1D"]


def test_ascii_frames_are_ascii() -> None:
    assert plain(framed(FACE, 24, 7, ASCII, focused=True)).isascii()


@given(st.text("a−…界é▲⠿\u0301", max_size=30))
def test_ascii_keeps_the_width(text: str) -> None:
    assert ascii_only(text).isascii()
    assert len(ascii_only(text)) == width_of((Span(text),))


def test_a_frame_says_how_much_of_its_rows_is_in_sight_and_where() -> None:
    lines = plain(framed(FACE, 40, 6, UNICODE, focused=False, extent=Extent(0, 3, 9))).split("\n")
    assert lines[0].endswith("─ 3 of 9 ─┐")
    assert [line[-1] for line in lines[2:5]] == ["┃", "│", "│"], "the first third, and not over the column names"
    narrow = plain(framed(FACE, 18, 6, UNICODE, focused=False, extent=Extent(0, 3, 9)))
    assert "Title" in narrow
    assert " 3/9 " in narrow


def test_keys_stand_at_the_lower_edge_before_the_subtitle() -> None:
    keys = (Span("s", "key"), Span(" sort"))
    assert plain(framed(FACE, 40, 7, UNICODE, focused=False, keys=keys)).split("\n")[-1].startswith("└─ s sort ─")
    assert plain(framed(FACE, 22, 7, UNICODE, focused=False, keys=keys)).split("\n")[-1] == "└─ s sort ─── from… ─┘"
    assert "sort" not in plain(framed(FACE, 12, 7, UNICODE, focused=False, keys=keys))


@given(st.integers(1, 40), st.integers(1, 60), st.integers(1, 60), st.integers(0, 60))
def test_the_scroll_mark_touches_an_end_only_where_nothing_is_beyond_it(
    room: int, seen: int, more: int, above: int
) -> None:
    extent = Extent(min(above, more), seen, seen + more)
    thumb = extent.thumb(room)
    assert 1 <= len(thumb) <= room
    assert 0 <= thumb.start < thumb.stop <= room
    if room > 2 and len(thumb) <= room - 2:
        assert (thumb.start == 0) == (extent.above == 0)
        assert (thumb.stop == room) == (extent.below == 0)


def test_a_tight_pane_says_so_beside_its_title() -> None:
    assert plain(tight(FACE, 30, 2, UNICODE, focused=False, extent=Extent(0, 1, 3))).split("\n")[0] == (
        "Title 1D              1 of 3 ↓"
    )
    assert "Title 1/3 ↑↓" in plain(
        tight(
            FACE._replace(header=(Span("      "), Span("b" * 40))),
            30,
            2,
            UNICODE,
            focused=False,
            extent=Extent(1, 1, 3),
        )
    )


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_the_focused_pane_is_told_without_colour(glyphs: Glyphs) -> None:
    def first(focused: bool) -> list[str]:
        boxed = framed(FACE, 30, 6, glyphs, focused=focused)
        return [plain(boxed[:1]), plain(tight(FACE, 30, 6, glyphs, focused=focused)[:1])]

    for with_focus, without in zip(first(True), first(False), strict=True):
        assert glyphs.cursor in with_focus
        assert glyphs.cursor not in without
        assert "Title" in with_focus
        assert "Title" in without


def test_how_much_is_in_sight_covers_no_name_of_a_column() -> None:
    def first(title: str, header: str) -> str:
        face = FACE._replace(title=title, header=tuple(Span(text) for text in header.split("|")))
        return plain(tight(face, 30, 1, UNICODE, focused=False, extent=Extent(0, 2, 5)))

    assert first("Rows", "     | 1D|  last") == "Rows  1D  last        2 of 5 ↓"
    assert first("Rows", "     |             1D|  last|  year") == "Rows 2/5 ↓        1D  last  ye"
    assert first("Rows", "     | 1D|  last|          year|now") == "Rows  1D  last    2/5 ↓ yearno"
    assert first("Rows", "         | 1D|  last|  year|  now|  low") == "Rows 2/5  1D  last  year  now"[:30]
    assert first("Rows, pp", "        | 1D|  last|  year|  now|  low") == "Rows 2/5 1D  last  year  now"
    assert first("Rows", "       last|  year|   now|   low|  high") == "Rows ↓ last  year   now   low"


def test_a_title_that_would_stand_over_a_column_leaves_its_unit_out() -> None:
    def first(title: str, *names: str) -> str:
        face = FACE._replace(title=title, header=tuple(map(Span, names)))
        return plain(tight(face, 30, 4, UNICODE, focused=True)[:1])

    assert first("Rows, pp", "            1D") == "›Rows, pp   1D"
    assert first("Rows, pp", "        1D") == "›Rows   1D"
    assert first("Rows, pp", "name    ", "1D") == "›Rows   1D"


@pytest.mark.parametrize(("width", "title"), [(60, "RUT/SPX ratio 1Y · 100 on 2024-12-27 · log axis"),
                                              (48, "RUT/SPX ratio 1Y · 100 on 2024-12-27"),
                                              (40, "RUT/SPX ratio 1Y"), (18, "RUT/SPX rat…")])  # fmt: skip
def test_a_title_loses_whole_pieces_from_its_end(width: int, title: str) -> None:
    face = FACE._replace(title="RUT/SPX ratio 1Y · 100 on 2024-12-27 · log axis")
    assert plain(framed(face, width, 7, UNICODE, focused=False)[:1]).strip("┌┐─ ") == title


@pytest.mark.parametrize(("width", "first"), [(40, "Drivers, change in 63d 6 of 9 ↓"), (24, "Drivers 6/9"),
                                              (12, "Drivers 6/9")])  # fmt: skip
def test_how_much_is_in_sight_is_whole_beside_a_long_title(width: int, first: str) -> None:
    face = FACE._replace(title="Drivers, change in 63d", header=())
    seen = plain(tight(face, width, 7, UNICODE, focused=False, extent=Extent(0, 6, 9))[:1])
    assert " ".join(seen.split()) == first
