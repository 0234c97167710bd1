"""What there is to choose about driving the screen."""

from dataclasses import dataclass

from rotation_tui.terminal.first_paint import Opening


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """How the screen is driven.

    `own=False` leaves it to Textual's own driver. `acknowledge` ends each frame with a question for the
    cursor's position and holds the next one back until the reply: the only way to know the round trip, and
    to keep a slow link's own buffers empty. With an `opening` the board is on the screen already: nothing is
    sent before `begin`, so that it never gives way to a blank screen.
    """

    own: bool = True
    acknowledge: bool = True
    opening: Opening | None = None
