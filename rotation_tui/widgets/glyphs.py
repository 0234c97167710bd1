"""The characters that drawing uses, and what stands for them where only ASCII can be shown."""

import unicodedata

from msgspec import Struct
from msgspec.structs import replace
from rich.cells import cell_len, set_cell_size

BRAILLE_BITS = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
"""A braille character's bits, left and right, from the lowest dot."""


class Glyphs(Struct, frozen=True):
    """Every character that is drawn. `braille` is whether more than ASCII can be shown at all, `spark` what the short
    lines in tables are made of: braille, blocks or ascii.
    """

    up: str = "▲"
    down: str = "▼"
    same: str = "="
    alert: str = "■"
    watch: str = "■"
    ok: str = "□"
    none: str = "·"
    minus: str = "−"
    dot: str = "·"
    yes: str = "✓"
    no: str = "✗"
    corner_top_left: str = "┌"
    corner_top_right: str = "┐"
    corner_bottom_left: str = "└"
    corner_bottom_right: str = "┘"
    horizontal: str = "─"
    vertical: str = "│"
    ellipsis: str = "…"
    bar: str = "█"
    cursor: str = "›"
    thumb: str = "┃"
    less: str = "↑"
    more: str = "↓"
    point: str = "●"
    higher: str = "↑"
    lower: str = "↓"
    tick: str = "┼"
    ruler_left: str = "├"
    ruler_right: str = "┤"
    dotted: str = "┈"
    braille: bool = True
    spark: str = "braille"


UNICODE = Glyphs()
ASCII = Glyphs(
    up="^", down="v", same="=", alert="#", watch="#", ok="o", none=".", minus="-", dot=".",
    yes="y", no="n", corner_top_left="+", corner_top_right="+", corner_bottom_left="+",
    corner_bottom_right="+", horizontal="-", vertical="|", ellipsis="~", bar="#", cursor=">",
    thumb="#", less="^", more="v", point="*", higher="^", lower="v", tick="+", ruler_left="|", ruler_right="|",
    dotted=".", braille=False, spark="ascii",
)  # fmt: skip


def glyphs_of(*, ascii_only: bool, spark: str) -> Glyphs:
    """All characters, with short lines of `spark`, or ASCII alone."""
    if ascii_only:
        return ASCII
    return UNICODE if spark == UNICODE.spark else replace(UNICODE, spark=spark)


def ascii_only(text: str) -> str:
    """`text` with every other character replaced by the nearest thing ASCII has, as many columns wide."""
    if text.isascii():
        return text
    narrow = "".join(c if c.isascii() else _nearest(c) for c in text.translate(_TO_ASCII))
    return set_cell_size(narrow, cell_len(text))


def _nearest(character: str) -> str:
    """A letter without its accent; `?` for each column of what ASCII has nothing for."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", character) if c.isascii())
    return letters if len(letters) == cell_len(character) else "?" * cell_len(character)


_TO_ASCII = str.maketrans(
    {
        "−": "-", "–": "-", "—": "-", "·": ".", "×": "x", "…": "~", "▲": "^", "▼": "v", "■": "#", "□": "o",
        "≥": ">", "≤": "<", "±": "+", "’": "'", "“": '"', "”": '"', "→": ">", "✓": "y", "✗": "n", "›": ">",
        "σ": "s", "Δ": "d", "ρ": "r", "β": "b", "Σ": "S", "│": "|", "┃": "#", "─": "-", "┊": ":", "┈": ".", "┼": "+",
        "├": "|", "┤": "|", "↑": "^", "↓": "v", "←": "<", "↖": "<", "↗": ">", "↘": ">", "↙": "<", "●": "*", "○": "o",
        "◆": "@", "◇": "o", "≠": "!", "§": "S",
    }
)  # fmt: skip
