"""What is well formed in a config and still cannot work."""

import importlib.util
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from rotation_tui import plugins
from rotation_tui.config.positions import positions
from rotation_tui.config.schema import (
    Config,
    Consensus,
    FeedSettings,
    ProviderSettings,
    Thresholds,
    all_feeds,
    key_changes,
)
from rotation_tui.config.universe import universe, watch_lists
from rotation_tui.config.watched import problems
from rotation_tui.domain.address import masked
from rotation_tui.domain.alert import ON_TERMINAL
from rotation_tui.domain.claim import ConsensusEntry
from rotation_tui.domain.date_order import date_order
from rotation_tui.domain.hub import PROVIDER as HUB
from rotation_tui.domain.hub import hub_problem
from rotation_tui.domain.instrument import canonical
from rotation_tui.domain.positions import held_in, merged
from rotation_tui.domain.refusal import plain_text

if TYPE_CHECKING:
    from rotation_tui.alerts.places import Known

_KEYS_OF = {
    **dict.fromkeys(("path", "kind", "columns", "date_format", "decimal", "separator"), "csv_file"),
    "seed": "simulated",
    **dict.fromkeys(("url", "silence_s", "ca_file"), HUB),
}
"""Keys of a feed that only one provider reads."""

_KEYS_OF_PROVIDER = {
    "products": ("ishares",),
    "files_url": ("sec",),
    "stream_url": ("alpaca", "finnhub", "yahoo"),
    "key_file": ("alpaca", "finnhub", "tiingo"),
    "stream_symbols": ("alpaca", "finnhub"),
    "feed": ("alpaca",),
    "stream": ("yahoo",),
}
"""Keys of a table of [providers] that only some of ours read."""
_OF_ANYBODY = ("stream_url", "key_file")
"""Those of them that a source of another package may read as well."""
_PRODUCT = re.compile(r"[0-9]{1,12}/[A-Za-z0-9-]+")

Problem = tuple[str, str]
"""A key, and a sentence."""


def contradictions(config: Config, folder: Path, themes: tuple[str, ...]) -> Iterator[Problem]:
    """Every problem with the values; `folder` is where relative paths start, `themes` those that exist."""
    yield from _not_finite("", msgspec.to_builtins(config))
    yield from _named("theme", "theme", [config.theme], themes)
    yield from _network(config, folder)
    yield from _feeds(config)
    panes = plugins.declaring("rotation_tui.panes", "PANE")
    yield from _part("layout.overview", "pane", config.layout.overview, panes)
    yield from _part("layout.wide", "pane", config.layout.wide, panes)
    yield from _part("layout.yields", "pane", config.layout.yields, panes)
    yield from _part("layout.large", "pane", config.layout.large, panes)
    yield from _part("layout.hidden", "pane", config.layout.hidden, panes)
    yield from _part("layout.enlarged", "pane", [config.layout.enlarged] if config.layout.enlarged else [], panes)
    named = {"skip": config.risk.skip, "mute": tuple(config.risk.mute), "thresholds": tuple(config.risk.thresholds)}
    if any(named.values()):
        from rotation_tui.checks.evaluate import all_checks  # imports every check; only where some are named

        checks: dict[str, Any] = {check.id: check for check in all_checks()}
        for key, ids in named.items():
            yield from _named(f"risk.{key}", "check", ids, tuple(checks))
        yield from _thresholds(config.risk.thresholds, checks)
    yield from _rows(config)
    if config.claims.skip:
        from rotation_tui.claims.audit import all_claims  # imports every claim; only where some are skipped

        yield from _named("claims.skip", "claim", config.claims.skip, tuple(c.id for c in all_claims()))
    yield from _consensus(config)
    yield from _channels(config)
    yield from positions(config)
    yield from ((f"positions_files[{n}].path", p) for n, f in enumerate(config.positions_files, 1)
                if (p := _path_problem(f.path)))  # fmt: skip
    yield from _alerts(config)
    yield from problems(config)
    if config.keys:
        from rotation_tui.screens.keymap import (
            problems as of_keys,  # the keyboard; a config without [keys] changes none of it
        )

        yield from ((f"keys.{name}", problem) for name, problem in of_keys(key_changes(config)))


def entry_of(e: Consensus) -> ConsensusEntry:
    """A figure entered by hand as the claims read it; ValueError where it cannot be one."""
    return ConsensusEntry(e.index, e.measure, e.period, e.value, e.basis, e.as_of, e.source, e.note or "")


def _consensus(config: Config) -> Iterator[Problem]:
    for number, entry in enumerate(config.consensus, 1):
        try:
            entry_of(entry)
        except ValueError as refused:
            yield f"consensus[{number}]", str(refused)


def _channels(config: Config) -> Iterator[Problem]:
    for name, channel in config.channels.items():
        key = f"channels.{name}"
        if name in ON_TERMINAL:
            yield key, f"{name} is told on the terminal and needs no table; call this one otherwise"
        if channel.kind == "command":
            if not channel.command or not channel.command[0].strip():
                yield f"{key}.command", 'is missing; allowed: program and arguments, as ["notify-send", "alert"]'
            if any("\0" in argument for argument in channel.command):
                yield f"{key}.command", "has a character that no argument can have"
        elif channel.command:
            yield f"{key}.command", f'only a channel with kind = "command" has this key, not "{channel.kind}"'
        if (channel.kind == "command") is (channel.url is not None):
            said = "has no use for an address" if channel.kind == "command" else "is missing"
            yield f"{key}.url", f'{said}; a channel with kind = "{channel.kind}" {_URL_OF[channel.kind]}'
        # what stands there may be a secret, so that no word of it is repeated
        elif channel.kind not in ("command", "apprise") and _url_problem(str(channel.url), ("https", "http")):
            yield f"{key}.url", "is no address; allowed: https://host/path, likewise http"


def _alerts(config: Config) -> Iterator[Problem]:
    names: dict[str, int] = {}
    told_to = (*ON_TERMINAL, *config.channels)
    known: Any = None
    for number, alert in enumerate(config.alerts, 1):
        key = f"alerts[{number}]"
        if alert.name in names:
            yield f"{key}.name", f'"{alert.name}" is used twice, first in alerts[{names[alert.name]}]'
        names.setdefault(alert.name, number)
        yield from _named(f"{key}.to", "channel", alert.to, told_to)
        from rotation_tui.alerts.condition import ConditionFault  # a config without alerts needs none of it
        from rotation_tui.alerts.rules import RuleFault, rule_of

        try:
            known = known or ids_of_board(config)
            try:
                rule_of(alert, known)
            except ConditionFault:  # what it names may be a check or a claim; only then are all of them imported
                known = ids_of_board(config, judged=True)
                rule_of(alert, known)
        except ConditionFault as fault:
            yield f"{key}.when", f"{fault}\n{fault.marked}"
        except RuleFault as fault:
            yield f"{key}.{fault.key}", str(fault)


def ids_of_board(config: Config, *, judged: bool = False) -> "Known":
    """The ids that a board of this config has; with those of checks, claims and drivers where `judged`."""
    from rotation_tui.alerts.places import Known

    about = universe(config)
    ids: dict[str, tuple[str, ...]] = {
        "tickers": tuple(row.id for row in about.tickers),
        "spreads": tuple(row.id for row in about.spreads),
        "sectors": tuple(row.id for row in about.sectors),
        "feeds": tuple(feed.name or feed.provider for feed in all_feeds(config)),
        "positions": tuple(held.id for held in merged(held_in(config.positions))),
        "watchlists": tuple(f"{one.name}/{row.symbol}" for one in watch_lists(config) for row in one.entries),
    }
    if judged:
        from rotation_tui.checks.base import GROUPS
        from rotation_tui.checks.drivers import DRIVERS
        from rotation_tui.checks.evaluate import all_checks
        from rotation_tui.claims.audit import all_claims

        checks = [check.id for check in all_checks() if check.id not in config.risk.skip]
        ids["risk"] = (*GROUPS, *checks)
        ids["claims"] = tuple(claim.id for claim in all_claims() if claim.id not in config.claims.skip)
        ids["drivers"] = tuple(driver.id for driver in DRIVERS)
    # what a file holds is known once it has been read
    return Known(ids, open=frozenset(("positions",) if config.positions_files else ()))


_URL_OF = {
    "command": "has command",
    "ntfy": "needs the address of its topic, as https://ntfy.sh/TOPIC",
    "slack": "needs the address of its webhook",
    "discord": "needs the address of its webhook",
    "json": "needs the address that alerts are posted to",
    "apprise": "needs one of its addresses",
}


def _thresholds(thresholds: Mapping[str, Thresholds], checks: Mapping[str, Any]) -> Iterator[Problem]:
    """Limits that no check can be judged by: of one that has none, or an alert that is not worse than the watch."""
    from rotation_tui.checks.hysteresis import in_order

    for name, limits in thresholds.items():
        check = checks.get(name)
        if check is None:
            continue
        key = f"risk.thresholds.{name}"
        if check.kind != "numeric":
            having = ", ".join(other for other, c in checks.items() if c.kind == "numeric")
            yield key, f"{name} has no limits to change; those that have are: {having}"
        elif not in_order(limits.watch, limits.alert, higher_is_worse=check.higher_is_worse):
            higher, beyond = ("higher", "above") if check.higher_is_worse else ("lower", "below")
            yield (
                f"{key}.alert",
                f"{limits.alert:g} is not worse than watch = {limits.watch:g}: of {name} {higher} is worse, so alert "
                f"must be {beyond} {limits.watch:g}",
            )


def proxy_problem(url: str) -> str | None:
    """Why `url` cannot be a proxy, None where it can."""
    problem = _url_problem(url, ("http", "https", "socks5", "socks5h"))
    if problem is None and url.startswith("socks") and importlib.util.find_spec("socksio") is None:
        return "a socks proxy needs the package socksio, which is not installed"
    return problem


def _url_problem(url: str, schemes: tuple[str, ...]) -> str | None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        usable = False
    if usable:
        return None
    return f'"{masked(url)}" is no address; allowed: {schemes[0]}://host:port, likewise {", ".join(schemes[1:])}'


def _path_problem(path: str) -> str | None:
    """Why no file can have this path, None where one can."""
    try:
        Path(path).expanduser()
    except RuntimeError:
        return f'"{path}" begins with a user whose home is not known here'
    return f'"{plain_text(path)}" has a character that no path has' if "\0" in path else None


def _named(key: str, what: str, names: Iterable[str], known: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield key, f'no {what} "{name}"{plugins.nearest(name, known)}; there are: {", ".join(known)}'


def _part(key: str, what: str, names: Iterable[str], ours: tuple[str, ...]) -> Iterator[Problem]:
    """As `_named`, of what other packages may have as well; they are asked only where a name is none of ours."""
    if foreign := [name for name in names if name not in ours]:
        try:
            theirs = tuple(plugin.name for plugin in plugins.declared(f"rotation_tui.{what}s"))
        except plugins.PluginError as fault:
            yield key, f'no {what} "{foreign[0]}" of ours, and {fault}'
        else:
            yield from _named(key, what, foreign, tuple(dict.fromkeys((*ours, *theirs))))


def _not_finite(key: str, value: Any) -> Iterator[Problem]:
    if isinstance(value, float) and not math.isfinite(value):
        yield key, f"{value} is not a number to work with; allowed: a finite number"
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _not_finite(f"{key}.{name}" if key else name, inner)


def _network(config: Config, folder: Path) -> Iterator[Problem]:
    proxy, ca_file = config.network.proxy, config.network.ca_file
    if proxy is not None and (problem := proxy_problem(proxy)):
        yield "network.proxy", problem
    if ca_file is not None and (problem := _path_problem(ca_file)):
        yield "network.ca_file", problem
    elif ca_file is not None and not (file := folder / Path(ca_file).expanduser()).is_file():
        yield "network.ca_file", f"there is no file {file}"
    for name, settings in config.providers.items():
        for field in ("base_url", "files_url", "stream_url"):
            url: str | None = getattr(settings, field)
            schemes = ("https", "http", "wss", "ws") if field == "stream_url" else ("https", "http")
            if url is not None and (problem := _url_problem(url, schemes)):
                yield f"providers.{name}.{field}", problem
        if settings.key_file is not None and (problem := _path_problem(settings.key_file)):
            yield f"providers.{name}.key_file", problem
        yield from _sendable(f"providers.{name}", settings)
        yield from _of_one_provider(name, settings)


def _sendable(key: str, settings: ProviderSettings) -> Iterator[Problem]:
    """Names go out in the head of a request, where a line end or a letter beyond ASCII would break it."""
    for field in ("user_agent", "contact"):
        text: str | None = getattr(settings, field)
        if text is not None and not (text.isascii() and text.isprintable() and text == text.strip()):
            yield f"{key}.{field}", f"{text!a} cannot be sent; allowed: plain ASCII text in one line"


def _of_one_provider(name: str, settings: ProviderSettings) -> Iterator[Problem]:
    key = f"providers.{name}"
    ours = plugins.declaring("rotation_tui.providers", "PROVIDER")
    for field, providers in _KEYS_OF_PROVIDER.items():
        foreign = name not in ours and field in _OF_ANYBODY
        if getattr(settings, field) not in (None, {}) and name not in providers and not foreign:
            readers = ", ".join(f"[providers.{provider}]" for provider in providers)
            yield f"{key}.{field}", f"only {readers} {'has' if len(providers) == 1 else 'have'} this key, not [{key}]"
    for fund, product in settings.products.items():
        if _PRODUCT.fullmatch(product) is None:
            yield (
                f"{key}.products.{fund}",
                f'"{plain_text(product, 60)}" is no end of an address; allowed: number and name of the product, as '
                '"239710/ishares-russell-2000-etf"',
            )


def _feeds(config: Config) -> Iterator[Problem]:
    providers = plugins.declaring("rotation_tui.providers", "PROVIDER")
    for name in config.providers:
        yield from _part(f"providers.{name}", "provider", [name], providers)
    yield from _part("fundamentals.sources", "provider", config.fundamentals.sources, providers)
    for number, feed in enumerate(config.feeds, 1):
        key = f"feeds[{number}]"
        yield from _part(f"{key}.provider", "provider", [feed.provider], tuple(sorted((*providers, HUB))))
        yield from ((f"{key}.{name}", problem) for name, problem in _keys_of_feed(feed))


def _keys_of_feed(feed: FeedSettings) -> Iterator[Problem]:
    for name, provider in _KEYS_OF.items():
        given = getattr(feed, name) not in (None, {})
        if given and feed.provider != provider:
            yield name, f'only a feed with provider = "{provider}" has this key, not "{feed.provider}"'
        if not given and feed.provider == "csv_file" and name == "path":
            yield name, 'is missing; a feed with provider = "csv_file" needs it'
        if not given and feed.provider == HUB and name == "url":
            yield name, 'is missing; a feed with provider = "hub" needs it, as "rediss://desk.example:6379"'
    if feed.url is not None and (problem := hub_problem(feed.url)):
        yield "url", problem
    if feed.path is not None and (problem := _path_problem(feed.path)):
        yield "path", problem
    if feed.date_format is not None:
        try:
            date_order(feed.date_format)
        except ValueError as refused:
            yield "date_format", str(refused)


def _rows(config: Config) -> Iterator[Problem]:
    for table in config.__struct_fields__:
        rows: Any = getattr(config, table)
        seen: dict[str, int] = {}
        for number, row in enumerate(rows if isinstance(rows, tuple) else (), 1):
            name: str | None = getattr(row, "id", None)
            if name in seen:
                yield f"{table}[{number}].id", f'"{name}" is used twice, first in {table}[{seen[name]}]'
            if name is not None:
                seen.setdefault(name, number)
    symbols = {row.id: canonical(row.symbol) for row in config.tickers}
    for number, spread in enumerate(config.spreads, 1):
        small, large = (symbols.get(leg) or canonical(leg) for leg in (spread.small, spread.large))
        if small == large:
            yield f"spreads[{number}].large", f'"{spread.id}" has {small} on both legs'
