"""What follows from holdings and filings, made by hand for whoever reads it."""

from datetime import UTC, date, datetime
from typing import Any

from rotation_tui.domain.fundamentals import FilingsAtHand, Fundamentals, FundMembers
from rotation_tui.domain.measures import MEASURES, Basket, FundMeasure, Sample

_AT = datetime(2025, 12, 30, 21, tzinfo=UTC)
REPORTED = date(2025, 9, 30)


def made(*, held_on: Any = date(2025, 12, 29), rests_on: Any = 90.0, **values: Any) -> Fundamentals:
    """Measures of IWM and IVV by their ids, a pair each, the others unknown; all rest on so many percent."""
    funds = ("IWM", "IVV")
    baskets = tuple(
        Basket(
            fund, held_on, REPORTED, 100,
            tuple(_measured(each.id, values.get(each.id, (None, None))[place], rests_on) for each in MEASURES),
            tuple(Sample(name, round(rests_on), 100, rests_on) for name in {each.sample: 0 for each in MEASURES}),
        )
        for place, fund in enumerate(funds)
    )  # fmt: skip
    members = tuple(FundMembers(fund, held_on, 100, 99.8, 100.0, (), "fund", _AT) for fund in funds)
    filings = FilingsAtHand(190, 194, REPORTED, "sec", _AT)
    return Fundamentals(date(2025, 12, 30), "made", members, filings, baskets=baskets)


def _measured(name: str, value: float | None, coverage: float) -> FundMeasure:
    why = "" if value is not None else "no company has filed it"
    return FundMeasure(name, value, round(coverage), 100, coverage, why)
