"""Returns over the windows at the prices that are shown, and what a `*` beside one of them says."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TypeVar

from rotation_tui.board.contract import Bases, Marks, TotalRow, Windows
from rotation_tui.board.marks import Mark, Moment, base_in, bases_at, closes_of, too_old
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.results import Base, SpreadStudy, TickerStudy
from rotation_tui.domain.session import EASTERN
from rotation_tui.domain.window import PERIODS, Window, period_name

_UNKNOWN = {window.value: None for window in Window}
_NAMES = tuple((window, window.value) for window in Window)  # an enum's value costs a call
_NO_MARKS: Marks = {}
_Study = TypeVar("_Study", TickerStudy, SpreadStudy)


def unknown_windows() -> Windows:
    return dict(_UNKNOWN)


def windows_of(mark: Mark | None, study: TickerStudy | None) -> Windows:
    """Return over every window in percent, None where the base is unknown."""
    windows = unknown_windows()
    if mark is None or study is None:
        return windows
    for window, base in bases_at(study.bases, mark.session).items():
        if base is not None:
            windows[window] = 100.0 * (mark.price / base.close - 1.0)  # `percent`, without a call a window
    return windows


def spread_windows(study: SpreadStudy, small: Mark, large: Mark) -> Windows:
    """Return of small less return of large over every window in pp; both marks are of one session."""
    windows = unknown_windows()
    one, other = small.price, large.price
    for window, legs in bases_at(study.bases, small.session).items():
        if legs is not None:
            windows[window] = 100.0 * (one / legs[0].close - 1.0) - 100.0 * (other / legs[1].close - 1.0)
    return windows


def bases_of(study: _Study, session: date, moment: Moment) -> Bases:
    """The session of the close that each window with a base starts from, of a pair that of both legs."""
    key = (id(study.bases), session)
    found = moment.starts.get(key)
    # an entry holds its bases, so no others can have come to the same address
    if found is None:
        bases: Mapping[Window, Base | tuple[Base, Base] | None] = bases_at(study.bases, session)
        known = ((name, bases.get(window)) for window, name in _NAMES)
        found = moment.starts[key] = (study.bases, {name: _begins(base) for name, base in known if base is not None})
    return found[1]


def _start(study: _Study, window: Window, session: date) -> date | None:
    base = base_in(study.bases, window, session)
    return None if base is None else _begins(base)


def _begins(base: Base | tuple[Base, Base]) -> date:
    return (base if isinstance(base, Base) else base[0]).session


def marks_of(mark: Mark | None, study: TickerStudy | None, moment: Moment) -> Marks:
    """What is to be said of single windows of one symbol: a base that is off, a period that is over."""
    if mark is None or study is None:
        return _NO_MARKS
    return _marks(study, mark.session, moment)


def spread_marks(study: SpreadStudy, session: date, moment: Moment, behind: str | None) -> Marks:
    """As `marks_of`, for a pair; `behind` says which leg has no price of the newest session, if one has none."""
    told = _marks(study, session, moment)
    if behind is None:
        return told
    return {name: f"* to {session}: {behind}" + told.get(name, "").replace("* ", "; ", 1) for _, name in _NAMES}


def _marks(study: _Study, session: date, moment: Moment) -> Marks:
    return _told(lambda w: _start(study, w, session), _off(study.bases, study.gaps, session), session, moment)


def without_base(study: TickerStudy, session: date) -> dict[str, str]:
    """Why windows in sessions are unknown: the history lacks the very session that they begin with."""
    off, bases = _off(study.bases, study.gaps, session), study.bases
    return {w.value: f"no close of {day}" for w, day in off.items() if base_in(bases, w, session) is None}


def total_row(study: SpreadStudy, moment: Moment) -> TotalRow:
    """The windows of a pair in total return; unknown with the reason where there is none, or an old one."""
    total = study.total
    if total is None:
        return TotalRow(
            unknown_windows(),
            unknown_windows(),
            {},
            None,
            f"no dividend-adjusted closes of {study.small} and {study.large}",
        )
    if too_old(total.session, moment):
        return TotalRow(unknown_windows(), unknown_windows(), {}, total.session, f"stale: closes end {total.session}")
    told = _told(lambda w: total.off[w][0], {w: due for w, (_, due) in total.off.items()}, total.session, moment)
    price = _price_to(total.session, study, moment)
    return TotalRow({name: total.windows.get(window) for window, name in _NAMES}, price, told, total.session)


def _price_to(session: date, study: SpreadStudy, moment: Moment) -> Windows:
    """Price return of a pair to a close of both."""
    legs = closes_of(study, session, moment) if study.basis is Basis.PRICE else None
    return unknown_windows() if legs is None else spread_windows(study, *legs)


def _off(bases: Collection[date], gaps: Mapping[date, Mapping[Window, date]], session: date) -> Mapping[Window, date]:
    """The windows whose base is off, for the bases that `base_in` takes."""
    return gaps.get(session if session in bases else max(bases), {}) if bases else {}


def _told(start: Callable[[Window], date | None], off: Mapping[Window, date], session: date, moment: Moment) -> Marks:
    if not off and session >= moment.told:  # so for nearly every row of every board
        return _NO_MARKS
    told: Marks = {}
    for window, expected in off.items():
        if (found := start(window)) is not None:
            told[window.value] = f"* from the close of {found}: there is none of {expected}"
    for window in PERIODS:
        if period_name(window, session) != period_name(window, moment.told):
            told[window.value] = f"* {period_name(window, session)}, to {session}"
    return told


def periods_over(moment: Moment) -> dict[str, str]:
    """Names with their year of the periods that are told although the next one has begun: it has no session yet."""
    today = moment.now.astimezone(EASTERN).date()
    named = {w.value: (period_name(w, moment.told), period_name(w, today)) for w in PERIODS}
    return {window: told for window, (told, now) in named.items() if told != now}
