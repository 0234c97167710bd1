"""A slow link is told by several replies in a row, a fast one by a long time without a slow one."""

import pytest

from rotation_tui.terminal.bandwidth import CALM_S, FAST_REPLIES, Bandwidth


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal:
    """Replies to frames that are ten seconds apart."""

    def __init__(self, setting: str = "auto") -> None:
        self.watch = Watch()
        self.bandwidth = Bandwidth(setting, self.watch)
        self._replies = 0

    def replies(self, *seconds: float) -> list[str]:
        told = []
        for round_trip in seconds:
            self.watch.now += 10
            self._replies += 1
            told += [self.bandwidth.observe(self._replies, round_trip)] * 2  # the pump looks again before the next one
        return [words for words in told[::2] if words is not None]


def test_three_slow_replies_in_a_row_spare_the_link_and_say_why() -> None:
    terminal = Terminal()
    assert terminal.replies(0.9, 30, 0.2, 0.9, 0.9, 0.5) == []
    assert not terminal.bandwidth.low_bandwidth
    (words,) = terminal.replies(0.9, 1.2, 1.4)
    assert terminal.bandwidth.low_bandwidth
    assert "3 frames in a row took over 0.7 s, the last one 1.4 s" in words
    assert terminal.replies(5, 5, 5) == []


def test_a_reply_counts_once() -> None:
    terminal = Terminal()
    for _ in range(9):
        assert terminal.bandwidth.observe(1, 4.0) is None
    assert not terminal.bandwidth.low_bandwidth


def test_a_terminal_that_never_replies_tells_nothing() -> None:
    terminal = Terminal()
    assert [terminal.bandwidth.observe(0, None) for _ in range(9)] == [None] * 9


def test_the_link_must_be_fast_for_long_and_longer_each_time_it_was_not() -> None:
    terminal = Terminal()
    calm = int(CALM_S / 10)
    terminal.replies(1, 1, 1)
    assert terminal.replies(*[0.1] * calm, 0.5, *[0.1] * calm) == []
    assert terminal.bandwidth.low_bandwidth
    (words,) = terminal.replies(0.1)
    assert not terminal.bandwidth.low_bandwidth
    assert "2 min" in words
    terminal.replies(1, 1, 1)
    assert terminal.replies(*[0.1] * 2 * calm) == []
    assert terminal.bandwidth.low_bandwidth
    assert len(terminal.replies(0.1)) == 1


def test_time_alone_is_no_evidence_of_a_fast_link() -> None:
    terminal = Terminal()
    terminal.replies(1, 1, 1, 0.1)
    terminal.watch.now += 10 * CALM_S
    assert terminal.replies(*[0.1] * (FAST_REPLIES - 2)) == []
    assert len(terminal.replies(0.1)) == 1


@pytest.mark.parametrize(("setting", "low"), [("on", True), ("off", False)])
def test_what_was_asked_for_stays(setting: str, low: bool) -> None:
    terminal = Terminal(setting)
    for round_trip in (9.0, 0.01):
        assert terminal.replies(*[round_trip] * 50) == []
        assert terminal.bandwidth.low_bandwidth == low


def test_a_link_that_is_spared_carries_a_frame_a_second() -> None:
    terminal = Terminal("on")
    let_go = []
    for _ in range(12):
        terminal.watch.now += 0.25
        let_go.append(terminal.bandwidth.may_draw())
    assert let_go == [True, False, False, False] * 3
    assert all(Terminal("off").bandwidth.may_draw() for _ in range(9))
