"""Reads what Textual writes for a terminal: cells go into a grid, everything else is handed back.

Independent of Textual. The grammar is small: absolute cursor address, SGR, text, newline, links and the
marks of a synchronized update. Anything else is passed on as it is; what may move the cursor or draw is
reported, because after it nobody knows what the terminal shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from rotation_tui.app.screen_grid import Grid
from rotation_tui.app.screen_style import PLAIN, styled

_TOKEN: Final = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f]+)"
    r"|\x1b\[(?P<prefix>[<=>?]?)(?P<parameters>[0-9:;]*)(?P<middle>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b[PX^_][^\x1b]*\x1b\\"
    r"|\x1b(?P<plain>[ -/]*[0-OQ-WYZ\\`-~])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])"
    r"|\x1b(?P<broken>[\x00-\x1f\x7f])"
)
_SYNCHRONIZED: Final = "2026"
# Modes that change the picture: 132 columns, origin, left and right margins, the alternate screen.
_MODES_THAT_DRAW: Final = {"3", "6", "47", "69", "1047", "1048", "1049"}
# Finals, with what stands before them, of questions, cursor shape and keyboard protocols.
_HARMLESS: Final = {"$p", "n", "c", " q", "q", "u", "m", "s"}


@dataclass(slots=True)
class Reading:
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

    def read(self, data: str) -> Reading:
        """Take the next piece of the stream; a sequence cut off at its end waits for the next piece."""
        data = self._rest + data
        reading = Reading()
        end = 0
        while match := _TOKEN.match(data, end):
            end = match.end()
            self._take(match, reading)
        self._rest = data[end:]
        return reading

    def _take(self, match: re.Match[str], reading: Reading) -> None:
        kind = match.lastgroup
        if kind == "text":
            x, y = self.cursor
            self.cursor = (self.grid.put(x, y, match["text"], self._style), y)
            reading.drawn = True
        elif kind == "final":
            self._take_sequence(match, reading)
        elif kind == "osc" and match["osc"].startswith("8;"):
            link = match["osc"][2:]
            self._style = self._style._replace(link=link if link.partition(";")[2] else "")
        elif kind == "control":
            self._take_control(match["control"], reading)
        elif kind != "broken":
            reading.controls.append(match[0])
            reading.lost |= kind != "osc" and match["plain"] not in ("=", ">")

    def _take_sequence(self, match: re.Match[str], reading: Reading) -> None:
        prefix, parameters, final = match["prefix"], match["parameters"], match["middle"] + match["final"]
        if final == "m" and not prefix:
            self._style = styled(self._style, parameters)
        elif final in ("H", "f") and not prefix:
            row, _, column = parameters.partition(";")
            self.cursor = (max(1, int(column or 1)) - 1, max(1, int(row or 1)) - 1)
            reading.drawn = True
        elif prefix == "?" and parameters == _SYNCHRONIZED and final in ("h", "l"):
            self.synchronized = True
        elif prefix == "?" and final in ("h", "l"):
            reading.controls.append(match[0])
            reading.lost |= not _MODES_THAT_DRAW.isdisjoint(parameters.split(";"))
        else:
            reading.controls.append(match[0])
            harmless = final in _HARMLESS and (prefix or final in ("n", "c", " q"))
            reading.lost |= not harmless

    def _take_control(self, character: str, reading: Reading) -> None:
        if character == "\n":
            self.cursor = (0, self.cursor[1] + 1)
        elif character == "\r":
            self.cursor = (0, self.cursor[1])
        elif character == "\a":
            reading.controls.append(character)
        # Every other control character is part of somebody's text; a terminal would obey it.
