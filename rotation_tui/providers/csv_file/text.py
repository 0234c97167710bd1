"""A file of the user's as rows of cells: its characters, its separator, and what is no such file at all."""

import csv
import io
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers.base import BadReply
from rotation_tui.providers.csv_file.dates import is_date, may_be_date
from rotation_tui.providers.csv_file.numbers import is_number

MOST_BYTES = 32 * 1024 * 1024
"""Some 40 years of 500 symbols. What is wanted of it is kept, yet every row is looked at: a second or two."""

_SAMPLE_LINES, _SAMPLE_CHARACTERS = 400, 200_000
"""By them separator and titles are told; a preamble is shorter."""

_SEPARATORS = (";", "\t", "|", ",")
_SEP_LINE = re.compile(r'^"?sep=(?P<mark>[;,|\t])"?\s*$', re.IGNORECASE)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class Row(NamedTuple):
    """A row of stripped cells, and the number of the line that it ends in."""

    number: int
    cells: list[str]


class Text(NamedTuple):
    """The bytes of a file, how they are characters, and what stands between two cells.

    `skipped` lines come before all rows, `sampled` ones tell what the columns are, and `ended` says whether a line
    break ends the last.
    """

    data: bytes
    encoding: str
    separator: str
    skipped: int
    sampled: int
    ended: bool

    def sample(self) -> list[Row]:
        """The first rows, enough to tell what the columns are."""
        return list(self.rows(self.sampled))

    def rows(self, most_lines: int | None = None) -> Iterator[Row]:
        """Every row that has anything in it, of the first `most_lines` lines; BadReply where it is no CSV."""
        lines = _lines(self.data, self.encoding)
        for _ in range(self.skipped):
            next(lines, None)
        reader = csv.reader(islice(lines, most_lines), delimiter=self.separator, skipinitialspace=True)
        try:
            for row in reader:
                cells = list(map(str.strip, row))
                if any(cells):
                    yield Row(reader.line_num + self.skipped, cells)
        except csv.Error as fault:
            raise BadReply(f"line {reader.line_num + self.skipped} is no CSV: {fault}") from None


def text_of(data: bytes, separator: str | None = None) -> Text:
    """What `data` is written in; `separator` where the user says it.

    Raises BadReply for what is no text: a workbook, a web page, an unreadable or oversized archive.
    """
    data = _unpacked(data)
    if data.startswith(_WORKBOOKS):
        raise BadReply("is a workbook or an archive and no text: save the sheet as CSV")
    if data[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml", b"{\\rtf")):
        raise BadReply("is a web page or a document and no CSV: download the data themselves")
    encoding = _encoding(data)
    first = next(_lines(data, encoding), "")
    said = _SEP_LINE.match(first)
    skipped = 1 if said else 0
    sample: list[str] = []
    for line in islice(_lines(data, encoding), skipped, skipped + _SAMPLE_LINES):
        sample.append(line)
        if sum(map(len, sample)) > _SAMPLE_CHARACTERS:
            break
    mark = separator or (said.group("mark") if said else _separator(sample))
    ended = data[-4:].decode(encoding.removesuffix("-sig"), "ignore").endswith(("\n", "\r"))
    return Text(data, encoding, mark, skipped, len(sample), ended)


def is_data(cells: Sequence[str], dates: Callable[[str], bool] = is_date) -> bool:
    """Whether a row has a date and, in another cell, a number."""
    dated = next((i for i, cell in enumerate(cells) if dates(cell)), None)
    return dated is not None and any(is_number(cell) for i, cell in enumerate(cells) if i != dated)


def too_large(size: int) -> str:
    """Why a file of `size` bytes is not read."""
    most = MOST_BYTES // 1024**2
    return f"has {size / 1024**2:.0f} MB, and at most {most} MB are read: keep the columns and years that are wanted"


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        whole = unpacker.decompress(data, MOST_BYTES + 1)
    except zlib.error as fault:
        raise BadReply(f"is a damaged gzip archive: {plain_text(str(fault))}") from None
    if len(whole) > MOST_BYTES:
        raise BadReply(f"unpacked it {too_large(len(whole)).replace('has', 'has more than', 1)}")
    if not unpacker.eof:
        raise BadReply("is a gzip archive that is cut off")
    return whole


def _encoding(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            _decodable(data, encoding)
            return encoding
    head = data[:200]
    if head.count(0) * 3 > len(head):  # Latin letters in two bytes each, and no mark before them
        encoding = "utf-16-le" if not any(head[1:40:2]) else "utf-16-be"
        _decodable(data, encoding)
        return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as fault:
        try:
            data.decode("cp1252")
        except UnicodeDecodeError:
            raise BadReply(f"is no text: byte {fault.start} is {data[fault.start]:#04x}") from None
        return "cp1252"
    return "utf-8"


def _decodable(data: bytes, encoding: str) -> None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as fault:
        raise BadReply(f"is no text in {encoding}: byte {fault.start} does not fit") from None


def _lines(data: bytes, encoding: str) -> Iterator[str]:
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")


def _separator(sample: Sequence[str]) -> str:
    """The separator that makes most lines rows of data; spaces, and counts for dates, where nothing else does."""
    for marks, dates in ((_SEPARATORS, is_date), (" ", is_date), (_SEPARATORS, may_be_date)):
        found = {mark: _rows_of_data(sample, mark, dates) for mark in marks}
        if any(found.values()):
            return max(marks, key=found.__getitem__)
    head = "".join(sample[:5])  # no date that can be read: the titles tell
    return max((",", *_SEPARATORS), key=head.count)


def _rows_of_data(sample: Sequence[str], mark: str, dates: Callable[[str], bool]) -> int:
    try:
        rows = list(csv.reader(sample, delimiter=mark, skipinitialspace=True))
    except csv.Error:
        return 0
    return sum(is_data([cell.strip() for cell in row], dates) for row in rows)
