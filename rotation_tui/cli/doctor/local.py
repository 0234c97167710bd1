"""What the doctor sees without asking anybody: program, config, terminal, calendar, files, network settings."""

import os
import platform
import shutil
import ssl
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import getproxies

from rotation_tui import __version__
from rotation_tui.cli.config_commands import places
from rotation_tui.cli.doctor.command import Diagnostic, Severity
from rotation_tui.cli.options import Options
from rotation_tui.config.schema import Display, Loaded, ProviderSettings, asked_feeds
from rotation_tui.domain.address import host_of, is_loopback, masked
from rotation_tui.domain.refusal import plain_text
from rotation_tui.domain.session import EASTERN, CalendarRange, nyse
from rotation_tui.providers import proxies
from rotation_tui.store.kept import all_aside

LEAST_MONTHS = 6
_LEAST_SIZE = (80, 24)
_LEAST_FREE = 50_000_000  # bytes


def program() -> tuple[Diagnostic, ...]:
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return (Diagnostic(Severity.OK, "program", f"rotation-tui {__version__}, {system}"),)


def config(loaded: Loaded, options: Options) -> Iterator[Diagnostic]:
    text = str(loaded.path) if loaded.path else f"built-in defaults, there is no {options.config_file}"
    yield Diagnostic(Severity.OK, "config", f"{text}; theme {loaded.config.theme}")


def terminal(display: Display | None) -> Iterator[Diagnostic]:
    """Size, characters, colours and what stands between us and the eyes."""
    term = os.environ.get("TERM", "TERM is not set")
    between = [name for name, there in (
        ("over ssh", "SSH_CONNECTION" in os.environ or "SSH_TTY" in os.environ),
        ("in tmux", "TMUX" in os.environ),
        ("in screen", "STY" in os.environ),
    ) if there]  # fmt: skip
    from rotation_tui.app.link import ascii_because

    if (reason := ascii_because(os.environ)) is not None:
        remedy = "start tmux with -u" if reason.startswith("tmux") else "set LANG to one that ends in UTF-8"
        yield Diagnostic(Severity.WARN, "characters", f"{reason}; ASCII is drawn", remedy)
    if not sys.stdout.isatty():
        shown = ", ".join([term, *between])
        yield Diagnostic(Severity.NOTE, "terminal", f"{shown}; size and colours unknown, the output goes elsewhere")
        return
    size = os.get_terminal_size(sys.stdout.fileno())
    encoding = sys.stdout.encoding.upper()
    facts = [term, f"{size.columns}x{size.lines}", encoding, _colours(display), *between]
    yield Diagnostic(Severity.OK, "terminal", ", ".join(facts))
    if size.columns < _LEAST_SIZE[0] or size.lines < _LEAST_SIZE[1]:
        yield Diagnostic(
            Severity.WARN, "size", f"{size.columns}x{size.lines} is small", "80x24 shows the whole overview"
        )
    if reason is None and not encoding.startswith("UTF"):
        yield Diagnostic(
            Severity.WARN,
            "characters",
            f"{encoding} has no lines and bars",
            "set LANG to one that ends in UTF-8; until then --ascii",
        )
    if term == "dumb":
        yield Diagnostic(Severity.WARN, "TERM", "dumb terminals show no screen", "`rotation-tui snapshot` works here")


def _colours(display: Display | None) -> str:
    if display is not None and display.color != "auto":
        return f"colours: {display.color}"
    from rich.console import Console  # what the screen's own guess is made by

    found = Console().color_system
    return f"colours: {({None: 'none', 'standard': '16'}).get(found, found)}"


def calendar() -> Iterator[Diagnostic]:
    """Phase of the market, and how far the table of sessions reaches."""
    now, sessions = datetime.now(UTC), nyse()
    try:
        state = sessions.state(now)
    except CalendarRange as fault:
        yield Diagnostic(Severity.FAULT, "calendar", str(fault), "a newer rotation-tui has a longer table")
        return
    left = sessions.months_left(now.astimezone(EASTERN).date())
    early = ", early close" if state.early_close else ""
    then = state.next_change.astimezone(EASTERN)
    text = (
        f"{state.phase}{early}, {state.next_phase} from {then:%a %Y-%m-%d %H:%M} New York time "
        f"({_spell(state.next_change - now)}); sessions known to {sessions.last}, {left:.0f} months"
    )
    if left < LEAST_MONTHS:
        yield Diagnostic(Severity.WARN, "calendar", text, "update rotation-tui before the table ends")
    else:
        yield Diagnostic(Severity.OK, "calendar", text)


def _spell(left: timedelta) -> str:
    hours, minutes = divmod(max(0, int(left.total_seconds())) // 60, 60)
    return f"in {hours} h {minutes:02} min"


def files(options: Options) -> Iterator[Diagnostic]:
    """Where things are kept, and whether that works."""
    for note in options.notes:
        yield Diagnostic(Severity.WARN, "home", note, "give the whole path, from / on")
    for name, path in places(options):
        if name == "themes":
            yield from _themes(path)
        elif name != "config":  # has a line of its own
            yield from _written(name, path)
    folder = dict(places(options))["state"]
    for path in all_aside(folder):
        yield Diagnostic(
            Severity.NOTE, "set aside", f"{path}: it could not be used", "delete it once nothing in it is missed"
        )
    state = _nearest(folder)
    free = shutil.disk_usage(state).free
    if free < _LEAST_FREE:
        yield Diagnostic(Severity.WARN, "disk", f"{free / 1e6:.0f} MB free at {state}", "history needs some 20 MB")


def _themes(path: Path) -> Iterable[Diagnostic]:
    if not path.exists():
        return [Diagnostic(Severity.NOTE, "themes", f"{path} (absent: the shipped themes alone)")]
    if not os.access(path, os.R_OK | os.X_OK):
        return [Diagnostic(Severity.FAULT, "themes", f"{path} cannot be read", "look at its permissions")]
    from rotation_tui.theme.load import load_themes

    faults = load_themes(path).failed
    return [Diagnostic(Severity.WARN, "theme", str(f)) for f in faults] or [
        Diagnostic(Severity.OK, "themes", str(path))
    ]


def _written(name: str, path: Path) -> Iterable[Diagnostic]:
    there = _nearest(path)
    needed = os.W_OK | (os.X_OK if there.is_dir() else 0)
    if name != "log" and not there.is_dir():
        return [Diagnostic(Severity.FAULT, name, f"{path} cannot be made: {there} is a file")]
    if not os.access(there, needed):
        lost = "nothing is logged" if name == "log" else "nothing is kept between runs"
        return [Diagnostic(Severity.FAULT, name, f"{path} cannot be written: {lost}", f"look at {there}")]
    return [Diagnostic(Severity.OK, name, f"{path} (writable{'' if there == path else ', made when needed'})")]


def _nearest(path: Path) -> Path:
    """The path itself or the folder above it that is there."""
    return next(place for place in (path, *path.parents) if place.exists())


def network(loaded: Loaded) -> Iterator[Diagnostic]:
    """Proxy and certificates in use."""
    settings = loaded.config.network
    if settings.proxy:
        proxy = f"proxy {masked(settings.proxy)}"
    else:
        found = {kind: url for kind, url in getproxies().items() if kind in ("http", "https", "all")}
        listed = ", ".join(f"{kind} {masked(url)}" for kind, url in sorted(found.items()))
        proxy = f"proxies of the environment: {listed}" if found else "no proxy"
    yield _certificates(loaded, proxy)
    for entry in proxies.unread():
        yield Diagnostic(
            Severity.WARN,
            "NO_PROXY",
            f'"{plain_text(entry, 40)}" is no host and no network, and is left out',
            "the rest counts; give a name, an address or a network such as 10.0.0.0/8",
        )
    yield from _overheard(loaded)


def _certificates(loaded: Loaded, proxy: str) -> Diagnostic:
    """Whose certificates are believed: a file or folder that cannot be used lets no feed answer."""
    given = loaded.config.network.ca_file
    name = next((v for v in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(v)), None)
    if given:
        path, source = loaded.folder / Path(given).expanduser(), ""
    elif name:
        path, source = Path(os.environ[name]), f" ({name})"
    else:
        return Diagnostic(Severity.OK, "network", f"{proxy}; usual certificates")
    if not given and name == "SSL_CERT_DIR":
        problem = "" if path.is_dir() else "is no folder"
        remedy = f"set {name} to a folder that `openssl rehash` has been through, or unset it"
    else:
        problem = _no_certificates(path)
        remedy = f"a PEM file is wanted; set {name} to one, or unset it" if source else "a PEM file is wanted"
    if problem:
        return Diagnostic(
            Severity.FAULT,
            "network",
            f"{proxy}; certificates {path}{source} {problem}: no feed of the network can be asked",
            remedy,
        )
    return Diagnostic(Severity.OK, "network", f"{proxy}; certificates {path}{source}")


def _no_certificates(file: Path) -> str:
    """What is wrong with a file of certificates, empty where nothing is."""
    try:
        found = ssl.create_default_context(cafile=file).cert_store_stats()["x509"]
    except FileNotFoundError:
        return "is not there"
    except OSError as fault:  # ssl.SSLError is one
        return f"holds no certificates ({fault.strerror or fault})"
    return "" if found else "holds no certificates"


def _overheard(loaded: Loaded) -> Iterator[Diagnostic]:
    """Feeds that are asked over plain http; on this computer nobody is in between."""
    for name in dict.fromkeys(feed.provider for feed in asked_feeds(loaded.config)):
        url = loaded.config.providers.get(name, ProviderSettings()).base_url or ""
        if url.lower().startswith("http://") and not is_loopback(host_of(url)):
            yield Diagnostic(
                Severity.WARN,
                name,
                f"{masked(url)} is plain http: whoever is in between can change prices",
                f"write https in [providers.{name}] base_url if it can",
            )
