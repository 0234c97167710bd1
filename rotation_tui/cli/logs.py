"""The log: a file that rotates, never the terminal, which belongs to the screen."""

import logging
import logging.handlers
from io import TextIOWrapper
from pathlib import Path

from rotation_tui.cli.output import shown

_LARGEST = 1_000_000  # bytes; with two old files kept, the log stays under 3 MB
_TALKATIVE = ("httpx", "httpcore", "hishel", "asyncio", "textual", "filelock")
_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _Form(logging.Formatter):
    """What stands in the log is read on a terminal, and comes from outside as well."""

    def format(self, record: logging.LogRecord) -> str:
        return shown(super().format(record))


class _LogFile(logging.handlers.RotatingFileHandler):
    """Makes its folder with the first line: a run that logs nothing leaves nothing behind."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()


def start(file: Path, level: str) -> None:
    """Send every log record and every warning to `file`; a second call replaces the first.

    A log that cannot be written is lost without a word: nothing may be printed over the screen. `doctor` tells.
    """
    logging.raiseExceptions = False
    root = logging.getLogger()
    stop()
    handler = _LogFile(file, maxBytes=_LARGEST, backupCount=2, encoding="utf-8", delay=True)
    handler.setFormatter(_Form(_FORM))
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else logging.WARNING)
    logging.captureWarnings(True)


def stop() -> None:
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, _LogFile)]:
        root.removeHandler(handler)
        handler.close()
    logging.captureWarnings(False)


def note_unexpected(fault: BaseException) -> bool:
    """Write an exception with its traceback; False where the log cannot be written."""
    try:
        for handler in (h for h in logging.getLogger().handlers if isinstance(h, _LogFile)):
            handler.acquire()
            try:
                if handler.stream is None:
                    handler.stream = handler._open()
            finally:
                handler.release()
    except OSError:
        return False
    logging.getLogger("rotation_tui").error("unexpected", exc_info=(type(fault), fault, fault.__traceback__))
    return True
