"""A user of the program: folders and a config file of their own, and the program started in their terminal."""

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from rotation_tui.checks.evaluate import all_checks
from rotation_tui.claims.audit import all_claims
from tests.end_to_end.program import SHIFT_S
from tests.terminal.pty_session import PtySession
from tests.upstream.server import Upstream

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-m", "tests.end_to_end.program")

SMALL_BOARD = """
[[tickers]]
id = "RUT"
symbol = "RUT"
[[tickers]]
id = "SPX"
symbol = "SPX"
[[tickers]]
id = "IWM"
symbol = "IWM"
[[tickers]]
id = "SPY"
symbol = "SPY"
[[spreads]]
id = "RUT-SPX"
small = "RUT"
large = "SPX"
[[sectors]]
id = "PSCF"
symbol = "PSCF"
sector = "Financials"
tracks = "S&P SmallCap 600 Capped Financials & Real Estate"
pair = "XLF"
thesis = true
[risk]
skip = [{checks}]
[claims]
skip = [{claims}]
""".format(
    checks=", ".join(f'"{check.id}"' for check in all_checks()),
    claims=", ".join(f'"{claim.id}"' for claim in all_claims()),
)
"""Six symbols instead of 36: at one request a second their history is there in seconds."""

SMALL_SYMBOLS = ("RUT", "SPX", "IWM", "SPY", "PSCF", "XLF")

_NOT_INHERITED = re.compile(
    r"ROTATION_TUI_|TEXTUAL|(?:HTTPS?|ALL|NO)_PROXY$|XDG_|LC_|SSH_|SSL_CERT_|COLORTERM|NO_COLOR", re.I
)


class Home:
    """Folders of one user below `folder`; `start` may be called again, as the next morning.

    `settings` stands at the start of the config file (plain keys), `tables` at its end. `filled` is a state
    folder to begin with; without one the state folder is there and empty, so that no first-start note shows.
    """

    def __init__(
        self,
        folder: Path,
        upstream: Upstream,
        *,
        settings: str = "",
        tables: str = "",
        poll_s: float = 0.5,
        filled: Path | None = None,
        own: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.upstream = upstream
        self.state = folder / "state" / "rotation-tui"
        self.config = folder / "config" / "rotation-tui" / "config.toml"
        self.config.parent.mkdir(parents=True)
        poll = f"[poll]\nopen = {poll_s}\npre_post = {poll_s}\nclosed = {poll_s}\n"
        providers = upstream.config("timeout_s = 60.0\nmax_per_hour = 9999\n", own or {})
        self.config.write_text(f"{settings}\n{poll}{providers}{tables}", encoding="utf-8")
        if filled is None:
            self.state.mkdir(parents=True)
        else:  # files are replaced whole, never written into, so links to them are safe
            shutil.copytree(filled, self.state, copy_function=os.link)

    def environment(self) -> dict[str, str | None]:
        """This user's environment; None takes a name out of ours."""
        inherited: dict[str, str | None] = {name: None for name in os.environ if _NOT_INHERITED.match(name)}
        return inherited | {
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "LANG": "C.UTF-8",
            "TZ": "Asia/Tokyo",
            "ROTATION_TUI_LOW_BANDWIDTH": "0",  # a busy machine is no slow link
            SHIFT_S: str(self.upstream.market.shift.total_seconds()),
        }

    def start(
        self, *arguments: str, columns: int = 120, rows: int = 44, env: Mapping[str, str | None] | None = None
    ) -> PtySession:
        """The program in a terminal of this size."""
        own = self.environment() | dict(env or {})
        return PtySession([*PROGRAM, *arguments], columns=columns, rows=rows, env=own, cwd=ROOT)

    def log(self) -> str:
        """What the program wrote into its log."""
        file = self.state / "rotation-tui.log"
        return file.read_text(encoding="utf-8") if file.exists() else ""


def price_shown(screen: str, row: str) -> str | None:
    """The last price in the row of a ticker, "?" where it is unknown, None where there is no such row."""
    found = re.search(rf"^[│| ]*{re.escape(row)}›? +([\d,]+\.\d\d|\?)", screen, re.M)
    return found.group(1) if found else None


def shows(screen: str, prices: Mapping[str, str]) -> bool:
    """Whether the screen shows exactly these prices in these rows."""
    return all(price_shown(screen, row) == price for row, price in prices.items())


def feeds_well(screen: str) -> bool:
    """Whether the first line says that all feeds answer."""
    return re.search(r"(feeds ok|feeds (\d+)/\2| ok|simulated| sim) *$", screen.split("\n", 1)[0]) is not None


def answered(screen: str) -> bool:
    """Whether the first line says who leads, and no longer provisionally."""
    first = screen.split("\n", 1)[0]
    return re.search(r" (half|H[12] \d{4}) [+−-]\d", first) is not None and "provisional" not in first


def quit_cleanly(session: PtySession) -> None:
    """Press q; the program ends with 0 and the terminal is whole."""
    session.press("q")
    assert session.exit_code() == 0
    left = session.not_restored()
    assert left == [], f"{left}; its last words were {session.raw[-200:]!r}"
