"""Which theme is in use, and the style that it gives a span."""

import os
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rich.color import ColorSystem

from rotation_tui.theme.load import LoadedThemes
from rotation_tui.theme.palette import Palette, sixteen
from rotation_tui.widgets.cells import Row, Span

if TYPE_CHECKING:
    from rich.style import Style

PLAIN = "terminal16"
_SYSTEMS: Final = MappingProxyType(
    {
        "standard": ColorSystem.STANDARD,
        "256": ColorSystem.EIGHT_BIT,
        "truecolor": ColorSystem.TRUECOLOR,
        "windows": ColorSystem.WINDOWS,
    }
)
"""As Textual's setting names them."""


def is_colourless() -> bool:
    """Whether the user wants no colours at all (https://no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))


def colours(env: Mapping[str, str] = os.environ) -> ColorSystem | None:
    """What colours the terminal has, found out as rich and Textual do; NO_COLOR is another question.

    Asking rich itself costs its console, 40 ms before the first paint.
    """
    system = env.get("TEXTUAL_COLOR_SYSTEM", "auto")
    if system != "auto":
        return _SYSTEMS[system]
    if sys.platform == "win32":
        from rich.console import Console

        return _SYSTEMS.get(Console(force_terminal=True).color_system or "")
    term = env.get("TERM", "").strip().lower()
    if term in ("dumb", "unknown"):
        return None
    if env.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return ColorSystem.TRUECOLOR
    return ColorSystem.EIGHT_BIT if term.rpartition("-")[2] in ("256color", "kitty") else ColorSystem.STANDARD


def has_sixteen() -> bool:
    return colours() is ColorSystem.STANDARD


def style_of(span: Span, palette: Palette, *, colour: bool) -> "Style":
    """The style of a span; without colour reverse video is all that is left to mark a row with."""
    if not colour:
        return palette.style(span.tone, bold=span.bold, reverse=span.reverse != span.selected)
    return palette.style(span.tone, bold=span.bold, reverse=span.reverse, selected=span.selected)


def parameters_of(span: Span, palette: Palette, system: ColorSystem, *, colour: bool) -> str:
    """What `style_of` comes to on a terminal with these colours, as the parameters of an SGR sequence."""
    reverse, selected = (span.reverse, span.selected) if colour else (span.reverse != span.selected, False)
    return palette.parameters(span.tone, system, bold=span.bold, reverse=reverse, selected=selected, colour=colour)


Look = tuple[str, bool, bool, bool]
"""What of a span decides its style, all behind its text: tone, bold, reverse, selected."""


class _Codes(dict[Look, str]):
    """SGR parameters by look, made once a palette; spans by the hundred a frame find theirs without a call."""

    def __init__(self, palette: Palette, system: ColorSystem | None, *, colour: bool) -> None:
        super().__init__()
        self._palette = palette
        self._system = system
        self._colour = colour

    def __missing__(self, look: Look) -> str:
        made = (
            ""
            if self._system is None
            else parameters_of(Span("", *look), self._palette, self._system, colour=self._colour)
        )
        self[look] = made
        return made


class Looks:
    """The chosen theme, or with `in_sixteen` what it comes to in the terminal's own 16 colours."""

    def __init__(self, themes: LoadedThemes, name: str) -> None:
        self.name = name
        self._themes = themes.themes
        self._in_sixteen = False
        self._system = colours()
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

    @property
    def palette(self) -> Palette:
        """What it is drawn in."""
        return self._palette

    def style(self, span: Span, *, colour: bool) -> "Style":
        return style_of(span, self._palette, colour=colour)

    def pieces(self, row: Row, *, colour: bool) -> list[tuple[str, str]]:
        """Each text of a row with what `style` comes to on this terminal, as the parameters of an SGR sequence."""
        codes = self._codes[colour]
        return [(span.text, codes[span[1:5]]) for span in row]

    @property
    def _reduced(self) -> bool:
        return self._in_sixteen and PLAIN in self._themes

    def _made(self) -> Palette:
        palette = self._themes[self.name].palette
        if self._reduced:
            palette = sixteen(palette, self._themes[PLAIN].palette)
        self._codes = {colour: _Codes(palette, self._system, colour=colour) for colour in (False, True)}
        return palette
