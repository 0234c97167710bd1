"""Where config, themes and state are; apart from the schema, which takes longer to declare than a line to print."""

from pathlib import Path

import platformdirs


def config_path() -> Path:
    """Where the config file is looked for without `--config`."""
    return Path(platformdirs.user_config_dir("rotation-tui", appauthor=False)) / "config.toml"


def themes_folder(config_file: Path) -> Path:
    """The user's own themes, beside the config file (which need not be there)."""
    return config_file.absolute().parent / "themes"


def state_folder() -> Path:
    """Where last known state, history, request budgets and what the user chose are kept."""
    return Path(platformdirs.user_state_dir("rotation-tui", appauthor=False))
