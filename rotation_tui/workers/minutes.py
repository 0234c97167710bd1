"""One feed's prices of minutes: asked for while somebody looks at them, and not at all otherwise."""

from collections.abc import Set
from datetime import datetime, timedelta

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.minutes import STEPS, Glance, Minutes
from rotation_tui.domain.session import Phase
from rotation_tui.providers.base import BadReply, HasMinutes, ProviderFault, UnknownSymbol
from rotation_tui.workers.context import Context
from rotation_tui.workers.feed import MISSING_FOR, Feed, Job
from rotation_tui.workers.loop import Loop
from rotation_tui.workers.moves import bounds_of

_NOBODY_LOOKS = timedelta(hours=1)


class MinutesLoop(Loop[HasMinutes]):
    """Asks one feed for what is in sight and falls to it, a row at a time while the exchange trades."""

    asks = HasMinutes
    job = Job.MINUTES
    live = True

    def __init__(self, feed: Feed, source: HasMinutes, context: Context) -> None:
        super().__init__(feed, source, context)
        self._due: dict[Glance, datetime] = {}
        self._generation = context.wakes.generation

    def look(self) -> None:
        """What is in sight has changed."""
        self._wake.set()

    def wanted(self) -> tuple[Glance, ...]:
        """What is in sight, due, and given by no earlier feed that works."""
        now = self._now()
        return tuple(glance for glance in self._mine(now) if self._due.get(glance, now) <= now)

    def pending(self) -> bool:
        """Whether something is in sight that was never asked for."""
        return any(glance not in self._due for glance in self._mine(self._now()))

    def forget(self, symbols: Set[str]) -> None:
        self._due = {glance: due for glance, due in self._due.items() if glance.symbol not in symbols}

    def _mine(self, now: datetime) -> list[Glance]:
        return [
            glance
            for glance in self._context.followed.glances
            if self._feed.offers_minutes(glance)
            and not self._feed.lacks(glance.name, now)
            and not any(
                f.able(self.job) and f.offers_minutes(glance) and not f.lacks(glance.name, now)
                for f in self._given.earlier(self._feed)
            )
        ]

    async def _round(self) -> datetime:
        if self._generation != self._context.wakes.generation:  # refresh means now
            self._generation = self._context.wakes.generation
            self._due.clear()
        for glance in self.wanted():
            if self._feed.rests_until(self.job, self._now()) is not None:
                break
            await self._ask(glance)
            self._context.health.publish(self._feed)
        self._context.doubts.tell()
        now = self._now()
        rests = self._feed.rests_until(self.job, now)
        dues = [self._due[glance] for glance in self._mine(now) if glance in self._due]
        lacked = (self._feed.missing.get(glance.name) for glance in self._context.followed.glances)
        dues += [until for _, until in filter(None, lacked)]
        return rests or min(dues, default=now + _NOBODY_LOOKS * self._given.cadence.speed)

    async def _ask(self, glance: Glance) -> None:
        feed, generation = self._feed, self._context.wakes.generation
        feed.asked = True
        try:
            instrument = Instrument.of(glance.symbol)
            minutes = self._seen(await self._source.minutes(instrument, glance.days, self._now()))
            _check(minutes)
        except ProviderFault as fault:
            if fault.pause_s is None and isinstance(fault, UnknownSymbol | BadReply):
                feed.lacking(glance.name, str(fault), self._now() + MISSING_FOR)
            else:
                feed.failed(self.job, fault, self._now(), self._given.cadence)
            self._context.wakes.later(feed)
            return
        feed.answered(self.job, self._now(), {}, (glance.name,))
        self._due[glance] = self._next(glance)
        if generation == self._context.wakes.generation and glance in self._context.followed.glances:
            self._given.store.put_minutes(glance, minutes)

    def _next(self, glance: Glance) -> datetime:
        """A row later while there is trading, as far as the budget of the feed allows; else when it begins again."""
        now, cadence, calendar = self._now(), self._given.cadence, self._given.calendar
        state = calendar.state(now)
        if state.phase is Phase.CLOSED:
            return state.next_change
        due = max(cadence.next_poll(now, calendar), now + timedelta(seconds=STEPS[glance.days]) * cadence.speed)
        return cadence.paced(due, now, self._feed.provider.requests_last_hour(), self._feed.budget_per_hour)


def _check(minutes: Minutes) -> None:
    low, high = bounds_of(minutes.symbol)
    odd = next((close for close in minutes.closes if not low <= close <= high), None)
    if odd is not None:
        raise BadReply(f"{minutes.source}: {odd:,.2f}, and {minutes.symbol} lies between {low:g} and {high:g}")
