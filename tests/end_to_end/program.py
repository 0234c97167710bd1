"""The program on the evening that all end-to-end tests are on: `python -m tests.end_to_end.program` and its arguments.

Nothing but the clock differs from `python -m rotation_tui`: `SHIFT_S` in the environment is added to it.
"""

import os
import time
from datetime import UTC, datetime

import time_machine

SHIFT_S = "TESTS_SHIFT_S"
EVENING = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)
"""Half past nine on a Wednesday in New York: closed until the morning, so that a price which stands is no fault."""


def main() -> None:
    """Move the clock, and be the program."""
    time_machine.travel(time.time() + float(os.environ[SHIFT_S])).start()  # a number, for a date would bring its zone
    from rotation_tui.__main__ import main as program

    program()


if __name__ == "__main__":
    main()
