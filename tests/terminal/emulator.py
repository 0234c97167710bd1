"""The terminal's side of a pseudo-terminal: what its user sees, and what it answers to a program's questions.

pyte draws; it lacks the alternate screen, prints the rest of some sequences it does not know (`CSI < u` shows
a "u"), and answers nothing. So the stream is cut into sequences here and pyte is given what it understands.
"""

import re
from typing import Final

import pyte

_SEQUENCE: Final = re.compile(
    rb"\x1b(?:"
    rb"\[(?P<prefix>[<=>?]?)(?P<parameters>[0-9;:]*)(?P<middle>[ -/]*)(?P<final>[@-~])"
    rb"|\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    rb"|[P_^X][^\x1b]*\x1b\\"
    rb"|(?P<plain>[ -/]*[0-OQ-WYZ\\`-~])"
    rb")"
)
_MAIN_AND_ALTERNATE: Final = {b"47", b"1047", b"1049"}
_CUT_SHORT: Final = re.compile(rb"\x18|\x1b(?=[^\\])")
_SUPPORTED_MODES: Final = {b"7", b"25", b"1000", b"1003", b"1004", b"1006", b"1049", b"2004", b"2026"}
_GIVEN_BACK: Final[dict[bytes, bool]] = {
    b"7": True,  # line wrap
    b"25": True,  # cursor
    b"1000": False,  # mouse
    b"1002": False,
    b"1003": False,
    b"1006": False,
    b"1015": False,
    b"1016": False,
    b"1004": False,  # focus reports
    b"1049": False,  # alternate screen
    b"2004": False,  # bracketed paste
    b"2026": False,  # synchronized output
    b"2048": False,  # in-band resize
}


class Emulator:
    """A terminal of `columns` by `rows` that draws what `feed` gives it and returns its answers.

    With `draw=False` it follows modes and answers questions but keeps no screen: all a benchmark needs.
    """

    def __init__(self, columns: int, rows: int, *, draw: bool = True) -> None:
        self.columns = columns
        self.rows = rows
        self.title = ""
        self.titles: list[str] = []
        self.pointer = "default"
        """The shape of the mouse's pointer."""
        self.modes: dict[bytes, bool] = {b"7": True, b"25": True}
        self.frames = 0
        """Synchronized updates ended so far."""
        self.keyboard_pushes = 0
        self._draw = draw
        self._main = pyte.Screen(columns, rows)
        self._alternate = pyte.Screen(columns, rows)
        self._streams = {id(screen): pyte.ByteStream(screen) for screen in (self._main, self._alternate)}
        self._rest = b""
        self._lines: list[str] | None = None

    @property
    def screen(self) -> pyte.Screen:
        """The screen in view, main or alternate, with the colours of each cell in `buffer`."""
        return self._alternate if self.modes.get(b"1049") else self._main

    def lines(self) -> list[str]:
        """Rows in view from the top, without trailing spaces; read anew only after something has come.

        A read of 120 by 40 costs 6 ms, and whoever waits asks fifty times a second.
        """
        if self._lines is None:
            self._lines = [line.rstrip() for line in self.screen.display]
        return list(self._lines)

    def left_on(self) -> list[str]:
        """Modes that a program has not given back, as readable words; empty when the terminal is whole."""
        wrong = [
            f"mode {mode.decode()} is {'off' if wanted else 'on'}"
            for mode, wanted in _GIVEN_BACK.items()
            if self.modes.get(mode, False) != wanted
        ]
        if self.keyboard_pushes > 0:
            wrong.append("kitty keyboard protocol is on")
        if self.titles:
            wrong.append("the title is the program's")
        if self.pointer != "default":
            wrong.append(f"the pointer is {self.pointer}")
        return wrong

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of both screens."""
        self.columns, self.rows, self._lines = columns, rows, None
        for screen in (self._main, self._alternate):
            screen.resize(rows, columns)

    def feed(self, data: bytes) -> bytes:
        """Draw `data` and return what this terminal sends back to the program."""
        self._lines = None
        data = self._rest + data
        answers = bytearray()
        start = position = 0
        while (escape := data.find(b"\x1b", position)) >= 0:
            match = _SEQUENCE.match(data, escape)
            if match is None:
                cut = _CUT_SHORT.search(data, escape + 1)
                if cut is not None:  # as terminals do: it is dropped, and what cut it short counts
                    self._show(data[start:escape])
                    start = position = cut.start() + (cut[0] == b"\x18")
                    continue
                if len(data) - escape < 4096:  # cut off by the end of a read
                    break
                position = escape + 1
                continue
            position = match.end()
            if not self._is_for_pyte(match):
                self._show(data[start:escape])
                answers += self._obey(match)
                start = position
        end = escape if escape >= 0 else len(data)
        self._show(data[start:end])
        self._rest = data[end:]
        return bytes(answers)

    def _is_for_pyte(self, match: re.Match[bytes]) -> bool:
        if match["plain"] is not None:
            return match["plain"][:1] not in b"=>"
        if match["final"] is None or match["prefix"] or match["middle"] or b":" in match["parameters"]:
            return False
        return match["final"] not in b"cnbt"

    def _show(self, data: bytes) -> None:
        if data and self._draw:
            self._streams[id(self.screen)].feed(data)

    def _obey(self, match: re.Match[bytes]) -> bytes:
        if match["osc"] is not None:
            self._take_command(match["osc"])
        if match["final"] is None:
            return b""
        prefix, parameters, final = match["prefix"], match["parameters"], match["middle"] + match["final"]
        if prefix == b"?" and final in (b"h", b"l"):
            for mode in parameters.split(b";"):
                self._switch(mode, final == b"h")
        elif final == b"u" and prefix in (b">", b"<"):
            self.keyboard_pushes += 1 if prefix == b">" else -1
        elif final == b"m" and not prefix:
            self._show(b"\x1b[" + parameters.replace(b":", b";") + b"m")
        elif final == b"b" and not prefix:
            self._repeat(int(parameters or 1))
        elif final == b"t" and not prefix:
            self._turn_title(parameters)
        else:
            return self._answer(prefix, parameters, final)
        return b""

    def _take_command(self, command: bytes) -> None:
        code, _, text = command.partition(b";")
        if code in (b"0", b"2"):
            self.title = text.decode(errors="replace")
        elif code == b"22":
            self.pointer = text.decode(errors="replace") or "default"

    def _turn_title(self, parameters: bytes) -> None:
        """Keep the title on a stack, or take it from there."""
        if parameters == b"22;2":
            self.titles.append(self.title)
        elif parameters == b"23;2" and self.titles:
            self.title = self.titles.pop()

    def _switch(self, mode: bytes, on: bool) -> None:
        if mode == b"2026" and not on:
            self.frames += 1
        if mode in _MAIN_AND_ALTERNATE:
            self.modes[b"1049"] = on
            if on:
                self._alternate.reset()
            return
        self.modes[mode] = on
        if mode in (b"7", b"25"):
            self._show(b"\x1b[?" + mode + (b"h" if on else b"l"))

    def _repeat(self, count: int) -> None:
        if self._draw:
            cursor = self.screen.cursor
            before = self.screen.buffer[cursor.y][max(0, cursor.x - 1)].data
            self._show((before * count).encode())

    def _answer(self, prefix: bytes, parameters: bytes, final: bytes) -> bytes:
        if prefix == b"?" and final == b"$p":
            on = self.modes.get(parameters, False)
            state = (1 if on else 2) if parameters in _SUPPORTED_MODES else 0
            return b"\x1b[?%s;%d$y" % (parameters, state)
        cursor = self.screen.cursor
        answers = {
            (b"", b"6", b"n"): b"\x1b[%d;%dR" % (cursor.y + 1, min(cursor.x, self.columns - 1) + 1),
            (b"", b"5", b"n"): b"\x1b[0n",
            (b"", b"18", b"t"): b"\x1b[8;%d;%dt" % (self.rows, self.columns),
        }
        if final == b"c":
            return {b"": b"\x1b[?62;22c", b">": b"\x1b[>1;10;0c"}.get(prefix, b"")
        return answers.get((prefix, parameters, final), b"")
