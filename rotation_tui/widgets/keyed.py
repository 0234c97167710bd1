"""Keys that are named in a sentence: written as the key is by default, and shown as the user has it.

A sentence that names a key by hand would lie as soon as that key is another one.
"""

import re
from collections.abc import Callable
from typing import Final

_FIRST: Final = 0xE000
_NAMED: Final = ("esc", "enter", "tab", "shift+tab", "pgdn", "pgup", "home", "end", "ctrl+p")
_ANY: Final = re.compile("[\ue000-\ue0ff]")
"""Characters that no text of ours or of others has: each stands for a key until it is shown."""


def key(default: str) -> str:
    """What stands for the key that is `default` unless the user has another one, as `f` or `esc`."""
    return chr(_FIRST + (0x80 + _NAMED.index(default) if default in _NAMED else ord(default)))


def told(text: str, shown: Callable[[str], str] = str) -> str:
    """The sentence with its keys; `shown` says how the key is written that is this one by default."""
    if text.isascii():
        return text
    return _ANY.sub(lambda found: shown(_default(ord(found[0]) - _FIRST)), text)


def keys_in(text: str) -> tuple[str, ...]:
    """The keys that a sentence names, each as it is by default."""
    return tuple(_default(ord(found) - _FIRST) for found in _ANY.findall(text))


def _default(at: int) -> str:
    return chr(at) if at < 0x80 else _NAMED[min(at - 0x80, len(_NAMED) - 1)]
