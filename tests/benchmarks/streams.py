"""A flood of trades: from a message on the socket to bytes on the terminal, and what it costs."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe
from rotation_tui.domain.instrument import Kind
from tests.benchmarks.meter import Meter, settle
from tests.benchmarks.rows import Row, median, percentile
from tests.benchmarks.stage import OPEN, Stage
from tests.end_to_end.home import ROOT, price_shown
from tests.terminal.pty_session import PtySession
from tests.upstream.keyed import KEY, SECRET

_RATE = 5000
_MARKED = "IWM"
_FRAME_MS = 250.0
_MOST = 30


class Streamer:
    """The process that streams, and what is asked of it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.port = int(self._answer())

    def tell(self, symbol: str, price: float) -> float:
        """Tell one price; the moment at which it was sent."""
        self._ask(f"{symbol} {price}")
        return float(self._answer())

    def pace(self, share: float) -> int:
        """Stream at this share of the rate; how many listen."""
        self._ask(f"pace {share}")
        return int(self._answer())

    def _ask(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def _streaming(shift_s: float, prices: dict[str, float]) -> Iterator[Streamer]:
    command = [sys.executable, "-m", "tests.benchmarks.streamer", str(shift_s), str(_RATE)]
    told = [f"{symbol}={price}" for symbol, price in prices.items()]
    with subprocess.Popen([*command, *told], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as run:
        try:
            yield Streamer(run)
        finally:
            run.terminate()


def streams(stage: Stage, quick: bool) -> list[Row]:
    """5,000 trades a second of 29 funds, and a thirtieth whose price is followed to the screen."""
    seconds, times = (10.0, 30) if quick else (30.0, 150)
    funds = [i.symbol for i in universe(Config()).instruments if i.kind is Kind.ETF]
    others = [symbol for symbol in funds if symbol != _MARKED][: _MOST - 1]
    shift_s = stage.shift_to(OPEN)
    prices = {symbol: stage.market.last(symbol).price for symbol in others}
    with _streaming(shift_s, prices) as streamer:
        user = stage.user(OPEN, tables=_tables())
        user.config.write_text(
            user.config.read_text().replace(
                "[providers.alpaca]\n", f'[providers.alpaca]\nstream_url = "ws://127.0.0.1:{streamer.port}"\n'
            )
        )
        (user.config.parent / "alpaca.key").write_text(f"{KEY}\n{SECRET}\n")
        with stage.actor(user, draw=True) as actor:
            session = actor.session
            session.wait_until(lambda: streamer.pace(0) == 1, "the program to listen", 60)
            settle(session)
            time.sleep(8)
            resting = Meter(session)
            time.sleep(5)
            idle = resting.read()
            streamer.pace(1)
            time.sleep(3)
            meter = Meter(session)
            time.sleep(seconds)
            cost = meter.read()
            waits = [_wait_ms(session, streamer, n, stage.market.last(_MARKED).price) for n in range(times)]
    p50, p99 = median(waits), percentile(waits, 0.99)
    return [
        Row(
            f"stream, {_RATE:,} messages a second, from the socket to the terminal",
            f"p50 {p50:.0f}, p99 {p99:.0f} ms",
            "p50 at most one frame of 250 ms, p99 two",
            p50 <= _FRAME_MS and p99 <= 2 * _FRAME_MS,
            f"{len(waits)} prints of {_MARKED}, as its digits stand on the emulated screen",
            {"p50_ms": p50, "p99_ms": p99},
        ),
        Row(
            "  CPU",
            f"{cost.cpu_percent:.1f} %",
            "at most 15 % of a core",
            cost.cpu_percent <= 15,
            f"{len(others)} funds move in every frame; without the stream {idle.cpu_percent:.1f} %",
            {"cpu_percent": cost.cpu_percent, "resting_percent": idle.cpu_percent},
        ),
        Row("  bytes", f"{cost.bytes_a_second:.0f} bytes/s in {cost.frames / cost.seconds:.1f} frames/s",
            figures={"bytes_a_second": cost.bytes_a_second}),
    ]  # fmt: skip


def _tables() -> str:
    return "".join(f'[[feeds]]\nprovider = "{name}"\n' for name in ("alpaca", "yahoo", "cboe", "newyorkfed", "fred"))


def _wait_ms(session: PtySession, streamer: Streamer, n: int, near: float) -> float:
    """Milliseconds from a print to its digits on the screen."""
    time.sleep(0.3 + 0.25 * (n % 9) / 9)  # not in step with the pump
    price = round(near * (1 + (n % 2 * 2 - 1) * (0.002 + n / 100_000)), 2)
    sent_at = streamer.tell(_MARKED, price)
    session.wait_until(lambda: price_shown(session.screen_text(), _MARKED) == f"{price:,.2f}", "the price", 10)
    return (time.monotonic() - sent_at) * 1000
