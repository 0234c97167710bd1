"""Economic sensitivity: the labour market, the curve, financial conditions, lending, manufacturing."""

import math
import operator
from collections.abc import Mapping, Sequence
from datetime import date

from rotation_tui.checks.base import Check, Inputs, Origin
from rotation_tui.domain.inputs import SeriesId, Symbol
from rotation_tui.domain.series import SERIES
from rotation_tui.domain.wording import signed
from rotation_tui.evidence.line import Line, NotKnown
from rotation_tui.evidence.measures import MONTH, freshest, slope, year_over_year

_CYCLICALS = ("PSCI", "PSCD", "PSCM")
_DEFENSIVES = ("PSCU", "PSCC", "PSCH")
_WEEKS_OF_A_YEAR = 52

Months = Mapping[int, float]
"""Values by month number (12 · year + month − 1), so that a month never published is a hole."""


def month_number(day: date) -> int:
    """Months since the year 0."""
    return 12 * day.year + day.month - 1


def three_month_mean(rates: Months, month: int) -> float | None:
    """Mean of a month and the two before it; two of the three are enough, else None."""
    have = [rates[m] for m in range(month - 2, month + 1) if m in rates]
    return math.fsum(have) / len(have) if len(have) >= 2 else None


def sahm(rates: Months, month: int) -> float | None:
    """Three-month mean less the lowest of the twelve before it, in percentage points (METHODOLOGY.md#check-e1)."""
    now = three_month_mean(rates, month)
    earlier = [three_month_mean(rates, m) for m in range(month - 12, month)]
    known = [mean for mean in earlier if mean is not None]
    if now is None or len(known) < 12:
        return None
    return now - min(known)


def recession_odds(spread: float) -> float:
    """Percent chance of a recession in a year from the 10y−3m spread in points (METHODOLOGY.md#check-e2)."""
    return 50.0 * math.erfc((0.5333 + 0.6330 * spread) / math.sqrt(2.0))


def _sahm_published(inputs: Inputs) -> Line:
    return inputs.series("SAHMREALTIME")


def _sahm_from_unemployment(inputs: Inputs) -> Line:
    series = inputs.known("UNRATE")
    rates = {month_number(d): v for d, v in zip(series.dates, series.values, strict=True)}
    rows = [(day, sahm(rates, month_number(day))) for day in series.dates]
    found = [(day, round(value, 2)) for day, value in rows if value is not None]
    if not found:
        raise NotKnown("needs 14 months of UNRATE")
    last = month_number(found[-1][0])
    whole = all(month in rates for month in range(last - 2, last + 1))
    line = Line.of(found, (series.source,), SERIES["UNRATE"].limit)
    return line.noted("" if whole else "*").told(title="Sahm rule, revised data")


def _sahm(inputs: Inputs) -> Line:
    return freshest(inputs, _sahm_published, _sahm_from_unemployment)


def _curve(inputs: Inputs) -> Line:
    spot = freshest(inputs, lambda i: i.series("T10Y3M"), _curve_from_yields)
    mean = spot.mean(MONTH).map(_without_dust)
    return mean.noted(f"odds {recession_odds(mean.last):.0f}%").told(
        title=spot.title, beside=f"{signed(spot.last, 2)} pp on {spot.dates[-1]} itself"
    )


def _without_dust(mean: float) -> float:
    """A mean that is a limit itself is told as it, whichever rows the sum began with."""
    return round(mean, 12)


def _curve_from_yields(inputs: Inputs) -> Line:
    return slope(inputs.series("DGS10"), inputs.series("DGS3MO")).told(title="Curve 10y-3m, derived")


def _claims(inputs: Inputs) -> Line:
    averages = freshest(inputs, lambda i: i.series("IC4WSA"), lambda i: i.series("ICSA").mean(4))
    return averages.above_low(_WEEKS_OF_A_YEAR)


def _cyclicals(inputs: Inputs) -> Line:
    logs = [line.map(math.log) for line in inputs.together(*_CYCLICALS, *_DEFENSIVES)]
    pairs = [up.minus(down) for up, down in zip(logs[:3], logs[3:], strict=True)]
    total = pairs[0].with_(pairs[1], operator.add).with_(pairs[2], operator.add)
    return total.change(63).scaled(100.0 / len(pairs))


def _conditions(value: float, _: str) -> str:
    return f"NFCI {signed(value, 2)}, {'looser' if value < 0 else 'tighter'} than average"


CHECKS: Sequence[Check] = (
    Check(
        id="E1",
        title="Sahm rule",
        inputs=(SeriesId("SAHMREALTIME"), SeriesId("UNRATE")),
        formula="3-month mean of unemployment less the lowest of the 12 before, to 2 decimals: as first published "
        "(SAHMREALTIME), from revised data where UNRATE is newer",
        unit="pp",
        watch=0.30,
        alert=0.50,
        series=_sahm,
        why=lambda value, note: f"unemployment {signed(value, 2)} from its low{note}",
        confirm=1,
        origin=Origin.SOURCED,
        reference="0.50 is the Sahm rule; 0.30 house default",
    ),
    Check(
        id="E2",
        title="Curve 10y-3m",
        inputs=(SeriesId("T10Y3M"), SeriesId("DGS10"), SeriesId("DGS3MO")),
        formula="21-day mean of the 10-year less 3-month Treasury yield, derived from both where T10Y3M is missing "
        "or older; odds by probit on it",
        unit="pp",
        watch=0.25,
        alert=0.0,
        higher_is_worse=False,
        strict=True,
        series=_curve,
        why=lambda value, note: f"10y-3m {signed(value, 2)} {note}",
        origin=Origin.SOURCED,
        reference="Estrella–Mishkin probit: 30% at 0, 25% at 0.25",
    ),
    Check(
        id="E3",
        title="Initial claims",
        inputs=(SeriesId("IC4WSA"), SeriesId("ICSA")),
        formula="4-week mean of initial jobless claims above its lowest in 52 weeks",
        unit="%",
        watch=10.0,
        alert=20.0,
        series=_claims,
        why=lambda value, _: f"claims {value:.1f}% above their low",
    ),
    Check(
        id="E4",
        title="Continued claims",
        inputs=(SeriesId("CCSA"),),
        formula="4-week mean of continued claims against 52 weeks before",
        unit="%",
        watch=5.0,
        alert=15.0,
        series=lambda inputs: inputs.series("CCSA").mean(4).growth(_WEEKS_OF_A_YEAR),
        why=lambda value, _: f"continued claims {signed(value)}% y/y",
    ),
    Check(
        id="E5",
        title="Financial conditions",
        inputs=(SeriesId("NFCI"),),
        formula="Chicago Fed index, level",
        unit="index",
        watch=-0.25,
        alert=0.0,
        series=lambda inputs: inputs.series("NFCI"),
        why=_conditions,
        origin=Origin.SOURCED,
        reference="Chicago Fed: 0 is the average since 1971",
    ),
    Check(
        id="E6",
        title="Small-firm lending",
        inputs=(SeriesId("DRTSCIS"),),
        formula="net share of banks that tighten loans to small firms",
        unit="%",
        watch=10.0,
        alert=30.0,
        series=lambda inputs: inputs.series("DRTSCIS"),
        why=lambda value, _: f"{signed(value, 0)}% of banks tighten",
        confirm=1,
        origin=Origin.SOURCED,
        reference="survey stood at 24 in 2000-07, 30 in 2008-01",
    ),
    Check(
        id="E7",
        title="Manufacturing output",
        inputs=(SeriesId("IPMAN"),),
        formula="manufacturing production against the same month of the year before",
        unit="%",
        watch=0.0,
        alert=-2.0,
        higher_is_worse=False,
        strict=True,
        series=lambda inputs: year_over_year(inputs.series("IPMAN")),
        why=lambda value, _: f"manufacturing {signed(value)}% y/y",
        confirm=1,
    ),
    Check(
        id="E8",
        title="Cyclicals vs defensives",
        inputs=tuple(map(Symbol, _CYCLICALS + _DEFENSIVES)),
        formula="mean 63-session log total return of PSCI PSCD PSCM less that of PSCU PSCC PSCH",
        unit="pp",
        watch=-5.0,
        alert=-10.0,
        higher_is_worse=False,
        strict=True,
        series=_cyclicals,
        why=lambda value, _: f"cyclicals {signed(value)}pp vs defensives",
    ),
)
