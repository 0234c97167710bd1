"""What the trader holds, from the config and from files that are read again when they change."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rotation_tui.app.portfolio import portfolio_of
from rotation_tui.config.schema import Config
from rotation_tui.domain.positions import MOST_POSITIONS, OwnPosition, Portfolio, PositionsFile, held_in, merged
from rotation_tui.providers.aside import Aside
from rotation_tui.providers.base import BadReply

if TYPE_CHECKING:
    from rotation_tui.providers.csv_file.positions import OwnPositions

FILES = "files of positions"
_FIRST_LOOK_S = 1.0  # the start waits for it
_PATIENCE_S = 10.0
_LOOK_EVERY_S = 5.0


class PositionsAtHand:
    """What a config and the files that it names hold, each as it was read last; without a file nothing is done.

    `use` is called with the whole book whenever that is another. A file that cannot be read any more keeps its
    positions, and the book says why.
    """

    def __init__(self, use: Callable[[Portfolio], None]) -> None:
        self._use = use
        self._config = Config()
        self.files: list[_File] = []
        self.read = True
        """Whether every file has been tried."""

    def go_by(self, config: Config, folder: Path) -> bool:
        """Follow what this config names from now on; whether that is any file."""
        wanted = [_File(settings, folder) for settings in config.positions_files]
        files = [next((old for old in self.files if old.key == file.key), file) for file in wanted]
        self._config, self.files = config, files
        self.read = not self.files
        return bool(self.files)

    def first_look(self) -> None:
        """Read them before anything is fetched, as far as the disk is quick."""
        for file in self.files:
            try:
                file.aside.wait(file.load, _FIRST_LOOK_S)
            except TimeoutError:
                return
        self._tell()

    async def run(self) -> None:
        """Read what has changed, again and again; ends only by cancellation."""
        while True:
            await self.look()
            await asyncio.sleep(_LOOK_EVERY_S)

    async def look(self) -> None:
        """Read what has changed since."""
        files, moved = self.files, not self.read
        for file in files:
            try:
                moved |= await file.aside.done(file.load, _PATIENCE_S)
            except TimeoutError:
                moved |= file.fails("cannot be read: the disk gives no answer")
        if moved and files is self.files:
            self._tell()

    def _tell(self) -> None:
        self.read = True
        held = merged((*held_in(self._config.positions), *(h for file in self.files for h in file.held)))
        faults = [file.fault for file in self.files if file.fault]
        left_out = [f"{file.name}: {words}" for file in self.files for words in file.left_out]
        symbols = list(dict.fromkeys(h.symbol for h in held))
        if len(symbols) > MOST_POSITIONS:
            beyond = frozenset(symbols[MOST_POSITIONS:])
            faults.append(f"{len(beyond)} symbols beyond {MOST_POSITIONS} are left out: each is fetched all day")
            held = tuple(h for h in held if h.symbol not in beyond)
        self._use(replace(portfolio_of(self._config), held=held, faults=tuple(faults), left_out=tuple(left_out)))


def opened(path: Path, settings: PositionsFile) -> "OwnPositions":
    """What a file holds; OSError where it cannot be read, BadReply where it cannot be used."""
    from rotation_tui.providers.csv_file.positions import read_positions  # only who has such a file needs it
    from rotation_tui.providers.csv_file.text import MOST_BYTES, too_large

    stat = path.stat()
    if not S_ISREG(stat.st_mode):  # a pipe would block the reader for ever
        raise BadReply("is no plain file")
    if stat.st_size > MOST_BYTES:
        raise BadReply(too_large(stat.st_size))
    return read_positions(path.read_bytes(), settings, path.name)


class _File:
    """One file and what was read of it."""

    def __init__(self, settings: PositionsFile, folder: Path) -> None:
        self.key = settings, folder
        self._settings = settings
        self._path = folder / Path(settings.path).expanduser()
        self._stamp: tuple[int, int] | None = None
        self.aside = Aside()
        self.name = self._path.name
        self.held: tuple[OwnPosition, ...] = ()
        self.left_out: tuple[str, ...] = ()
        self.fault = ""

    def load(self) -> bool:
        """Read the file if it has changed; whether anything is another than before. Blocks."""
        try:
            found = self._path.stat()
            stamp = found.st_mtime_ns, found.st_size
            if stamp == self._stamp:
                return False
            made = opened(self._path, self._settings)
        except OSError as fault:
            self._stamp = None
            return self.fails(fault.strerror or str(fault))
        except BadReply as fault:
            self._stamp = stamp
            return self.fails(str(fault))
        self._stamp, self.held, self.left_out, self.fault = stamp, made.held, made.left_out, ""
        return True

    def fails(self, why: str) -> bool:
        """Note why it cannot be read; whether that is news."""
        kept = "; what it held before is shown" if self.held else ""
        said = f"{self.name} {why}{kept}"
        news, self.fault = said != self.fault, said
        return news
