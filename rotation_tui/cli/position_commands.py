"""`rotation-tui positions ...`: what is held, and which trades would bring it to another tilt."""

from datetime import date

import click

from rotation_tui.cli.common import board_day, common, examples, logged, simulated, timeout
from rotation_tui.cli.options import DEMO_SEED, DEMO_SPEED, DemoOptions

_FORM = click.option(
    "--format",
    "form",
    type=click.Choice(("text", "csv", "json")),
    default="text",
    show_default=True,
    help="What is printed.",
)
_PRIVATE = click.option("--private", is_flag=True, help="Hide how much is held, in json too.")
_AS_OF = click.option("--as-of", type=board_day, metavar="DATE", help="What is held now, at the closes of that day.")


@click.group(
    invoke_without_command=True,
    epilog=examples(
        ("rotation-tui positions", "what you hold, as a table"),
        ("rotation-tui positions --format csv --private", "without how much, to be sent on"),
    ),
)
@_FORM
@_PRIVATE
@_AS_OF
@simulated
@timeout
@common
@click.pass_context
def positions(ctx: click.Context, form: str, private: bool, as_of: date | None, simulated: bool, timeout: float) -> int:
    """List what is held, with profit and loss, weights, betas and the tilt of it all.

    Exit code 0: complete; 2: nothing is held; 3: printed, but a price is unknown or stale; 4: no price at all.
    """
    if ctx.invoked_subcommand is not None:
        return 0
    from rotation_tui.cli.positions import PositionsRequest, listed

    market = DemoOptions(DEMO_SEED, DEMO_SPEED) if simulated else None
    return listed(logged(ctx), PositionsRequest(form, market, as_of, timeout, private))


@positions.command(
    epilog=examples(
        ("rotation-tui positions rebalance --target 40", "to 40 % small caps, in proportion to what is held"),
        ("rotation-tui positions rebalance --small IWM --format csv", "of small caps by IWM alone"),
    )
)
@click.option("--target", type=click.FloatRange(0, 100), metavar="PERCENT", help="Small caps in percent of the book.")
@click.option("--small", metavar="SYMBOL", help="What is bought or sold of small caps.")
@click.option("--large", metavar="SYMBOL", help="What is bought or sold of large caps.")
@_FORM
@_PRIVATE
@simulated
@timeout
@common
@click.pass_context
def rebalance(
    ctx: click.Context,
    target: float | None,
    small: str | None,
    large: str | None,
    form: str,
    private: bool,
    simulated: bool,
    timeout: float,
) -> int:
    """Print the trades in whole shares that would bring the book to a tilt; no order is ever made.

    What is left out is as [rebalance] in the config says. Exit code 0: done; 2: nothing is held, or no target; 3:
    there is something in the way, which is told.
    """
    from rotation_tui.cli.positions import PositionsRequest, rebalanced
    from rotation_tui.domain.positions import RebalanceSettings

    market = DemoOptions(DEMO_SEED, DEMO_SPEED) if simulated else None
    to = RebalanceSettings(target_small=target, small=small, large=large)
    return rebalanced(logged(ctx), PositionsRequest(form, market, None, timeout, private), to)
