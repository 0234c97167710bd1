"""What a span looks like before Textual and rich's styles are there is what it looks like with them."""

from itertools import product

import pytest
from rich.color import ColorSystem
from rich.console import Console

from rotation_tui.terminal.looks import colours, parameters_of, style_of
from rotation_tui.theme.load import load_themes
from rotation_tui.theme.palette import TONES
from rotation_tui.widgets.cells import Span

THEMES = load_themes(None).themes
SWITCH = (False, True)
NAMES = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT, "truecolor": ColorSystem.TRUECOLOR}


@pytest.mark.parametrize("theme", sorted(THEMES))
@pytest.mark.parametrize("system", list(NAMES.values()), ids=list(NAMES))
@pytest.mark.parametrize("colour", [True, False])
def test_the_first_paint_looks_as_what_follows(theme: str, system: ColorSystem, colour: bool) -> None:
    palette = THEMES[theme].palette
    for tone, bold, reverse, selected in product(TONES, SWITCH, SWITCH, SWITCH):
        if tone == "selected":
            continue
        span = Span("word", tone, bold, reverse, selected)
        style = style_of(span, palette, colour=colour)
        style = style if colour else style.without_color
        codes = parameters_of(span, palette, system, colour=colour)
        told = f"\x1b[{codes}mword\x1b[0m" if codes else "word"
        # a style keeps what it was rendered to first, whatever it is asked for later
        assert told == style.copy().render("word", color_system=system)


@pytest.mark.parametrize(
    "term", ["xterm", "xterm-256color", "xterm-kitty", "linux", "dumb", "unknown", "", " X-256COLOR "]
)
@pytest.mark.parametrize("colorterm", ["", "truecolor", "24bit", "yes"])
@pytest.mark.parametrize("setting", ["auto", *NAMES])
def test_the_colours_of_a_terminal_are_those_that_rich_finds(term: str, colorterm: str, setting: str) -> None:
    env = {"TERM": term, "COLORTERM": colorterm, "TEXTUAL_COLOR_SYSTEM": setting}
    found = Console(color_system=setting, force_terminal=True, _environ=env).color_system  # type: ignore[arg-type]
    assert colours(env) is (NAMES[found] if found else None)
