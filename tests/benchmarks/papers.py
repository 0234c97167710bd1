"""Holdings and filings of the size that they have: read, joined and studied in the process of the studies."""

import asyncio
import random
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rotation_tui.domain.figures import frames_wanted
from rotation_tui.domain.filings import Facts, Registry
from rotation_tui.domain.holdings import FUNDS, Holdings, Member
from rotation_tui.domain.rules import Rules
from rotation_tui.domain.session import nyse
from rotation_tui.domain.universe import Universe
from rotation_tui.evaluation.question import Question
from rotation_tui.store.documents import COMPANIES, Documents, facts_id, holdings_id, listed
from rotation_tui.store.market_store import Snapshot
from rotation_tui.workers.apart import Apart, Limits
from tests.benchmarks.rows import Row
from tests.benchmarks.stage import Stage

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
MEMBERS = dict(zip(FUNDS, (1950, 503, 640), strict=True))
FRAMES, COMPANIES_A_FRAME, LISTED = 40, 6000, 10_400
_LIMITS = Limits(300.0, 60.0)


def papers(stage: Stage, quick: bool) -> list[Row]:  # noqa: ARG001
    """A question with documents against one without, each asked of a process that has loaded what it needs."""
    with TemporaryDirectory(prefix="rotation-tui-") as folder:
        return asyncio.run(_measured(generated(Path(folder))))


def generated(folder: Path) -> Snapshot:
    """Three funds, the registry and 40 frames on disk, and a snapshot that lists them."""
    documents, chance, due = Documents(folder), random.Random(7), NOW + timedelta(days=1)
    for fund, count in MEMBERS.items():
        members = tuple(
            Member(f"T{n}", f"Company {n} Inc", "Financials", 99.9 / count, 1e8, 1e6, 100.0) for n in range(count)
        )
        held = Holdings(fund, date(2026, 11, 23), members, (), 100.0, "generated", NOW)
        documents.put(holdings_id(fund), held, due, NOW, "generated")
    known = {f"T{n}": (1000 + n, f"Company {n} Inc") for n in range(LISTED)}
    documents.put(COMPANIES, Registry(known, "generated", NOW), due, NOW, "generated")
    for frame in frames_wanted(NOW.date())[:FRAMES]:
        ciks = tuple(float(n) for n in sorted(chance.sample(range(1000, 1000 + LISTED), COMPANIES_A_FRAME)))
        values = tuple(chance.uniform(-1e9, 5e9) for _ in ciks)
        facts = Facts(frame, ciks, values, (float(frame.end.toordinal()),) * len(ciks), "generated", NOW)
        documents.put(facts_id(frame), facts, due, NOW, "generated")
    return Snapshot(documents={d.id: d for d in listed(documents.entries().values(), str(folder))})


async def _measured(snapshot: Snapshot) -> list[Row]:
    apart = Apart(limits=_LIMITS)
    try:
        await apart.studies(_question(Snapshot()))
        before = _peak_mib(apart)
        began = time.monotonic()
        studies = await apart.studies(_question(snapshot))
        seconds, more = time.monotonic() - began, _peak_mib(apart) - before
    finally:
        await apart.close()
    assert studies.fundamentals is not None, studies.faults
    return [
        Row(
            "holdings and 40 frames, studied",
            f"{seconds:.2f} s, {more:.0f} MB in the process",
            "at most 3 s and 150 MB",
            seconds <= 3 and more <= 150,
            f"{sum(MEMBERS.values())} members, {FRAMES} frames of {COMPANIES_A_FRAME} facts, {LISTED} companies; the "
            "monitor reads none of it, and the process ends when it is idle",
            {"seconds": seconds, "mib": more},
        )
    ]


def _question(snapshot: Snapshot) -> Question:
    return Question(snapshot, Universe((), (), ()), nyse(), Rules(), NOW, None)


def _peak_mib(apart: Apart) -> float:
    running = apart._running
    assert running is not None
    status = Path(f"/proc/{running._process.pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / 1024
