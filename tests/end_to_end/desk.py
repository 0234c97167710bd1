"""A desk of the end-to-end tests: servers that poll, and terminals that are told."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.end_to_end.home import SMALL_BOARD, Home
from tests.terminal.pty_session import PtySession
from tests.upstream.server import Upstream


class Way(NamedTuple):
    """How somebody reaches the hub."""

    url: str
    ca_file: str | None = None
    env: Mapping[str, str] | None = None


class Room:
    """A desk: servers with one upstream, terminals with another one, which nobody should ever ask."""

    def __init__(self, folder: Path, filled: Path, serving: Way, told: Way, polled: Upstream, own: Upstream) -> None:
        self._folder, self._filled, self._serving, self._told = folder, filled, serving, told
        self.polled, self.own = polled, own
        self._homes: dict[str, Home] = {}

    def server(self, name: str, upstream: Upstream | None = None) -> PtySession:
        """A server whose histories are on its disk."""
        home = self._user(name, upstream or self.polled, self._serving, filled=self._filled)
        return home.start("serve", env=self._serving.env)

    def terminal(self, name: str, *arguments: str, silence_s: float = 60, own: bool = True) -> PtySession:
        """A terminal that starts from an empty disk, or whatever else the same user starts later on."""
        if name not in self._homes:
            self._homes[name] = self._user(name, self.own, self._told, silence_s=silence_s, own=own)
        home = self._homes[name]
        return home.start(*arguments, env=self._told.env)

    def state(self, name: str) -> Path:
        """The state folder of one who has a terminal."""
        return self._homes[name].state

    def _user(
        self,
        name: str,
        upstream: Upstream,
        way: Way,
        *,
        silence_s: float = 60,
        own: bool = True,
        filled: Path | None = None,
    ) -> Home:
        home = Home(self._folder / name, upstream, tables=SMALL_BOARD, filled=filled)
        hub = f'[[feeds]]\nprovider = "hub"\nurl = "{way.url}"\nsilence_s = {silence_s}\n'
        hub += f'ca_file = "{way.ca_file}"\n' if way.ca_file else ""
        feeds = "".join(f'[[feeds]]\nprovider = "{name}"\n' for name in ("yahoo", "cboe")) if own else ""
        home.config.write_text(f"{home.config.read_text('utf-8')}\n{hub}{feeds}", encoding="utf-8")
        return home


def leads(screen: str) -> bool:
    return "leads, and tells" in screen


def stands_by(screen: str) -> bool:
    return "stands by" in screen
