"""What a terminal sends, made into Textual's messages: what nobody can read is dropped, and told.

Textual's own parser ends the program on a byte that is no UTF-8 and on a number that it cannot read, and hands
on a sequence that it does not know as the keys it is written with. So the bytes are cut into whole sequences
here (ECMA-48, 5.4 and 5.6), and the parser sees one at a time; one that it makes nothing of reaches nobody.
"""

from __future__ import annotations

import codecs
import re
import time
from collections.abc import Callable, Iterator
from typing import Final

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.message import Message

_TOKEN: Final = re.compile(
    rb"(?P<text>[^\x1b]+)"
    rb"|(?P<mouse>\x1b\[M[^\x00-\x1f]{3})"  # the oldest report of the mouse: three bytes of any kind
    rb"|(?P<sequence>\x1b(?:\[\[[!-~]|\[(?!M)[ -?]*[@-Z\\-~]|O[0-9;]*[@-~]))"
    rb"|(?P<string>\x1b[\]PX^_][^\x07\x18\x1a\x1b]*(?:[\x07\x18\x1a]|\x1b\\|(?=\x1b[^\\])))"
    rb"|(?P<broken>\x1b(?:\[(?!M)[ -?]*|\[\[|O[0-9;]*|(?=[\x80-\xff]))(?=[\x00-\x1f\x7f-\xff])"
    rb"|\x1b\[M[^\x00-\x1f]{0,2}(?=[\x00-\x1f]))"
    rb"|\x1b(?P<alt>[\x00-\x1a\x1c-NQ-WYZ\\`-\x7f])"
    rb"|(?P<escape>\x1b(?=\x1b))",
    re.DOTALL,
)
_PASTE_BEGINS: Final = b"\x1b[200~"
_PASTE_ENDS: Final = b"\x1b[201~"
# kitty's keyboard protocol: a key with the kind of its event, which is not asked for: 1 down, 2 repeated, 3 up
_KEY_EVENT: Final = re.compile(rb"(\x1b\[[\d:]*;\d*):([123])((?:;[\d:]*)?[u~A-HPQRS])")
# the answer to a question that was asked, such as which modes a terminal has; no key looks like it
_ANSWER: Final = re.compile(rb"\x1b\[[<-?][ -?]*[@-~]")
_UNDECODABLE: Final = re.compile("[\ud800-\udfff]")

_SEQUENCE_S: Final = 0.5  # the rest of a sequence comes at once, even over a slow link
_AT_MOST_S: Final = 2.0
_PASTE_S: Final = 1.0
_LONGEST_KEY: Final = 32  # beyond it Textual takes a sequence for the keys it is written with
_LONGEST: Final = 4096  # bytes of one sequence; what is longer is dropped up to its end
_LONGEST_PASTE: Final = 100_000
_MOST_COLUMNS, _MOST_ROWS = 2000, 1000
"""No terminal is wider or higher: a mouse or a size beyond it is no report but noise."""


class Keyboard:
    """Reads one terminal's bytes; `dropped` is told every piece that reaches nobody."""

    def __init__(self, dropped: Callable[[bytes], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._dropped = dropped
        self._clock = clock
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._parser = XTermParser()
        self._rest = b""
        self._paste: bytes | None = None
        self._is_overlong = False
        self._heard = self._since = clock()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that these bytes complete."""
        self._heard = self._clock()
        if not self._is_waiting:
            self._since = self._heard
        self._rest += data
        while self._rest:
            if self._paste is not None:
                if not self._take_paste():
                    return
                yield from self._pasted()
                continue
            match = _TOKEN.match(self._rest)
            if match is None:
                if len(self._rest) > _LONGEST:
                    self._is_overlong = True
                    self._drop(self._rest)
                    self._rest = self._rest[:2] + b"0"
                return
            self._rest = self._rest[match.end() :]
            self._since = self._heard
            yield from self._take(match)

    @property
    def wait_s(self) -> float | None:
        """Seconds until `tick` may have something to say, None while nothing is half read."""
        if not self._is_waiting:
            return None
        if self._paste is not None:
            until = self._heard + _PASTE_S
        elif self._rest == b"\x1b":
            until = self._heard + constants.ESCAPE_DELAY
        else:
            until = min(self._heard + _SEQUENCE_S, self._since + _AT_MOST_S)
        return max(0.0, until - self._clock())

    def tick(self) -> Iterator[Message]:
        """What is still half read after its time: the escape key, a key of few terminals, or nothing."""
        if not self._is_waiting or self.wait_s != 0.0:
            return
        if self._paste is not None:  # its end was lost, and must not take the keyboard along
            self._drop(_PASTE_BEGINS + self._paste + self._rest)
            self._paste, self._rest = None, b""
            return
        rest, self._rest = self._rest, b""
        if rest == b"\x1b":
            yield events.Key("escape", "\x1b")
        elif self._forget_overlong():
            self._drop(rest)
        else:  # rxvt ends shift+delete with a character that ends no sequence
            yield from self._read(rest)

    @property
    def _is_waiting(self) -> bool:
        return bool(self._rest) or self._paste is not None

    def _take(self, match: re.Match[bytes]) -> Iterator[Message]:
        kind, token = match.lastgroup, match[0]
        if self._forget_overlong():
            self._drop(token)
        elif kind == "text":
            yield from self._typed(token)
            return
        elif kind == "escape":
            yield events.Key("escape", "\x1b")
        elif kind == "alt":
            yield from self._with_alt(token)
        elif token == _PASTE_BEGINS:
            self._paste = b""
        elif kind == "sequence":
            yield from self._read_sequence(token)
        else:
            self._drop(token)
        self._typed_so_far()

    def _typed(self, token: bytes) -> Iterator[Message]:
        text = self._decoder.decode(token)
        if _UNDECODABLE.search(text):
            self._drop("".join(_UNDECODABLE.findall(text)).encode("utf-8", "surrogateescape"))
            text = _UNDECODABLE.sub("", text)
        for character in text:
            yield from self._parsed(character)

    def _typed_so_far(self) -> None:
        """A character of which only a part came before a sequence will never be whole."""
        if half := self._decoder.decode(b"", final=True):
            self._drop(half.encode("utf-8", "surrogateescape"))

    def _with_alt(self, token: bytes) -> Iterator[Message]:
        if known := self._parsed(token.decode("ascii")):
            yield from known
            return
        for key in self._parsed(chr(token[1])):
            if isinstance(key, events.Key) and len(key.key) == 1:
                name = f"shift+{key.key.lower()}" if key.key.isupper() else key.key
                yield events.Key(f"alt+{name}", key.character)

    def _read_sequence(self, token: bytes) -> Iterator[Message]:
        if event := _KEY_EVENT.fullmatch(token):
            if event[2] == b"3":
                return
            token = event[1] + event[3]
        yield from self._read(token)

    def _read(self, token: bytes) -> Iterator[Message]:
        messages = self._parsed(token.decode("utf-8", "replace")) if len(token) <= _LONGEST_KEY else []
        if not messages and not _ANSWER.fullmatch(token):
            self._drop(token)
        yield from messages

    def _parsed(self, text: str) -> list[Message]:
        """What Textual makes of a whole sequence; a parser that waits for more, or fails, is replaced."""
        try:
            messages = list(self._parser.feed(text))
        except Exception:  # whatever it cannot read is no reason to end
            messages = []
        if not messages:
            old, self._parser = self._parser, XTermParser()
            self._parser.mouse_pixels = old.mouse_pixels
            self._parser.terminal_size = old.terminal_size
            self._parser.terminal_pixel_size = old.terminal_pixel_size
            self._parser.last_x, self._parser.last_y = old.last_x, old.last_y
        return [m for m in messages if is_sane(m)]

    def _take_paste(self) -> bool:
        """Move what is pasted out of the rest; whether its end has come."""
        assert self._paste is not None
        text = self._paste + self._rest
        pasted, end, self._rest = text.partition(_PASTE_ENDS)
        if end:
            self._paste = pasted
            return True
        taken = max(0, len(text) - len(_PASTE_ENDS) + 1)  # the end may come in two pieces
        self._paste, self._rest = text[: min(taken, _LONGEST_PASTE)], text[taken:]
        return False

    def _pasted(self) -> Iterator[Message]:
        pasted, self._paste = self._paste or b"", None
        text = "".join(c for c in pasted.decode("utf-8", "ignore") if c.isprintable() or c in "\t\r\n")
        if text:
            yield events.Paste(text)

    def _forget_overlong(self) -> bool:
        was, self._is_overlong = self._is_overlong, False
        return was

    def _drop(self, piece: bytes) -> None:
        self._dropped(piece)


def is_sane(message: Message) -> bool:
    """Whether a message can be true: a size and a place on some screen, a character that can be written."""
    if isinstance(message, events.Key):
        return message.character is None or not _UNDECODABLE.search(message.character)
    if isinstance(message, events.MouseEvent):
        return 0 <= message.x <= _MOST_COLUMNS and 0 <= message.y <= _MOST_ROWS
    if isinstance(message, events.Resize):
        return 0 < message.size.width <= _MOST_COLUMNS and 0 < message.size.height <= _MOST_ROWS
    return True
