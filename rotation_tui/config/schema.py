"""The config file: TOML to frozen values and the universe they describe, every error with file, key and remedy.

Each field says what it does where it is declared; `config.example.toml` repeats that for users, and a test
holds the two together.
"""

import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from rotation_tui.config import defaults
from rotation_tui.config.folders import config_path as config_path
from rotation_tui.config.folders import state_folder as state_folder
from rotation_tui.config.folders import themes_folder as themes_folder
from rotation_tui.domain.alert import Alert, ChannelSettings
from rotation_tui.domain.holdings import FUNDS
from rotation_tui.domain.hub import PROVIDER as HUB
from rotation_tui.domain.positions import Position, PositionsFile, RebalanceSettings
from rotation_tui.domain.watchlist import WatchList

Seconds = Annotated[float, msgspec.Meta(ge=0.2, le=86_400)]
Pressed = str | tuple[str, ...]
"""A key, several or none, by the name of what it does, as `screens.keymap` has them."""
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file: unknown keys are errors."""


class Display(_Table, frozen=True):
    """What the screen shows and how."""

    times: Literal["exchange", "local"] = "exchange"
    """Zone of the times on screen: exchange or local; `z` switches it."""
    ascii: bool = False
    """Draw with ASCII characters only."""
    spark: Literal["braille", "blocks", "ascii"] = "braille"
    """Lines in tables: braille, blocks, ascii; where a terminal has no braille, blocks, without UTF-8 ascii."""
    color: Literal["auto", "truecolor", "256", "16", "none"] = "auto"
    """Colours the terminal can show: auto, truecolor, 256, 16, none; auto asks the terminal's environment."""
    flash: Literal["auto", "on", "off"] = "auto"
    """Mark changed digits for one beat of reverse video: auto, on, off; auto is off over ssh."""
    title: bool = True
    """Say in the title of the terminal's window who leads; never on a console, which would print it."""
    mouse: Literal["auto", "on", "off"] = "auto"
    """Listen to the mouse: auto, on, off; auto is off over ssh. With it on, text is selected with shift."""
    notification: Literal["auto", "9", "777", "99"] = "auto"
    """OSC by which a desktop is notified: auto, 9, 777, 99; auto asks the environment, else 9."""
    futures: bool = False
    """Show the lines RTY=F and ES=F under the tickers."""
    frames_per_second: Annotated[float, msgspec.Meta(ge=0, le=10)] = 0
    """How often the screen may change in a second; 0 means 4, or 2 over ssh."""
    low_bandwidth: Literal["auto", "on", "off"] = "auto"
    """Spare the link: one frame a second, 16 colours, no marks: auto, on, off; auto is on while the link is slow."""
    driver: Literal["own", "textual"] = "own"
    """Who writes to the terminal; own sends only the cells that differ, textual is the fallback."""
    exports: str = ""
    """Folder for what the key `e` writes; empty is the folder exports in the state folder."""
    private: bool = False
    """Hide how much you hold: shares, values, profit and loss in money; percent stay. The key `$` does so too."""


class Poll(_Table, frozen=True):
    """Seconds between polls of quotes, by phase of the market."""

    open: Seconds = 30
    """While the exchange is open."""
    pre_post: Seconds = 60
    """Before the open and after the close."""
    closed: Seconds = 900
    """Nights, week-ends and holidays."""


class Network(_Table, frozen=True):
    """How the outside is reached."""

    proxy: str | None = None
    """URL of a proxy for all requests; without it the variables HTTPS_PROXY and its kin count."""
    ca_file: str | None = None
    """File with the certificates to trust instead of the system's, relative to the config file's folder."""


class ProviderSettings(_Table, frozen=True):
    """Overrides of a provider's own defaults."""

    base_url: str | None = None
    """Where its requests go."""
    user_agent: str | None = None
    """How it names itself."""
    contact: Annotated[str, msgspec.Meta(min_length=1, max_length=120)] | None = None
    """A page or mail address of yours, which its name then says; FRED likes to have one, the SEC wants a mail."""
    timeout_s: Annotated[float, msgspec.Meta(gt=0, le=120)] | None = None
    """Seconds until an unanswered request counts as failed."""
    max_per_hour: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """Requests an hour at the most, all monitors of this user together."""
    products: dict[str, Annotated[str, msgspec.Meta(min_length=1, max_length=120)]] = {}
    """ishares: funds to add or put right, by number and name of the product as their page's address has them."""
    files_url: str | None = None
    """sec: where its list of companies is; base_url is where its figures are."""
    stream_url: str | None = None
    """alpaca, finnhub, yahoo: where they are listened to."""
    key_file: Annotated[str, msgspec.Meta(min_length=1)] | None = None
    """alpaca, finnhub, tiingo: the file with the key, relative to the config file's folder; NAME.key where left out."""
    stream_symbols: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    """alpaca, finnhub: symbols that are listened to at the most; where left out what a free key may: 30, and 50."""
    feed: Literal["iex", "sip", "delayed_sip"] | None = None
    """alpaca: which trades: iex (where left out), of all exchanges sip (a paid plan) or delayed_sip (15 min late)."""
    stream: bool | None = None
    """yahoo: listen to its websocket as well, which is documented nowhere; off where left out."""


class FeedSettings(_Table, frozen=True):
    """One source; the order of the feeds is the order in which they take over from each other."""

    provider: Name
    """Name of the provider."""
    name: Name | None = None
    """What to call it on screen; the provider's name where left out."""
    path: str | None = None
    """csv_file: the file, relative to the config file's folder."""
    kind: Literal["close", "adjusted_close", "observation"] | None = None
    """csv_file: what its columns hold: close (where left out), adjusted_close (dividends put back) or observation."""
    columns: dict[str, str] = {}
    """csv_file: columns to rename, as { IWM_px = "IWM" }; names the symbol of a file that has titles as Close."""
    date_format: str | None = None
    """csv_file: order of day and month where the file leaves it open: dmy, mdy, ymd, excel, unix, or as "%d/%m/%Y"."""
    decimal: Literal[".", ","] | None = None
    """csv_file: what stands before the decimals where the file leaves it open: . or ,"""
    separator: Literal[",", ";", "|", "\t", " ", "tab", "space"] | None = None
    """csv_file: what stands between two columns; told from the file where left out."""
    seed: int | None = None
    """simulated: another seed, another market."""
    url: str | None = None
    """hub: where Redis or Valkey is; ROTATION_TUI_HUB_PASSWORD may have the password."""
    silence_s: Annotated[float, msgspec.Meta(ge=5, le=86_400)] | None = None
    """hub: seconds without a word of its server, 30 where left out, after which the other feeds are asked."""
    ca_file: str | None = None
    """hub: its certificate, or who signed it, relative to the config file's folder; trusted there and nowhere else."""


class TickerSettings(_Table, frozen=True):
    """A row of the index pane."""

    id: Name
    """What the row is called."""
    symbol: Name
    """What is quoted."""
    name: Annotated[str, msgspec.Meta(max_length=60)] = ""
    """Its name in words."""


class SpreadSettings(_Table, frozen=True):
    """A pair, small minus large."""

    id: Name
    """What the row is called."""
    small: Name
    """Symbol or ticker id of the small leg."""
    large: Name
    """Symbol or ticker id of the large leg."""


class SectorSettings(_Table, frozen=True):
    """A sector fund: a small-cap one with the large-cap one it is compared with, or another large-cap one."""

    id: Name
    """What the row is called."""
    symbol: Name
    """The fund."""
    sector: Annotated[str, msgspec.Meta(max_length=40)]
    """Its sector in words."""
    tracks: Annotated[str, msgspec.Meta(max_length=60)]
    """The index it tracks."""
    pair: Name | None = None
    """Symbol of the large-cap fund, which gets a row of its own."""
    side: Literal["small", "large"] = "small"
    """Whether it is ranked among the small-cap or the large-cap funds."""
    thesis: bool = False
    """One of the sectors that the thesis names as leaders."""
    benchmark: Name | None = None
    """Fund that its excess is against; where left out IJR if it tracks an S&P 600 index, else IWM or SPY."""


class Layout(_Table, frozen=True):
    """Which panes stand on the overview, in reading order."""

    overview: tuple[str, ...] = ("indexes", "spreads", "sectors", "risk", "events", "feeds")
    """Panes of the overview, by name; a wrong name is answered with all there are. Where the rows do not
    suffice, frames go first, then panes from the end."""
    wide: tuple[str, ...] = ("answers", "since")
    """Panes that a terminal of 110x36 or more shows as well, from 44 rows on; with fewer in the place of `yields`."""
    yields: tuple[str, ...] = ("events", "feeds")
    """Panes of the overview that give way to those of `wide`; without any of them there, nothing comes in."""
    large: tuple[str, ...] = ("chart", "answers", "since")
    """Panes that a terminal of 150x45 or more has room for as well; they stand at the top of the right column."""
    hidden: tuple[str, ...] = ()
    """Panes of the overview that are hidden at the start; `-` hides one, `=` shows them all."""
    enlarged: str = ""
    """A pane of the overview that has the screen to itself at the start; `+` gives it back."""


class Thresholds(_Table, frozen=True):
    """Other limits for one check, in the unit of its value."""

    watch: float
    """From here on it is on WATCH."""
    alert: float
    """From here on it is on ALERT."""


class Manual(_Table, frozen=True):
    """A check by hand."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    """What to watch for."""
    level: Literal["OK", "WATCH", "ALERT"]
    """How it stands."""
    until: datetime.date
    """The last day on which this counts; after it the check is UNKNOWN."""


class Consensus(_Table, frozen=True):
    """A figure that nobody publishes for free, as you read it somewhere; a new entry never replaces an old one."""

    index: Name
    """R2000 or SPX."""
    measure: Name
    """What is measured, as fwd_pe or eps_growth."""
    period: Name
    """The period it is about, as NTM or CY2026."""
    value: float
    """The figure."""
    basis: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    """How it was computed; two legs are compared only on the same basis."""
    as_of: datetime.date
    """The day it is of."""
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    """Who says so."""
    url: str | None = None
    """Where it stands."""
    note: str | None = None
    """Anything else."""


class Risk(_Table, frozen=True):
    """The risk checklist."""

    skip: tuple[str, ...] = ()
    """Checks that are not shown, by id."""
    mute: dict[str, datetime.date] = {}
    """Checks that do not raise their group until a date, as { E3 = 2026-12-31 }."""
    thresholds: dict[str, Thresholds] = {}
    """Other limits by check id; the screen shows that they are yours."""
    reconstitution: tuple[datetime.date, ...] = defaults.RECONSTITUTIONS
    """Days on which the Russell indexes are reconstituted; S1 is on WATCH within ten sessions of one."""
    manual: tuple[Manual, ...] = ()
    """Checks by hand, one [[risk.manual]] table each."""


class Claims(_Table, frozen=True):
    """The claim audit."""

    skip: tuple[str, ...] = ()
    """Claims that are not audited, by id; what only they read is not fetched."""


class FundamentalsSettings(_Table, frozen=True):
    """What funds hold and companies file: some 200 files at first, a few a day after that."""

    on: bool = False
    """Fetch them, for every monitor and command; the key `a` does so for this user's monitors alone."""
    funds: tuple[Name, ...] = tuple(FUNDS)
    """Funds whose members are looked at."""
    sources: tuple[Name, ...] = defaults.PAPER_SOURCES
    """Providers that are asked for them, beside the feeds; the SEC wants a contact, see [providers.sec]."""


def _sectors() -> tuple[SectorSettings, ...]:
    small = (
        SectorSettings(id=symbol, symbol=symbol, sector=sector, tracks=tracks, pair=pair, thesis=thesis)
        for symbol, sector, tracks, pair, thesis in defaults.SECTORS
    )
    large = (
        SectorSettings(id=symbol, symbol=symbol, sector=sector, tracks=tracks, side="large")
        for symbol, sector, tracks in defaults.LARGE_SECTORS
    )
    return (*small, *large)


class Config(_Table, frozen=True):
    """The whole file."""

    theme: Name = "dark"
    """Colours: a theme by name, as high_contrast, or a file in the themes folder; `t` shows them all."""
    display: Display = Display()
    poll: Poll = Poll()
    network: Network = Network()
    providers: dict[str, ProviderSettings] = {}
    feeds: tuple[FeedSettings, ...] = msgspec.field(
        default_factory=lambda: tuple(FeedSettings(provider=name) for name in defaults.FEEDS)
    )
    tickers: tuple[TickerSettings, ...] = msgspec.field(
        default_factory=lambda: tuple(TickerSettings(id=s, symbol=s, name=name) for s, name in defaults.TICKERS)
    )
    spreads: tuple[SpreadSettings, ...] = msgspec.field(
        default_factory=lambda: tuple(SpreadSettings(id=f"{s}-{b}", small=s, large=b) for s, b in defaults.PAIRS)
    )
    sectors: tuple[SectorSettings, ...] = msgspec.field(default_factory=_sectors)
    layout: Layout = Layout()
    risk: Risk = Risk()
    claims: Claims = Claims()
    fundamentals: FundamentalsSettings = FundamentalsSettings()
    consensus: tuple[Consensus, ...] = ()
    alerts: tuple[Alert, ...] = ()
    channels: dict[str, ChannelSettings] = {}
    watchlists: tuple[WatchList, ...] = ()
    keys: dict[str, Pressed] = {}
    positions: tuple[Position, ...] = ()
    positions_files: tuple[PositionsFile, ...] = ()
    rebalance: RebalanceSettings = RebalanceSettings()


def all_feeds(config: Config) -> tuple[FeedSettings, ...]:
    """The feeds, and behind them the sources of holdings and filings that are not among them."""
    known = {feed.provider for feed in config.feeds}
    return (*config.feeds, *(FeedSettings(provider=s) for s in config.fundamentals.sources if s not in known))


def asked_feeds(config: Config) -> tuple[FeedSettings, ...]:
    """Those of all feeds that the config has asked; a hub is not asked, its server tells."""
    feeds = all_feeds(config) if config.fundamentals.on else config.feeds
    return tuple(feed for feed in feeds if feed.provider != HUB)


def key_changes(config: Config) -> dict[str, tuple[str, ...]]:
    """What the config changes of the keyboard: keys by the name of what they do."""
    return {name: (keys,) if isinstance(keys, str) else keys for name, keys in config.keys.items()}


class Loaded(msgspec.Struct, frozen=True):
    """A config with the file it came from, None for the built-in defaults.

    `companies` is what the map.toml beside it says: numbers of companies at the SEC, by ticker. `variables` are the
    variables of the environment that stand before the file, by key.
    """

    config: Config
    path: Path | None
    companies: dict[str, int] = {}
    variables: dict[str, str] = {}

    @property
    def folder(self) -> Path:
        """Folder that relative paths in the file start from."""
        return self.path.parent if self.path is not None else Path.cwd()


def as_plain(config: Config) -> dict[str, Any]:
    """The config as TOML-ready builtins; keys that are None are left out."""
    plain: dict[str, Any] = msgspec.to_builtins(config, builtin_types=(datetime.date,))
    return {key: _without_none(value) for key, value in plain.items()}


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    if isinstance(value, (list, tuple)):
        return [_without_none(v) for v in value]
    return value
