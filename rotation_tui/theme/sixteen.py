"""A palette in the terminal's own 16 colours that keeps what gain and loss look like."""

import colorsys
from dataclasses import replace
from typing import Final

from rich.color import Color

from rotation_tui.theme.palette import Paint, Palette

# Names by hue, each up to this many degrees. Blue is left out: on black it cannot be read in most colour schemes.
_NAMES: Final = ((30, "red"), (75, "yellow"), (165, "green"), (265, "cyan"), (330, "magenta"), (360, "red"))


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
    return None if saturation == 0 else next(name for most, name in _NAMES if hue * 360 <= most)
