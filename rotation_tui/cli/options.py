"""The options that every command takes, and the requests of the two commands that show the market."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rotation_tui.config.schema import Display, Loaded, Network

COLORS = ("auto", "truecolor", "256", "16", "none")
DEMO_SEED = 7
DEMO_SPEED = 1.0
TABLES = (
    "tickers", "spreads", "sectors", "drivers", "claims", "feeds", "events", "looked", "watchlists", "alerts",
    "positions",
)  # fmt: skip
"""Parts of the board that are rows."""
FRAMES = ("1M", "3M", "6M", "YTD", "1Y", "3Y", "5Y", "10Y", "MAX")
LOG_LEVELS = ("debug", "info", "warning", "error")

_DISK_S = 10.0
"""How long the disk of the config is waited for."""
_Read = TypeVar("_Read")
_Table = TypeVar("_Table", "Display", "Network")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line and the environment say; None where they leave it to the config file.

    `config` and `ca_file` are absolute. `color` is already "none" where NO_COLOR asks for it. `log_file` and
    `log_level` are final. `notes` are sentences about what of the environment could not be followed. `origins`
    has for each key of the config that is given here the option or the variable.
    """

    config: Path | None
    theme: str | None
    color: str | None
    ascii: bool | None
    low_bandwidth: str | None
    proxy: str | None
    ca_file: Path | None
    log_file: Path
    log_level: str
    notes: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    def load(self) -> "Loaded":
        """The config file with these options on top: what it then says is what counts.

        A relative `ca_file` from the file still starts at `Loaded.folder`. Raises ConfigFault.
        """
        return self.in_time(self.load_now)

    def in_time(self, read: Callable[[], _Read]) -> _Read:
        """What `read` gives, in a thread that is left alone where the disk of the config does not answer.

        Raises ConfigFault then, and whatever `read` raises.
        """
        import threading

        given: list[_Read] = []
        raised: list[BaseException] = []

        def work() -> None:
            try:
                given.append(read())
            except BaseException as fault:  # raised by whoever waits
                raised.append(fault)

        thread = threading.Thread(target=work, name="config", daemon=True)
        thread.start()
        thread.join(_DISK_S)
        if raised:
            raise raised[0]
        if not given:
            from rotation_tui.toml_file.fault import ConfigFault

            raise ConfigFault(self.config_file, "", f"could not be read within {_DISK_S:g} s: its disk does not answer")
        return given[0]

    def load_now(self) -> "Loaded":
        """As `load`, for as long as it takes."""
        import msgspec

        from rotation_tui.config.load import load, require_theme

        loaded = load(self.config)
        if self.theme is not None:
            require_theme(self.theme, self.themes_folder)
        config = msgspec.structs.replace(
            loaded.config,
            theme=loaded.config.theme if self.theme is None else self.theme,
            display=_over(loaded.config.display, color=self.color, ascii=self.ascii, low_bandwidth=self.low_bandwidth),
            network=_over(
                loaded.config.network, proxy=self.proxy, ca_file=None if self.ca_file is None else str(self.ca_file)
            ),
        )
        return msgspec.structs.replace(loaded, config=config)

    @property
    def config_file(self) -> Path:
        """The config file that these options mean, whether it is there or not."""
        from rotation_tui.config.schema import config_path

        return self.config or config_path()

    @property
    def themes_folder(self) -> Path:
        """The user's own themes: the folder `themes` beside the config file."""
        from rotation_tui.config.schema import themes_folder

        return themes_folder(self.config_file)


def _over(table: _Table, **given: object) -> _Table:
    """`table` with the values that were given."""
    import msgspec

    return msgspec.structs.replace(table, **{k: v for k, v in given.items() if v is not None})


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """The simulated market: which one, and how many times as fast as real time it runs."""

    seed: int
    speed: float


@dataclass(frozen=True, slots=True)
class SnapshotRequest:
    """One board to standard output.

    `format` is text, json, csv or svg. `as_of` is the past day to show, None for now. `timeout_s` is how long
    the feeds may take. `schema` asks for the JSON Schema instead of a board. `columns` and `rows` are the
    size of text and svg. `table` is the part of the board that csv is of alone. `private` hides how much is held.
    `every_s` are the seconds between two looks at the board, where it is followed.
    """

    format: str
    demo: DemoOptions | None
    as_of: date | None
    timeout_s: float
    schema: bool
    columns: int
    rows: int
    table: str | None = None
    private: bool = False
    every_s: float = 5.0
