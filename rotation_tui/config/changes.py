"""What differs between two configs, by key, and what of it can be taken up while the monitor runs."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from rotation_tui.config.schema import Config, FeedSettings
from rotation_tui.domain.hub import PROVIDER as HUB

NEEDS_RESTART: Final = ("display.color", "display.driver")
"""Textual reads the colours once, when it is imported, and has one driver for as long as it runs."""

_BESIDE_FEEDS: Final = frozenset(
    {"theme", "display", "layout", "alerts", "channels", "tickers", "spreads", "sectors", "risk", "watchlists", "keys"}
)
"""Tables that no feed, poll or study process is made from; what they change is taken up by those that are there.

Any other, one that is new among them, has feeds and studies opened anew, which is right for whatever it says.
"""


def changed(before: Config, after: Config) -> tuple[str, ...]:
    """The keys that differ, as `theme`, `display.times` or `feeds`."""
    return tuple(_differing(before, after))


def _differing(before: Any, after: Any, place: str = "") -> Iterator[str]:
    for name in before.__struct_fields__:
        one, other, key = getattr(before, name), getattr(after, name), f"{place}{name}"
        if one == other:
            continue
        if isinstance(one, msgspec.Struct) and not place:
            yield from _differing(one, other, f"{key}.")
        else:
            yield key


def hub_of(config: Config) -> FeedSettings | None:
    """The feed that is told by a server; whoever follows one follows it to the end."""
    return next((feed for feed in config.feeds if feed.provider == HUB), None)


def opens_feeds_anew(keys: tuple[str, ...]) -> bool:
    """Whether feeds and studies must be opened anew where these keys differ."""
    return any(key.partition(".")[0] not in _BESIDE_FEEDS for key in keys)
