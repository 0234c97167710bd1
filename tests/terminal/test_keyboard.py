"""Whatever a terminal sends: keys arrive as they are, and what nobody can read ends nothing and presses nothing."""

import random

import pytest
from textual import events
from textual.message import Message

from rotation_tui.terminal.keyboard import Keyboard, is_sane


class Terminal:
    """A keyboard on a clock of its own, with what it gave and what it dropped."""

    def __init__(self) -> None:
        self.now = 0.0
        self.dropped: list[bytes] = []
        self.keyboard = Keyboard(self.dropped.append, lambda: self.now)

    def send(self, data: bytes) -> list[Message]:
        """What the bytes give at once."""
        return [*self.keyboard.feed(data)]

    def later(self, seconds: float = 3.0) -> list[Message]:
        """What the time gives."""
        self.now += seconds
        return [*self.keyboard.tick()]

    def keys(self, *pieces: bytes) -> list[str]:
        """Names of the keys that the pieces press, waiting for the last."""
        given = [m for piece in pieces for m in self.send(piece)] + self.later()
        return [m.key for m in given if isinstance(m, events.Key)]


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        pytest.param(b"qS/", ["q", "S", "slash"], id="characters"),
        pytest.param("ü".encode(), ["ü"], id="utf-8"),
        pytest.param(b"\x1b[A\x1bOB\x1b[15~", ["up", "down", "f5"], id="arrows"),
        pytest.param(b"\x1b[[A", ["f1"], id="linux-console"),
        pytest.param(b"\x1b[3$", ["shift+delete"], id="rxvt"),
        pytest.param(b"\x1b[1;5C", ["ctrl+right"], id="modified"),
        pytest.param(b"\x1b[113;5u", ["ctrl+q"], id="kitty"),
        pytest.param(b"\x1b[52;1:1u\x1b[52;1:3u", ["4"], id="kitty-down-and-up"),
        pytest.param(b"\x1b[52;1:2u", ["4"], id="kitty-repeated"),
        pytest.param(b"\x1b[1;1:1A\x1b[1;1:3A", ["up"], id="kitty-arrow"),
        pytest.param(b"\x1bq\x1bQ", ["alt+q", "alt+shift+q"], id="alt"),
        pytest.param(b"\x1b\x1b[B", ["escape", "down"], id="escape-first"),
        pytest.param(b"\x1b", ["escape"], id="escape"),
        pytest.param(b"\t\r\x7f\x03", ["tab", "enter", "backspace", "ctrl+c"], id="controls"),
    ],
)
def test_a_key_is_the_same_however_its_bytes_arrive(data: bytes, keys: list[str]) -> None:
    whole, one_by_one = Terminal(), Terminal()
    assert whole.keys(data) == keys
    assert one_by_one.keys(*(bytes([b]) for b in data)) == keys
    assert whole.dropped == one_by_one.dropped == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xfc", id="latin-1"),
        pytest.param(b"\xe4", id="latin-1-that-begins-a-character"),
        pytest.param(b"\xff\xfe\x80", id="no-utf-8-at-all"),
        pytest.param(b"\x1b[M#\x99(", id="oldest-mouse-beyond-column-95"),
        pytest.param(b"\x1b[M !!", id="oldest-mouse"),
        pytest.param(b"\x1b[M", id="oldest-mouse-cut-off"),
        pytest.param(b"\x1b[55;q", id="unknown-sequence"),
        pytest.param(b"\x1b[1;2", id="half-a-sequence"),
        pytest.param(b"\x1b[" + b"9" * 9000 + b"q", id="endless-sequence"),
        pytest.param(b"\x1b[1114112u", id="no-character"),
        pytest.param(b"\x1b[55296;1;55296u", id="half-a-character"),
        pytest.param(b"\x1b[48;1;1;1;1;q", id="nearly-a-size"),
        pytest.param(b"\x1b]52;c;cXF4\x07", id="clipboard"),
        pytest.param(b"\x1b]11;rgb:0000/0000/0000\x1b\\", id="colour"),
        pytest.param(b"\x1bP>|xterm(388)\x1b\\", id="name"),
        pytest.param(b"\x1b_" + b"q" * 9000 + b"\x1b\\", id="endless-string"),
        pytest.param(b"\x1b]0;q", id="half-a-string"),
        pytest.param(b"\x1b[200~q", id="paste-without-end"),
        pytest.param(b"\x1b[201~", id="end-without-paste"),
        pytest.param(b"\x1b\xfc", id="alt-and-no-utf-8"),
    ],
)
def test_what_nobody_can_read_presses_no_key_and_the_next_key_counts(data: bytes) -> None:
    terminal = Terminal()
    before = [*terminal.send(data), *terminal.later()]
    assert not [m for m in before if isinstance(m, events.Key)]
    assert terminal.keys(b"5") == ["5"]
    assert terminal.dropped


@pytest.mark.parametrize("answer", [b"\x1b[?62;22c", b"\x1b[>41;388;0c", b"\x1b[?2026;0$y", b"\x1b[?997;1n"])
def test_an_answer_that_was_not_asked_for_is_not_typed(answer: bytes) -> None:
    terminal = Terminal()
    assert terminal.send(answer) == []
    assert terminal.dropped == []
    assert terminal.keys(b"q") == ["q"]


def test_a_half_character_does_not_take_the_next_key_along() -> None:
    assert Terminal().keys(b"\xe4q\xe4\x1b[A") == ["q", "up"]


def test_what_is_pasted_is_no_keys() -> None:
    terminal = Terminal()
    [pasted] = terminal.send(b"\x1b[200~IWM\x1b[A/SPY\x00\x1b[201~")
    assert isinstance(pasted, events.Paste)
    assert pasted.text == "IWM[A/SPY"
    in_pieces = [m for piece in (b"\x1b[20", b"0~q", b"q\x1b[20", b"1~5") for m in terminal.send(piece)]
    assert [
        m.text if isinstance(m, events.Paste) else m.key for m in in_pieces if isinstance(m, events.Paste | events.Key)
    ] == ["qq", "5"]


def test_a_long_paste_over_a_slow_link_stays_a_paste_and_small() -> None:
    terminal = Terminal()
    given = terminal.send(b"\x1b[200~")
    for _ in range(50):
        given += terminal.send(b"q" * 10_000)
        given += terminal.later(0.9)
    given += terminal.send(b"\x1b[201~")
    [pasted] = given
    assert isinstance(pasted, events.Paste)
    assert 50_000 < len(pasted.text) < 150_000


def test_the_mouse_is_where_it_can_be() -> None:
    terminal = Terminal()
    [press] = terminal.send(b"\x1b[<0;12;7M")
    assert isinstance(press, events.MouseDown)
    assert (press.x, press.y) == (11, 6)
    assert terminal.send(b"\x1b[<0;99999;7M") == []
    assert terminal.send(b"\x1b[<0;" + b"9" * 400 + b";7M") == []


def test_a_size_that_no_terminal_has_is_left_out() -> None:
    terminal = Terminal()
    [size] = terminal.send(b"\x1b[48;24;80;480;800t")
    assert isinstance(size, events.Resize)
    assert size.size == (80, 24)
    assert terminal.send(b"\x1b[48;999999;999999;1;1t") == []
    assert terminal.send(b"\x1b[48;24;80;0;0t") != []
    assert terminal.send(b"\x1b[<0;5;5M") == []  # in pixels of none: nowhere


SEEDS = (
    b"q", b"/", "ü−é😀".encode(), b"\x1b", b"\x1b[A", b"\x1bOP", b"\x1b[1;5C", b"\x1b[[B", b"\x1b[200~IWM\x1b[201~",
    b"\x1b[I", b"\x1b[O", b"\x1b[12;40R", b"\x1b[?2026;2$y", b"\x1b[?2048;2$y", b"\x1b[48;24;80;480;800t",
    b"\x1b[<35;40;12M", b"\x1b[<0;1;1m", b"\x1b[M !!", b"\x1b[52;1:3u", b"\x1b[97;2;65u", b"\x1b[57399u",
    b"\x1b]52;c;YQ==\x07", b"\x1bP1$r0m\x1b\\", b"\x1b_Gi=1;OK\x1b\\", b"\x1b[?62;22c", b"\x1b[32;40;12M", b"\x9b5~",
)  # fmt: skip
PARTS = (b"\x1b", b"\x1b[", b"\x1bO", b"[", b";", b":", b"M", b"u", b"t", b"R", b"~", b"999999999999", b"-1", b"\x18")


def noise(chance: random.Random) -> bytes:
    """A sequence that terminals send, cut, doubled and spoilt; or bytes of no meaning at all."""
    if chance.random() < 0.2:
        return chance.randbytes(chance.randint(1, 12))
    piece = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(0, 3)):
        at = chance.randint(0, len(piece))
        match chance.randrange(4):
            case 0:
                piece[at:at] = chance.choice(PARTS)
            case 1:
                del piece[at : at + chance.randint(1, 3)]
            case 2:
                piece[at:at] = chance.randbytes(1)
            case _:
                piece[at:at] = chance.choice(SEEDS)
    return bytes(piece)


def fuzz(count: int, seed: int) -> Terminal:
    """A keyboard that got `count` noisy sequences, in pieces and at times of all kinds; each message was sane."""
    chance = random.Random(seed)
    terminal = Terminal()
    for _ in range(count):
        data = noise(chance)
        cut = chance.randint(0, len(data))
        for piece in (data[:cut], data[cut:]):
            given = terminal.send(piece)
            if chance.random() < 0.1:
                given += terminal.later(chance.choice((0.05, 0.2, 3.0)))
            assert all(is_sane(m) for m in given), data
        del terminal.dropped[1000:]
    return terminal


def still_reads(terminal: Terminal) -> bool:
    """Whether a key counts, once the noise is over."""
    terminal.later()
    terminal.later()
    return terminal.keys(b"5") == ["5"] and terminal.keyboard.wait_s is None


@pytest.mark.whole
def test_noise_ends_nothing() -> None:
    assert still_reads(fuzz(20_000, 1))


@pytest.mark.slow
def test_a_million_noisy_sequences_end_nothing() -> None:
    assert still_reads(fuzz(1_000_000, 2))
