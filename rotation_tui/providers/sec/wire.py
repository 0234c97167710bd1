"""The SEC's replies as they are written: the list of companies, and one figure of all companies over one period."""

from datetime import date, datetime

import msgspec

from rotation_tui.domain.filings import Facts, FrameId, Registry
from rotation_tui.domain.refusal import RefusedValueError, plain_text
from rotation_tui.domain.session import EASTERN
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply

_LONGEST_NAME = 80


class _Listed(msgspec.Struct):
    cik_str: int
    ticker: str
    title: str


class _Filed(msgspec.Struct):
    cik: int
    end: date
    val: float


class _Frame(msgspec.Struct):
    taxonomy: str
    tag: str
    ccp: str
    uom: str
    pts: int
    data: list[_Filed]


@decode.reader
def parse_registry(body: bytes, source: str, now: datetime) -> Registry:
    """The companies by ticker; a ticker that two of them have is nobody's. BadReply where there is none."""
    listed = decode.json(body, dict[str, _Listed]).values()
    if any(one.cik_str <= 0 for one in listed):
        raise BadReply("a company has no number")
    companies, _ = decode.told_once((plain_text(one.ticker, 20), one.cik_str) for one in listed if one.ticker.strip())
    if not companies:
        raise BadReply("the list has no company")
    names = {one.cik_str: plain_text(one.title, _LONGEST_NAME) for one in listed}
    return Registry({ticker: (cik, names[cik]) for ticker, cik in companies.items()}, source, now)


@decode.reader
def parse_frame(body: bytes, frame: FrameId, source: str, now: datetime) -> Facts:
    """The values of `frame`, by company.

    BadReply for another figure, period or unit, fewer companies than the reply says, two values of one company, a
    period that is not over, and a value that is no number.
    """
    told = decode.json(body, _Frame)
    is_of = (told.taxonomy, told.tag, told.uom.replace("/", "-per-"), told.ccp)
    if is_of != (frame.taxonomy, frame.tag, frame.unit, frame.period):
        raise BadReply(f"the answer is about {plain_text(':'.join(is_of), 100)}, not {frame.name}")
    if len(told.data) < told.pts or not told.data:
        raise BadReply(f"{frame.name} has {len(told.data)} companies of {told.pts}, so it is not whole")
    today = now.astimezone(EASTERN).date()
    rows = sorted(told.data, key=lambda row: row.cik)
    if rows[0].cik <= 0:
        raise BadReply(f"{frame.name} has a company without a number")
    ahead = next((row for row in rows if row.end > today), None)
    if ahead is not None:
        raise BadReply(f"{frame.name} has a period of {ahead.cik} that ends on {ahead.end}, which is yet to come")
    try:
        return Facts(
            frame,
            tuple(float(row.cik) for row in rows),
            tuple(row.val for row in rows),
            tuple(float(row.end.toordinal()) for row in rows),
            source,
            now,
        )
    except RefusedValueError as fault:
        raise BadReply(str(fault)) from None
