"""Whatever comes between two frames, the next one leaves the terminal as it is wanted."""

from dataclasses import dataclass

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.terminal.encoder import FrameEncoder
from rotation_tui.terminal.grid import Grid
from rotation_tui.terminal.parser import ScreenStream
from tests.chance import tried
from tests.terminal.check import first_difference
from tests.terminal.test_grid import Span, any_spans, sizes

FOREIGN = [
    "Broadcast message from root",
    "中文 é ⚠",
    "\n" * 9,
    "\r",
    "\x1b[31;44;7m",
    "\x1b[3;5H",
    "\x1b[2;4r",
    "\x1b[?6h",
    "\x1b[4h",
    "\x1b[2J",
    "\x1b[3L",
    "\x1b(0",
    "\x0e",
    "\x1b)0\x0e",
    "\x1b[?7h",
]
"""What other programs write, with what they may leave behind: margins, another character set, insertion."""


class Terminal:
    """One terminal from beginning to end, with what was on it before."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.screen = pyte.Screen(*size)
        self.stream = ScreenStream(Grid(*size))
        self.encoder = FrameEncoder()
        self._parser = pyte.Stream(self.screen)
        self.take("\x1b[33mls\r\nnotes.txt\r\n")

    def take(self, text: str) -> None:
        """Show what arrives."""
        self._parser.feed(text)

    def frame(self) -> str:
        """What the driver sends now. pyte wraps before a combining character at the right edge; terminals do not."""
        self.take(f"\x1b[?7{'l' if any(len(row[-1]) > 1 for row in self.stream.grid.chars) else 'h'}")
        return self.encoder.frame(self.stream.grid, self.stream.cursor)

    def resize(self, size: tuple[int, int]) -> None:
        """Change the size of the terminal, and so of what is wanted."""
        self.screen.resize(size[1], size[0])
        self.stream.grid.resize(*size)

    def restart(self) -> None:
        """A sequence that was cut off is over: terminals begin anew at the next escape, pyte does not."""
        self._parser = pyte.Stream(self.screen)

    def draw(self, spans: list[Span]) -> None:
        """What Textual wants next."""
        for span in spans:
            self.stream.read(span.sequence(self.stream.grid.width, self.stream.grid.height))


@dataclass(frozen=True)
class Foreign:
    """Another program writes, and the user asks for a repaint."""

    texts: list[str]

    def happen(self, terminal: Terminal) -> None:
        for text in self.texts:
            terminal.take(text)
        terminal.encoder.forget()


@dataclass(frozen=True)
class Cut:
    """The terminal took a part of a frame, then the program was put aside; a shell wrote, and it came back."""

    share: float
    texts: list[str]

    def happen(self, terminal: Terminal) -> None:
        frame = terminal.frame()
        terminal.take(frame[: int(self.share * len(frame))])
        terminal.restart()
        Foreign(self.texts).happen(terminal)


@dataclass(frozen=True)
class ResizedMidFrame:
    """The terminal has another size before it has taken all of a frame for the old one."""

    share: float
    size: tuple[int, int]

    def happen(self, terminal: Terminal) -> None:
        frame = terminal.frame()
        taken = int(self.share * len(frame))
        terminal.take(frame[:taken])
        terminal.resize(self.size)
        terminal.take(frame[taken:])
        terminal.encoder.forget()


@dataclass(frozen=True)
class Stalled:
    """The terminal stops in the middle of a frame and goes on; what is wanted has moved on meanwhile."""

    share: float
    spans: list[Span]

    def happen(self, terminal: Terminal) -> None:
        frame = terminal.frame()
        taken = int(self.share * len(frame))
        terminal.take(frame[:taken])
        terminal.draw(self.spans)
        terminal.take(frame[taken:])


shares = st.floats(0, 1)
texts = st.lists(st.sampled_from(FOREIGN), max_size=5)
Event = Foreign | Cut | ResizedMidFrame | Stalled
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Foreign, texts),
    st.builds(Cut, shares, texts),
    st.builds(ResizedMidFrame, shares, sizes),
    st.builds(Stalled, shares, any_spans),
)


@pytest.mark.whole
@tried(60)
@given(sizes, st.lists(st.tuples(any_spans, st.one_of(st.none(), events)), min_size=1, max_size=6))
def test_the_next_frame_makes_up_for_every_interruption(
    size: tuple[int, int], steps: list[tuple[list[Span], Event | None]]
) -> None:
    terminal = Terminal(size)
    for spans, event in steps:
        terminal.draw(spans)
        if event is not None:
            event.happen(terminal)
        terminal.take(terminal.frame())
        assert first_difference(terminal.screen, terminal.stream.grid) is None
        assert terminal.encoder.frame(terminal.stream.grid, terminal.stream.cursor) == ""
