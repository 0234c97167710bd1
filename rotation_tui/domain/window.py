"""The windows over which returns are told, and the date each one starts from."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum


class Window(StrEnum):
    """A span of return: back to the same day of an earlier week or month, so many sessions, or a period to date."""

    D1 = "1D"
    W1 = "1W"
    M1 = "1M"
    M3 = "3M"
    M6 = "6M"
    Y1 = "1Y"
    S21 = "21d"
    S63 = "63d"
    S126 = "126d"
    S252 = "252d"
    MTD = "MTD"
    QTD = "QTD"
    HALF = "HALF"
    YTD = "YTD"


SESSIONS: Mapping[Window, int] = {Window.D1: 1, Window.S21: 21, Window.S63: 63, Window.S126: 126, Window.S252: 252}
"""Length in sessions of the windows that are counted in sessions."""
MONTHS: Mapping[Window, int] = {Window.M1: 1, Window.M3: 3, Window.M6: 6, Window.Y1: 12}
"""Length in months of the windows that go back to the same day of an earlier month."""
PERIODS = (Window.MTD, Window.QTD, Window.HALF, Window.YTD)
"""The windows that begin with a calendar period."""
MAX_BASE_GAP_DAYS = 7
"""A base further from the day it stands for is no base (METHODOLOGY.md#windows)."""


def nominal_base(window: Window, session: date) -> date:
    """The day that a calendar window of `session` starts from: its base is the last close on or before it.

    The same day a week or so many months earlier, or the last day of the period before (31 December for YTD).
    """
    if window is Window.W1:
        return session - timedelta(days=7)
    if window in MONTHS:
        return months_before(session, MONTHS[window])
    first_month = {
        Window.MTD: session.month,
        Window.QTD: 3 * ((session.month - 1) // 3) + 1,
        Window.HALF: 1 if session.month <= 6 else 7,
        Window.YTD: 1,
    }[window]
    return date(session.year, first_month, 1) - timedelta(days=1)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day where it is shorter (METHODOLOGY.md#windows)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def period_name(window: Window, session: date) -> str:
    """What the period of a session is called, with its year: "YTD 2025", "H2 2025", "Q4 2025", "Dec 2025"."""
    name = {
        Window.MTD: f"{session:%b}",
        Window.QTD: f"Q{(session.month + 2) // 3}",
        Window.HALF: "H1" if session.month <= 6 else "H2",
        Window.YTD: "YTD",
    }[window]
    return f"{name} {session.year}"
