"""How the sources are doing, in words that end on the screen."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class FeedState(StrEnum):
    """LIVE answers; LATE is due and has not; DEGRADED answers in part; DOWN does not answer; OFF is not asked."""

    LIVE = "LIVE"
    LATE = "LATE"
    DEGRADED = "DEGRADED"
    DOWN = "DOWN"
    OFF = "OFF"


class FeedHealth(Struct, frozen=True):
    """State of one feed. `fault` is a sentence; `retry_at` says when it is asked again."""

    name: str
    state: FeedState
    last_success: datetime | None = None
    fault: str | None = None
    requests_last_hour: int = 0
    budget_per_hour: int | None = None
    retry_at: datetime | None = None


class Event(Struct, frozen=True):
    """Something that happened and is worth a line: a feed went down, a record was made."""

    at: datetime
    text: str
    severity: str = "info"  # info, watch, alert
