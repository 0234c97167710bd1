"""What a file that cannot be used is told with."""

from pathlib import Path


class ConfigFault(Exception):
    """The config or a theme cannot be used; the message names file, line or key, what is wrong and what is allowed.

    No password stands in it.
    """

    def __init__(self, where: Path | str, key: str, problem: str, line: int | None = None) -> None:
        from rotation_tui.domain.address import masked  # the command line knows this fault before anything is loaded

        at = str(where) if line is None else f"{where}:{line}"
        super().__init__(f"{at}: {key + ': ' if key else ''}{masked(problem)}")
