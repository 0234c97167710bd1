"""`rotation-tui config ...`: write, check, show and locate the config file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rotation_tui.cli.common import common, examples, options_of
from rotation_tui.cli.output import complain, give, in_json, in_toml, tell

if TYPE_CHECKING:
    from rotation_tui.cli.options import Options

HIDDEN = "***"


@click.group(
    epilog=examples(
        ("rotation-tui config init", "a file with every key"),
        ("rotation-tui config check", "what is wrong with it"),
    )
)
@common
def config() -> None:
    """Write, check, show and locate the config file."""


@config.command(
    epilog=examples(
        ("rotation-tui config init", "to the usual place"),
        ("rotation-tui --config my.toml config init", "to a file of that name"),
    )
)
@common
@click.pass_context
def init(ctx: click.Context) -> None:
    """Write the example to the usual place or to --config; never overwrites."""
    from rotation_tui.toml_file.fault import ConfigFault
    from rotation_tui.toml_file.read import shipped

    file = options_of(ctx).config_file
    text = shipped("config.example.toml").read_text(encoding="utf-8")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except OSError as fault:
        if file.exists():
            raise ConfigFault(file, "", "exists already; nothing was written") from None
        raise ConfigFault(file, "", f"cannot be written: {fault.strerror or fault}") from None
    tell(file)


@config.command(
    epilog=examples(
        ("rotation-tui config check", "the usual file"),
        ("rotation-tui --config my.toml config check", "another one"),
    )
)
@common
@click.pass_context
def check(ctx: click.Context) -> int:
    """Say whether the config and what it names (files, themes, plugins) can be used, and all that is wrong with it.

    Exit code 2 where it cannot.
    """
    from rotation_tui.cli.origins import strangers
    from rotation_tui.toml_file.fault import ConfigFault

    options = options_of(ctx)
    for sentence in strangers(ctx):
        complain(sentence)
    try:
        loaded = options.load()
    except ConfigFault as faults:
        for fault in faults.every:
            complain(f"rotation-tui: {fault}")
        return 2
    if loaded.variables:
        tell(f"OK {', '.join(sorted(loaded.variables.values()))} before the file")
    if loaded.path is None:
        tell(f"OK built-in defaults, there is no {options.config_file}")
    else:
        tell(f"OK {loaded.path}")
    if loaded.companies:
        tell(f"OK {options.config_file.absolute().parent / 'map.toml'}: {len(loaded.companies)} tickers")
    from rotation_tui.cli.own_files import keys, looked_at, plugged_in, themes

    said = (*themes(options.themes_folder), *looked_at(loaded), *plugged_in(loaded), *keys(loaded))
    for text, sound in said:
        (tell if sound else complain)(text)
    return 0 if all(sound for _, sound in said) else 2


@config.command(
    epilog=examples(
        ("rotation-tui config show", "what counts now"),
        ("rotation-tui --theme light config show", "with an option put over the file"),
    )
)
@common
@click.pass_context
def show(ctx: click.Context) -> None:
    """Print the config that is in effect, file, variables and options together, as TOML.

    Behind each value that is not the default stands where it comes from.
    """
    from rotation_tui.config.schema import as_plain
    from rotation_tui.domain.address import masked

    options = options_of(ctx)
    loaded = options.load()
    import tomli_w

    from rotation_tui.cli.origins import with_origins

    complain(f"# {loaded.path or 'built-in defaults'}")
    plain = as_plain(loaded.config)
    for feed in plain["feeds"]:
        if not feed["columns"]:
            del feed["columns"]  # nothing is renamed, and most sources have no columns
    for provider in plain["providers"].values():
        if not provider["products"]:
            del provider["products"]  # as for most sources
    for channel in plain["channels"].values():  # an address of these is a password as a whole
        channel |= {"url": HIDDEN} if "url" in channel else {}
        channel["command"] = [*channel["command"][:1], *(HIDDEN for _ in channel["command"][1:])]
    text = tomli_w.dumps(plain)
    if plain["channels"] or text != masked(text):
        complain("# passwords are not shown")
    give(with_origins(in_toml(masked(text)), loaded, options.origins))


@config.command(
    epilog=examples(
        ("rotation-tui config schema > schema.json", "for a language server"),
        ("rotation-tui config schema | jq .properties.poll", "what one table may hold"),
    )
)
@common
def schema() -> None:
    """Print the JSON Schema of the config file, for editors."""
    from rotation_tui.cli.schemas import config_schema

    give(in_json(config_schema()) + "\n")


@config.command(
    epilog=examples(
        ("rotation-tui config locate", "all of them"),
        ("rotation-tui config locate | grep log", "where to look for a fault"),
    )
)
@common
@click.pass_context
def locate(ctx: click.Context) -> None:
    """Print where config, themes, state, history and log are."""
    for name, path in places(options_of(ctx)):
        tell(f"{name:<8} {path}")


def places(options: "Options") -> tuple[tuple[str, Path], ...]:
    """Names and paths of everything the program reads and writes for its user."""
    from rotation_tui.config.schema import state_folder

    state = state_folder()
    return (
        ("config", options.config_file),
        ("themes", options.themes_folder),
        ("state", state),
        ("history", state / "history"),
        ("log", options.log_file),
    )
