"""The commands; each imports what it needs when it runs."""

from datetime import date

import click

from rotation_tui.cli.common import above_zero, board_day, common, examples, logged, simulated, timeout
from rotation_tui.cli.common import size as screen_size
from rotation_tui.cli.ending import Program
from rotation_tui.cli.options import DEMO_SEED, DEMO_SPEED, FRAMES, TABLES, DemoOptions, SnapshotRequest


@click.group(
    cls=Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        ("rotation-tui", "the live monitor"),
        ("rotation-tui --theme light --ascii", "in other colours, without Unicode"),
        ("rotation-tui doctor", "what is wrong, and what to do"),
    ),
)
@common
@click.pass_context
def cli(ctx: click.Context) -> int:
    """Are small caps really beating large caps? A live monitor for the terminal.

    Without a command the monitor starts, on free sources that need no key. Every option below may stand before
    or after the command and has an environment variable: --log-file is ROTATION_TUI_LOG_FILE.
    """
    if ctx.invoked_subcommand is not None:
        return 0
    from rotation_tui.cli.monitor import run

    return run(logged(ctx), None)


@cli.command(
    epilog=examples(
        ("rotation-tui demo", "the same market every time"),
        ("rotation-tui demo --seed 11 --speed 60", "another one, a minute a second"),
    )
)
@click.option("--seed", type=int, default=DEMO_SEED, show_default=True, help="Another seed, another market.")
@click.option(
    "--speed",
    type=above_zero,
    default=DEMO_SPEED,
    show_default=True,
    metavar="X",
    help="How many times as fast as real time the simulated market runs.",
)
@common
@click.pass_context
def demo(ctx: click.Context, seed: int, speed: float) -> int:
    """The monitor on a simulated market: no network, the same every time, marked DEMO."""
    from rotation_tui.cli.monitor import run

    return run(logged(ctx), DemoOptions(seed, speed))


@cli.command(
    epilog=examples(
        ("rotation-tui snapshot --format json --timeout 20", "the board of now, for a script"),
        ("rotation-tui snapshot --format csv --as-of 2025-12-31", "the board of a past day"),
        ("rotation-tui snapshot --format json --follow", "a line of JSON at each change"),
    )
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "csv", "svg")),
    default="text",
    show_default=True,
    help="What is printed.",
)
@simulated
@click.option("--seed", type=int, help=f"Seed of the simulated market ({DEMO_SEED}); needs --demo.")
@click.option("--as-of", type=board_day, metavar="DATE", help="The board as it was known on that day.")
@timeout
@click.option("--schema", is_flag=True, help="Print the JSON Schema of --format json instead.")
@click.option(
    "--size", type=screen_size, default="122x36", show_default=True, metavar="COLSxROWS", help="Of text and svg."
)
@click.option(
    "--table",
    type=click.Choice(TABLES),
    metavar="PART",
    help=f"Of --format csv: the rows of this part alone, all fields: {', '.join(TABLES)}.",
)
@click.option("--private", is_flag=True, help="Hide how much is held, in json too.")
@click.option("--follow", is_flag=True, help="Go on: a line of JSON whenever the board has changed.")
@click.option(
    "--every",
    "every_s",
    type=above_zero,
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="Of --follow: how often the board is looked at.",
)
@common
@click.pass_context
def snapshot(
    ctx: click.Context,
    form: str,
    simulated: bool,
    seed: int | None,
    as_of: date | None,
    timeout: float,
    schema: bool,
    size: tuple[int, int],
    table: str | None,
    private: bool,
    follow: bool,
    every_s: float,
) -> int:
    """Print one complete board to standard output; needs no terminal.

    Exit code 0: complete; 3: printed, but a price or a spread's YTD is unknown or stale; 4: no data at all. With
    --follow it ends when it is stopped: 130 interrupted, 141 nobody reads any more, 143 terminated.
    """
    if seed is not None and not simulated:
        raise click.UsageError("--seed is the simulated market's; it needs --demo")
    if table is not None and form != "csv":
        raise click.UsageError("--table is a part of the board as CSV; it needs --format csv")
    market = DemoOptions(DEMO_SEED if seed is None else seed, DEMO_SPEED) if simulated else None
    request = SnapshotRequest(form, market, as_of, timeout, schema, *size, table, private, every_s)
    if follow:
        if form != "json" or schema or as_of is not None:
            raise click.UsageError("--follow prints lines of JSON of now; it needs --format json, and no --as-of")
        from rotation_tui.cli.following import follow as followed

        return followed(logged(ctx), request)
    from rotation_tui.cli.snapshot import run

    return run(logged(ctx), request)


@cli.command(
    epilog=examples(
        ("rotation-tui chart IWM/SPY", "a year of the ratio"),
        ("rotation-tui chart RUT --frame 3Y --size 100x30", "three years of an index"),
    )
)
@click.argument("name", metavar="PAIR_OR_SYMBOL")
@click.option(
    "--frame", type=click.Choice(FRAMES, case_sensitive=False), default="1Y", show_default=True, help="How far back."
)
@click.option("--size", type=screen_size, default="80x24", show_default=True, metavar="COLSxROWS", help="Of the chart.")
@simulated
@click.option("--seed", type=int, help=f"Seed of the simulated market ({DEMO_SEED}); needs --demo.")
@timeout
@common
@click.pass_context
def chart(
    ctx: click.Context,
    name: str,
    frame: str,
    size: tuple[int, int],
    simulated: bool,
    seed: int | None,
    timeout: float,
) -> int:
    """Print the history of a pair (IWM/SPY) or a symbol with its mean of 200 sessions, for scripts and mails.

    Into a file or a pipe it is plain text unless --color says which colours. Exit code 0: printed; 4: no history.
    """
    if seed is not None and not simulated:
        raise click.UsageError("--seed is the simulated market's; it needs --demo")
    from rotation_tui.cli.chart import ChartRequest, run

    market = DemoOptions(DEMO_SEED if seed is None else seed, DEMO_SPEED) if simulated else None
    return run(logged(ctx), ChartRequest(name, frame, *size, market, timeout))


@cli.command(
    epilog=examples(
        ("rotation-tui doctor", "everything, each feed included"),
        ("rotation-tui --proxy http://127.0.0.1:3128 doctor", "the same through a proxy"),
    )
)
@common
@click.pass_context
def doctor(ctx: click.Context) -> int:
    """Look at config, terminal, clock, calendar, feeds and files, and say what is wrong.

    Exit code 0: all well; 3: something is degraded; 2: the config cannot be used.
    """
    from dataclasses import replace

    from rotation_tui.cli.doctor.command import run
    from rotation_tui.cli.origins import strangers

    options = logged(ctx)
    return run(replace(options, notes=(*options.notes, *strangers(ctx))))


@cli.command(
    epilog=examples(
        ("rotation-tui serve", "polls once for the whole desk"),
        ("rotation-tui --config desk.toml serve", "by a config of its own"),
    )
)
@common
@click.pass_context
def serve(ctx: click.Context) -> int:
    """Poll and study once for many terminals, and tell them by Redis or Valkey; needs no terminal.

    Where the config has a feed with provider = "hub" and its url, this tells what the other feeds give, and terminals
    with that feed ask nobody themselves. Of several servers one leads; another goes on within ten seconds.
    """
    from rotation_tui.cli.serving import run

    return run(logged(ctx))


for _name, _module in (
    ("alerts", "alert_commands"),
    ("config", "config_commands"),
    ("consensus", "consensus_commands"),
    ("history", "outlet_commands"),
    ("positions", "position_commands"),
    ("record", "tape_commands"),
    ("replay", "tape_commands"),
    ("statusline", "outlet_commands"),
):
    cli.add_later(_name, f"rotation_tui.cli.{_module}")
