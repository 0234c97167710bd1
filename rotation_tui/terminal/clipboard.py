"""The clipboard of the machine in front of the user, also at the other end of ssh: OSC 52."""

import base64
from collections.abc import Mapping
from typing import Final

from rotation_tui.terminal.title import has_title
from rotation_tui.terminal.tmux import through_tmux

LONGEST: Final = 74_994
"""Bytes of base64 that the strictest terminals take; more than that they cut or drop without a word."""


class TooLong(ValueError):
    """A text that terminals would cut."""


def has_clipboard(env: Mapping[str, str]) -> bool:
    """Whether the terminal can be trusted to take OSC 52; a console would print it, or swallow the screen."""
    return has_title(env)


def to_clipboard(text: str, env: Mapping[str, str]) -> str:
    """What makes the terminal put a text into its clipboard; TooLong where it would be cut. It is never answered.

    Within tmux it is sent twice: as it is, which tmux takes where `set-clipboard` is on, and wrapped, which tmux hands
    on where `allow-passthrough` is.
    """
    content = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    if len(content) > LONGEST:
        raise TooLong(f"{len(text):,} characters are too many")
    sent = f"\x1b]52;c;{content}\x1b\\"
    return sent + through_tmux(sent) if "TMUX" in env else sent
