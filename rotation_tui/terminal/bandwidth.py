"""Whether the link to the terminal is to be spared: as it was asked for, or as the terminal's replies show.

A frame ends with a question, and the reply tells how long the way there and back took. Only the last of several
frames in a row decides: one alone may have waited for a laptop that slept.
"""

import math
import time
from collections.abc import Callable
from typing import Final

BETWEEN_FRAMES_S: Final = 0.95
"""How long a screen stands at the least on a link that is spared: a second, less what a timer's beat may come early."""

SLOW_S: Final = 0.7
"""A round trip from which on a reply is slow; links around the world take 0.3 s, satellites 0.6 s."""
FAST_S: Final = 0.3
"""Up to here it is fast; less than half of the other, for frames in all colours are up to twice as long."""
SLOW_REPLIES: Final = 3
CALM_S: Final = 120.0
"""How long every reply must have been fast before the link is taken for fast again."""
FAST_REPLIES: Final = 10
_LONGEST_CALM_S: Final = 3600.0


class Bandwidth:
    """Keeps `low_bandwidth`.

    With the setting "auto" the link must have been fast twice as long as the time before, each time that it turned out
    slow again, for a change of mind draws the whole screen.
    """

    def __init__(self, setting: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.low_bandwidth = setting == "on"
        self._by_itself = setting == "auto"
        self._clock = clock
        self._calm_s = CALM_S
        self._seen = 0
        self._slow = 0
        self._fast = 0
        self._fast_since = 0.0
        self._drawn_at = -math.inf

    def may_draw(self) -> bool:
        """Whether a frame of what moved may go now; one that is let go counts as gone."""
        now = self._clock()
        if self.low_bandwidth and now - self._drawn_at < BETWEEN_FRAMES_S:
            return False
        self._drawn_at = now
        return True

    def observe(self, replies: int, round_trip_s: float | None) -> str | None:
        """Take the terminal's newest reply, told by their number; returns what was chosen and why, None where
        nothing was.
        """
        if not self._by_itself or replies == self._seen or round_trip_s is None:
            return None
        self._seen = replies
        self._count(round_trip_s)
        if not self.low_bandwidth and self._slow >= SLOW_REPLIES:
            self.low_bandwidth = True
            return (
                f"slow link: {self._slow} frames in a row took over {SLOW_S} s, the last one {round_trip_s:.1f} s; "
                "now one frame a second, 16 colours, no marks"
            )
        calm_s = self._clock() - self._fast_since
        if self.low_bandwidth and self._fast >= FAST_REPLIES and calm_s >= self._calm_s:
            self.low_bandwidth = False
            self._calm_s = min(2 * self._calm_s, _LONGEST_CALM_S)
            return (
                f"fast link: for {calm_s / 60:.0f} min no frame took over {FAST_S} s; all colours and frames are back"
            )
        return None

    def _count(self, round_trip_s: float) -> None:
        self._slow = self._slow + 1 if round_trip_s > SLOW_S else 0
        if round_trip_s > FAST_S:
            self._fast = 0
        else:
            if self._fast == 0:
                self._fast_since = self._clock()
            self._fast += 1
