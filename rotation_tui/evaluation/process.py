"""The process of the studies: `python -m rotation_tui.evaluation.process LEVEL`, questions in and results out by pipes.

It ends with its input, whatever it is doing: so nothing of it outlives the monitor, however that ends. It has
nothing but its pipes, and logs through them.
"""

import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable

import msgspec

from rotation_tui import __version__
from rotation_tui.domain.bars import Bars
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.results import Studies
from rotation_tui.domain.session import nyse
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.evaluate import evaluate
from rotation_tui.evaluation.question import Question
from rotation_tui.evaluation.wire import (
    ASKED,
    HEAD,
    LONGEST,
    Ask,
    Failed,
    GivenBars,
    GivenSeries,
    Logged,
    Ready,
    Results,
    Sent,
    Told,
    Unpacker,
    framed,
)
from rotation_tui.store.market_store import BarsKey, Snapshot

_log = logging.getLogger(__name__)

_UNREADABLE = 3
"""Exit code where what comes in is no question of this version."""


class Reckoner:
    """What was given so far, and the answers that follow from it."""

    def __init__(self) -> None:
        self._bars: dict[BarsKey, Bars] = {}
        self._series: dict[str, Observations] = {}
        self._unpacker = Unpacker()
        self._auditor = Auditor()
        self._told_by_hand: tuple[object, ...] = ()

    def take(self, given: Sent) -> Told | None:
        """Keep a history, or answer a question."""
        if isinstance(given, GivenBars):
            self._bars[given.symbol, given.basis] = self._unpacker.bars(given)
            return None
        if isinstance(given, GivenSeries):
            self._series[given.series_id] = self._unpacker.series(given)
            return None
        for key in given.gone:
            self._bars.pop(key, None)
        for series_id in given.gone_series:
            self._series.pop(series_id, None)
        return self._answer(given)

    def _answer(self, ask: Ask) -> Results | Failed:
        if self._told_by_hand != (ask.consensus, ask.skip):
            self._told_by_hand = ask.consensus, ask.skip
            self._auditor = Auditor(ask.consensus, ask.skip)
        snapshot = Snapshot(
            bars=self._bars,
            observations=self._series,
            missing=ask.missing,
            quarantined=ask.quarantined,
            documents={document.id: document for document in ask.documents},
            studies=Studies(fundamentals=ask.fundamentals, portfolio=ask.portfolio),
        )
        question = Question(snapshot, ask.universe, nyse(), ask.rules, ask.now, ask.as_of, ask.cut_at, ask.told)
        try:
            return Results(evaluate(question, self._auditor))
        except Exception as fault:  # whatever it is, the monitor is told and the process can be asked again
            _log.exception("studies failed")
            return Failed(f"{type(fault).__name__}: {fault}")


class _ToMonitor(logging.Handler):
    """Sends what is logged over the pipe: the file is the monitor's, and it rotates."""

    def __init__(self, tell: Callable[[Told], None]) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(Logged(record.name, record.levelno, self.format(record)))


def _read(source: int, asked: "queue.SimpleQueue[Sent]") -> None:
    """Put what comes in into the queue; with its end the process ends, in the middle of a study as well."""
    code = 0
    try:
        with os.fdopen(source, "rb") as stream:
            while len(head := stream.read(HEAD.size)) == HEAD.size:
                (length,) = HEAD.unpack(head)
                body = stream.read(min(length, LONGEST))
                if len(body) < length:
                    break
                asked.put(ASKED.decode(body))
    except (OSError, msgspec.MsgspecError) as fault:
        os.write(2, f"cannot read what is asked: {fault}\n".encode())
        code = _UNREADABLE
    os._exit(code)


def main() -> None:
    """Answer questions until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl+c is the monitor's
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what is printed by mistake is no answer
    lock = threading.Lock()

    def tell(message: Told) -> None:
        with lock, os.fdopen(os.dup(sink), "wb") as stream:
            stream.writelines(framed(message))

    logging.basicConfig(level=int(sys.argv[1]), handlers=[_ToMonitor(tell)], format="%(message)s")
    logging.captureWarnings(True)
    asked: queue.SimpleQueue[Sent] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(source, asked), daemon=True).start()
    try:
        tell(Ready(__version__))
        _load()
        reckoner = Reckoner()
        while True:
            if (told := reckoner.take(asked.get())) is not None:
                tell(told)
    except BrokenPipeError:  # nobody is left to be told
        os._exit(0)


def _load() -> None:
    """Import what every question needs, while the histories are on their way."""
    import rotation_tui.checks.drivers
    import rotation_tui.checks.evaluate
    import rotation_tui.evaluation.breadth
    import rotation_tui.evaluation.papers
    import rotation_tui.studies.breadth
    import rotation_tui.studies.fundamentals
    import rotation_tui.studies.leaderboard
    import rotation_tui.studies.rotation_history
    import rotation_tui.studies.spreads
    import rotation_tui.studies.tickers
    import rotation_tui.studies.verdict  # noqa: F401


if __name__ == "__main__":
    main()
