"""What a user has seen of a board, as far as a later one is compared with it."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct, field


class RecordSeen(Struct, frozen=True):
    """A record close and its session."""

    close: float
    session: date


class Look(Struct, frozen=True):
    """The answers of a board at a moment: levels, findings and ranks by the id of what they are about.

    `session` is that of a board which nobody has looked at, as of its close.
    """

    at: datetime
    regime: str = ""
    leads: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, str] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)
    records: Mapping[str, RecordSeen] = field(default_factory=dict)
    session: date | None = None


class Difference(Struct, frozen=True):
    """An answer that is another one now: `kind` is verdict, group, check, claim, rank or record."""

    kind: str
    what: str
    was: str
    now: str
    severity: str


class SinceRow(Struct, frozen=True):
    """What has changed since the user last looked, at `at`; `why` tells where nothing can be compared.

    `compared` are the kinds of which all that is known now was known then, who leads and regime by these words.
    `session` is that with whose close the board is compared where nobody has looked. `began` is the session since which
    there is the regime, where it is of the last five.
    """

    at: datetime | None
    changes: tuple[Difference, ...]
    why: str | None = None
    compared: tuple[str, ...] = ()
    session: date | None = None
    began: date | None = None
