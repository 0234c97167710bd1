"""The New York Fed's rates, FRED's graph tables and the Treasury's curves."""

from datetime import date, timedelta
from typing import Any

from tests.upstream.market import UpstreamMarket
from tests.upstream.replies import Answer, as_json

_MOST_IDS = 12
_ROLLING = "BAML"
_THREE_YEARS = timedelta(days=3 * 365 + 1)
_RATES = "/resource-center/data-chart-center/interest-rates/daily-treasury-rates.csv"
_TENORS = {
    "daily_treasury_yield_curve": {"3 Mo": "DGS3MO", "4 Mo": "unheard", "2 Yr": "DGS2", "10 Yr": "DGS10"},
    "daily_treasury_real_yield_curve": {"10 YR": "DFII10"},
}


def newyorkfed(
    market: UpstreamMarket,
    path: str,
    query: dict[str, str],
    headers: dict[str, str],  # noqa: ARG001
) -> Answer:
    """The effective rate with its target range, newest first, business days up to yesterday."""
    if path != "/api/rates/unsecured/effr/search.json":
        return Answer(b"Bad Request", 400, "text/plain")
    first, last = (date.fromisoformat(query[key]) for key in ("startDate", "endDate"))
    upper, lower = (_values(market, name) for name in ("DFEDTARU", "DFEDTARL"))
    days = market.calendar.sessions(first, min(last, market.today() - timedelta(days=1)))
    rates: list[dict[str, Any]] = [
        {
            "effectiveDate": day.isoformat(), "type": "EFFR", "percentRate": round(upper[day] - 0.12, 2),
            "targetRateFrom": lower[day], "targetRateTo": upper[day], "volumeInBillions": 114, "revisionIndicator": "",
        }
        for day in reversed(days) if day in upper and day in lower
    ]  # fmt: skip
    return as_json({"refRates": rates})


def fred(market: UpstreamMarket, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
    """A table: dates of all series together, blanks where one has no value, ids beyond the twelfth dropped."""
    if path != "/graph/fredgraph.csv":
        return Answer(b"<html>Not Found</html>", 404, "text/html")
    if "Mozilla" in headers.get("user-agent", ""):
        return Answer(b"<html>Service Unavailable</html>", 503, "text/html")
    ids = query["id"].split(",")[:_MOST_IDS]
    first, last = (date.fromisoformat(query[key]) for key in ("cosd", "coed"))
    columns = {name: _values(market, name) for name in ids}
    if not all(columns.values()):
        return Answer(b"<html>Not Found</html>", 404, "text/html")
    for name, values in columns.items():
        begins = max(first, market.today() - _THREE_YEARS) if name.startswith(_ROLLING) else first
        columns[name] = {day: value for day, value in values.items() if begins <= day <= last}
    days = sorted(set().union(*columns.values()))
    lines = [",".join(["observation_date", *ids])]
    lines += [",".join([day.isoformat(), *(str(columns[name].get(day, "")) for name in ids)]) for day in days]
    return Answer(("\n".join(lines) + "\n").encode(), kind="text/csv")


def treasury(
    market: UpstreamMarket,
    path: str,
    query: dict[str, str],
    headers: dict[str, str],  # noqa: ARG001
) -> Answer:
    """A curve's table of one year, newest first and without a last line end; a year not begun is an empty file."""
    year, kind = query.get("field_tdr_date_value", ""), query.get("type", "")
    if path != f"{_RATES}/{year}/all" or kind not in _TENORS or query.get("_format") != "csv":
        return Answer(b"<!DOCTYPE html><html>Page not found</html>", 404, "text/html")
    columns = {title: _values(market, series_id) for title, series_id in _TENORS[kind].items()}
    days = sorted({day for values in columns.values() for day in values if day.year == int(year)}, reverse=True)
    if not days:
        return Answer(b"", kind="text/csv")
    rows = [",".join([f"{day:%m/%d/%Y}", *(_yield(values.get(day)) for values in columns.values())]) for day in days]
    return Answer(
        "\n".join([",".join(["Date", *(f'"{title}"' for title in columns)]), *rows]).encode(), kind="text/csv"
    )


def _yield(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _values(market: UpstreamMarket, series_id: str) -> dict[date, float]:
    found = market.observations(series_id)
    return {} if found is None else dict(zip(found.dates, found.values, strict=True))
