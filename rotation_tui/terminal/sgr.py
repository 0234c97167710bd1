"""What a cell looks like, and the shortest escape sequence that turns one look into another.

Colours and attributes are kept as the parameters they came in, so truecolor, 256, 16 and no colour need no
cases of their own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

# The parameter that ends each attribute; some end together.
_END_OF: Final = {
    "1": "22", "2": "22", "3": "23", "4": "24", "21": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29",
    "51": "54", "52": "54", "53": "55", "58": "59",
}  # fmt: skip
_ENDS: Final = frozenset(_END_OF.values())
_FOREGROUNDS: Final = frozenset(str(code) for code in (*range(30, 40), *range(90, 98)))
_BACKGROUNDS: Final = frozenset(str(code) for code in (*range(40, 50), *range(100, 108)))
_PARAMETERS_AFTER: Final = {"5": 1, "2": 3}  # of 38, 48 and 58: a palette index, or red, green, blue


class Style(NamedTuple):
    """The look of a cell as SGR parameters; an empty colour is the terminal's own.

    `link` is what stands between `OSC 8 ;` and its end: parameters, a semicolon, the address.
    """

    foreground: str = ""
    background: str = ""
    attributes: tuple[str, ...] = ()
    link: str = ""


PLAIN: Final = Style()


@lru_cache(4096)
def styled(style: Style, parameters: str) -> Style:
    """The style after `CSI parameters m`."""
    codes = parameters.split(";")
    index = 0
    while index < len(codes):
        code = codes[index]
        if code in ("38", "48", "58") and index + 1 < len(codes):
            end = index + 2 + _PARAMETERS_AFTER.get(codes[index + 1], 0)
            code = ";".join(codes[index:end])
            index = end
        else:
            index += 1
        style = _with(style, code)
    return style


def _with(style: Style, code: str) -> Style:
    kind = _kind(code)
    if kind in ("", "0", "00"):
        return Style(link=style.link)
    if kind in _FOREGROUNDS:
        return style._replace(foreground="" if kind == "39" else code)
    if kind in _BACKGROUNDS:
        return style._replace(background="" if kind == "49" else code)
    if kind in _ENDS:
        return style._replace(attributes=tuple(a for a in style.attributes if _END_OF.get(_kind(a)) != kind))
    others = [attribute for attribute in style.attributes if not _excludes(code, attribute)]
    return style._replace(attributes=tuple(sorted([*others, code])))


def _excludes(code: str, other: str) -> bool:
    """Whether one attribute takes the place of another: bold and dim alone go together."""
    end = _END_OF.get(_kind(code))
    return code == other or (end is not None and end != "22" and end == _END_OF.get(_kind(other)))


def _kind(code: str) -> str:
    return code.partition(";")[0].partition(":")[0]


@lru_cache(8192)
def change(before: Style | None, after: Style) -> str:
    """The shortest sequence from one style to another; None before means that nothing is known."""
    link = "" if (before.link if before else "") == after.link else f"\x1b]8;{after.link or ';'}\x1b\\"
    if before is None:
        return link + _whole(after)
    if before[:3] == after[:3]:
        return link
    difference = _difference(before, after)
    whole = _whole(after)
    return link + (difference if difference is not None and len(difference) < len(whole) else whole)


def _whole(style: Style) -> str:
    codes = [code for code in (*style.attributes, style.foreground, style.background) if code]
    return f"\x1b[{';'.join(['0', *codes] if codes else [])}m"


def _difference(before: Style, after: Style) -> str | None:
    ended = []
    for attribute in before.attributes:
        if attribute not in after.attributes:
            end = _END_OF.get(_kind(attribute))
            if end is None:  # only a reset ends it
                return None
            ended.append(end)
    codes = list(dict.fromkeys(ended))
    codes += [a for a in after.attributes if a not in before.attributes or _END_OF.get(_kind(a)) in ended]
    if before.foreground != after.foreground:
        codes.append(after.foreground or "39")
    if before.background != after.background:
        codes.append(after.background or "49")
    return f"\x1b[{';'.join(codes)}m"
