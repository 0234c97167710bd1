"""Other monitors on the same terminal, the same symbols and the same upstream, where they are installed.

`--peers FOLDER` names the folder of their virtual environments, made with
`python -m venv FOLDER/stonks-cli`, `FOLDER/stonks-cli/bin/pip install stonks-cli==0.6.4`, and the same with
stocksTUI==0.1.0b14. Both ask Yahoo through yfinance; `redirected/sitecustomize.py` sends that to the upstream.
"""

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Final

from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe
from rotation_tui.domain.instrument import Kind
from rotation_tui.domain.session import EASTERN
from tests.benchmarks import calm, paint
from tests.benchmarks.meter import rss_mib
from tests.benchmarks.rows import Row, median
from tests.benchmarks.stage import OPEN, OVER_SSH, Stage
from tests.end_to_end.home import Home
from tests.terminal.pty_session import PtySession
from tests.upstream.yahoo import WIRE_OF

REFRESH_S: Final = 5.0
_REDIRECTED: Final = Path(__file__).parent / "redirected"
_PRICE: Final = re.compile(r" \$?[\d,]+\.\d\d\b")


def peers(stage: Stage, quick: bool) -> list[Row]:
    """First paint, CPU, memory and bytes of each; the first of them next to ours."""
    found = {peer.name: _measured(stage, peer, quick) for peer in PEERS if _program(stage, peer) is not None}
    rows = [_row(peer, found.get(peer.name)) for peer in PEERS]
    stonks = found.get(PEERS[0].name)
    return rows if stonks is None else [*rows, *_compared(stage, stonks, quick)]


@dataclass(frozen=True, slots=True)
class Peer:
    """A monitor: its name, the command it installs, and what makes it show these symbols, given the user's home."""

    name: str
    command: str
    arguments: Callable[[Path, Sequence[str]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Cost:
    painted_ms: float
    cpu_percent: float
    rss_mb: float
    bytes_a_second: float
    asked: int


def _stonks(home: Path, wires: Sequence[str]) -> Sequence[str]:
    listed = "".join(f'    - symbol: "{wire}"\n' for wire in wires)
    (home / "desk.yaml").write_text(f"portfolio:\n  base_currency: USD\n  watchlist:\n{listed}", encoding="utf-8")
    return "-p", str(home / "desk.yaml"), "dashboard", "--refresh", f"{REFRESH_S}"


def _stocks_tui(home: Path, wires: Sequence[str]) -> Sequence[str]:
    folder = home / "config" / "stockstui"
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"auto_refresh": True, "refresh_interval": REFRESH_S, "default_tab_category": "desk"}
    lists = {"desk": [{"ticker": wire, "alias": wire, "note": ""} for wire in wires]}
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    (folder / "lists.json").write_text(json.dumps(lists), encoding="utf-8")
    return "--tab", "desk"


PEERS: Final = (Peer("stonks-cli", "stonks", _stonks), Peer("stocksTUI", "stockstui", _stocks_tui))


def _program(stage: Stage, peer: Peer) -> Path | None:
    if stage.peers is None:
        return None
    path = stage.peers / peer.name / "bin" / peer.command
    return path if path.exists() else None


def _wires() -> list[str]:
    """The default universe as Yahoo spells it."""
    symbols = (i.symbol for i in universe(Config()).instruments if i.kind is not Kind.FUTURE)
    return [WIRE_OF.get(symbol, symbol) for symbol in symbols]


def _measured(stage: Stage, peer: Peer, quick: bool) -> _Cost:
    """Its clock is the real one, so the upstream's is an hour and a half after the opening of the newest session."""
    day = stage.market.calendar.on_or_before(datetime.now(EASTERN).date())
    stage.shift_to(datetime.combine(day, time_of_day(11), EASTERN))
    user, wires = stage.user(None), _wires()
    painted = [_start(stage, peer, user, wires, 0).painted_ms for _ in range(2 if quick else 4)]
    cost = _start(stage, peer, user, wires, 20.0 if quick else 60.0)
    return _Cost(median([*painted, cost.painted_ms]), cost.cpu_percent, cost.rss_mb, cost.bytes_a_second, cost.asked)


def _start(stage: Stage, peer: Peer, user: Home, wires: Sequence[str], seconds: float) -> _Cost:
    program = _program(stage, peer)
    assert program is not None
    env = {"PYTHONPATH": str(_REDIRECTED), "ROTATION_TUI_BENCHMARK_UPSTREAM": stage.upstream.url("yfinance")} | OVER_SSH
    command = (str(program), *peer.arguments(user.folder, wires))
    with stage.program(user, command, env=env, draw=True) as session:
        session.wait_for(lambda seen: _is_whole(seen, wires), 60)
        painted_ms = 1000 * ((session.last_output_at or 0) - session.started_at)
        if not seconds:
            return _Cost(painted_ms, 0, 0, 0, 0)
        time.sleep(2 * REFRESH_S)
        asked, written, cpu_s, at = stage.upstream.count(), session.bytes_written, _cpu_s(session), time.monotonic()
        time.sleep(seconds)
        seconds = time.monotonic() - at
        return _Cost(
            painted_ms,
            100 * (_cpu_s(session) - cpu_s) / seconds,
            rss_mib(session),
            (session.bytes_written - written) / seconds,
            stage.upstream.count() - asked,
        )


def _cpu_s(session: PtySession) -> float:
    """CPU time with that of threads that have ended, which both of them start with each refresh."""
    return session.usage().cpu_seconds


def _is_whole(screen: str, wires: Sequence[str]) -> bool:
    """Whether every symbol stands there with a price."""
    priced = {line.split()[0] for line in screen.splitlines() if _PRICE.search(line)}
    return priced.issuperset(wires)


def _row(peer: Peer, cost: _Cost | None) -> Row:
    if cost is None:
        return Row(peer.name, "not installed", note="--peers names the folder of their virtual environments")
    return Row(
        peer.name,
        f"CPU {cost.cpu_percent:.1f} %, {cost.rss_mb:.0f} MB, {cost.bytes_a_second:.0f} bytes/s",
        note=f"all prices on the screen after {cost.painted_ms:.0f} ms; the default universe, asked for every "
        f"{REFRESH_S:.0f} s in {cost.asked} requests, 160x48",
        figures={
            "cpu_percent": cost.cpu_percent,
            "rss_mb": cost.rss_mb,
            "bytes_a_second": cost.bytes_a_second,
            "painted_ms": cost.painted_ms,
        },
    )


def _compared(stage: Stage, stonks: _Cost, quick: bool) -> list[Row]:
    user = stage.user(OPEN)
    own_ms = median([paint.painted_ms(stage, user) for _ in range(3 if quick else 5)])
    live = calm.live(stage, 20.0 if quick else 60.0, OVER_SSH)
    share, times = own_ms / stonks.painted_ms, stonks.cpu_percent / live.cpu_percent
    return [
        Row(
            "first full paint against stonks-cli",
            f"{share:.2f} x: {own_ms:.0f} ms against {stonks.painted_ms:.0f} ms",
            "at most 0.3 x",
            share <= 0.3,
            "from the last known state, which stonks-cli does not keep: it has to ask first",
            {"ratio": share, "ms": own_ms},
        ),
        Row(
            "CPU against stonks-cli",
            f"{times:.0f} times less: {live.cpu_percent:.2f} % against {stonks.cpu_percent:.1f} %",
            "at least 20 times less",
            times >= 20,
            f"quotes every {REFRESH_S:.0f} s; ours come in 2 requests, its library asks for each symbol's minutes",
            {"times": times, "cpu_percent": live.cpu_percent},
        ),
    ]
