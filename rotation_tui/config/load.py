"""Reading the config file."""

from pathlib import Path

from rotation_tui import plugins
from rotation_tui.config import schema as declared
from rotation_tui.config.check import contradictions
from rotation_tui.config.company_map import company_map
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.place import line_of
from rotation_tui.toml_file.read import decoded, shipped, text_of


def load(path: Path | None) -> Loaded:
    """The config in `path`, or in the usual place, or the defaults where there is no file there.

    Raises ConfigFault. A file that was named must exist.
    """
    found = path or declared.config_path()
    try:
        text = text_of(found)
    except ConfigFault as fault:
        if not isinstance(fault.__cause__, FileNotFoundError):
            raise
        if path is not None:
            remedy = "there is no such file; `rotation-tui config init` writes one"
            raise ConfigFault(found, "", remedy) from None
        return Loaded(Config(), None, company_map(found))
    return Loaded(parse(text, found.absolute()), found.absolute(), company_map(found))


def parse(text: str, path: Path | None = None) -> Config:
    """The config in `text`; raises ConfigFault.

    `path` is the file it came from: its folder is where relative paths start and where the user's themes are.
    """
    where = path or "config"
    config = decoded(text, Config, where)
    folder = Path.cwd() if path is None else path.parent
    themes = theme_names(declared.themes_folder(path or declared.config_path()))
    for key, problem in contradictions(config, folder, themes):
        raise ConfigFault(where, key, problem, line_of(key, text))
    return config


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
