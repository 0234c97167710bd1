"""All results for one state of the bars: studies, checks, verdict, drivers and claims."""

from msgspec.structs import replace

from rotation_tui.checks.base import Inputs
from rotation_tui.domain.positions import PortfolioStudy
from rotation_tui.domain.results import DriverReading, Studies
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.pipeline import (
    cut,
    noting,
    rotation_pasts,
    study,
    study_visitors,
    without_visitors,
)
from rotation_tui.evaluation.question import Question


def evaluate(question: Question, auditor: Auditor) -> Studies:
    """All results for one state of the bars; what fails is named in `faults` and stops nothing else."""
    if question.cut_at is not None:
        question = replace(question, snapshot=cut(question.snapshot, question.cut_at))
    faults: dict[str, str] = {}
    tickers, spreads = study_visitors(question, faults)
    whole, question = question, without_visitors(question)
    core = study(question, faults, auditor.told)
    return Studies(
        as_of=core.as_of,
        computed_at=question.now,
        tickers=core.tickers | tickers,
        spreads=core.spreads | spreads,
        sectors=core.sectors,
        rotation=core.rotation,
        risk=core.risk,
        drivers=_drivers(core.inputs, faults),
        verdict=core.verdict,
        claims=auditor.claims(question, core, faults),
        faults=faults,
        pasts=rotation_pasts(whole, core.pasts, faults),
        fundamentals=core.inputs.fundamentals,
        portfolio=_portfolio(whole, faults),
    )


def _portfolio(question: Question, faults: dict[str, str]) -> PortfolioStudy | None:
    if not question.universe.held:
        return None
    from rotation_tui.evaluation.portfolio import portfolio

    with noting("positions", faults):
        return portfolio(question)
    return None


def _drivers(inputs: Inputs, faults: dict[str, str]) -> tuple[DriverReading, ...]:
    from rotation_tui.checks.drivers import drivers

    with noting("drivers", faults):
        return drivers(inputs)
    return ()
