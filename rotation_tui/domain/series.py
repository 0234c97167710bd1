"""The macro series the desk follows: what each is, when a value is published and when it is too old."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from rotation_tui.domain.observation import Observations
from rotation_tui.domain.session import Calendar, CalendarRange


class Frequency(StrEnum):
    """How often a series has an observation; `DAILY` covers business days and all seven days."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class TimeSpan(Struct, frozen=True):
    """A stretch of time after the date of an observation, in NYSE sessions or in calendar days."""

    count: int
    unit: Literal["sessions", "days"]


class Series(Struct, frozen=True):
    """A series by its FRED id.

    `unit` is that of its values. An observation counts from its date plus `lag` on; `lag` errs on the late
    side, so that a past day never sees what was not yet out; publications that left the rhythm stand in
    RELEASED. It is STALE once it is older than `limit`, which reaches beyond the day on which the next one is out.
    """

    series_id: str
    title: str
    frequency: Frequency
    unit: str
    lag: TimeSpan
    limit: TimeSpan

    @property
    def bounds(self) -> tuple[float, float]:
        """Between what its values lie, with room for what was never seen; beyond it a value is an error."""
        return _BOUNDS.get(self.series_id) or _BOUNDS_OF_UNITS[self.unit]

    def newest_known(self, as_of: date, calendar: Calendar) -> date:
        """Latest observation date that was out by the end of `as_of`; CalendarRange past the table."""
        if self.lag.unit == "days" or self.lag.count == 0:
            return _newest_out(self.series_id, as_of - timedelta(days=self.lag.count), as_of)
        first_unknown = calendar.offset(as_of, 1 - self.lag.count)
        return first_unknown - timedelta(days=1)

    def may_go_on(self, observed: date, as_of: date, calendar: Calendar) -> bool:
        """Whether an observation after that of `observed` can have been out by the end of `as_of`."""
        try:
            return self._following(observed, calendar) <= self.newest_known(as_of, calendar)
        except CalendarRange:
            return True

    def _following(self, observed: date, calendar: Calendar) -> date:
        if self.frequency is Frequency.DAILY:
            return calendar.next(observed)
        if self.frequency is Frequency.WEEKLY:
            return observed + timedelta(days=7)
        months = 1 if self.frequency is Frequency.MONTHLY else 3
        following = (observed.replace(day=1) + timedelta(days=31 * months)).replace(day=1)
        return self._following(following, calendar) if following in NEVER.get(self.series_id, ()) else following


def _sessions(count: int) -> TimeSpan:
    return TimeSpan(count, "sessions")


def _days(count: int) -> TimeSpan:
    return TimeSpan(count, "days")


def _rows() -> tuple[Series, ...]:
    daily, weekly, monthly, quarterly = Frequency
    same_day, next_session, late = _sessions(0), _sessions(1), _days(7)
    fresh, patient = _sessions(4), _sessions(10)
    return (
        # A change of the target range is announced the day before its first observation.
        Series("DFEDTARU", "Fed funds target, upper end", daily, "%", same_day, fresh),
        Series("DFEDTARL", "Fed funds target, lower end", daily, "%", same_day, fresh),
        Series("DFF", "Fed funds effective rate", daily, "%", next_session, fresh),
        Series("DGS3MO", "Treasury 3 months", daily, "%", next_session, fresh),
        Series("DGS2", "Treasury 2 years", daily, "%", next_session, fresh),
        Series("DGS10", "Treasury 10 years", daily, "%", next_session, fresh),
        Series("DFII10", "Treasury 10 years, real", daily, "%", next_session, fresh),
        Series("DPRIME", "Bank prime loan rate", daily, "%", next_session, fresh),
        Series("T10Y2Y", "Treasury 10 years less 2 years", daily, "pp", next_session, fresh),
        Series("T10Y3M", "Treasury 10 years less 3 months", daily, "pp", next_session, fresh),
        Series("T10YIE", "Breakeven inflation 10 years", daily, "%", next_session, fresh),
        Series("BAMLH0A0HYM2", "High-yield spread (ICE BofA OAS)", daily, "%", next_session, fresh),
        Series("BAMLH0A1HYBB", "BB spread (ICE BofA OAS)", daily, "%", next_session, fresh),
        Series("BAMLH0A3HYC", "CCC and lower spread (ICE BofA OAS)", daily, "%", next_session, fresh),
        Series("BAMLC0A0CM", "Investment-grade spread (ICE BofA OAS)", daily, "%", next_session, fresh),
        Series("BAA10Y", "Baa corporate less Treasury 10 years", daily, "pp", next_session, fresh),
        Series("VIXCLS", "VIX close", daily, "index", next_session, fresh),
        Series("RVXCLS", "Russell 2000 volatility (RVX) close", daily, "index", next_session, fresh),
        Series("SP500", "S&P 500 close", daily, "index", next_session, fresh),
        # These come once a week, a whole week at a time.
        Series("DTWEXBGS", "Broad dollar index", daily, "index", late, patient),
        Series("DTWEXAFEGS", "Dollar index, advanced economies", daily, "index", late, patient),
        Series("DCOILWTICO", "Crude oil WTI", daily, "USD", late, patient),
        Series("DHHNGSP", "Natural gas, Henry Hub", daily, "USD", late, patient),
        # Dated Friday (claims: Saturday), published the Wednesday or Thursday after.
        Series("NFCI", "Chicago Fed financial conditions", weekly, "index", _days(5), _days(14)),
        Series("ANFCI", "Chicago Fed conditions, adjusted", weekly, "index", _days(5), _days(14)),
        Series("NFCICREDIT", "Chicago Fed credit subindex", weekly, "index", _days(5), _days(14)),
        Series("NFCIRISK", "Chicago Fed risk subindex", weekly, "index", _days(5), _days(14)),
        Series("NFCILEVERAGE", "Chicago Fed leverage subindex", weekly, "index", _days(5), _days(14)),
        Series("STLFSI4", "St. Louis Fed financial stress", weekly, "index", _days(6), _days(14)),
        Series("ICSA", "Initial jobless claims", weekly, "persons", _days(5), _days(14)),
        Series("IC4WSA", "Initial jobless claims, 4 weeks", weekly, "persons", _days(5), _days(14)),
        Series("CCSA", "Continued jobless claims", weekly, "persons", _days(12), _days(21)),
        # Dated the first of the month. The employment report comes on a Friday of the next month.
        Series("UNRATE", "Unemployment rate", monthly, "%", _days(38), _days(75)),
        Series("SAHMREALTIME", "Sahm rule, real time", monthly, "pp", _days(38), _days(75)),
        Series("MANEMP", "Manufacturing employment", monthly, "thousand", _days(38), _days(75)),
        Series("T10Y3MM", "10 years less 3 months, monthly mean", monthly, "pp", _days(33), _days(75)),
        Series("IPMAN", "Manufacturing production", monthly, "index", _days(47), _days(85)),
        Series("INDPRO", "Industrial production", monthly, "index", _days(47), _days(85)),
        Series("NEWORDER", "Orders of core capital goods", monthly, "million USD", _days(58), _days(95)),
        Series("TLMFGCONS", "Manufacturing construction", monthly, "million USD", _days(62), _days(100)),
        Series("EPUTRADE", "Trade policy uncertainty", monthly, "index", _days(38), _days(100)),
        # Dated the first day of the quarter. The lending survey asks about it early in it.
        Series("DRTSCIS", "Banks tightening to small firms", quarterly, "%", _days(45), _days(150)),
        Series("DRTSCILM", "Banks tightening to large firms", quarterly, "%", _days(45), _days(150)),
        Series("DRSDCIS", "Loan demand of small firms", quarterly, "%", _days(45), _days(150)),
        Series("DRSDCILM", "Loan demand of large firms", quarterly, "%", _days(45), _days(150)),
        Series("B235RC1Q027SBEA", "Customs duties", quarterly, "billion USD", _days(121), _days(225)),
        Series("A255RC1Q027SBEA", "Imports of goods", quarterly, "billion USD", _days(121), _days(225)),
        Series("Y033RC1Q027SBEA", "Investment in equipment", quarterly, "billion USD", _days(121), _days(225)),
    )


SERIES: dict[str, Series] = {row.series_id: row for row in _rows()}
"""The catalogue by FRED id."""

_BOUNDS_OF_UNITS = {
    "%": (-10.0, 40.0), "pp": (-15.0, 60.0), "index": (-10.0, 1e6), "USD": (-100.0, 1e4), "persons": (0.0, 1e9),
    "thousand": (0.0, 1e6), "million USD": (0.0, 1e7), "billion USD": (-1e4, 1e5),
}  # fmt: skip
_NET_SHARE, _VOLATILITY, _POLICY = (-100.0, 100.0), (2.0, 250.0), (0.0, 30.0)
_BOUNDS: dict[str, tuple[float, float]] = {
    "DFEDTARU": _POLICY, "DFEDTARL": _POLICY, "DPRIME": _POLICY, "VIXCLS": _VOLATILITY, "RVXCLS": _VOLATILITY,
    "DRTSCIS": _NET_SHARE, "DRTSCILM": _NET_SHARE, "DRSDCIS": _NET_SHARE, "DRSDCILM": _NET_SHARE,
    "BAMLH0A0HYM2": (0.0, 60.0), "BAMLH0A1HYBB": (0.0, 60.0), "BAMLH0A3HYC": (0.0, 100.0), "BAMLC0A0CM": (0.0, 30.0),
    "UNRATE": (0.0, 40.0), "SP500": (1.0, 1e6), "DTWEXBGS": (20.0, 500.0), "DTWEXAFEGS": (20.0, 500.0),
    "NFCI": (-5.0, 15.0), "ANFCI": (-5.0, 15.0), "NFCICREDIT": (-5.0, 15.0), "NFCIRISK": (-5.0, 15.0),
    "NFCILEVERAGE": (-5.0, 15.0), "STLFSI4": (-5.0, 30.0), "INDPRO": (1.0, 1000.0), "IPMAN": (1.0, 1000.0),
}  # fmt: skip


def out_of_bounds(series: Observations) -> str | None:
    """Why a series cannot be believed: its newest value beyond the bounds; None where all lie within."""
    known = SERIES.get(series.series_id)
    if known is None or not series.dates:
        return None
    (low, high), values = known.bounds, series.values
    if low <= min(values) and max(values) <= high:
        return None
    row = next(i for i in range(len(values) - 1, -1, -1) if not low <= values[i] <= high)
    told = f"{values[row]:g} {known.unit} on {series.dates[row]}"
    return f"{series.source} says {told}, and {series.series_id} lies between {low:g} and {high:g}"


# Publications of 2022-2026 that left their rhythm: no past day may know a value before it was out. Unemployment of
# September 2025 came on 2025-11-20, of November on 2025-12-16, of October never (METHODOLOGY.md#releases). The others
# follow the agencies' own notices about the shutdowns of October and November 2025 and of the first days of February
# 2026, and their calendars for reports that came late in their month: BLS (employment), Labor Department (claims), BEA
# (accounts of the third and fourth quarter), Federal Reserve (G.17), Census (durable goods). They are written down from
# knowledge of these notices, not read from a file. Construction spending (TLMFGCONS) was late as well and is not
# listed, since its days are not certain.
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


def _newest_out(series_id: str, newest: date, as_of: date) -> date:
    """`newest`, or the day before the first observation up to it that was still to come out on `as_of`."""
    late = RELEASED.get(series_id)
    if late is None:
        return newest
    return min((day - timedelta(days=1) for day, out in late.items() if day <= newest and out > as_of), default=newest)
