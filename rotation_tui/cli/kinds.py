"""Values on the command line, each refused with a sentence that says what is allowed."""

import math
import re
from datetime import UTC, date, datetime
from pathlib import Path

import click

_LEAST, _MOST = (1, 1), (1000, 500)


def local_path(text: str) -> Path:
    """A path, made absolute, `~` understood (an environment variable has met no shell)."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise click.BadParameter(f'"{text}" begins with a user whose home is not known here') from None


def present_file(text: str) -> Path:
    """The same for a file that must be there."""
    path = local_path(text)
    if not path.is_file():
        raise click.BadParameter(f"there is no file {path}")
    return path


def proxy_url(text: str) -> str:
    """The address of a proxy, as it was given."""
    from rotation_tui.config.check import proxy_problem

    if problem := proxy_problem(text):
        raise click.BadParameter(problem)
    return text


def day(text: str) -> date:
    """A date as YYYY-MM-DD."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # the 30th of February: refused like any other text
    raise click.BadParameter(f'"{text}" is no date; allowed: YYYY-MM-DD, such as 2025-12-31')


def board_day(text: str) -> date:
    """A date as YYYY-MM-DD, not after today, and before the last session that the table knows.

    Today is the later one of the user's and the exchange's. A board tells what comes next, so the table goes on.
    """
    from rotation_tui.domain.session import EASTERN, nyse

    found, now = day(text), datetime.now(UTC)
    today = max(now.astimezone().date(), now.astimezone(EASTERN).date())
    if found > today:
        raise click.BadParameter(f"{found} is yet to come; allowed: a day up to {today}")
    last = nyse().on_or_before(nyse().last)
    if found >= last:
        raise click.BadParameter(f"{found} is beyond the session table; allowed: a day before {last}")
    return found


def above_zero(text: str | float) -> float:
    """A finite number above zero."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number <= 0:
        raise click.BadParameter(f'"{text}" does not fit; allowed: a number above 0')
    return number


def size(text: str) -> tuple[int, int]:
    """Columns and rows of a screen, as 122x36."""
    found = re.fullmatch(r"(\d{1,5})[xX](\d{1,5})", text.strip())
    columns, rows = (int(found.group(1)), int(found.group(2))) if found else (0, 0)
    if not (_LEAST[0] <= columns <= _MOST[0] and _LEAST[1] <= rows <= _MOST[1]):
        least, most = ("x".join(map(str, pair)) for pair in (_LEAST, _MOST))
        raise click.BadParameter(f'"{text}" does not fit; allowed: COLSxROWS from {least} to {most}')
    return columns, rows
