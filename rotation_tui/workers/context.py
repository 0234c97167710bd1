"""What the loops of all feeds share while the desk is open, each part with one writer."""

from collections.abc import Set
from typing import Self

from msgspec import Struct

from rotation_tui.workers.doubts import Doubts
from rotation_tui.workers.given import Followed, Given
from rotation_tui.workers.health import Health
from rotation_tui.workers.histories import Histories
from rotation_tui.workers.tap import Tapping
from rotation_tui.workers.wakes import Wakes


class Context(Struct, frozen=True):
    """What a desk works with, and the books that it keeps; each is written by its own methods alone."""

    given: Given
    followed: Followed
    wakes: Wakes
    health: Health
    doubts: Doubts
    histories: Histories
    tap: Tapping

    @classmethod
    def of(cls, given: Given, followed: Followed) -> Self:
        """A context in which nothing has happened yet."""
        wakes, histories = Wakes(given.feeds), Histories(followed)
        health, doubts = Health(given, followed, wakes), Doubts(given, followed, wakes, histories)
        return cls(given, followed, wakes, health, doubts, histories, Tapping(given.tap, given.tell))

    def forget(self, symbols: Set[str]) -> None:
        """Let go of all that was told of symbols which nobody follows any more."""
        for feed in self.given.feeds:
            feed.forget(symbols)
        self.histories.forget(symbols)
        self.doubts.forget(symbols)
        self.given.store.forget(symbols)
