"""Alerts by a command of the user's, and by apprise where it is installed."""

import asyncio
import contextlib
import importlib
import logging
import os
import signal
from typing import Any

from rotation_tui.alerts.outbox import SENT, Outcome
from rotation_tui.alerts.webhook import told_as_json
from rotation_tui.domain.alert import ChannelSettings, Firing
from rotation_tui.domain.refusal import plain_text

_MOST_SAID = 400
_ENDS_S = 2.0
_LAST_WORDS_S = 0.5
_LOOK_EVERY_S = 0.02


class Command:
    """Runs a program without a shell: the alert and its row are JSON on its standard input, its output is dropped.

    It runs in a session of its own, so that it has no hold of the terminal, and is killed with all that it started
    when its time is up. It was told of the alert once it runs, so it is never run again for the same one.
    """

    def __init__(self, name: str, settings: ChannelSettings) -> None:
        self.name = name
        self.per_hour: int | None = settings.max_per_hour
        self._arguments = settings.command
        self._timeout_s = settings.timeout_s

    async def send(self, firing: Firing) -> Outcome:
        program = plain_text(os.path.basename(self._arguments[0]), 40)
        try:
            running = await asyncio.create_subprocess_exec(
                *self._arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        except FileNotFoundError:
            return Outcome(False, f"there is no program {program}")
        except (OSError, ValueError) as fault:
            return Outcome(False, f"{program} cannot be started: {getattr(fault, 'strerror', None) or fault}")
        words: list[str] = []
        listening = asyncio.create_task(_listen(running, words))
        try:
            async with asyncio.timeout(self._timeout_s):
                await _fed(running, told_as_json(firing))
                # `wait` would wait for what it has left in the background as well, which holds its output open
                while (code := running.returncode) is None:  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK_EVERY_S)
            await asyncio.wait({listening}, timeout=_LAST_WORDS_S)
        except TimeoutError:
            await _end(running)
            return Outcome(False, f"{program} did not end in {self._timeout_s:g} s and was killed")
        except asyncio.CancelledError:
            await _end(running)
            raise
        finally:
            listening.cancel()
            running._transport.close()  # type: ignore[attr-defined]
        said = words[0] if words else ""
        if code == 0:
            return SENT
        how = f"ended by signal {-code}" if code < 0 else f"ended with {code}"
        return Outcome(False, f"{program} {how}" + (f": {said}" if said else ""))

    async def close(self) -> None:
        """It holds nothing."""


async def _fed(running: asyncio.subprocess.Process, told: bytes) -> None:
    assert running.stdin is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it does not want to read
        running.stdin.write(told)
        await running.stdin.drain()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        running.stdin.close()
        await running.stdin.wait_closed()


async def _listen(running: asyncio.subprocess.Process, words: list[str]) -> None:
    """Keep the first line that it complains with; the rest is read and dropped, so that it never waits for us."""
    assert running.stderr is not None
    kept = b""
    while piece := await running.stderr.read(4096):
        kept = (kept + piece)[:_MOST_SAID]
        words[:] = [plain_text(kept.decode("utf-8", "replace").strip().split("\n")[0], 80)]


async def _end(running: asyncio.subprocess.Process) -> None:
    """Kill what is left of it and of all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(running.pid, signal.SIGKILL)
        else:  # Windows has no groups; what it started goes on there
            running.kill()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_ENDS_S):
            await running.wait()


class Apprise:
    """One of the services that the library apprise knows; it is installed with the extra of that name."""

    def __init__(self, name: str, settings: ChannelSettings) -> None:
        self.name = name
        self.per_hour: int | None = settings.max_per_hour
        self._url = settings.url or ""
        self._timeout_s = settings.timeout_s
        self._service: Any = None

    async def send(self, firing: Firing) -> Outcome:
        if self._service is None:
            try:
                library = await asyncio.to_thread(importlib.import_module, "apprise")
            except ImportError:
                return Outcome(False, "apprise is not installed: pip install 'rotation-tui[apprise]'")
            logging.getLogger("apprise").disabled = True  # it logs addresses, and so does what it sends by
            logging.getLogger("urllib3").setLevel(logging.WARNING)
            service = library.Apprise()
            if not service.add(self._url):
                return Outcome(False, "apprise does not know an address of this kind")
            self._service = service
        try:
            async with asyncio.timeout(self._timeout_s):
                arrived = await self._service.async_notify(title=firing.alert, body=firing.line)
        except TimeoutError:
            return Outcome(False, f"no answer in {self._timeout_s:g} s; whether it arrived is not known")
        return SENT if arrived else Outcome(False, "its service did not take it")

    async def close(self) -> None:
        """It holds nothing."""
