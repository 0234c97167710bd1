"""`rotation-tui consensus add`: enter a figure that nobody publishes for free into the config."""

from datetime import date
from typing import Any

import click

from rotation_tui.cli.common import common, examples, options_of
from rotation_tui.cli.output import tell


@click.group(
    epilog=examples(
        ("rotation-tui consensus add", "asks for one figure"),
        ("rotation-tui consensus add --help", "what it may be given instead"),
    )
)
@common
def consensus() -> None:
    """Enter figures that nobody publishes for free."""


ASKED = {
    "index": "index (R2000 or SPX)",
    "measure": "measure (fwd_pe, eps_growth, ...)",
    "period": "period (NTM, CY2026, ...)",
    "value": "value",
    "basis": "basis (how it was computed)",
    "as_of": "as of (YYYY-MM-DD)",
    "source": "source (who says so)",
}
"""What is asked for where no option says it."""
_DAY = click.DateTime(["%Y-%m-%d"])


@consensus.command(
    epilog=examples(
        ("rotation-tui consensus add", "asks for everything"),
        ("rotation-tui consensus add --index R2000 --measure fwd_pe", "asks for the rest"),
    )
)
@click.option("--index", help="R2000 or SPX.")
@click.option("--measure", help="What is measured, as fwd_pe or eps_growth.")
@click.option("--period", help="The period it is about, as NTM or CY2026.")
@click.option("--value", type=float, help="The figure.")
@click.option("--basis", help="How it was computed; two legs are compared only on the same basis.")
@click.option("--as-of", type=_DAY, help="The day it is of.")
@click.option("--source", help="Who says so.")
@click.option("--url", help="Where it stands.")
@click.option("--note", help="Anything else.")
@common
@click.pass_context
def add(ctx: click.Context, /, **given: Any) -> None:
    """Write one figure behind what the config has; asks for what no option says. Nothing that stands there changes."""
    from rotation_tui.config.load import parse
    from rotation_tui.toml_file.writing import known_text, rewrite

    file = options_of(ctx).config_file
    known_text(file)  # what cannot be read is told before anything is asked
    entry = {name: value for name, value in given.items() if value is not None}
    for name, words in ASKED.items():
        if name not in entry:
            kind: Any = {"value": float, "as_of": _DAY}.get(name, str)
            entry[name] = click.prompt(words, type=kind, err=True)
    entry["as_of"] = entry["as_of"].date()
    block = _block(entry)

    def joined(text: str) -> str:
        return f"{text.rstrip()}\n\n{block}" if text.strip() else block

    config = parse(rewrite(file, joined, lambda text: parse(text, file.absolute())), file.absolute())
    told = f"{entry['index']} {entry['measure']} {entry['period']} {entry['value']:g}"
    tell(f"{file}: entry {len(config.consensus)}, {told}")


def _block(entry: dict[str, str | float | date]) -> str:
    import tomli_w

    return tomli_w.dumps({"consensus": [entry]}, multiline_strings=False)
