"""Rows of the board as a picture, in the colours of a theme."""

import io
import re
from collections.abc import Sequence
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.color import Color
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from rotation_tui.theme.load import load_themes
from rotation_tui.theme.palette import Palette
from rotation_tui.widgets.cells import Row

_TEMPLATE = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""Rich's own picture without the fonts that it would have a browser fetch."""
_RUNS = re.compile(r" +|[^ ]+(?: [^ ]+)*")


def svg(rows: Sequence[Row], columns: int, title: str, theme: str, themes_folder: Path | None) -> str:
    """The rows as SVG; nothing in it depends on when or where it was made but the rows themselves."""
    return picture(rows, columns, title, load_themes(themes_folder).themes[theme].palette)


def picture(rows: Sequence[Row], columns: int, title: str, palette: Palette) -> str:
    """The same in the colours of a palette."""
    ground = palette.style("text")
    console = Console(
        record=True, width=columns, height=len(rows), file=io.StringIO(), force_terminal=True,
        color_system="truecolor", legacy_windows=False, _environ={},
    )  # fmt: skip
    for row in rows:
        line = Text(no_wrap=True, overflow="crop", end="")
        for span in row:
            style = palette.style(span.tone, bold=span.bold, reverse=span.reverse, selected=span.selected)
            for run in _RUNS.findall(span.text):  # words apart: renderers disagree about leading blanks
                line.append(run, style)
        console.print(line, soft_wrap=True)
    frame = _frame(ground.bgcolor, ground.color)
    return console.export_svg(title=title, theme=frame, code_format=_TEMPLATE, unique_id="board")


def _frame(background: Color | None, foreground: Color | None) -> TerminalTheme:
    """The window around the board in the board's own ground colour."""
    back = background.get_truecolor() if background is not None and not background.is_default else (0, 0, 0)
    fore = foreground.get_truecolor() if foreground is not None and not foreground.is_default else (208, 208, 208)
    shades = [(0, 0, 0), (205, 0, 0), (0, 170, 0), (205, 170, 0), (80, 120, 220), (200, 0, 200), (0, 190, 190),
              (229, 229, 229)]  # fmt: skip
    return TerminalTheme((back[0], back[1], back[2]), (fore[0], fore[1], fore[2]), shades, shades)
