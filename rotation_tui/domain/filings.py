"""What companies have filed: one figure of all of them over one period, and who is called what."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from rotation_tui.domain import refusal
from rotation_tui.domain.packed import pack

_PERIOD = re.compile(r"CY\d{4}(Q[1-4]I?)?")


class FrameId(Struct, frozen=True, order=True):
    """One figure over one period, as the SEC's frames name it: `us-gaap`, `NetIncomeLoss`, `USD`, `CY2026Q2`.

    `CY2025` is a year, `CY2025Q3` a quarter, `CY2025Q3I` a moment at its end. Raises RefusedValueError for others.
    """

    taxonomy: str
    tag: str
    unit: str
    period: str

    def __post_init__(self) -> None:
        if _PERIOD.fullmatch(self.period) is None:
            raise refusal.RefusedValueError(f"{self.period} is no period of a frame")

    @property
    def end(self) -> date:
        """The last day of its period."""
        year, quarter = int(self.period[2:6]), int(self.period[7:8] or 4)
        return date(year + quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)

    @property
    def name(self) -> str:
        """As one word, for files and messages."""
        return f"{self.taxonomy}:{self.tag}:{self.unit}:{self.period}"


@dataclass(frozen=True, slots=True)
class Facts:
    """One figure of many companies: a value each, with the last day of the period that the company means.

    `ciks` are ascending, one a company; `ends` and `filed` are ordinals of days. `filed` has the day of the filing that
    a value is from, None where the source does not tell it. A frame has the last value filed, whenever that was: on a
    past day it counts only where it was fetched by then, or each value where it was filed by then. Raises
    RefusedValueError where companies are not ascending, lengths differ or a value is not finite.
    """

    frame: FrameId
    ciks: tuple[float, ...]
    values: tuple[float, ...]
    ends: tuple[float, ...]
    source: str
    fetched_at: datetime
    filed: tuple[float | None, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "fetched_at", refusal.utc(f"{self.frame.name} fetched_at", self.fetched_at))
        ciks, values = self.ciks, self.values
        lengths = {len(ciks), len(values), len(self.ends), len(ciks if self.filed is None else self.filed)}
        if len(lengths) > 1:
            raise refusal.RefusedValueError(f"{self.frame.name}: columns of {sorted(lengths)} rows")
        if any(one >= other for one, other in pairwise(ciks)):
            raise refusal.RefusedValueError(f"{self.frame.name}: companies are not ascending")
        if not math.isfinite(sum(values)) and not all(map(math.isfinite, values)):
            raise refusal.RefusedValueError(f"{self.frame.name}: a value is not finite")

    def __len__(self) -> int:
        return len(self.ciks)

    def filed_by(self, day: date) -> "Facts | None":
        """What had been filed by the end of a day, None where the source does not tell it."""
        filed, last = self.filed, day.toordinal()
        if filed is None:
            return None
        rows = [row for row, at in enumerate(filed) if at is not None and at <= last]
        columns = (tuple(column[row] for row in rows) for column in (self.ciks, self.values, self.ends))
        ciks, values, ends = columns
        return replace(self, ciks=ciks, values=values, ends=ends, filed=tuple(filed[row] for row in rows))


pack(Facts, "ciks", "values", "ends", "filed")


class Registry(Struct, frozen=True):
    """Which company a ticker is: its number at the SEC (CIK) and its name, by the SEC's spelling of the ticker."""

    companies: Mapping[str, tuple[int, str]]
    source: str
    fetched_at: datetime


class DocumentId(Struct, frozen=True, order=True):
    """What stands on disk of a kind: `holdings` and `closes` by fund, `facts` by their frame's name, `registry`."""

    kind: str
    name: str


class Document(Struct, frozen=True):
    """Where something lies on disk that is too large to be kept in memory all day; whoever studies it reads it there.

    `as_of` is the day that it is about, None where each line has its own. `folder` is the shelf that it stands on.
    """

    id: DocumentId
    folder: str
    source: str
    fetched_at: datetime
    as_of: date | None = None
