"""What has to reach the terminal that tmux runs in."""


def through_tmux(sent: str) -> str:
    """The sequence as tmux hands it on where `allow-passthrough` is on; elsewhere tmux drops it."""
    return "\x1bPtmux;" + sent.replace("\x1b", "\x1b\x1b") + "\x1b\\"
