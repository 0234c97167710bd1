"""What the tmux around us is set to."""

import subprocess
from typing import Final

_TMUX_S: Final = 2.0


def tmux_option(name: str) -> str:
    """The value of a global option, empty where tmux does not say."""
    try:
        asked = subprocess.run(
            ["tmux", "show-options", "-gv", name],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_TMUX_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.decode("ascii", "replace").strip()
