"""Keys behind one that opens or closes a prompt wait until that is done, and then go where they belong.

Keys that arrive in one read are sent by Textual to whatever has the focus at that moment. So what is typed
right behind a key that opens a prompt would go to the screen behind it, where it means something else.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Final

from textual import events
from textual.app import App
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Input

_PATIENCE_S: Final = 1.0
"""What takes longer holds no key up: a keyboard that is dead would be worse than a key in the wrong place."""
_INTERRUPT: Final = "ctrl+c"
_LOOK_AGAIN_S: Final = 0.01
_MOST_WAITING: Final = 1000

TYPED: Final = (events.Key, events.Paste)
"""What is typed, and so waits for its turn."""


class KeysInTurn:
    """The keys that wait for `app`; `deliver` gives one to it, `openers` are those that open something.

    All of it runs in the app's own task.

    Textual hands a key to the widget with the focus and from there up to the app, through a queue each. A
    callback that goes the same way after it arrives when the key has done what it does.
    """

    def __init__(
        self, app: App[Any], deliver: Callable[[events.Event], Awaitable[None]], openers: Collection[str]
    ) -> None:
        self._app = app
        self._deliver = deliver
        self._openers = openers
        self._waiting: deque[events.Event] = deque(maxlen=_MOST_WAITING)
        self._turn = 0
        self._is_busy = False
        self._timer: asyncio.TimerHandle | None = None
        self._ends = 0.0

    async def take(self, event: events.Event) -> None:
        """Deliver a key at once, or when its turn comes; the one that interrupts waits for none."""
        if isinstance(event, events.Key) and event.key == _INTERRUPT:
            self._waiting.clear()
            await self._deliver(event)
            return
        self._waiting.append(event)
        if not self._is_busy:
            await self._next()

    async def _next(self) -> None:
        self._is_busy = False
        while self._waiting and not self._is_busy:
            event, target = self._waiting.popleft(), self._app.focused or self._app.screen
            self._is_busy = self._moves_focus(event, target)
            await self._deliver(event)
            if self._is_busy:
                self._turn += 1
                loop = asyncio.get_running_loop()
                self._ends = loop.time() + _PATIENCE_S
                self._timer = loop.call_later(_PATIENCE_S, self._app.call_later, self._over, self._turn)
                self._follow(target, self._turn)

    def _moves_focus(self, event: events.Event, target: Widget) -> bool:
        """Whether the next key may go to something else than this one."""
        if not isinstance(event, events.Key):
            return False
        return not event.is_printable if isinstance(target, Input) else event.key in self._openers

    def _follow(self, node: MessagePump | None, turn: int) -> None:
        """Go after the key from `node` up to the app."""
        if node is None or node is self._app:
            self._app.call_later(self._done, turn)
        elif not node.call_later(self._follow, _parent(node), turn):
            self._follow(_parent(node), turn)  # it is closed, and so held no key up

    async def _done(self, turn: int) -> None:
        if turn != self._turn or not self._is_busy:
            return
        if not self._is_ready() and asyncio.get_running_loop().time() < self._ends:
            asyncio.get_running_loop().call_later(_LOOK_AGAIN_S, self._app.call_later, self._done, turn)
            return
        await self._over(turn)

    async def _over(self, turn: int) -> None:
        if turn == self._turn and self._is_busy:
            if self._timer is not None:
                self._timer.cancel()
            await self._next()

    def _is_ready(self) -> bool:
        """Whether nothing that wants the next key is still on its way."""
        return not isinstance(self._app.screen, CommandPalette) or self._app.focused is not None


def _parent(node: MessagePump) -> MessagePump | None:
    return node.parent if isinstance(node, DOMNode) else None
