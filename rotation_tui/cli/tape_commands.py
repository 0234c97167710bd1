"""`rotation-tui record` and `rotation-tui replay`: a session kept in a file, and shown again."""

import re
from datetime import timedelta
from pathlib import Path

import click

from rotation_tui.cli.common import above_zero, common, examples, local_path, logged, simulated
from rotation_tui.cli.common import size as screen_size
from rotation_tui.cli.options import DEMO_SEED, DEMO_SPEED, TABLES, DemoOptions, SnapshotRequest

_FORMATS = ("text", "json", "csv", "svg")


def span(text: str) -> timedelta:
    """A time such as 30s, 90m or 6h30m."""
    found = re.fullmatch(r"(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?", text.strip())
    told = timedelta() if found is None else timedelta(**dict(zip(("hours", "minutes", "seconds"),
           (int(number or 0) for number in found.groups()), strict=True)))  # fmt: skip
    if not told:
        raise click.BadParameter(f'"{text}" does not fit; allowed: a time above 0, such as 45s, 90m or 6h30m')
    return told


@click.command(
    epilog=examples(
        ("rotation-tui record today.tape", "the monitor, and every state of it in a file"),
        ("rotation-tui record --headless --daily --keep 20 small.tape", "a file a day, for a service"),
    )
)
@click.argument("path", metavar="FILE", type=local_path)
@click.option("--headless", is_flag=True, help="Without a screen, until it is stopped or --for is over.")
@click.option("--for", "lasts", type=span, metavar="TIME", help="How long to record without a screen, as 6h30m.")
@click.option("--daily", is_flag=True, help="Put the file aside, under its day, as the exchange's day changes.")
@click.option(
    "--max-size", type=click.FloatRange(1), metavar="MB", help="Put the file aside once it has so many megabytes."
)
@click.option("--keep", type=click.IntRange(1), metavar="N", help="Of the files put aside keep the newest N alone.")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), help="Print the last board, where there is no screen."
)  # fmt: skip
@simulated
@click.option("--seed", type=int, help=f"Seed of the simulated market ({DEMO_SEED}); needs --demo.")
@click.option("--speed", type=above_zero, metavar="X", help="How many times as fast it runs; needs --demo.")
@common
@click.pass_context
def record(
    ctx: click.Context,
    path: Path,
    headless: bool,
    lasts: timedelta | None,
    daily: bool,
    max_size: float | None,
    keep: int | None,
    form: str | None,
    simulated: bool,
    seed: int | None,
    speed: float | None,
) -> int:
    """Keep a session in FILE: every price, history and state of a feed that enters the store, with its time.

    It is only ever added to, and can be read meanwhile. A kill takes the last second at most. Where the disk is full
    or hangs, what comes waits for it. Exit code 0: all is on the tape; 2: nothing can be recorded into FILE; 3: the
    disk did not take all.
    """
    if (seed is not None or speed is not None) and not simulated:
        raise click.UsageError("--seed and --speed are the simulated market's; they need --demo")
    if (lasts is not None or form is not None) and not headless:
        raise click.UsageError("--for and --format are for a recording without a screen; they need --headless")
    if keep is not None and not daily and max_size is None:
        raise click.UsageError("--keep is about files that are put aside; it needs --daily or --max-size")
    from rotation_tui.cli.record import RecordRequest, run
    from rotation_tui.tape.recorder import TapeRotation

    rotation = TapeRotation(daily, None if max_size is None else int(max_size * 1e6), keep)
    market = DemoOptions(DEMO_SEED if seed is None else seed, speed or DEMO_SPEED) if simulated else None
    printed = None if form is None else SnapshotRequest(form, market, None, 0.0, False, 122, 36)
    return run(logged(ctx), RecordRequest(path, rotation, market, headless, lasts, printed))


@click.command(
    epilog=examples(
        ("rotation-tui replay today.tape --speed 60 --from 09:30", "the session again, a minute a second"),
        ("rotation-tui replay today.tape --format json --to 14:30", "the board of half past two, for a script"),
    )
)
@click.argument("path", metavar="FILE", type=local_path)
@click.option(
    "--speed", type=above_zero, default=1.0, show_default=True, metavar="X", help="How many times as fast as it was."
)
@click.option("--from", "begins", metavar="TIME", help="Begin there: 14:30 in New York, +1h30m, or an RFC 3339 time.")
@click.option("--to", "ends", metavar="TIME", help="End there, where there is no screen.")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), help="Without a screen: play to the end, print the last board."
)
@click.option(
    "--size", type=screen_size, default="122x36", show_default=True, metavar="COLSxROWS", help="Of text and svg."
)
@click.option(
    "--table",
    type=click.Choice(TABLES),
    metavar="PART",
    help="Of --format csv: the rows of this part alone, all fields.",
)
@common
@click.pass_context
def replay(
    ctx: click.Context,
    path: Path,
    speed: float,
    begins: str | None,
    ends: str | None,
    form: str | None,
    size: tuple[int, int],
    table: str | None,
) -> int:
    """Show a recorded session again, judged by your config; every screen says REPLAY.

    Nothing is asked of any source, and no alert is told outside the screen. The keys are those of the monitor, and
    those that ? lists for a tape. Exit codes as of snapshot; 2: FILE is no tape, or of a newer version.
    """
    if ends is not None and form is None:
        raise click.UsageError("--to is where the printed board is of; it needs --format")
    if table is not None and form != "csv":
        raise click.UsageError("--table is a part of the board as CSV; it needs --format csv")
    from rotation_tui.cli.replay import ReplayRequest, run

    printed = None if form is None else SnapshotRequest(form, None, None, 0.0, False, *size, table)
    return run(logged(ctx), ReplayRequest(path, begins, ends, speed, printed))
