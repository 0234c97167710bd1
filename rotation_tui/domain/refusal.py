"""What may not become a value: the one gate that numbers pass on their way in."""

import math
from datetime import UTC, datetime


class RefusedValueError(ValueError):
    """A number or time that must not enter the house; the message names the field and what it held."""


_YEARS = range(1700, 2201)  # at either end of the calendar a change of zone overflows


def finite(field: str, value: float) -> float:
    """`value` if it is a finite number, else RefusedValueError."""
    if not math.isfinite(value):
        raise RefusedValueError(f"{field} is {value}, not a finite number")
    return value


def price(field: str, value: float) -> float:
    """`value` if it is finite and above zero, else RefusedValueError."""
    if finite(field, value) <= 0:
        raise RefusedValueError(f"{field} is {value}, a price must be above zero")
    return value


def utc(field: str, value: datetime) -> datetime:
    """`value` in UTC, or RefusedValueError where it has no zone, or a year that no zone can be reckoned in."""
    if value.tzinfo is None:
        raise RefusedValueError(f"{field} has no time zone")
    if value.year not in _YEARS:
        raise RefusedValueError(f"{field} is of the year {value.year}")
    return value.astimezone(UTC)


def plain_text(value: str, limit: int = 200) -> str:
    """Text from outside with control characters removed, so that nothing a source says can drive a terminal."""
    return (value if value.isprintable() else "".join(filter(str.isprintable, value)))[:limit]
