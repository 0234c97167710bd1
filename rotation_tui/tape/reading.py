"""A tape from its beginning to its end, or from any time on: moment after moment, and what of it is lost."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from rotation_tui.tape.frames import FramePlace, NoTape, TapeFile, Unreadable
from rotation_tui.tape.message import SMALL, WHOLE, Glimpse, HeardMessage, Listener, glimpse, held_sum
from rotation_tui.tape.parts import micros, time_of


class Lost(Struct, frozen=True):
    """That what follows from a time on cannot be read, up to the next frame, and why."""

    since: datetime
    why: str


class TapeReading:
    """Reads a tape in order; `seek` goes to another place. To be used by one thread at a time.

    `begins` and `ends` are the first and the last time that can be read. NoTape where there is none, OSError.
    """

    def __init__(self, path: Path) -> None:
        self._tape = TapeFile(path)
        self._listener = Listener()
        self._ready: deque[HeardMessage | Lost] = deque()
        self._frame = 0
        """The frame that is read next."""
        self._heard: HeardMessage | None = None
        self._computed: int | None = None
        self.begins, self.ends = self._span()

    @property
    def frames(self) -> int:
        return len(self._tape.places)

    def following(self, sought: datetime | None = None) -> HeardMessage | Lost | None:
        """What comes next, None at the end. Where all up to a time is `sought`, frames are passed over that change
        nothing but what the frame behind them tells again.
        """
        while not self._ready:
            if sought is not None:
                self._pass_over(micros(sought))
            if self._frame >= len(self._tape.places):
                return None
            self._ready.extend(self._read(self._tape.places[self._frame]))
            self._frame += 1
        found = self._ready.popleft()
        if isinstance(found, HeardMessage):
            self._heard = found
            if found.studied is not None:
                self._computed = found.studied.at
            elif found.kind in (WHOLE, SMALL):
                self._computed = None if found.computed_at is None else micros(found.computed_at)
        return found

    @property
    def is_at_hand(self) -> bool:
        """Whether what comes next needs no disk."""
        return bool(self._ready) or self._frame >= len(self._tape.places)

    def seek(self, at: datetime) -> bool:
        """Go on from the newest place before a time at which one can begin; what is behind is read with `sought`.

        False where that is ahead of what was read last, so that reading goes on from there.
        """
        told = micros(at)
        begins = [n for n, place in enumerate(self._tape.places) if place.mark.head is not None]
        first = next((n for n in reversed(begins) if self._tape.places[n].mark.at <= told), begins[0] if begins else 0)
        current = None if self._heard is None else self._heard.moment.at
        if current is not None and current <= at and first < self._frame:
            return False  # nothing begins anew in between
        self._listener, self._heard, self._computed = Listener(), None, None
        self._ready.clear()
        self._frame = first
        return True

    def _pass_over(self, sought: int) -> None:
        places = self._tape.places
        while self._heard is not None and self._frame + 1 < len(places):
            behind = places[self._frame + 1]
            if behind.mark.at > sought or behind.mark.head is not None:
                return
            there = self._glimpse(behind)
            if there is None or there.kind != SMALL or there.computed_at != self._computed:
                return
            if there.held != held_sum(self._heard.moment.snapshot):
                return
            self._frame += 1

    def _glimpse(self, place: FramePlace) -> Glimpse | None:
        """What the first message of a frame has of what it leaves out; None where it cannot be read."""
        told = next(self._tape.messages(place), None)
        if not isinstance(told, bytes):
            return None
        try:
            return glimpse(told)
        except (msgspec.MsgspecError, ValueError):
            return None

    def _read(self, place: FramePlace) -> Iterator[HeardMessage | Lost]:
        since, read = time_of(place.mark.at), 0
        for told in self._tape.messages(place):
            if isinstance(told, Unreadable):
                self._listener.lose()
                yield Lost(since, told.why)
                return
            try:
                heard = self._listener.hear(told)
            except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as fault:
                self._listener.lose()
                yield Lost(since, f"it says what cannot be: {str(fault)[:100]}")
                return
            read += 1
            if heard is not None:
                since = heard.moment.at
                yield heard
        if not read:
            yield Lost(since, "it has no whole message")

    def _span(self) -> tuple[datetime, datetime]:
        places = self._tape.places
        begins = time_of(places[0].mark.at)
        listener, self._listener = self._listener, Listener()
        for place in reversed(places):
            self._listener = Listener()
            times = [found.moment.at for found in self._read(place) if isinstance(found, HeardMessage)]
            if times:
                self._listener = listener
                return begins, times[-1]
        raise NoTape("nothing of the tape can be read")
