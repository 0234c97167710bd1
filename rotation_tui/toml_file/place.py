"""Which line of a TOML file a key stands in."""

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]#]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def line_of(key: str, text: str) -> int | None:
    """Line (from 1) of `key`, as `poll.open` or `feeds[2].kind` (tables of an array counted from 1).

    Where the key itself is not written out, the line of the table or value that holds it; None where nothing
    of it is in the text.
    """
    lines = lines_of(text)
    while key:
        if key in lines:
            return lines[key]
        shorter = re.sub(r"(\.[^.\[]*|\[\d+\])$", "", key)
        key = "" if shorter == key else shorter
    return None


def lines_of(text: str) -> dict[str, int]:
    """Every header and key that begins a line, with the first line where it does."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _plain(header.group(2))
            if header.group(1) == "[[":
                found.setdefault(table, number)
                counts[table] = counts.get(table, 0) + 1
                table = f"{table}[{counts[table]}]"
            found.setdefault(table, number)
        elif key:
            name = _plain(key.group(1))
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
