"""The tape on the screen: plays as fast as asked, stands, steps and goes elsewhere, while keys are answered at once."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, tzinfo

from rotation_tui.app.playback import Playback
from rotation_tui.app.setup import Run
from rotation_tui.app.summing_up import SummingUp
from rotation_tui.domain.clock import ReplayClock
from rotation_tui.domain.feed import Event
from rotation_tui.domain.session import EASTERN
from rotation_tui.tape.message import WHOLE, HeardMessage
from rotation_tui.tape.when import NoTime, moment_in
from rotation_tui.widgets.cells import Row, Span, fit, width_of

SPEEDS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1000, 3600)
_SLICE_S = 0.02
"""So long it plays before keys and frames come in between."""
_HINTS = (
    (";", "pause"), ("<>", "speed"), ("@", "time"), ("()", "event"), ("{}", "minute"), ("'", "step"), ("?", "keys"),
)  # fmt: skip
_SILENCE = timedelta(minutes=5)
"""Where nothing comes for so long, it goes on with what comes then: a night takes no time."""


class Player:
    """Plays into a run from `begin` on. Each key's method returns what is to be said at once."""

    def __init__(self, run: Run, playback: Playback, speed: float = 1.0, at: datetime | None = None) -> None:
        assert isinstance(run.clock, ReplayClock)
        self._run = run
        self._clock = run.clock
        self._playback = playback
        self._summing_up = SummingUp(playback)
        self._speed = speed
        self._plays = True
        self._over = self._summed_up = False
        self._wake = asyncio.Event()
        self._wanted: Callable[[], Awaitable[None]] | None = None if at is None else lambda: self._go(at)
        self._studied = 0

    async def run(self) -> None:
        """Play for ever; ends only by cancellation."""
        await self._playback.take_first()
        while True:
            if (wanted := self._wanted) is not None:
                self._wanted, self._over = None, False
                self._clock.run(0)
                await wanted()
                self._look()
            elif self._plays and not self._over:
                await self._play()
            else:
                self._clock.run(0)
                await self._wake.wait()
            self._wake.clear()

    def pause(self) -> str:
        """Stand, or go on; at the end it begins anew."""
        if self._over:
            self._plays = True
            return self._do(lambda: self._go(self._playback.begins), "from the beginning")
        self._plays = not self._plays
        self._clock.run(self._speed if self._plays else 0)
        self._wake.set()
        return (
            f"goes on, {_times(self._speed)}"
            if self._plays
            else f"stands at {self._told(self._clock.now())}; ; goes on"
        )

    def faster(self, step: int) -> str:
        """The next speed up or down."""
        speeds = sorted({*SPEEDS, self._speed})
        at = min(max(speeds.index(self._speed) + step, 0), len(speeds) - 1)
        if speeds[at] == self._speed:
            return f"{_times(self._speed)} is the {'fastest' if step > 0 else 'slowest'} there is"
        self._speed = speeds[at]
        if self._plays:
            self._clock.run(self._speed)
        self._wake.set()
        return f"{_times(self._speed)}{'' if self._plays else ', once it goes on'}"

    def step(self) -> str:
        """Show what comes next, and stand."""
        self._plays = False
        return self._do(self._next, "the next state, and stands")

    def by(self, seconds: float) -> str:
        """Go so far on, or back."""
        at = self._within(self._clock.now() + timedelta(seconds=seconds))
        return self._do(lambda: self._go(at), f"to {self._told(at)}")

    def to(self, text: str) -> str:
        """Go to a time as it was typed."""
        try:
            at = moment_in(text, self._playback.begins, self._playback.ends)
        except NoTime as fault:
            return str(fault)
        return self._do(lambda: self._go(at), f"to {self._told(at)}")

    def event(self, step: int) -> str:
        """Go to the next event, or to the one before."""
        if step > 0:
            return self._do(self._next_event, "to the next event")
        now = self._clock.now()
        earlier = [e.at for e in self._run.store.snapshot().events if self._playback.begins <= e.at < now]
        if not earlier:
            return "there is no event before"
        at = earlier[-1]
        return self._do(lambda: self._go(at), f"to the event of {self._told(at)}")

    def line(self, width: int, zone: tzinfo = EASTERN, written: Callable[[str], str] = str) -> Row:
        """Where it is on the tape, as the last line shows it, with the keys as they are `written`."""
        begins, ends, now = self._playback.begins, self._playback.ends, self._clock.now()
        share = min(max((now - begins) / (ends - begins), 0.0), 1.0) if ends > begins else 1.0
        sign = "end" if self._over else f"{self._speed:g}x" if self._plays else "stands"
        near = f" {self._told(now, zone)} {sign} "
        far = f" {share:4.0%} of {self._told(begins, zone)[:-3]}-{self._told(ends, zone)[:-3]}"
        room = width - len(near) - len(far)
        bar = max(0, min(30, room // 3))
        full = round(share * bar)
        spans = [Span(near, "bright"), Span("━" * full, "watch"), Span("─" * (bar - full), "faint"), Span(far, "text")]
        for keys, word in _HINTS:
            shown = " ".join(written(key) for key in keys)
            if width_of((*spans, Span(f"  {shown} {word}"))) > width:
                break
            spans += [Span(f"  {shown} ", "key"), Span(word, "dim")]
        return fit(tuple(spans), width)

    def _told(self, at: datetime, zone: tzinfo = EASTERN) -> str:
        local, first = at.astimezone(zone), self._playback.begins.astimezone(zone)
        return f"{local:%H:%M:%S}" if local.date() == first.date() else f"{local:%Y-%m-%d %H:%M:%S}"

    def _within(self, at: datetime) -> datetime:
        return min(max(at, self._playback.begins), self._playback.ends)

    def _do(self, what: Callable[[], Awaitable[None]], said: str) -> str:
        self._wanted = what
        self._wake.set()
        return said

    async def _go(self, at: datetime) -> None:
        await self._playback.seek(at)

    async def _next(self) -> None:
        if await self._playback.peek() is None:
            self._end()
        else:
            await self._playback.take()

    async def _next_event(self) -> None:
        """Play, unseen, until there is another event."""
        before, ends = self._run.store.snapshot().events, time.monotonic() + _SLICE_S
        while await self._playback.peek() is not None:
            await self._playback.take(lazily=True)
            new = self._run.store.snapshot().events[-1:]
            if new and new != before[-1:]:
                break
            if self._wanted is not None:
                return
            if time.monotonic() >= ends:
                await asyncio.sleep(0)
                ends = time.monotonic() + _SLICE_S
        await self._playback.settle()

    async def _play(self) -> None:
        """Play until something else is wanted."""
        self._clock.run(self._speed)
        ends = time.monotonic() + _SLICE_S
        while self._wanted is None and self._plays:
            found = await self._playback.peek()
            if found is None:
                self._end()
                return
            if isinstance(found, HeardMessage) and not self._follows_at_once(found):
                self._clock.until(found.moment.at)
                left = self._clock.seconds_to(found.moment.at)
                if left is None or (left > 0 and await self._woken(left)):
                    return
            await self._playback.take()
            self._look()
            self._clock.run(self._speed if self._plays else 0)
            if time.monotonic() >= ends:
                await asyncio.sleep(0)
                ends = time.monotonic() + _SLICE_S

    def _follows_at_once(self, found: HeardMessage) -> bool:
        """Whether it is of a later session, or follows on silence."""
        return found.kind == WHOLE or found.moment.at - self._clock.now() > _SILENCE

    async def _woken(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._wake.wait()
        return False

    def _look(self) -> None:
        if self._playback.studied != self._studied:
            self._studied = self._playback.studied
            self._summing_up.look(self._run.board())

    def _end(self) -> None:
        """Stand, and say what happened where it was not said before."""
        self._over = True
        if not self._summed_up:
            self._summed_up = True
            for sentence in self._summing_up.sentences(self._run.board()):
                self._run.store.put_event(Event(self._clock.now(), f"tape: {sentence}"))


def _times(speed: float) -> str:
    return "as fast as it was" if speed == 1 else f"{speed:g} times as fast"
