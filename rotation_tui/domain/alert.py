"""The words of alerts: what is watched for, to whom it is told, and what has been told."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

SCREEN, BELL, DESKTOP = "screen", "bell", "desktop"
ON_TERMINAL = (SCREEN, BELL, DESKTOP)
"""Channels that need no table of their own: whatever monitor runs, or is started next, tells by them."""

_Name = Annotated[str, Meta(min_length=1, max_length=60)]
_Condition = Annotated[str, Meta(min_length=1, max_length=200)]
_Words = Annotated[str, Meta(max_length=20)]


class Alert(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An alert: a condition on the board, and when and to whom it is told."""

    name: _Name
    """What it is called; no two alerts have one name."""
    when: _Condition
    """The condition, in the board's own words; METHODOLOGY.md has its grammar."""
    back: float | None = None
    """For > >= < <=: how far the value must come back before it can be told again; the limit where left out."""
    confirm: _Words = ""
    """How long it must hold first: a number of revisions of the board, as "3 revisions", or a time, as "2m"."""
    rest: _Words = "5m"
    """Time after it was told in which it is not told again."""
    quiet: _Words = ""
    """Hours of your own day in which it is not told, as "22:00-07:00"; what still holds is told at their end."""
    sessions: tuple[Literal["PRE", "OPEN", "POST", "CLOSED"], ...] = ("PRE", "OPEN", "POST", "CLOSED")
    """Phases of the market in which it is told: PRE, OPEN, POST, CLOSED."""
    repeat: Literal["every", "once"] = "every"
    """Told every time it comes true, or once and never again."""
    severity: Literal["info", "watch", "alert"] = "alert"
    """How loud its line among the events is: info, watch, alert."""
    to: tuple[_Name, ...] = (SCREEN,)
    """Where it is told: screen (a line among the events), bell, desktop, or a table of [channels] by name."""
    note: Annotated[str, Meta(max_length=200)] = ""
    """Words of yours that are told with it."""


class ChannelSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A way out of the terminal."""

    kind: Literal["ntfy", "slack", "discord", "json", "command", "apprise"]
    """What is at its end: ntfy, slack, discord, json (a POST of the alert), command, apprise."""
    url: str | None = None
    """Where it is sent; never shown nor logged. For apprise one of its addresses."""
    command: tuple[str, ...] = ()
    """command: program and arguments, run without a shell; the alert and its row are JSON on its standard input."""
    timeout_s: Annotated[float, Meta(gt=0, le=300)] = 10
    """Seconds until a request or a command counts as failed."""
    max_per_hour: Annotated[int, Meta(ge=1, le=3600)] = 60
    """Alerts an hour at the most; what is beyond them waits."""


class Firing(Struct, frozen=True):
    """An alert that has come true: `words` say of what and how far, `row` is the board's row that it was read from.

    `value` is what was read, None where that it is unknown is what is told. `id` is another one for each firing.
    """

    id: str
    alert: str
    at: datetime
    words: str
    when: str = ""
    value: float | str | bool | None = None
    note: str = ""
    severity: str = "alert"
    to: tuple[str, ...] = ()
    row: dict[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """All of it in one line; one that is called by its condition has that in its words."""
        return (self.words if self.alert == self.when else f"{self.alert}: {self.words}") + (
            f" ({self.note})" if self.note else ""
        )


class RuleState(Struct, frozen=True):
    """What a rule remembers of the boards before, kept on disk.

    `armed` is whether it may be told, `last` the value that was told or seen last, `fired_at` when it was told,
    `since` when that had begun to hold, `spent` that it is never told again. `when` is the condition that this is of:
    another one starts anew.
    """

    when: str = ""
    armed: bool = True
    last: float | str | bool | None = None
    fired_at: datetime | None = None
    spent: bool = False
    since: datetime | None = None


class Delivery(StrEnum):
    """Where a firing stands with one channel.

    FIRED waits to be sent; CLAIMED is with a program that is sending it; SENT was; LOST was not, or nobody knows.
    """

    FIRED = "fired"
    CLAIMED = "claimed"
    SENT = "sent"
    LOST = "lost"


class Sending(Struct, frozen=True):
    """Where a firing stands with one channel: how often it was tried, and not before when again."""

    state: Delivery = Delivery.FIRED
    at: datetime | None = None
    tries: int = 0
    not_before: datetime | None = None
    why: str = ""


class Way(Sending, frozen=True):
    """The same, with the program that has it: its number, and when that was started."""

    by: int = 0
    started: str = ""


class Notice(Struct, frozen=True):
    """A firing, and where it stands with each of its channels."""

    firing: Firing
    ways: dict[str, Way]

    @property
    def waits(self) -> bool:
        """Whether anything of it is still to be sent, or under way."""
        return any(way.state in (Delivery.FIRED, Delivery.CLAIMED) for way in self.ways.values())


class Stand(StrEnum):
    """How an alert stands.

    ARMED is told once its condition comes true; CONFIRMED holds, and is told once it has held for long enough; TRUE
    holds and was told; BACK was told, holds no more, and has not come back as far as it must; RESTS was told lately;
    QUIET is in its quiet hours or in a phase in which it is not told; UNKNOWN has no value that can be trusted; SPENT
    is never told again; UNREADABLE is not watched for.
    """

    ARMED = "armed"
    CONFIRMED = "confirming"
    TRUE = "true"
    BACK = "coming back"
    RESTS = "resting"
    QUIET = "quiet"
    UNKNOWN = "unknown"
    SPENT = "spent"
    UNREADABLE = "not readable"


class Telling(Struct, frozen=True):
    """One time that an alert was told, and where that stands with each channel."""

    at: datetime
    words: str
    sent: dict[str, Sending]


class AlertRow(Struct, frozen=True):
    """An alert as it stands. `id` is its name, `own` that it was made on the screen.

    `asks` is the condition behind the path that it reads, `value` what stands there, null where that is unknown; `why`
    says why it is, or why the alert is not told now, or what is wrong with its condition. `since` is when it came to
    stand as it does, as far as that is known; `until` when that ends, where time alone ends it. `told` are its last
    tellings, newest first.
    """

    id: str
    alert: Alert
    stand: Stand
    own: bool = False
    path: str = ""
    asks: str = ""
    value: float | str | bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    why: str | None = None
    told_at: datetime | None = None
    told: tuple[Telling, ...] = ()
