"""Tones to styles: the only place that knows what a gain, a frame or a stale price looks like."""

import colorsys
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace
from rich.color import Color, ColorSystem, ColorType
from rich.color_triplet import ColorTriplet

if TYPE_CHECKING:
    from rich.style import Style

REQUIRED_TONES: Final = ("dim", "gain", "loss", "watch", "alert")
DEFAULT_TONES: Final = MappingProxyType(
    {
        "text": "foreground",
        "highlight": "primary",
        "selected": "panel",  # main text on the background of the selected row
        "bright": "text",  # the bold main text
        "faint": "dim",
        "line": "faint",  # frames
        "title": "bright",
        "header": "dim",
        "key": "highlight",  # key hints
        "flat": "dim",
        "spark": "faint",
        "ok": "dim",
        "stale": "dim",
        "unknown": "dim",
        "changed": "text",  # main text in reverse video
    }
)
"""Tones that may be left out, each with the colour (first three) or the tone it then takes."""
TONES: Final = (*REQUIRED_TONES, *DEFAULT_TONES)
"""Every tone a span may name."""

TERMINAL_COLOURS: Final = (
    "default",
    *("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"),
    *("bright_black", "bright_red", "bright_green", "bright_yellow"),
    *("bright_blue", "bright_magenta", "bright_cyan", "bright_white"),
)
"""What a theme with `ansi = true` may name: the terminal's own colours, in its own order after `default`."""

ATTRIBUTES: Final = ("bold", "dim", "italic", "underline", "reverse")
_CODES: Final = MappingProxyType(dict(zip(ATTRIBUTES, "12347", strict=True)))

_CUBE: Final = (0, 95, 135, 175, 215, 255)
_HEX: Final = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def colour_of(text: str, *, ansi: bool) -> Color:
    """Read one colour: `#rrggbb`, or one of `TERMINAL_COLOURS` where `ansi` is true; ValueError otherwise.

    A hex value that is in the xterm 256-colour table becomes that entry itself and keeps its RGB beside it.
    Rich's own way down to 256 colours moves every light grey by one step (#d0d0d0 to #c6c6c6) and leaves an
    entry alone; the RGB keeps Textual's filters from turning the entry back into plain RGB. It also is the
    shorter escape sequence. Source of the table: 16 + 36r + 6g + b over six levels, then 24 greys.
    """
    name = text.lower()
    if ansi:
        if name not in TERMINAL_COLOURS:
            raise ValueError(f"{text!r} is not one of the terminal's own colours")
        return Color.parse(name)
    if not _HEX.fullmatch(name):
        raise ValueError(f"{text!r} is not a colour")
    red, green, blue = (int(name[start : start + 2], 16) for start in (1, 3, 5))
    triplet = ColorTriplet(red, green, blue)
    number = _table_entry(red, green, blue)
    if number is None:
        return Color(name, ColorType.TRUECOLOR, triplet=triplet)
    return Color(name, ColorType.EIGHT_BIT, number=number, triplet=triplet)


def _table_entry(red: int, green: int, blue: int) -> int | None:
    if red in _CUBE and green in _CUBE and blue in _CUBE:
        return 16 + 36 * _CUBE.index(red) + 6 * _CUBE.index(green) + _CUBE.index(blue)
    if red == green == blue and 8 <= red <= 238 and (red - 8) % 10 == 0:
        return 232 + (red - 8) // 10
    return None


def css_colour(colour: Color) -> str:
    """The colour as Textual's CSS takes it, such that 256 colours show the table entry the theme asked for.

    Textual knows RGB only, so its light greys would move by one step; they are given a few levels of 255
    away from the entry (seven at most), to where Rich rounds to it.
    """
    if colour.triplet is None:
        return f"ansi_{colour.name}"
    exact = colour.triplet.red
    if colour.number is not None and len(set(colour.triplet)) == 1:
        for value in sorted(range(max(0, exact - 7), min(255, exact + 7) + 1), key=lambda v: abs(v - exact)):
            if Color.from_rgb(value, value, value).downgrade(ColorSystem.EIGHT_BIT).number == colour.number:
                return ColorTriplet(value, value, value).hex
    return colour.triplet.hex


class Paint(Struct, frozen=True):
    """What a theme says about one tone: a colour, attributes, or both; no colour means the main text's."""

    colour: Color | None = None
    attributes: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str, *, ansi: bool) -> "Paint":
        """Read `"#87af5f"`, `"default dim"` or `"reverse"`; ValueError names the word that does not fit."""
        words = text.lower().split()
        attributes = frozenset(word for word in words if word in ATTRIBUTES)
        colours = [word for word in words if word not in ATTRIBUTES]
        if not words or len(colours) > 1:
            raise ValueError(f"{text!r} is not one colour and its attributes")
        return cls(colour_of(colours[0], ansi=ansi) if colours else None, attributes)


@dataclass(frozen=True, slots=True)
class Palette:
    """The look of every tone in one theme.

    `tones` holds a paint for each of `TONES` except `selected`, which is kept apart as it is a background
    (or only an attribute such as reverse, where the terminal's background is not known).
    """

    tones: Mapping[str, Paint]
    background: Color
    selected: Paint
    _styles: dict[tuple[str, bool, bool, bool], "Style"] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        missing = [tone for tone in TONES if tone != "selected" and tone not in self.tones]
        if missing:
            raise ValueError(f"tones without paint: {', '.join(missing)}")
        object.__setattr__(self, "tones", MappingProxyType(dict(self.tones)))

    def style(self, tone: str, *, bold: bool = False, reverse: bool = False, selected: bool = False) -> "Style":
        """The style of a tone, always with a background; the same object for the same question.

        `reverse` and `selected` are for a digit that changed and for the selected row. Where both are made by
        reverse video they cancel out, so that the changed digit still stands apart. KeyError: no such tone.
        """
        key = (tone, bold, reverse, selected)
        found = self._styles.get(key)
        if found is None:
            from rich.style import Style  # here, because it costs 15 ms, and the first paint makes no style

            colour, background, attributes = self._look(tone, bold, reverse, selected)
            found = self._styles[key] = Style(
                color=colour,
                bgcolor=background,
                bold="bold" in attributes or None,
                dim="dim" in attributes or None,
                italic="italic" in attributes or None,
                underline="underline" in attributes or None,
                reverse="reverse" in attributes or None,
            )
        return found

    def parameters(
        self,
        tone: str,
        system: ColorSystem,
        *,
        bold: bool = False,
        reverse: bool = False,
        selected: bool = False,
        colour: bool = True,
    ) -> str:
        """What `style` comes to on a terminal with these colours, as the parameters of an SGR sequence."""
        front, back, attributes = self._look(tone, bold, reverse, selected)
        codes = [_CODES[name] for name in ATTRIBUTES if name in attributes]
        if colour:
            codes += front.downgrade(system).get_ansi_codes() if front is not None else ()
            codes += back.downgrade(system).get_ansi_codes(foreground=False)
        return ";".join(codes)

    def _look(self, tone: str, bold: bool, reverse: bool, selected: bool) -> tuple[Color | None, Color, frozenset[str]]:
        """Colour, background and attributes."""
        if tone == "selected":
            tone, selected = "text", True
        if selected and tone in ("faint", "spark"):
            tone = "dim"  # faint is chosen for the background; on the lighter row it could not be read
        paint = self.tones[tone]
        row = self.selected if selected else Paint()
        if "reverse" in row.attributes:
            paint = Paint(None, paint.attributes)  # a colour would become a block of it, and red blocks shout
        flipped = ("reverse" in paint.attributes) ^ ("reverse" in row.attributes) ^ reverse
        wanted = paint.attributes | row.attributes
        # Terminals disagree on whether dim reverse video dims the text or the block.
        kept = {"bold": bold or "bold" in wanted, "reverse": flipped, "dim": "dim" in wanted and not flipped}
        attributes = frozenset(name for name in ATTRIBUTES if kept.get(name, name in wanted))
        return paint.colour or self.tones["text"].colour, row.colour or self.background, attributes


# Names by hue, each up to this many degrees. Blue is left out: on black it cannot be read in most colour schemes.
_HUES: Final = ((30, "red"), (75, "yellow"), (165, "green"), (265, "cyan"), (330, "magenta"), (360, "red"))


def sixteen(palette: Palette, plain: Palette) -> Palette:
    """`plain`, a palette of the terminal's own colours, with gain and loss in the hues that `palette` gives them.

    They stay as `plain` has them where both hues come to one name or `palette` has the terminal's colours itself.
    """
    gain, loss = (_named(palette.tones[tone]) for tone in ("gain", "loss"))
    if gain is None or loss is None or gain == loss:
        return plain
    tones = dict(plain.tones)
    for tone, name in (("gain", gain), ("loss", loss)):
        tones[tone] = replace(tones[tone], colour=Color.parse(name))
    return Palette(tones, plain.background, plain.selected)


def _named(paint: Paint) -> str | None:
    if paint.colour is None or paint.colour.triplet is None:
        return None
    hue, _, saturation = colorsys.rgb_to_hls(*paint.colour.triplet.normalized)
    return None if saturation == 0 else next(name for most, name in _HUES if hue * 360 <= most)
