"""The surroundings of every scenario: a local upstream, users whose state is complete, and the program on stage."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe
from rotation_tui.domain.inputs import SeriesId, Symbol, ids_of
from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.session import EASTERN
from rotation_tui.evaluation import needs
from rotation_tui.providers import fred, newyorkfed
from rotation_tui.providers.base import Surroundings
from rotation_tui.store.shelf import Shelf
from tests.benchmarks.meter import settle
from tests.benchmarks.plan import READY, VARIABLE, Plan, Report
from tests.benchmarks.sshd import Link
from tests.end_to_end.home import ROOT, Home, answered, feeds_well
from tests.terminal.pty_session import PtySession
from tests.upstream.market import UpstreamMarket
from tests.upstream.server import Upstream

_NOT_SOON: Final = timedelta(hours=4)
"""A due time beyond the next close is taken for one of a clock that ran ahead."""
OPEN: Final = datetime(2026, 6, 10, 11, 0, tzinfo=EASTERN)
"""A Wednesday, in the middle of the session."""
CLOSED: Final = datetime(2026, 6, 13, 10, 0, tzinfo=EASTERN)
"""The Saturday after it."""
COLUMNS, ROWS = 160, 48

OVER_SSH: Final = {"SSH_CONNECTION": "127.0.0.1 50000 127.0.0.1 22"}
"""Makes the program behave as at the far end of a link: 2 frames a second, no mouse, changes not marked."""
SIMULATED: Final = '[[feeds]]\nprovider = "simulated"\n'
"""A feed without a network, for hours that pass faster than requests may be sent."""

_COMPILED: Final[dict[str, str | None]] = {"PYTHONDONTWRITEBYTECODE": None}
PROGRAM = (sys.executable, "-m", "rotation_tui")
_LAUNCHER = (sys.executable, "-m", "tests.benchmarks.launch")


class Actor:
    """The program in its terminal, with a load that waits for `begin`."""

    def __init__(self, session: PtySession, report: Path) -> None:
        self.session = session
        self._report = report

    def begin(self) -> None:
        """Start the load."""
        ready = Path(f"{self._report}{READY}")
        self.session.wait_until(ready.exists, "the load's launcher", 30)
        os.kill(int(ready.read_text()), signal.SIGUSR1)  # the session's own process may be a client of it

    @property
    def is_done(self) -> bool:
        """Whether the load has ended."""
        return self._report.exists()

    def report(self, timeout: float) -> Report:
        """Wait for the end of the load."""
        self.session.wait_until(self._report.exists, "the end of the load", timeout)
        return msgspec.json.decode(self._report.read_bytes(), type=Report)


class Stage:
    """Makes users below `folder` and starts the program for them; one at a time, so that nobody waits for a core."""

    def __init__(self, folder: Path, peers: Path | None = None) -> None:
        self.peers = peers
        """Folder of the virtual environments of other monitors."""
        self._folder = folder
        self._count = 0
        self._filled: dict[datetime, Path] = {}
        self.market = UpstreamMarket()
        self.upstream = Upstream(self.market)

    def user(
        self,
        at: datetime | None,
        *,
        poll_s: float = 600,
        tables: str = "",
        flash: bool = False,
    ) -> Home:
        """A user with the history and last known state of a moment; None for one who has nothing yet.

        `flash` marks changed digits for a beat, as is the default on a local terminal and not over ssh.
        """
        filled = None if at is None else self._state_at(at)
        display = f'[display]\nflash = "{"on" if flash else "off"}"\n'
        return Home(self.new("user"), self.upstream, tables=display + tables, poll_s=poll_s, filled=filled)

    @contextmanager
    def actor(
        self,
        user: Home,
        at: datetime = OPEN,
        *,
        load: str = "rest",
        options: Mapping[str, float] | None = None,
        lag: bool = False,
        env: Mapping[str, str | None] | None = None,
        draw: bool = False,
        link: Link | None = None,
    ) -> Iterator[Actor]:
        """The program for a user at a moment of the market, with the upstream at the same moment."""
        report = self.new("report")
        plan = Plan(str(report), self.shift_to(at), load, dict(options or {}), lag)
        told = {VARIABLE: msgspec.json.encode(plan).decode(), **(env or {})}
        with self._session(_LAUNCHER, user, told, draw=draw, link=link) as session:
            yield Actor(session, report)

    @contextmanager
    def program(
        self,
        user: Home,
        command: tuple[str, ...] = PROGRAM,
        *,
        env: Mapping[str, str | None] | None = None,
        draw: bool = False,
    ) -> Iterator[PtySession]:
        """The program as it is, or another one, at the real time."""
        with self._session(command, user, env or {}, draw=draw) as session:
            yield session

    @contextmanager
    def _session(
        self,
        command: tuple[str, ...],
        user: Home,
        env: Mapping[str, str | None],
        *,
        draw: bool = False,
        link: Link | None = None,
    ) -> Iterator[PtySession]:
        # an installed program finds itself compiled
        own = user.environment() | _COMPILED | dict(env)
        log = None
        if link is not None:
            command, own, log = link.command(command, own), {}, link.log
        with PtySession(command, columns=COLUMNS, rows=ROWS, env=own, cwd=ROOT, draw=draw, stderr_to=log) as session:
            yield session

    def shift_to(self, at: datetime) -> float:
        """Let the upstream's market be at this moment; returns the seconds that it is ahead of the real time."""
        self.market.shift = at - datetime.now(UTC)
        return self.market.shift.total_seconds()

    def new(self, kind: str) -> Path:
        """A path that nothing stands at yet."""
        self._count += 1
        return self._folder / f"{kind}-{self._count}"

    def _state_at(self, at: datetime) -> Path:
        """A state folder as the program leaves it at that moment, with every history and last known result."""
        if at not in self._filled:
            history = self.new("history")
            self.shift_to(at)
            _fill(history, self.market, at + _NOT_SOON)
            user = Home(self.new("user"), self.upstream, poll_s=600, filled=history)
            with self.actor(user, at, draw=True) as actor:
                actor.session.wait_for(answered, 60)
                actor.session.wait_for(feeds_well, 60)
                settle(actor.session)
                actor.session.press("q")
                actor.session.exit_code()
            shutil.rmtree(user.state / "requests", ignore_errors=True)
            (user.state / "view.json").unlink()
            self._filled[at] = user.state
        return self._filled[at]


def _fill(folder: Path, market: UpstreamMarket, due: datetime) -> None:
    """Put every history of the default universe on the shelf, none of it due soon."""
    wanted = needs.of_checks()
    symbols, series_ids = ids_of(Symbol, wanted), ids_of(SeriesId, wanted)
    shelf = Shelf(folder / "history" / "yahoo")
    for instrument in {*universe(Config()).instruments, *map(Instrument.of, symbols)}:
        if instrument.kind is not Kind.FUTURE:
            shelf.keep_bars(instrument.symbol, market.bars(instrument.symbol), due)
    for part in (newyorkfed.PROVIDER, fred.PROVIDER):
        assert part.endpoint is not None
        offers = part.build(Surroundings(part.endpoint, folder)).offers_series
        for series_id in filter(offers, sorted(series_ids)):
            observations = market.observations(series_id)
            if observations is not None:
                Shelf(folder / "history" / part.name).keep_series(observations, due)


@contextmanager
def staged(folder: Path, peers: Path | None = None) -> Iterator[Stage]:
    """A stage whose upstream answers."""
    stage = Stage(folder, peers)
    with stage.upstream:
        yield stage


def about() -> dict[str, str]:
    """What the figures were measured on."""
    return {
        "python": sys.version.split()[0],
        "cores": str(os.cpu_count()),
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "at": time.strftime("%Y-%m-%d %H:%M"),
    }
