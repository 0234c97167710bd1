"""Quality dispersion: whether the weak lead."""

from collections.abc import Sequence

from rotation_tui.checks.base import TEN_YEARS, Check, Inputs, Origin
from rotation_tui.domain.inputs import Filings, Members, Symbol
from rotation_tui.domain.wording import signed
from rotation_tui.evidence import freshness
from rotation_tui.evidence.line import Line, NotKnown


def _quality_gap(inputs: Inputs) -> Line:
    screened, whole = inputs.together("IJR", "IWM", rows=TEN_YEARS + 126)
    return screened.growth(126).minus(whole.growth(126))


def _speculation(inputs: Inputs) -> Line:
    biotech, health = inputs.together("XBI", "PSCH")
    return biotech.growth(63).minus(health.growth(63))


def _dispersion(inputs: Inputs) -> Line:
    breadth = inputs.breadth("IWM")
    days = [(day.session, day.percentile) for day in breadth.dispersion if day.percentile is not None]
    if not days:
        raise NotKnown("needs 273 closes of members")
    line = Line.of(days, (breadth.source,), freshness.CLOSE)
    apart = breadth.dispersion[-1].deviation_pp
    return line.noted(f"{apart:.1f} pp").told(beside=f"of today's sample of {breadth.sampled}, on days before as well")


def _junk(inputs: Inputs) -> Line:
    breadth = inputs.breadth("IWM")
    if not breadth.junk:
        raise NotKnown("needs filings of members")
    last = breadth.junk[-1]
    line = Line.of([(day.session, day.lead_pp) for day in breadth.junk], (breadth.source,), freshness.CLOSE)
    return line.told(beside=f"{last.losing} members of the sample without profit, {last.earning} with")


CHECKS: Sequence[Check] = (
    Check(
        id="Q1",
        title="Unprofitable firms",
        inputs=(Members("IWM"), Filings("net income")),
        formula="share of covered members without profit over twelve months, by count",
        series=lambda inputs: inputs.line_of("IWM", "unprofitable_count"),
        unit="%",
        watch=40.0,
        alert=45.0,
        why=lambda value, _: f"unprofitable {value:.0f}%",
        origin=Origin.SOURCED,
        reference="41 at the end of 2008, 43 in 2024-10",
    ),
    Check(
        id="Q2",
        title="Unprofitable weight",
        inputs=(Members("IWM"), Filings("net income")),
        formula="share of covered members without profit over twelve months, by weight",
        series=lambda inputs: inputs.line_of("IWM", "unprofitable_weight"),
        unit="%",
        watch=30.0,
        alert=40.0,
        why=lambda value, _: f"unprofitable {value:.0f}% by weight",
    ),
    Check(
        id="Q3",
        title="Quality gap",
        inputs=(Symbol("IJR"), Symbol("IWM")),
        formula="126-session total return of IJR (profit-screened) less that of IWM, in standard deviations of such "
        "differences in its own ten years",
        unit="pp",
        watch=-1.0,
        alert=-2.0,
        higher_is_worse=False,
        own_deviations=True,
        series=_quality_gap,
        why=lambda value, _: f"quality {signed(value)}pp in 126d",
        reference="1 and 2 standard deviations; -9 pp in 2025 was the worst since 1994",
    ),
    Check(
        id="Q4",
        title="Dispersion",
        inputs=(Members("IWM"),),
        formula="standard deviation of 21-session returns of a sample of IWM's members, percentile of 252 such days of "
        "the same members",
        unit="percentile",
        watch=80.0,
        alert=95.0,
        series=_dispersion,
        why=lambda value, note: f"dispersion {note}, p{value:.0f}",
        reference="own history",
    ),
    Check(
        id="Q5",
        title="Junk rally",
        inputs=(Members("IWM"), Filings("net income")),
        formula="mean 63-session return of the members of a sample without profit over twelve months, less that of "
        "the others",
        unit="pp",
        watch=5.0,
        alert=10.0,
        series=_junk,
        why=lambda value, _: f"unprofitable {signed(value)}pp ahead",
    ),
    Check(
        id="Q6",
        title="Speculation",
        inputs=(Symbol("XBI"), Symbol("PSCH")),
        formula="63-session total return of XBI (biotech) less that of PSCH (small health care)",
        unit="pp",
        watch=10.0,
        alert=20.0,
        series=_speculation,
        why=lambda value, _: f"biotech over health {signed(value)}pp",
    ),
)
