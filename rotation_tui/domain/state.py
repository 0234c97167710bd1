"""How far a value can be trusted."""

from enum import StrEnum


class State(StrEnum):
    """From a price of now to none at all (METHODOLOGY.md#states)."""

    LIVE = "LIVE"
    DELAYED = "DELAYED"
    CLOSED = "CLOSED"
    STALE = "STALE"
    UNKNOWN = "UNKNOWN"
