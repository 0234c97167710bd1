"""Write the NYSE session table from `exchange_calendars`.

`python -m tests.domain.generate_sessions > rotation_tui/domain/nyse_sessions.toml`
"""

import sys
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta

FIRST = date(1978, 1, 1)  # the Russell 2000 is computed back to the end of 1978
LAST = date(2030, 12, 31)

HEADER = f"""\
# NYSE sessions: every Monday to Friday except the closed days. Times are New York time.
# A session is 09:30 to 16:00; an early one ends at the time before its days.
# Made by tests/domain/generate_sessions.py from exchange_calendars; do not edit by hand.
first = {FIRST}
last = {LAST}
"""


def reference() -> dict[date, tuple[time, time]]:
    """Opening and closing time in New York of every session between FIRST and LAST."""
    import exchange_calendars

    with warnings.catch_warnings():
        # exchange_calendars 4.13 reads `Series.values`, which pandas 3.1 announces to change.
        warnings.simplefilter("ignore", DeprecationWarning)
        xnys = exchange_calendars.get_calendar("XNYS", start=str(FIRST), end=str(LAST))
    local = [column.dt.tz_convert("America/New_York").dt.time for column in (xnys.opens, xnys.closes)]
    days = (stamp.date() for stamp in xnys.sessions)
    return dict(zip(days, zip(*local, strict=True), strict=True))


def table() -> str:
    """The whole file; ValueError if the reference holds what the form cannot say."""
    hours = reference()
    for day, (opening, closing) in hours.items():
        if day.weekday() > 4 or opening != time(9, 30) or closing > time(16):
            raise ValueError(f"the table cannot express a session on {day} from {opening} to {closing}")
    return HEADER + "".join(_year(year, hours) for year in range(FIRST.year, LAST.year + 1))


def _year(year: int, hours: dict[date, tuple[time, time]]) -> str:
    weekdays = [day for day in _days(year) if day.weekday() <= 4]
    closings = {day: hours[day][1] for day in weekdays if day in hours}
    early = ", ".join(
        f'"{clock:%H:%M}" = "{_listed(day for day, closing in closings.items() if closing == clock)}"'
        for clock in sorted(set(closings.values()) - {time(16)})
    )
    closed = _listed(day for day in weekdays if day not in closings)
    return f'\n[{year}]\nclosed = "{closed}"\nearly = {{ {early} }}\n'.replace("{  }", "{}")


def _days(year: int) -> Iterator[date]:
    first, last = max(FIRST, date(year, 1, 1)), min(LAST, date(year, 12, 31))
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _listed(days: Iterable[date]) -> str:
    return " ".join(f"{day:%m-%d}" for day in days)


if __name__ == "__main__":
    sys.stdout.write(table())
