"""Reads what Textual writes for a terminal: cells go into a grid, everything else is handed back.

Independent of Textual. The grammar is small: absolute cursor address, SGR, text, newline, links and the
marks of a synchronized update. What Textual asks a terminal for besides is passed on, and reported where after
it nobody knows what the terminal shows. All else is somebody's text that got here, and goes no further.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from rotation_tui.terminal.grid import Grid
from rotation_tui.terminal.sgr import PLAIN, styled

_TOKEN: Final = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f]+)"
    r"|\x1b\[(?P<prefix>[<=>?]?)(?P<parameters>[0-9:;]*)(?P<middle>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<osc>[^\x00-\x1f]*)(?:\x07|\x1b\\)"
    r"|(?P<other>\x1b(?:[PX^_][^\x00-\x1f]*\x1b\\|[ -/]+[0-~]|[0-OQ-WYZ\\`-~]))"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])"
    # what can never become whole, up to where something else begins
    r"|(?P<broken>\x1b(?:[\]PX^_][^\x00-\x1f]*(?=[\x00-\x1a\x1c-\x1f]|\x1b[^\\])"
    r"|\[[ -?]*(?:[@-~]|(?=[^ -~]))|[ -/]*(?=[^ -~])))"
)
_SYNCHRONIZED: Final = "2026"
# What Textual asks of a terminal besides drawing. Modes: line wrap, cursor, mouse, focus, pixels, the alternate screen,
# paste, its size told by itself; questions for modes and the cursor's place; the cursor's shape; kitty's keyboard.
_MODES: Final = frozenset({"7", "25", "1000", "1003", "1004", "1006", "1015", "1016", "1049", "2004", "2048"})
_MODES_THAT_DRAW: Final = frozenset({"1049"})
_ASKED_FOR: Final = frozenset({"?$p", "n", " q", ">u", "<u"})
_POINTER: Final = re.compile("22;[a-z-]*")
_BEYOND: Final = 99_999
_LONGEST: Final = 4096  # characters; no sequence of Textual's is nearly as long


@dataclass(slots=True)
class ParseResult:
    """What a piece of the stream held besides cells.

    `controls` are sequences to pass on in order, `lost` says that one of them may have changed the screen,
    `drawn` that the wanted grid or its cursor may have changed.
    """

    controls: list[str] = field(default_factory=list)
    lost: bool = False
    drawn: bool = False


class ScreenStream:
    """Follows one stream and keeps `grid` as the stream wants it; `cursor` is where its text goes next."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.cursor = (0, 0)
        self.synchronized = False
        """Whether the stream has ever used synchronized updates, which it does where they are understood."""
        self._style = PLAIN
        self._rest = ""

    def read(self, data: str) -> ParseResult:
        """Take the next piece of the stream; a sequence cut off at its end waits for the next piece."""
        data = self._rest + data
        result = ParseResult()
        end = 0
        while match := _TOKEN.match(data, end):
            end = match.end()
            self._take(match, result)
        self._rest = data[end:] if len(data) - end <= _LONGEST else ""
        return result

    def _take(self, match: re.Match[str], result: ParseResult) -> None:
        kind = match.lastgroup
        if kind == "text":
            x, y = self.cursor
            self.cursor = (self.grid.put(x, y, match["text"], self._style), y)
            result.drawn = True
        elif kind == "final":
            self._take_sequence(match, result)
        elif kind == "osc" and match["osc"].startswith("8;"):
            link = match["osc"][2:]
            self._style = self._style._replace(link=link if link.partition(";")[2] else "")
        elif kind == "osc" and _POINTER.fullmatch(match["osc"]):
            result.controls.append(match[0])
        elif kind == "control":
            self._take_control(match["control"], result)

    def _take_sequence(self, match: re.Match[str], result: ParseResult) -> None:
        prefix, parameters, final = match["prefix"], match["parameters"], match["middle"] + match["final"]
        if final == "m" and not prefix:
            self._style = styled(self._style, parameters)
        elif final in ("H", "f") and not prefix:
            row, _, column = parameters.partition(";")
            self.cursor = (_place(column), _place(row))
            result.drawn = True
        elif prefix == "?" and parameters == _SYNCHRONIZED and final in ("h", "l"):
            self.synchronized = True
        elif prefix == "?" and final in ("h", "l") and _MODES.issuperset(parameters.split(";")):
            result.controls.append(match[0])
            result.lost |= not _MODES_THAT_DRAW.isdisjoint(parameters.split(";"))
        elif prefix + final in _ASKED_FOR:
            result.controls.append(match[0])

    def _take_control(self, character: str, result: ParseResult) -> None:
        if character == "\n":
            self.cursor = (0, self.cursor[1] + 1)
        elif character == "\r":
            self.cursor = (0, self.cursor[1])
        elif character == "\a":
            result.controls.append(character)
        # Every other control character is part of somebody's text; a terminal would obey it.


def _place(number: str) -> int:
    """A row or column counted from 0; what is no number, or beyond every screen, is the last there could be."""
    if not number:
        return 0
    return max(1, int(number)) - 1 if number.isdigit() and len(number) < 6 else _BEYOND
