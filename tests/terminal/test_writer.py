"""One piece at a time goes to the terminal, and its replies tell how long the way is."""

import os
import signal

import pytest

from rotation_tui.terminal.writer import Acknowledgement, ScreenWriter


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_terminal_that_never_replies_is_soon_asked_no_more() -> None:
    watch = Watch()
    acknowledgement = Acknowledgement(watch)
    for _ in range(3):
        assert acknowledgement.is_wanted
        acknowledgement.ask()
        assert acknowledgement.wait_s > 0
        watch.now += 1.1
        assert acknowledgement.wait_s == 0
    assert not acknowledgement.is_wanted
    assert acknowledgement.round_trip_s is None


def test_a_slow_link_shows_in_the_round_trip_while_the_reply_is_overdue() -> None:
    watch = Watch()
    acknowledgement = Acknowledgement(watch)
    acknowledgement.ask()
    watch.now += 0.2
    acknowledgement.answer()
    assert acknowledgement.round_trip_s == pytest.approx(0.2)
    acknowledgement.ask()
    watch.now += 4
    assert acknowledgement.round_trip_s == pytest.approx(4)
    assert acknowledgement.wait_s == pytest.approx(1)
    watch.now += 5
    assert acknowledgement.wait_s == 0
    acknowledgement.answer()
    assert acknowledgement.round_trip_s == pytest.approx(9)
    assert acknowledgement.is_wanted


def test_a_writer_takes_one_piece_at_a_time_and_keeps_the_error() -> None:
    reading, writing = os.pipe()
    idle: list[bool] = []
    writer = ScreenWriter(writing, lambda: idle.append(True))
    writer.submit(b"x" * 1_000_000)
    with pytest.raises(RuntimeError, match="still being written"):
        writer.submit(b"y")
    assert not writer.drain(0.05)
    got = 0
    while got < 1_000_000:
        got += len(os.read(reading, 65536))
    assert writer.drain(2)
    os.close(reading)
    before = signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    writer.submit(b"y")
    assert writer.drain(2)
    signal.signal(signal.SIGPIPE, before)
    assert isinstance(writer.error, BrokenPipeError)
    writer.submit(b"z")
    assert writer.is_idle
    writer.stop()
    os.close(writing)
