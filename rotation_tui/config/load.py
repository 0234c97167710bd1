"""Reading the config file, and the variables that stand before it."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from rotation_tui import plugins
from rotation_tui.config import schema as declared
from rotation_tui.config.check import contradictions
from rotation_tui.config.company_map import company_map
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.toml_file.fault import ConfigFault, together
from rotation_tui.toml_file.faults import Mended, mended, wrong_in
from rotation_tui.toml_file.place import line_of
from rotation_tui.toml_file.read import parsed, shipped, text_of

_NONE: Mapping[str, str] = {}


def load(path: Path | None, env: Mapping[str, str] = os.environ) -> Loaded:
    """The config in `path`, or in the usual place, or the defaults where there is no file there; variables before it.

    Raises ConfigFault, which knows all faults. A file that was named must exist.
    """
    found = path or declared.config_path()
    faults: list[ConfigFault] = []
    loaded, companies = Loaded(Config(), None), {}
    try:
        loaded = _loaded(found, env, named=path is not None)
    except ConfigFault as fault:
        faults.append(fault)
    try:
        companies = company_map(found)
    except ConfigFault as fault:
        faults.append(fault)
    if faults:
        first = faults[0]
        first.others = (*first.others, *(one for fault in faults[1:] for one in fault.every))
        raise first
    return replace(loaded, companies=companies)


def _loaded(found: Path, env: Mapping[str, str], *, named: bool) -> Loaded:
    try:
        text = text_of(found)
    except ConfigFault as fault:
        if not isinstance(fault.__cause__, FileNotFoundError):
            raise
        if named:
            remedy = "there is no such file; `rotation-tui config init` writes one"
            raise ConfigFault(found, "", remedy) from None
        config, variables = _read("", None, env)
        return Loaded(config, None, variables=variables)
    config, variables = _read(text, found.absolute(), env)
    return Loaded(config, found.absolute(), variables=variables)


def parse(text: str, path: Path | None = None) -> Config:
    """The config in `text` alone; raises ConfigFault, which knows all faults.

    `path` is the file it came from: its folder is where relative paths start and where the user's themes are.
    """
    return _read(text, path, _NONE)[0]


def _read(text: str, path: Path | None, env: Mapping[str, str]) -> tuple[Config, dict[str, str]]:
    """The config, and by key the variables that it is from."""
    where = path or "config"
    raw = parsed(text, where)
    variables: dict[str, str] = {}
    faults: list[ConfigFault] = []

    def fault(key: str, problem: str) -> ConfigFault:
        variable = next((v for k, v in variables.items() if key == k or key.startswith((f"{k}.", f"{k}["))), None)
        return ConfigFault(variable or where, key, problem, None if variable else line_of(key, text))

    if any(name.startswith("ROTATION_TUI_") for name in env):
        from rotation_tui.config.environment import laid_over, set_in  # walks through all types; few have any

        given = tuple(set_in(env, raw))
        raw, variables = laid_over(raw, given), {one.key: one.name for one in given}
        faults += [fault(one.key, one.why_not) for one in given if one.why_not is not None]
    try:
        config = msgspec.convert(raw, Config)
        left = Mended(raw, {}, whole=True)
    except msgspec.ValidationError:
        wrong = wrong_in(raw, Config)
        faults += [fault(one.key, one.problem) for one in wrong]
        left = mended(raw, wrong, Config)
        config = msgspec.convert(left.raw, Config)
    folder = Path.cwd() if path is None else path.parent
    themes = theme_names(declared.themes_folder(path or declared.config_path()))
    for key, problem in contradictions(config, folder, themes):
        # alerts speak of rows and channels, which may be among those that had to be left out
        if left.whole or not key.startswith("alerts"):
            faults.append(fault(left.place(key), problem))
    if faults:
        raise together(faults)
    return config, variables


def theme_names(folder: Path) -> tuple[str, ...]:
    """Names of the shipped themes and of those in the user's `folder`, told from the file names alone."""
    files = [*shipped("themes").glob("*.toml"), *folder.glob("*.toml")]
    return tuple(sorted({file.stem for file in files}))


def require_theme(name: str, folder: Path) -> None:
    """Raises ConfigFault unless a theme called `name` is shipped or in the user's `folder`."""
    known = theme_names(folder)
    if name not in known:
        near = plugins.nearest(name, known)
        raise ConfigFault("--theme", "", f'no theme "{name}"{near}; there are: {", ".join(known)}')
