"""How a file may be told to write its dates: the values of the key `date_format`."""

import re

EXCEL = "excel"
UNIX = "unix"
ALLOWED = '"dmy", "mdy", "ymd" (or spelled as "DD/MM/YYYY"), "excel", "unix", or a pattern as "%d/%m/%Y"'


def date_order(text: str) -> str:
    """`text` as one of dmy, mdy, ymd, ydm, excel, unix, or the strptime pattern that it is.

    ValueError with a sentence where it is none of them.
    """
    if "%" in text:
        named = set(re.findall(r"%[-#]?([a-zA-Z])", text))
        if named >= {"D"} or named & set("xc") or (named & set("yY") and named & set("mbB") and "d" in named):
            return text
        raise ValueError(f'"{text}" names no day, month and year; allowed: {ALLOWED}')
    plain = text.strip().lower()
    if plain in (EXCEL, UNIX):
        return plain
    if plain == "iso":
        return "ymd"
    letters = "".join(dict.fromkeys(c for c in plain if c.isalpha()))
    if letters in ("dmy", "mdy", "ymd", "ydm") and re.fullmatch(r"[dmy\W_]+", plain):
        return letters
    raise ValueError(f'"{text}" is no order of day, month and year; allowed: {ALLOWED}')
