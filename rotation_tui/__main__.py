"""The program's entrance."""

import os
from collections.abc import MutableMapping

from rotation_tui.cli.ending import end_on_signals, end_soon, log_what_threads_raise, open_what_is_closed
from rotation_tui.cli.program import cli

_FOLDERS = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")


def settle(env: MutableMapping[str, str]) -> tuple[str, ...]:
    """Put the user's own home in the place of a relative HOME, and leave relative XDG folders out, as their
    specification says; returns what was changed, in sentences.

    Followed as they are, each folder that the program is started in would have a state and a config of its own.
    """
    said = []
    home = env.get("HOME")
    if home is not None and not os.path.isabs(home):
        del env["HOME"]
        found = os.path.expanduser("~")  # without HOME it is asked of the system
        env["HOME"] = found if os.path.isabs(found) else os.sep
        said.append(f'HOME="{home}" is not absolute: {env["HOME"]} is used')
    for name in _FOLDERS:
        value = env.get(name)
        if value and not os.path.isabs(value):
            del env[name]
            said.append(f'{name}="{value}" is not absolute, and is left out')
    return tuple(said)


def main() -> None:
    """Run the command that the command line names, and exit."""
    open_what_is_closed()
    end_on_signals()
    log_what_threads_raise()
    try:
        cli.main(prog_name="rotation-tui", obj=settle(os.environ))
    except SystemExit as end:
        end_soon(end.code)
        raise


if __name__ == "__main__":
    main()
