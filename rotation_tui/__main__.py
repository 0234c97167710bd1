"""The program's entrance."""

import os

from rotation_tui.cli.ending import end_on_signals, end_soon, log_what_threads_raise, open_what_is_closed
from rotation_tui.cli.home import settle
from rotation_tui.cli.program import cli


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
