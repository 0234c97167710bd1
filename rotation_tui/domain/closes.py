"""Recent closes of a fund's members, packed: a table that lies on disk and is read where it is studied."""

from datetime import date, datetime

from msgspec import Struct, field

from rotation_tui.domain import refusal

BYTES = 4
"""Of each close, a little-endian float: sources tell no more digits than it has."""


class Closes(Struct, frozen=True, omit_defaults=True):
    """Closes of `tickers`, a sample of the `among` members that `fund` held on `drawn_on`.

    `closes` has a row a ticker with one number for each of `dates`, ascending; NaN where the source has none. So have
    `highs`, `lows` and `volumes`; each is empty where the source tells it of no member, and takes no room then.
    `missing` says for each member of the sample that is not there why. Raises RefusedValueError where lengths differ,
    dates are not ascending, or a ticker stands there twice.
    """

    fund: str
    drawn_on: date
    among: int
    dates: tuple[date, ...]
    tickers: tuple[str, ...]
    closes: bytes
    source: str
    fetched_at: datetime
    missing: dict[str, str] = field(default_factory=dict)
    highs: bytes = b""
    lows: bytes = b""
    volumes: bytes = b""

    def __post_init__(self) -> None:
        if not self.dates or not self.tickers:
            raise refusal.RefusedValueError(f"closes of the members of {self.fund}: none")
        if len(self.closes) != BYTES * len(self.dates) * len(self.tickers):
            raise refusal.RefusedValueError(f"closes of the members of {self.fund}: lengths differ")
        if any(beside and len(beside) != len(self.closes) for beside in (self.highs, self.lows, self.volumes)):
            raise refusal.RefusedValueError(f"highs, lows or volumes of the members of {self.fund}: lengths differ")
        if any(later <= day for day, later in zip(self.dates, self.dates[1:], strict=False)):
            raise refusal.RefusedValueError(f"closes of the members of {self.fund}: dates are not ascending")
        if len(set(self.tickers)) < len(self.tickers):
            raise refusal.RefusedValueError(f"closes of the members of {self.fund}: a ticker stands there twice")

    @property
    def as_of(self) -> date:
        """The last session."""
        return self.dates[-1]
