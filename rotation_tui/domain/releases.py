"""Publications of 2022-2026 that left their rhythm: no past day may know a value before it was out.

The rule elsewhere is a fixed lag (`domain.series`). Unemployment of September 2025 came on 2025-11-20, of November on
2025-12-16, of October never (METHODOLOGY.md#releases). The others follow the agencies' own notices about the shutdowns
of October and November 2025 and of the first days of February 2026, and their calendars for reports that came late in
their month: BLS (employment), Labor Department (claims), BEA (accounts of the third and fourth quarter), Federal
Reserve (G.17), Census (durable goods). They are written down from knowledge of these notices, not read from a file.
Construction spending (TLMFGCONS) was late as well and is not listed, since its days are not certain.
"""

from datetime import date, timedelta

_EMPLOYMENT = {
    date(2024, 12, 1): date(2025, 1, 10),
    date(2025, 9, 1): date(2025, 11, 20),
    date(2025, 10, 1): date(2025, 12, 16),
    date(2025, 11, 1): date(2025, 12, 16),
    date(2025, 12, 1): date(2026, 1, 9),
    date(2026, 1, 1): date(2026, 2, 11),
}
_PRODUCTION = {
    date(2025, 9, 1): date(2025, 12, 3),
    date(2025, 10, 1): date(2025, 12, 23),
    date(2025, 11, 1): date(2025, 12, 23),
}
_ORDERS = {
    date(2025, 9, 1): date(2025, 11, 26),
    date(2025, 10, 1): date(2025, 12, 23),
    date(2025, 11, 1): date(2026, 1, 26),
}
_ACCOUNTS = {date(2025, 7, 1): date(2025, 12, 23), date(2025, 10, 1): date(2026, 2, 20)}
_CLAIMS_DAY = date(2025, 11, 20)


def _weeks(first: date, last: date) -> dict[date, date]:
    """Every week from `first` to `last`, which came out together."""
    return {first + timedelta(days=7 * n): _CLAIMS_DAY for n in range((last - first).days // 7 + 1)}


RELEASED: dict[str, dict[date, date]] = {
    "UNRATE": _EMPLOYMENT,
    "SAHMREALTIME": _EMPLOYMENT,
    "MANEMP": _EMPLOYMENT,
    "ICSA": _weeks(date(2025, 9, 27), date(2025, 11, 8)),
    "IC4WSA": _weeks(date(2025, 9, 27), date(2025, 11, 8)),
    "CCSA": _weeks(date(2025, 9, 20), date(2025, 11, 1)),
    "IPMAN": _PRODUCTION,
    "INDPRO": _PRODUCTION,
    "NEWORDER": _ORDERS,
    "B235RC1Q027SBEA": _ACCOUNTS,
    "A255RC1Q027SBEA": _ACCOUNTS,
    "Y033RC1Q027SBEA": _ACCOUNTS,
}
"""Day of publication by series and date of the observation; what stands here comes later than the fixed lag says."""

NEVER = {"UNRATE": frozenset({date(2025, 10, 1)}), "SAHMREALTIME": frozenset({date(2025, 10, 1)})}
"""Observations that nobody waits for, because they were never made."""


def newest_out(series_id: str, newest: date, as_of: date) -> date:
    """`newest`, or the day before the first observation up to it that was still to come out on `as_of`."""
    late = RELEASED.get(series_id)
    if late is None:
        return newest
    return min((day - timedelta(days=1) for day, out in late.items() if day <= newest and out > as_of), default=newest)
