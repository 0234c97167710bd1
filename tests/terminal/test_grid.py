"""Whatever happened before, a terminal that is sent the frames shows what is wanted, for few bytes."""

import itertools
import random
import re
import subprocess
import sys
from dataclasses import dataclass

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.terminal.encoder import FrameEncoder
from rotation_tui.terminal.grid import Grid, is_sure
from rotation_tui.terminal.parser import ScreenStream
from rotation_tui.terminal.sgr import PLAIN, Style, change, styled
from tests.chance import tried
from tests.terminal.check import ScreenCheck, first_difference

WIDE = ["中", "文", "한", "😀", "é", "ñ̃", "✓", "⚠", "→"]
NARROW = "abc019+-.,% │─█⣿▲−·×"

levels = st.integers(0, 255)
colours: st.SearchStrategy[list[str]] = st.one_of(
    st.just([]),
    st.sampled_from([["31"], ["92"], ["97"], ["39"]]),
    st.builds(lambda index: ["38", "5", str(index)], levels),
    st.builds(lambda r, g, b: ["38", "2", str(r), str(g), str(b)], levels, levels, levels),
)
backgrounds = colours.map(
    lambda codes: (
        [{"38": "48", "31": "41", "92": "102", "97": "107", "39": "49"}[codes[0]], *codes[1:]] if codes else []
    )
)
attributes = st.lists(st.sampled_from(["1", "2", "3", "4", "5", "7", "9"]), unique=True, max_size=3)
looks = st.builds(lambda *parts: ";".join(itertools.chain(*parts)), attributes, colours, backgrounds)


@dataclass(frozen=True)
class Span:
    """Text as Textual writes it: at a place of the screen, in a look."""

    x: float
    y: float
    text: str
    look: str

    def sequence(self, width: int, height: int) -> str:
        text = f"\x1b[{self.look}m{self.text}\x1b[0m" if self.look else self.text
        return f"\x1b[{int(self.y * height) + 1};{int(self.x * width) + 1}H{text}"


def spans_of(letters: st.SearchStrategy[str]) -> st.SearchStrategy[list[Span]]:
    places = st.floats(0, 0.999)
    span = st.builds(Span, places, places, st.lists(letters, min_size=1, max_size=12).map("".join), looks)
    return st.lists(span, min_size=1, max_size=10)


sizes = st.tuples(st.integers(1, 30), st.integers(1, 8))
narrow_spans = spans_of(st.sampled_from(NARROW))
any_spans = spans_of(st.sampled_from([*NARROW, *WIDE]))
# few, so that lines have much in common
pieces = st.tuples(
    st.sampled_from(["", "12", "34", "+1.25", "中", "x中", "文x", "é", "\u0301a", "⚠", "\u200d"]),
    st.sampled_from(["", "31", "1;92"]),
)
lines = st.lists(pieces, max_size=7)
steps = st.lists(
    st.one_of(
        any_spans,
        any_spans.map(lambda spans: [*spans, "the terminal is behind"]),
        st.just("repaint"),
        sizes,
    ),
    max_size=8,
)


@pytest.mark.whole
@given(sizes, st.lists(narrow_spans, max_size=4))
def test_the_grid_holds_what_a_terminal_would_show(size: tuple[int, int], screens: list[list[Span]]) -> None:
    width, height = size
    terminal = pyte.Screen(width, height)
    terminal.reset_mode(pyte.modes.DECAWM >> 5, private=True)
    stream = ScreenStream(Grid(width, height))
    for spans in screens:
        for span in spans:
            room = width - int(span.x * width)
            sequence = Span(span.x, span.y, span.text[:room], span.look).sequence(width, height)
            pyte.Stream(terminal).feed(sequence)
            assert stream.read(sequence).controls == []
    assert first_difference(terminal, stream.grid) is None


@pytest.mark.whole
@tried(100)
@given(sizes, steps, st.booleans())
def test_the_terminal_shows_what_is_wanted(
    size: tuple[int, int], steps: list[list[Span | str] | str | tuple[int, int]], wraps: bool
) -> None:
    stream, encoder, check = ScreenStream(Grid(*size)), FrameEncoder(), ScreenCheck()
    for step in steps:
        behind = False
        if isinstance(step, tuple):  # a new size; what the terminal shows then is anybody's guess
            stream.grid.resize(*step)
            encoder.forget()
            check.forget()
        elif step == "repaint":
            encoder.forget()
            check.forget()
        else:
            for span in step:
                behind |= not isinstance(span, Span)
                if isinstance(span, Span):
                    stream.read(span.sequence(stream.grid.width, stream.grid.height))
        if not behind:
            frame = encoder.frame(stream.grid, stream.cursor)
            # pyte wraps before a combining character at the right edge; terminals do not.
            wrap = wraps and all(len(row[-1]) < 2 for row in stream.grid.chars)
            check.replay(f"\x1b[?7{'h' if wrap else 'l'}" + frame, stream.grid)
            assert check.faults == []
            assert encoder.frame(stream.grid, stream.cursor) == ""


def differing(line: list[tuple[str, str]], changes: list[tuple[int, tuple[str, str]]]) -> list[tuple[str, str]]:
    line = list(line)
    for at, piece in changes:
        line[at % len(line)] = piece
    return line


@pytest.mark.whole
@tried(300)
@given(sizes, st.data())
def test_drawing_what_differs_of_a_line_comes_to_drawing_all_of_it(size: tuple[int, int], data: st.DataObject) -> None:
    drawn, whole = Grid(*size), Grid(*size)
    of_last: dict[int, list[tuple[str, str]]] = {}
    for kind in data.draw(
        st.lists(st.sampled_from(["draw", "change", "change", "change", "put", "resize"]), max_size=12)
    ):
        y = data.draw(st.integers(0, 1))
        if kind == "put":  # as Textual does, whose text goes anywhere
            x, (text, look) = data.draw(st.integers(0, 12)), data.draw(pieces)
            for grid in (drawn, whole):
                grid.put(x, y, text, styled(PLAIN, look))
        elif kind == "resize":
            width, height = data.draw(sizes)
            drawn.resize(width, height)
            whole.resize(width, height)
        else:
            line = of_last.get(y, []) if kind == "change" else []
            changes = data.draw(st.lists(st.tuples(st.integers(0, 9), pieces), min_size=1, max_size=2))
            line = of_last[y] = differing(line, changes) if line else data.draw(lines)
            drawn.draw(y, line)
            x = 0
            for text, look in line:
                x = whole.put(x, y, text, styled(PLAIN, look))
        assert (drawn.chars, drawn.styles) == (whole.chars, whole.styles)


def test_of_a_line_drawn_again_only_what_differs_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    grid, write = Grid(20, 1), Grid._write

    def watched(self: Grid, x: int, y: int, text: str, style: Style) -> int:
        written.append(text)
        return write(self, x, y, text, style)

    monkeypatch.setattr(Grid, "_write", watched)

    def draw(*texts: str) -> list[str]:
        written.clear()
        grid.draw(0, [(text, "") for text in texts])
        return written[:]

    assert draw("IWM ", "1.25", " 中") == ["IWM ", "1.25", " 中"]
    assert draw("IWM ", "1.26", " 中") == ["1.26"]
    assert draw("IWM ", "11.26", " 中") == ["11.26", " 中"]
    grid.put(0, 0, "over it", PLAIN)
    assert draw("IWM ", "11.26", " 中") == ["IWM ", "11.26", " 中"]
    grid.resize(21, 1)
    assert draw("IWM ", "11.26", " 中") == ["IWM ", "11.26", " 中"]


@given(looks, looks)
def test_a_change_of_style_is_never_longer_than_starting_anew(before: str, after: str) -> None:
    old, new = styled(PLAIN, before), styled(PLAIN, after)
    assert len(change(old, new)) <= len(change(None, new))
    assert (change(old, new) == "") == (old == new)


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        ("38;5;34;48;5;233", "38;5;160;48;5;233", "\x1b[38;5;160m"),
        ("1;38;2;9;9;9;48;2;1;2;3", "38;2;9;9;9;48;2;1;2;3", "\x1b[22m"),
        ("1;2;31", "2;31", "\x1b[22;2m"),
        ("7;38;5;34", "", "\x1b[m"),
        ("31", "0;31", ""),
        ("4:3;31;41", "31;41", "\x1b[24m"),
        ("58;5;3;31;48;2;1;2;3", "31;48;2;1;2;3", "\x1b[59m"),
        ("10;31", "31", "\x1b[0;31m"),
    ],
)
def test_only_what_changes_of_a_style_is_sent(before: str, after: str, sent: str) -> None:
    assert change(styled(PLAIN, before), styled(PLAIN, after)) == sent


def frame_after(grid: Grid, *puts: tuple[int, int, str], look: Style = PLAIN) -> str:
    encoder = FrameEncoder()
    encoder.frame(grid)
    for x, y, text in puts:
        grid.put(x, y, text, look)
    return encoder.frame(grid)


@pytest.mark.parametrize(
    ("puts", "sent"),
    [
        ([(9, 3, "5")], "\x1b[4;10H5"),
        ([(9, 3, "5"), (13, 3, "7")], "\x1b[4;10H5   7"),
        ([(9, 3, "5"), (23, 3, "7")], "\x1b[4;10H5\x1b[24G7"),
        ([(9, 3, "5"), (10, 5, "7")], "\x1b[4;10H5\x1b[2B7"),
        ([(9, 3, "5"), (0, 4, "7")], "\x1b[4;10H5\x1b[5H7"),
        ([(0, 3, "5"), (0, 0, "7")], "\x1b[H7\x1b[4H5"),
        ([(39, 3, "5"), (0, 4, "7")], "\x1b[4;40H5\x1b[5H7"),
        ([(9, 3, "5"), (9, 4, "7")], "\x1b[4;10H5\x1b[B\b7"),
        ([(9, 1, "5"), (30, 1, "6"), (9, 2, "7"), (30, 2, "8")], "\x1b[2;10H5\x1b[B\b7\x1b[2;31H6\x1b[B\b8"),
    ],
    ids=["address", "gap", "column", "down", "next row", "corner", "pending wrap", "down and back", "in columns"],
)
def test_the_cursor_moves_the_cheapest_way(puts: list[tuple[int, int, str]], sent: str) -> None:
    assert frame_after(Grid(40, 9), *puts) == sent


def test_after_a_character_of_doubtful_width_the_rest_of_the_row_is_placed_anew() -> None:
    grid = Grid(12, 2)
    grid.put(0, 0, "0123456789ab", PLAIN)
    frame = frame_after(grid, (4, 0, "⚠"))
    assert frame == "\x1b[;5H⚠\x1b[;6H56789ab"
    assert is_sure("▲")
    assert not is_sure("⚠")
    assert not is_sure("中")


@pytest.mark.parametrize(
    ("at", "text", "left"),
    [
        (2, "x", [" ", " ", "x", "中", ""]),
        (3, "x", [" ", "中", "", "x", " "]),
        (2, "文", [" ", " ", "文", "", " "]),
        (1, "文", [" ", "文", "", "中", ""]),
    ],
)
def test_half_a_wide_character_is_a_space(at: int, text: str, left: list[str]) -> None:
    grid = Grid(5, 1)
    grid.put(1, 0, "中中", PLAIN)
    grid.put(at, 0, text, PLAIN)
    assert grid.chars == [left]


def test_a_wide_character_cut_by_the_edge_is_a_space() -> None:
    grid = Grid(4, 1)
    grid.put(2, 0, "中", PLAIN)
    grid.resize(3, 1)
    grid.put(0, 0, "abc中", PLAIN)
    grid.resize(4, 2)
    assert grid.chars == [["a", "b", "c", " "], [" "] * 4]


@pytest.mark.parametrize(
    ("sequence", "lost"),
    [
        ("\x1b[?1000h", False),
        ("\x1b[?25l", False),
        ("\x1b[?2026$p", False),
        ("\x1b[>25u", False),
        ("\x1b[6n", False),
        ("\x1b[2 q", False),
        ("\x1b]22;pointer\x1b\\", False),
        ("\a", False),
        ("\x1b[?1049h", True),
    ],
)
def test_what_textual_asks_for_passes_and_what_may_draw_is_reported(sequence: str, lost: bool) -> None:
    for cut in range(len(sequence)):
        stream = ScreenStream(Grid(9, 2))
        first, second = stream.read("ab" + sequence[:cut]), stream.read(sequence[cut:] + "c")
        assert first.controls + second.controls == [sequence]
        assert first.lost + second.lost == lost
        assert stream.grid.chars[0][:4] == ["a", "b", "c", " "]


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b[2J", "\x1b[3A", "\x1b[8;40;100t", "\x1b[?3h", "\x1b[?1049;3h", "\x1b[c", "\x1b[5i", "\x1b[1?2h",
        "\x1b[ 5x",
        "\x1b7", "\x1bc", "\x1b(0", "\x1b#8", "\x1b( P", "\x1bPq#0\x1b\\", "\x1b_Gi=1;AAAA\x1b\\",
        "\x1b]52;c;aGVsbG8=\a",
        "\x1b]0;title\x1b\\", "\x1b]22;\x9b\a", "\x1b", "\x1b]0;x", "\x1bPx", "\x1b[12;", "\x1b[?", "\x1b ", "\x1b]8",
    ],
)  # fmt: skip
def test_what_somebody_else_asks_for_goes_no_further_and_stops_nothing(sequence: str) -> None:
    for cut in range(len(sequence)):
        stream = ScreenStream(Grid(9, 2))
        readings = [stream.read("ab" + sequence[:cut]), stream.read(sequence[cut:] + "\x1b[0m"), stream.read("c")]
        assert [r.controls for r in readings] == [[], [], []]
        assert not any(r.lost for r in readings)
        assert stream.grid.chars[0][:4] == ["a", "b", "c", " "]


def test_what_never_ends_is_given_up() -> None:
    stream = ScreenStream(Grid(9, 2))
    stream.read("\x1b]0;")
    for _ in range(100):
        stream.read("x" * 1000)
    stream.read("\a\x1b[1;1Hab\x1b[99999999999999999999;1Hno")
    assert stream.grid.chars[0][:2] == ["a", "b"]
    assert len(stream._rest) < 10_000


def test_marks_of_updates_are_left_out_and_control_characters_never_reach_the_terminal() -> None:
    stream = ScreenStream(Grid(9, 2))
    result = stream.read("\x1b[?2026ha\x0e\x08\tb\x9b\x7f\nc\x1b[?2026l")
    assert (result.controls, result.lost, stream.synchronized) == ([], False, True)
    assert [row[:3] for row in stream.grid.chars] == [["a", "b", " "], ["c", " ", " "]]


def test_a_link_belongs_to_its_cells_and_is_closed_with_the_frame() -> None:
    stream, encoder = ScreenStream(Grid(9, 1)), FrameEncoder()
    encoder.frame(stream.grid)
    link = "\x1b]8;id=1;https://example.org/\x1b\\"
    stream.read(f"{link}\x1b[31mab\x1b[0m\x1b]8;;\x1b\\c")
    assert encoder.frame(stream.grid, (0, 0)).count("\x1b]8;") == 2
    stream.read(f"\x1b[1;9H{link}\x1b[31mx\x1b[0m\x1b]8;;\x1b\\")
    assert encoder.frame(stream.grid) == f"\x1b[9G{link}\x1b[31mx\x1b]8;;\x1b\\"


def board(chance: random.Random) -> Grid:
    """160 by 48 cells of numbers in colours, as the overview draws them."""
    grid = Grid(160, 48)
    for y in range(48):
        for x in range(0, 160, 10):
            tone = chance.choice(["38;5;78", "38;5;167", "38;5;250", "1;38;5;78"])
            ground = "48;5;233" if x < 80 else "48;5;234"
            grid.put(x, y, f"{chance.uniform(-99, 99):>+9.2f} ", styled(PLAIN, f"{tone};{ground}"))
    return grid


def test_scattered_digits_cost_few_bytes_a_cell() -> None:
    chance = random.Random(7)
    grid, encoder = board(chance), FrameEncoder()
    full = encoder.frame(grid)
    cells = sent = 0
    for _ in range(200):
        for x, y in {(chance.randrange(16) * 10 + 8, chance.randrange(48)) for _ in range(15)}:
            digit = chance.choice([d for d in "0123456789" if d != grid.chars[y][x]])
            grid.put(x, y, digit, grid.styles[y][x])
            cells += 1
        sent += len(encoder.frame(grid).encode())
        assert encoder.frame(grid) == ""
    assert sent / cells <= 16
    assert len(full.encode()) < 25_000


def test_the_encoder_needs_no_textual() -> None:
    names = ("grid", "sgr", "parser", "encoder", "writer")
    program = ";".join(f"import rotation_tui.terminal.{name}" for name in names)
    program += ";import sys;print([name for name in sys.modules if re.match('textual|pyte', name)])"
    found = subprocess.run([sys.executable, "-c", "import re;" + program], capture_output=True, text=True, check=True)
    assert re.sub(r"\s", "", found.stdout) == "[]"
