"""Numbers and ages as they are written on the screen; unknown is always "?", what is on its way "…"."""

from datetime import timedelta

UNKNOWN = "?"
COMING = "…"
MINUS = "−"


def signed(value: float | None, decimals: int = 1) -> str:
    """A number with its sign, always: "+1.2", "−0.5"; zero by rounding is "+0.0" or "−0.0" as it was."""
    if value is None:
        return UNKNOWN
    if value < 0:
        return f"{MINUS}{-value:,.{decimals}f}"
    return f"+{value + 0.0:,.{decimals}f}"  # the sum makes a zero of a negative one


def error(value: float, decimals: int) -> str:
    """A standard error, "±0.5"; to more decimals where it would read as none at all."""
    while value and decimals < _MOST_DECIMALS and not float(f"{value:.{decimals}f}"):
        decimals += 1
    return f"±{value:.{decimals}f}"


_MOST_DECIMALS = 6


def amount(value: float | None, decimals: int = 2) -> str:
    """A number with thousands separated; a sign only below zero."""
    if value is None:
        return UNKNOWN
    return (MINUS if value < 0 else "") + f"{abs(value):,.{decimals}f}"


def significant(value: float | None) -> str:
    """A number to four significant digits, the last zero among them ("0.3610")."""
    return UNKNOWN if value is None else f"{value:#.4g}".rstrip(".")


_THOUSANDS = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))


def short(value: float | None) -> str:
    """A large number to three significant digits and the word for its thousands: "34.5m", "1.20bn"."""
    if value is None:
        return UNKNOWN
    for size, word in _THOUSANDS:
        if abs(value) >= size * 0.9995:
            return f"{value / size:#.3g}".rstrip(".") + word
    return f"{value:.0f}"


_STEPS = (
    (timedelta(minutes=1), "live"),
    (timedelta(minutes=5), "1m"),
    (timedelta(minutes=15), "5m"),
    (timedelta(minutes=30), "15m"),
    (timedelta(hours=1), "30m"),
)


def age(elapsed: timedelta | None) -> str:
    """An age in steps, so that nothing on the screen ticks: live, 1m, 5m, 15m, 30m, 1h ... 1d ..."""
    if elapsed is None:
        return UNKNOWN
    for below, word in _STEPS:
        if elapsed < below:
            return word
    if elapsed < timedelta(days=1):
        return f"{elapsed // timedelta(hours=1)}h"
    return f"{elapsed.days}d"


def old(elapsed: timedelta | None) -> str:
    """The age of what nobody tells any more, which is never live: <1m, 1m, 5m ..."""
    return age(elapsed).replace(_STEPS[0][1], "<1m")


def countdown(left: timedelta) -> str:
    """Time that is left, in minutes rounded up: "4m", "1h 28m", "2d 15h"."""
    minutes = max(0, -(-int(left.total_seconds()) // 60))
    if minutes < 60:
        return f"{minutes}m"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}h {minutes:02d}m"
    return f"{hours // 24}d {hours % 24}h"


def wait(left: timedelta) -> str:
    """Time until something is tried again, in steps that do not tick: "a minute", "5 min", "2 h"."""
    seconds = left.total_seconds()
    for limit, word in ((15, "seconds"), (90, "a minute"), (330, "5 min"), (960, "15 min"), (1860, "30 min")):
        if seconds <= limit:
            return word
    return f"{-(-int(seconds) // 3600)} h"
