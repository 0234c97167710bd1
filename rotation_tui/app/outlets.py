"""Channels out of the terminal, as the config has them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rotation_tui.alerts.command import Apprise, Command
from rotation_tui.alerts.webhook import FORMS, Webhook
from rotation_tui.domain.alert import ChannelSettings
from rotation_tui.providers.base import Surroundings

if TYPE_CHECKING:
    from rotation_tui.alerts.outbox import Channel

_MADE: Mapping[str, Callable[[str, ChannelSettings, Surroundings], "Channel"]] = {
    **dict.fromkeys(FORMS, Webhook),
    "command": lambda name, settings, _: Command(name, settings),
    "apprise": lambda name, settings, _: Apprise(name, settings),
}


def outside(channels: Mapping[str, ChannelSettings], surroundings: Surroundings) -> "tuple[Channel, ...]":
    """A channel for each table of the config."""
    return tuple(_MADE[settings.kind](name, settings, surroundings) for name, settings in channels.items())
