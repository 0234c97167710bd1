"""The windows over which returns are told, and the date each one starts from."""

from datetime import date, timedelta
from enum import StrEnum


class Window(StrEnum):
    """A span of return: so many sessions, or from the start of a calendar period."""

    D1 = "1D"
    W1 = "1W"
    M1 = "1M"
    M3 = "3M"
    M6 = "6M"
    Y1 = "1Y"
    MTD = "MTD"
    QTD = "QTD"
    HALF = "HALF"
    YTD = "YTD"


SESSIONS = {Window.D1: 1, Window.W1: 5, Window.M1: 21, Window.M3: 63, Window.M6: 126, Window.Y1: 252}
"""Length in sessions of the windows that are counted in sessions."""


def nominal_base(window: Window, session: date) -> date:
    """Last day of the period before the calendar window of `session` (31 December for YTD)."""
    first_month = {
        Window.MTD: session.month,
        Window.QTD: 3 * ((session.month - 1) // 3) + 1,
        Window.HALF: 1 if session.month <= 6 else 7,
        Window.YTD: 1,
    }[window]
    return date(session.year, first_month, 1) - timedelta(days=1)
