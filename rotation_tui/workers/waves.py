"""When what has come is worth a study: a start's histories come by and by, and each study costs as much as the last."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

_QUIET_S = 0.25
"""History arrives symbol by symbol; a study waits until it has been quiet for so long..."""
_LONGEST_WAIT_S = 3.0
"""...but never longer than this."""
_FIRST_WAVE_S = 6.0
"""So long the first study waits for what the sources tell at once."""
_WHILE_ARRIVING_S = 15.0
"""While more is on its way there is a study so often; of a minute of histories most of the cost was studies."""


class Arriving(Protocol):
    """What brings bars or observations; `arrives` while more may come any moment, `opened` once it told what it can
    at once.
    """

    @property
    def arrives(self) -> bool: ...

    @property
    def opened(self) -> bool: ...


class Waves:
    """Holds a study back until a wave is in: what comes at once, what comes within a while, and the last of it.

    `revision` moves with every arrival.
    """

    def __init__(self, revision: Callable[[], int]) -> None:
        self._revision = revision
        self._followed: tuple[Arriving, ...] = ()
        self._studied = self._studied_first_wave = False
        self._hastened = False

    def follow(self, arriving: Iterable[Arriving]) -> None:
        """Wait for these."""
        self._followed = tuple(arriving)

    def hasten(self) -> None:
        """Let the next study wait for nothing: somebody has asked for it."""
        self._hastened = True

    async def rest(self) -> None:
        """Return when the next study is due, now that there is something to study."""
        if not self._studied:
            await self._until(self._first_is_in, _FIRST_WAVE_S)
        else:
            await self._until(self._wave_is_in, _WHILE_ARRIVING_S)
        await self._quiet()
        self._studied, self._studied_first_wave, self._hastened = True, self._first_is_in(), False

    def _first_is_in(self) -> bool:
        return all(each.opened for each in self._followed)

    def _wave_is_in(self) -> bool:
        first = not self._studied_first_wave and self._first_is_in()
        return first or not any(each.arrives for each in self._followed)

    async def _until(self, due: Callable[[], bool], longest_s: float) -> None:
        waited = 0.0
        while not (due() or self._hastened) and waited < longest_s:
            await asyncio.sleep(_QUIET_S)
            waited += _QUIET_S

    async def _quiet(self) -> None:
        waited, seen = 0.0, -1
        while seen != self._revision() and waited < _LONGEST_WAIT_S:
            seen = self._revision()
            await asyncio.sleep(_QUIET_S)
            waited += _QUIET_S
