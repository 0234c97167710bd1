"""The program's entrance."""

from rotation_tui.cli.ending import end_on_signals
from rotation_tui.cli.program import cli


def main() -> None:
    """Run the command that the command line names, and exit."""
    end_on_signals()
    cli.main(prog_name="rotation-tui")


if __name__ == "__main__":
    main()
