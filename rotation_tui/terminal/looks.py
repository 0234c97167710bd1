"""Which theme is in use, and the style that it gives a span."""

import os

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.style import Style

from rotation_tui.theme.load import LoadedThemes
from rotation_tui.theme.palette import Palette, sixteen
from rotation_tui.widgets.cells import Span

PLAIN = "terminal16"


def is_colourless() -> bool:
    """Whether the user wants no colours at all (https://no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))


def colours() -> ColorSystem | None:
    """What colours the terminal has, found out as Textual does; NO_COLOR is another question."""
    system = os.environ.get("TEXTUAL_COLOR_SYSTEM", "auto")
    console = Console(color_system=system, force_terminal=True)  # type: ignore[arg-type]
    return COLOR_SYSTEMS.get(console.color_system or "")


def has_sixteen() -> bool:
    return colours() is ColorSystem.STANDARD


def style_of(span: Span, palette: Palette, *, colour: bool) -> Style:
    """The style of a span; without colour reverse video is all that is left to mark a row with."""
    if not colour:
        return palette.style(span.tone, bold=span.bold, reverse=span.reverse != span.selected)
    return palette.style(span.tone, bold=span.bold, reverse=span.reverse, selected=span.selected)


class Looks:
    """The chosen theme, or with `in_sixteen` what it comes to in the terminal's own 16 colours."""

    def __init__(self, themes: LoadedThemes, name: str) -> None:
        self.name = name
        self._themes = themes.themes
        self._in_sixteen = False
        self._palette = self._made()

    @property
    def textual(self) -> str:
        """Name of the theme for everything of Textual's own."""
        return PLAIN if self._reduced else self.name

    @property
    def following(self) -> str:
        """The theme after this one by name."""
        names = sorted(self._themes)
        return names[(names.index(self.name) + 1) % len(names)]

    def use(self, name: str) -> None:
        self.name = name
        self._palette = self._made()

    def reduce(self, in_sixteen: bool) -> None:
        """Draw in 16 colours, or in all of them."""
        self._in_sixteen = in_sixteen
        self._palette = self._made()

    def style(self, span: Span, *, colour: bool) -> Style:
        return style_of(span, self._palette, colour=colour)

    @property
    def _reduced(self) -> bool:
        return self._in_sixteen and PLAIN in self._themes

    def _made(self) -> Palette:
        palette = self._themes[self.name].palette
        return sixteen(palette, self._themes[PLAIN].palette) if self._reduced else palette
