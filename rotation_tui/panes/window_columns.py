"""What the panes' columns of windows have in common: their names, and the `*` of a value that needs a word more."""

from collections.abc import Mapping

from rotation_tui.board.contract import SectorRow, SpreadRow, TickerRow
from rotation_tui.domain.window import SESSIONS, Window
from rotation_tui.widgets import figures
from rotation_tui.widgets.table import MARK

WindowsRow = TickerRow | SpreadRow | SectorRow


def window_name(window: Window, periods: Mapping[str, str]) -> str:
    """What a window is called; a period that is over, while the next has had no session, has its year."""
    return periods.get(window, "half" if window is Window.HALF else window.value)


def window_words(window: Window, what: str) -> str:
    """What a column of this window says, where `what` is measured over it."""
    if window in SESSIONS and window is not Window.D1:
        return f"{what} over {SESSIONS[window]} sessions"
    return f"{what} {_SINCE[window]}"


_SINCE = {
    Window.D1: "against the close before",
    Window.W1: "since the close of the same day a week before",
    Window.M1: "since the close of the same day a month before",
    Window.M3: "since the close of the same day three months before",
    Window.M6: "since the close of the same day six months before",
    Window.Y1: "since the close of the same day a year before",
    Window.MTD: "this month, since the last close of the one before",
    Window.QTD: "this quarter, since the last close of the one before",
    Window.HALF: "this half year, since the last close before 1 January or 1 July",
    Window.YTD: "this year, since the last close of the one before",
}


def window_text(row: WindowsRow, window: Window, decimals: int = 1) -> str:
    """The value of a window, with the mark where there is more to say."""
    text = figures.signed(row.windows[window], decimals)
    return text + MARK if window in row.marks and text != figures.UNKNOWN else text


def all_windows(row: WindowsRow, periods: Mapping[str, str]) -> list[tuple[str, str]]:
    """For the detail: the windows of the calendar and those in sessions, a line each, then what the marks say."""
    by_calendar = [w for w in Window if not w.value.endswith("d")]
    in_sessions = [w for w in Window if w.value.endswith("d")]

    def told(windows: list[Window]) -> str:
        return "  ".join(f"{window_name(w, periods)} {window_text(row, w, 2)}" for w in windows)

    lines = [("windows", told(by_calendar)), ("sessions", told(in_sessions))]
    said: dict[str, list[str]] = {}
    for window in Window:
        if (words := row.marks.get(window.value)) is not None and row.windows[window.value] is not None:
            said.setdefault(words, []).append(window_name(window, periods))
    lines += [("", f"{' '.join(names)} {words}") for words, names in said.items()]
    return lines
