"""What `config check` says of the files that a config names: each is opened and read as the monitor would."""

import asyncio

from rotation_tui.app.roster import Means, roster
from rotation_tui.cli.doctor.feeds import told
from rotation_tui.config.load import universe
from rotation_tui.config.schema import Loaded, state_folder
from rotation_tui.domain.clock import SystemClock
from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers.base import BadReply, Examinable, Misconfigured, ProviderFault
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.place import line_of

_MOST_NAMES = 8


def looked_at(loaded: Loaded) -> tuple[tuple[str, bool], ...]:
    """A line a file and whether all of it can be used, in the order of the feeds.

    A disk that gives no answer is waited for for ten seconds.
    """
    feeds = roster(loaded, universe(loaded.config), Means(state_folder(), SystemClock()))
    # a pipe has been read to its end already
    text = loaded.path.read_text(encoding="utf-8-sig") if loaded.path and loaded.path.is_file() else ""
    return tuple(
        _said(feed.provider, f"feeds[{number}].path", loaded, text)
        for number, feed in enumerate(feeds, 1)
        if isinstance(feed.provider, Examinable)
    )


def _said(provider: Examinable, key: str, loaded: Loaded, text: str) -> tuple[str, bool]:
    try:
        found = asyncio.run(provider.examine())
        if found.problems:
            raise BadReply(told(found.problems))
        if found.last is None:
            raise Misconfigured("holds no value at all")
    except ProviderFault as fault:
        problem = ConfigFault(loaded.path or "config", key, plain_text(str(fault), 600), line_of(key, text))
        return f"rotation-tui: {problem}", False
    names = ", ".join(found.names[:_MOST_NAMES])
    more = len(found.names) - _MOST_NAMES
    file = loaded.config.feeds[int(key[6:].partition("]")[0]) - 1].path
    listed = names + (f" and {more} more" if more > 0 else "")
    return f"OK {file}: {listed} up to {found.last}; {found.understood}", True
