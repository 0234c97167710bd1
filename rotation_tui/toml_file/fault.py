"""What a file that cannot be used is told with."""

import math
from collections.abc import Sequence
from pathlib import Path


class ConfigFault(Exception):
    """The config or a theme cannot be used; the message names file, line or key, what is wrong and what is allowed.

    No password stands in it. `others` are what else is wrong with the same files.
    """

    others: "tuple[ConfigFault, ...]" = ()

    def __init__(self, where: Path | str, key: str, problem: str, line: int | None = None) -> None:
        from rotation_tui.domain.address import masked  # the command line knows this fault before anything is loaded

        at = str(where) if line is None else f"{where}:{line}"
        self.line = line
        super().__init__(f"{at}: {key + ': ' if key else ''}{masked(problem)}")

    @property
    def brief(self) -> str:
        """The first fault, and how many more there are."""
        more = f" (and {len(self.others)} more; `rotation-tui config check` lists all)" if self.others else ""
        return f"{self}{more}"

    @property
    def every(self) -> "tuple[ConfigFault, ...]":
        """All of them."""
        return (self, *self.others)


def together(faults: "Sequence[ConfigFault]") -> ConfigFault:
    """The first of several by its line, which knows the others."""
    first, *others = sorted(faults, key=lambda fault: fault.line or math.inf)
    first.others = (*first.others, *others)
    return first
