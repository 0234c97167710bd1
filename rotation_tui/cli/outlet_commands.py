"""`rotation-tui history`: what leaves the program for scripts, beside `snapshot`."""

from datetime import date

import click

from rotation_tui.cli.common import board_day, common, examples, logged, simulated, timeout
from rotation_tui.cli.options import DEMO_SEED, DEMO_SPEED, DemoOptions


@click.command(
    epilog=examples(
        ("rotation-tui history --from 2020-01-01 > sessions.csv", "every session since then"),
        ("rotation-tui history --from 2024-01-01 --every month --format json", "the last session of each month"),
    )
)
@click.option("--from", "first", type=board_day, metavar="DATE", required=True, help="First session.")
@click.option("--to", "last", type=board_day, metavar="DATE", help="Last session; the newest where left out.")
@click.option(
    "--every",
    type=click.Choice(("session", "week", "month")),
    default="session",
    show_default=True,
    help="The last session of each.",
)
@click.option(
    "--format", "form", type=click.Choice(("csv", "json")), default="csv", show_default=True, help="What is printed."
)
@simulated
@click.option("--seed", type=int, help=f"Seed of the simulated market ({DEMO_SEED}); needs --demo.")
@timeout
@common
@click.pass_context
def history(
    ctx: click.Context,
    first: date,
    last: date | None,
    every: str,
    form: str,
    simulated: bool,
    seed: int | None,
    timeout: float,
) -> int:
    """Print verdict, score, spreads and levels of every session between two days, each as it was known on that day.

    Every row says what snapshot --as-of says of its day. Exit code 0: complete; 3: printed, but a spread's YTD is
    unknown or stale on one of the days; 4: no data at all.
    """
    if seed is not None and not simulated:
        raise click.UsageError("--seed is the simulated market's; it needs --demo")
    if last is not None and last < first:
        raise click.UsageError(f"--to {last} is before --from {first}")
    from rotation_tui.cli.history import HistoryRequest, run

    market = DemoOptions(DEMO_SEED if seed is None else seed, DEMO_SPEED) if simulated else None
    return run(logged(ctx), HistoryRequest(first, last, every, form, market, timeout))
