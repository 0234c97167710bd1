"""Who looks for work now instead of later."""

import asyncio
from collections.abc import Iterable

from rotation_tui.workers.feed import Feed


class Wakes:
    """The events that cut the sleep of loops short.

    `generation` moves with every refresh; an answer to a question of an older generation is dropped. `bars_moved` is
    set where studies are due.
    """

    def __init__(self, feeds: Iterable[Feed]) -> None:
        self.bars_moved = asyncio.Event()
        self._events: dict[str, list[asyncio.Event]] = {feed.name: [] for feed in feeds}
        self._orders = {feed.name: feed.order for feed in feeds}
        self._generation = 0

    @property
    def generation(self) -> int:
        """How many refreshes there have been."""
        return self._generation

    def refresh(self) -> None:
        """Make everybody ask anew; what is under way is of the past."""
        self._generation += 1
        self.everybody()

    def everybody(self) -> None:
        """Make all loops look for work now."""
        for name in self._events:
            self._set(name)

    def feed(self, feed: Feed) -> None:
        """Make all loops of one feed look for work now."""
        self._set(feed.name)

    def later(self, feed: Feed) -> None:
        """Make the feeds behind `feed` look for work that it left."""
        for name, order in self._orders.items():
            if order > feed.order:
                self._set(name)

    def event_of(self, feed: Feed) -> asyncio.Event:
        """A new event by which one loop of `feed` is woken."""
        event = asyncio.Event()
        self._events[feed.name].append(event)
        return event

    def _set(self, name: str) -> None:
        for event in self._events[name]:
            event.set()
