"""`rotation-tui alerts ...`: check, try and watch for alerts without a screen."""

from datetime import date
from pathlib import Path

import click

from rotation_tui.cli.common import board_day, common, examples, local_path, logged, simulated, timeout
from rotation_tui.cli.options import DEMO_SEED, DEMO_SPEED, DemoOptions


@click.group(
    epilog=examples(
        ("rotation-tui alerts check", "whether each can be read"),
        ("rotation-tui alerts watch", "without a screen, for systemd"),
    )
)
@common
def alerts() -> None:
    """Check alerts, try them on past sessions, or watch for them without a screen."""


@alerts.command(
    epilog=examples(
        ("rotation-tui alerts check", "those of your config"),
        ("rotation-tui --config try.toml alerts check", "those of another file"),
    )
)
@common
@click.pass_context
def check(ctx: click.Context) -> int:
    """Say of each alert what it reads, what that is in the last known state, and where it is told.

    Exit code 0: all can be watched for; 2: one cannot, or there is none.
    """
    from rotation_tui.cli.alerting import checked

    return checked(logged(ctx))


@alerts.command(
    epilog=examples(
        ("rotation-tui alerts test --from 2026-01-02", "this year"),
        ("rotation-tui alerts test --tape today.tape", "a recorded session, state by state"),
        ("rotation-tui alerts test --demo --format json", "the simulated market, for a script"),
    )
)
@click.option("--from", "first", type=board_day, metavar="DATE", help="First session; a month back where left out.")
@click.option("--to", "last", type=board_day, metavar="DATE", help="Last session; the newest where left out.")
@click.option("--tape", type=local_path, metavar="FILE", help="A recorded session instead, at each of its states.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="What is printed."
)
@simulated
@timeout
@common
@click.pass_context
def test(
    ctx: click.Context,
    first: date | None,
    last: date | None,
    tape: Path | None,
    form: str,
    simulated: bool,
    timeout: float,
) -> int:
    """Print what the alerts would have told of past sessions, judged once each, at the end of the day.

    Nothing is sent. What only the running session has (prices before the close, feeds) is unknown on a past board, and
    known on a tape. Exit code 0: done; 2: no alert, or no tape; 4: no session to try them on.
    """
    if tape is not None:
        if first is not None or last is not None or simulated:
            raise click.UsageError("--tape is a session of its own, without --from, --to and --demo")
        from rotation_tui.cli.alerts_on_tape import tried_on_tape

        return tried_on_tape(logged(ctx), tape, form)
    from rotation_tui.cli.alerting import Trial, tried

    market = DemoOptions(DEMO_SEED, DEMO_SPEED) if simulated else None
    return tried(logged(ctx), Trial(first, last, form, market, timeout))


@alerts.command(
    epilog=examples(
        ("rotation-tui alerts watch", "until it is stopped"),
        ("rotation-tui alerts watch --once --timeout 20", "one look, for cron"),
    )
)
@click.option("--once", is_flag=True, help="Judge the board of now, send what is due, and end; for cron.")
@timeout
@common
@click.pass_context
def watch(ctx: click.Context, once: bool, timeout: float) -> int:
    """Watch for alerts without a screen, until it is stopped: for a systemd user unit, or with --once for cron.

    What comes true is printed, and sent by the channels of the config; screen, bell and desktop are left to a monitor.
    Exit code 0: done; 2: no alert; 3: something was not sent yet.
    """
    from rotation_tui.cli.alerting import watched

    return watched(logged(ctx), once=once, timeout_s=timeout)
