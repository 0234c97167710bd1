"""Whether a price is a record: a close may be one, a live price is above it (METHODOLOGY.md#records)."""

from rotation_tui.board.contract import State
from rotation_tui.board.marks import Mark, Moment, state_of
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.results import Record


def is_close(mark: Mark, moment: Moment) -> bool:
    """Whether the price is a close: a completed bar's, or a quote that saw the close of its session."""
    return mark.is_close or state_of(mark, moment) is State.CLOSED


def is_record(mark: Mark | None, record: Record | None, study: State, moment: Moment) -> bool | None:
    """Whether the price is a close at or above the record; below a record of old it is none, whatever came after."""
    if mark is None or record is None:
        return None
    if mark.price < record.close:
        return False
    return None if study is State.STALE else is_close(mark, moment)


def above_record(mark: Mark | None, record: Record | None, study: State, moment: Moment) -> bool | None:
    """Whether the price stands above the record close without being a close itself."""
    if mark is None or record is None:
        return None
    if mark.price <= record.close:
        return False
    return None if study is State.STALE else not is_close(mark, moment)


def highest(record: Record | None, mark: Mark | None, quote: Quote | None) -> float | None:
    """The highest high of all sessions, that of the quoted one among them; None where the past has no highs."""
    if record is None or record.intraday is None:
        return None
    today = quote.credible_high if quote is not None and mark is not None and not mark.is_close else None
    return max(record.intraday, today or 0.0)
