"""The emulator shows what a user would see, however the stream is cut, and answers what a program asks."""

import pytest

from tests.terminal.emulator import Emulator
from tests.terminal.keys import encode

STREAM = (
    "main\x1b[?1049h\x1b[>25u\x1b[?2026$p\x1b[2;3H\x1b[38;2;1;2;3mgain \u25b2 +1.2\x1b[0m"
    "\x1b[4:3mx\x1b[0m-\x1b[3b"
    "\x1b]0;title\x07\x1b]8;;http://x\x1b\\link\x1bPq#0\x1b\\\x1b[2 q\x1b[6n\x1b[<u"
).encode()


@pytest.mark.parametrize("size", [1, 2, 7, len(STREAM)])
def test_a_stream_shows_the_same_however_it_is_cut(size: int) -> None:
    emulator = Emulator(30, 3)
    answers = b"".join(emulator.feed(STREAM[at : at + size]) for at in range(0, len(STREAM), size))
    assert emulator.lines() == ["", "  gain \u25b2 +1.2x----link", ""]
    assert answers == b"\x1b[?2026;2$y\x1b[2;23R"
    assert emulator.title == "title"
    assert emulator.screen.buffer[1][2].fg == "010203"


def test_the_main_screen_returns_as_it_was() -> None:
    emulator = Emulator(10, 2)
    emulator.feed(b"before\x1b[?1049h\x1b[?25l\x1b[Hduring")
    assert emulator.left_on() == ["mode 25 is off", "mode 1049 is on"]
    emulator.feed(b"\x1b[?1049l\x1b[?25h\r\nafter")
    assert emulator.lines() == ["before", "after"]
    assert emulator.left_on() == []


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
        (b"\x1b[?2026h\x1b[?2026$p", b"\x1b[?2026;1$y"),
        (b"\x1b[?2048$p", b"\x1b[?2048;0$y"),
        (b"\x1b[c", b"\x1b[?62;22c"),
        (b"\x1b[5n", b"\x1b[0n"),
        (b"\x1b[?u", b""),
    ],
)
def test_questions_are_answered(asked: bytes, answer: bytes) -> None:
    assert Emulator(10, 2, draw=False).feed(asked) == answer


def test_keys_have_names_and_a_wrong_name_is_refused() -> None:
    assert [encode(key) for key in ("ctrl+z", "tab", "escape", "f1", "q")] == [
        b"\x1a",
        b"\t",
        b"\x1b",
        b"\x1bOP",
        b"q",
    ]
    with pytest.raises(ValueError, match="no key is called 'returm'"):
        encode("returm")


@pytest.mark.parametrize("cut", ["\x1b[0;38;5;29;4", "\x1b[", "\x1b[?20"])
@pytest.mark.parametrize("how", ["", "\x18\x1b\\"])
def test_a_sequence_that_was_cut_short_swallows_nothing(cut: str, how: str) -> None:
    emulator = Emulator(40, 3)
    emulator.feed(f"\x1b[?2026hab{cut}".encode())
    emulator.feed(f"{how}\x1b[?2026l\x1b[0mshell> ".encode())
    assert emulator.lines()[0] == "abshell>"
    assert "mode 2026 is on" not in emulator.left_on()
