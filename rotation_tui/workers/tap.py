"""A tap: a callable of somebody else that sees every reply on its way to the store."""

import logging
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from rotation_tui.workers.feed import Feed

_log = logging.getLogger(__name__)


class Tapped(Struct, frozen=True):
    """What a feed has answered, as it came and before it is judged.

    `reply` is what the source's method gave: a QuoteReply, a SeriesReply, a tuple of Bars, or what `job` is about;
    None where nobody has filed a figure.
    """

    feed: str
    job: str
    at: datetime
    reply: object


Tap = Callable[[Tapped], None]
"""Called on the loop's thread, so it must be quick; what it raises is told, and ends nothing."""


class Tapping:
    """The tap of a desk, with all that it may do wrong."""

    def __init__(self, tap: Tap | None, tell: Callable[[str, str], None]) -> None:
        self._tap = tap
        self._tell = tell
        self._fails = False

    def see(self, feed: Feed, job: str, at: datetime, reply: object) -> None:
        """Show a reply to the tap; the first of several faults in a row is an event."""
        if self._tap is None:
            return
        try:
            self._tap(Tapped(feed.name, job, at, reply))
        except Exception as fault:  # of somebody else: the board goes on without it
            if not self._fails:
                _log.exception("the tap failed", exc_info=fault)
                self._tell(f"tap: {type(fault).__name__}: {fault}"[:160], "alert")
            self._fails = True
        else:
            self._fails = False
