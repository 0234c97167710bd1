"""Whether a price is a record: a close may be one, a live price is above it (METHODOLOGY.md#records)."""

from datetime import timedelta

from rotation_tui.board.marks import Mark, Moment, state_of
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.results import Record, TickerStudy
from rotation_tui.domain.state import State
from rotation_tui.domain.wording import counted

_DAY = timedelta(days=1)


def is_close(mark: Mark, moment: Moment) -> bool:
    """Whether the price is a close: a completed bar's, or a quote that saw the close of its session."""
    return mark.is_close or state_of(mark, moment) is State.CLOSED


def missing_closes(mark: Mark | None, study: TickerStudy | None, moment: Moment) -> str | None:
    """Which closes that may be above the record the history lacks, those up to the session of the price included."""
    if study is None or study.record is None:
        return None
    count, first = study.record.missing, study.record.missing_from
    last = study.last_session
    if mark is not None and moment.calendar.first <= last and last + _DAY < mark.session:
        late = moment.calendar.sessions(last + _DAY, mark.session - _DAY)
        count += len(late)
        first = first or (late[0] if late else None)
    return f"{counted(count, 'close')} missing since {first}" if count else None


def is_record(
    mark: Mark | None, record: Record | None, study: State, moment: Moment, *, whole: bool = True
) -> bool | None:
    """Whether the price is a close at or above the record; below a record of old it is none, whatever came after.

    Unknown where the history is not `whole`: one of the closes that are missing may be above the price.
    """
    if mark is None or record is None:
        return None
    if mark.price < record.close:
        return False
    if study is State.STALE:
        return None
    return (True if whole else None) if is_close(mark, moment) else False


def above_record(
    mark: Mark | None, record: Record | None, study: State, moment: Moment, *, whole: bool = True
) -> bool | None:
    """Whether the price stands above the record close without being a close itself; unknown as `is_record` is."""
    if mark is None or record is None:
        return None
    if mark.price <= record.close:
        return False
    if study is State.STALE:
        return None
    return False if is_close(mark, moment) else True if whole else None


def highest(record: Record | None, mark: Mark | None, quote: Quote | None) -> float | None:
    """The highest high of all sessions, that of the quoted one among them; None where the past has no highs."""
    if record is None or record.intraday is None:
        return None
    today = quote.credible_high if quote is not None and mark is not None and not mark.is_close else None
    return max(record.intraday, today or 0.0)
