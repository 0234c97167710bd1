"""The ledger refreshes the lines that changed and no others, and marks only the digits that did."""

from collections.abc import Mapping

import pytest
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.widgets import Static

from rotation_tui.terminal import ledger as module
from rotation_tui.terminal.ledger import Draw, Ledger, marked
from rotation_tui.widgets.cells import Row, Span


class Watched(Ledger):
    """A ledger that remembers what it was asked to refresh."""

    def __init__(self, draw: Draw = lambda _: False) -> None:
        self.asked: list[Region] = []
        self.styled = 0
        super().__init__(self.style_of_span, draw)

    def style_of_span(self, span: Span) -> Style:
        self.styled += 1
        return Style(reverse=span.reverse)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> "Watched":
        self.asked += regions
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self


class Bare(App[None]):
    """Nothing but a ledger."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Watched()

    def compose(self) -> ComposeResult:
        yield self.ledger


class Direct(App[None]):
    """A ledger whose lines are drawn past Textual, for as long as that `takes` them."""

    CSS = "#over { dock: bottom; height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[Mapping[int, Row]] = []
        self.takes = True
        self.ledger = Watched(self.draw)

    def draw(self, lines: Mapping[int, Row]) -> bool:
        if self.takes:
            self.drawn.append(lines)
        return self.takes

    def compose(self) -> ComposeResult:
        yield self.ledger


def rows(*texts: str) -> tuple[Row, ...]:
    return tuple((Span(text),) for text in texts)


def shown(ledger: Ledger, y: int) -> str:
    return ledger.render_line(y).text.rstrip()


def reversed_text(ledger: Ledger, y: int) -> str:
    return "".join(s.text for s in ledger.render_line(y) if s.style and s.style.reverse)


async def test_only_lines_that_changed_are_refreshed() -> None:
    app = Bare()
    async with app.run_test(size=(20, 5)) as pilot:
        ledger = app.ledger
        assert ledger.show(rows("a 1", "b 2", "c 3")) == 3
        await pilot.pause()
        ledger.asked.clear()
        ledger.styled = 0
        assert ledger.show(rows("a 1", "b 9", "c 3")) == 1
        await pilot.pause()
        assert ledger.asked == [Region(0, 1, 20, 1)]
        assert ledger.styled <= 2, "lines that stay are not made anew"
        ledger.asked.clear()
        assert ledger.show(rows("a 1", "b 9", "c 3")) == 0
        assert ledger.asked == []
        assert [shown(ledger, y) for y in range(5)] == ["a 1", "b 9", "c 3", "", ""]


async def test_lines_go_past_the_compositor_while_nothing_else_is_in_sight() -> None:
    app = Direct()
    async with app.run_test(size=(20, 5)) as pilot:
        ledger = app.ledger
        ledger.show(rows("a 1", "b 2"))
        await pilot.pause()
        assert shown(ledger, 1) == "b 2"
        ledger.asked.clear()
        assert ledger.show(rows("a 1", "b 9", "c 3")) == 2
        assert {y: "".join(s.text for s in row) for y, row in app.drawn[-1].items()} == {
            1: "b 9".ljust(20),
            2: "c 3".ljust(20),
        }
        assert ledger.asked == []
        (strip,) = ledger.render_lines(Region(0, 1, 20, 1))  # as Textual does when something over it goes
        assert strip.text.rstrip() == "b 9"


async def test_under_anything_else_lines_go_through_the_compositor() -> None:
    app = Direct()
    async with app.run_test(size=(20, 5)) as pilot:
        over = Static("over it", id="over")
        await app.mount(over)
        await pilot.pause()
        app.drawn.clear()
        app.ledger.asked.clear()
        app.ledger.show(rows("a 1"))
        assert (app.drawn, app.ledger.asked) == ([], [Region(0, 0, 20, 1)])
        await over.remove()
        app.push_screen(ModalScreen[None]())
        await pilot.pause()
        app.ledger.show(rows("a 2"))
        assert app.drawn == []
        app.pop_screen()
        await pilot.pause()
        app.ledger.show(rows("a 3"))
        assert [list(lines) for lines in app.drawn] == [[0]]


async def test_what_cannot_be_drawn_at_once_is_left_to_the_compositor() -> None:
    app = Direct()
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        app.takes = False
        app.ledger.asked.clear()
        app.ledger.show(rows("a 1"))
        assert app.ledger.asked == [Region(0, 0, 20, 1)]


async def test_fewer_rows_blank_what_they_leave() -> None:
    app = Bare()
    async with app.run_test(size=(20, 5)):
        app.ledger.show(rows("a", "b", "c"))
        assert app.ledger.show(rows("a")) == 2
        assert [shown(app.ledger, y) for y in range(3)] == ["a", "", ""]


async def test_lines_are_as_wide_as_the_widget_after_a_resize() -> None:
    app = Bare()
    async with app.run_test(size=(20, 5)) as pilot:
        app.ledger.show(rows("a"))
        assert app.ledger.render_line(0).cell_length == 20
        await pilot.resize_terminal(31, 5)
        await pilot.pause()
        assert app.ledger.render_line(0).cell_length == 31


@pytest.fixture
def _short_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BEAT_S", 0.05)


@pytest.mark.usefixtures("_short_beat")
async def test_changed_digits_are_marked_for_one_beat() -> None:
    app = Bare()
    async with app.run_test(size=(20, 3)) as pilot:
        app.ledger.show(rows("last 12.34", "same"))
        app.ledger.show(rows("last 12.56", "same"), mark_changes=True)
        assert reversed_text(app.ledger, 0) == "56"
        app.ledger.asked.clear()
        await pilot.pause(0.2)
        assert reversed_text(app.ledger, 0) == ""
        assert {region.y for region in app.ledger.asked} == {0}


async def test_nothing_is_marked_unless_asked() -> None:
    app = Bare()
    async with app.run_test(size=(20, 3)):
        app.ledger.show(rows("last 12.34"))
        app.ledger.show(rows("last 12.56"))
        assert reversed_text(app.ledger, 0) == ""


@pytest.mark.parametrize(
    ("before", "after", "reversed_digits"),
    [
        ("+1.25", "+1.35", ["3"]),
        ("+1.25", "−1.25", []),
        ("1,234.50", "1,299.51", ["99", "1"]),
        (" 9.99", "10.00", ["10", "00"]),
        ("ROTATION", "REVERSAL", []),
        ("?    ", "12.00", ["12", "00"]),
        ("     ", "12.00", []),
        ("    …", "12.00", []),
        ("HY 272bp", "HY 273bp", ["3"]),
        ("3 cuts", "VIX 14", []),
        ("1.5", "11.5", []),
    ],
)
def test_only_digits_that_differ_are_reversed(before: str, after: str, reversed_digits: list[str]) -> None:
    row = marked((Span(before, "dim"),), (Span(after, "dim", bold=True),))
    assert "".join(s.text for s in row) == after
    assert [s.text for s in row if s.reverse] == reversed_digits
    assert all(s.tone == "dim" and s.bold for s in row)


def test_a_line_of_another_shape_is_not_marked() -> None:
    after = (Span("1.5"), Span("2"))
    assert marked((Span("1.4"),), after) == after
