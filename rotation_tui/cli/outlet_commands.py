"""`rotation-tui history` and `rotation-tui statusline`: what leaves the program for others, beside `snapshot`."""

from datetime import date

import click

from rotation_tui.cli.common import above_zero, board_day, common, examples, logged, options_of, simulated, timeout
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


@click.command(
    epilog=examples(
        ("rotation-tui statusline --format tmux", "for status-right of tmux"),
        ("rotation-tui statusline --timeout 20", "asks the feeds where no monitor runs"),
    )
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("plain", "tmux", "polybar", "waybar-json")),
    default="plain",
    show_default=True,
    help="For which bar.",
)
@click.option(
    "--timeout",
    "timeout_s",
    type=above_zero,
    metavar="SECONDS",
    help="Ask the feeds where what is known is old, for so long; without it nobody is asked.",
)
@common
@click.pass_context
def statusline(ctx: click.Context, form: str, timeout_s: float | None) -> int:
    """Print who leads in one line, from the last state that a monitor has kept, with its age; for a status bar.

    A monitor that runs keeps it up to date by the minute, and nothing is asked of the network. Exit code 0: printed;
    3: printed, but old, stale or unknown, which the line says; 4: nothing is known.
    """
    from rotation_tui.cli.statusline import run

    return run(options_of(ctx) if timeout_s is None else logged(ctx), form, timeout_s)
