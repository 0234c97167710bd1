"""Tapes as files, for tests: recorded at once, read, and hurt."""

import os
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from rotation_tui.domain.quote import Quote
from rotation_tui.store.market_store import MarketStore, Snapshot
from rotation_tui.tape.frames import Head, NoTape
from rotation_tui.tape.message import HeardMessage, MarketMoment
from rotation_tui.tape.reading import Lost, TapeReading
from rotation_tui.tape.recorder import Recorded, Recorder, TapeRotation
from tests.tape.states import ABOUT, START, SYMBOLS, bars, quote

Write = Callable[[int, bytes], int]


class Session:
    """A store that is recorded, under a clock of its own."""

    def __init__(
        self, path: Path, *, rotation: TapeRotation | None = None, write: Write = os.write, start: datetime = START
    ) -> None:
        self.store, self.now, self.said = MarketStore(), start, list[str]()
        head = Head("0.0", "print", "live", start, ABOUT, ("a note",))
        self.recorder = Recorder(
            path, head, lambda: self.now, lambda: ABOUT, lambda words, _: self.said.append(words), rotation, write
        )
        self.seen: list[MarketMoment] = []

    def begin(self) -> "Session":
        self.store.put_bars([bars(symbol, [100.0 + n for n in range(30)], self.now) for symbol in SYMBOLS])
        self.store.shown_to(self._see)
        self.recorder.start(self.store.snapshot())
        return self

    def _see(self, snapshot: Snapshot) -> None:
        self.seen.append(MarketMoment(self.now, snapshot, ABOUT))
        self.recorder.see(snapshot)

    def tick(self, price: float, **passed: float) -> None:
        """One batch of prices, after so much time."""
        self.now += timedelta(**passed) if passed else timedelta(seconds=1)
        self.store.put_quotes([self.quote(symbol, price + n) for n, symbol in enumerate(SYMBOLS)], self.now)

    def quote(self, symbol: str, price: float) -> Quote:
        return quote(symbol, price, self.now.replace(microsecond=0))

    def end(self) -> Recorded:
        return self.recorder.stop(self.store.snapshot(), self.now)


def recorded(path: Path, ticks: Iterable[float] = range(1, 11), **more: object) -> Session:
    """A whole session in a file."""
    session = Session(path, **more).begin()  # type: ignore[arg-type]
    for price in ticks:
        session.tick(float(price))
    assert session.end().missing_since is None
    return session


def told(path: Path) -> list[HeardMessage | Lost]:
    """Everything that a tape tells."""
    reading = TapeReading(path)
    return list(iter(reading.following, None))


def heard(path: Path) -> list[HeardMessage]:
    return [one for one in told(path) if isinstance(one, HeardMessage)]


def prices(path: Path) -> list[float]:
    """The prices of the first symbol, as they came; none where there is no whole message yet."""
    try:
        moments = heard(path)
    except (NoTape, FileNotFoundError):
        return []
    found = [one.moment.snapshot.quotes[SYMBOLS[0]].price for one in moments if one.moment.snapshot.quotes]
    return [price for n, price in enumerate(found) if not n or price != found[n - 1]]
