"""In the terminal's own 16 colours gain and loss keep the hue that the theme gives them."""

import pytest

from rotation_tui.theme.load import load_themes
from rotation_tui.theme.palette import TONES, sixteen

THEMES = load_themes(None).themes
PLAIN = THEMES["terminal16"].palette


@pytest.mark.parametrize(
    ("theme", "gain", "loss"),
    [
        ("dark", "green", "red"),
        ("light", "green", "red"),
        ("high_contrast", "green", "red"),
        ("blue_orange", "cyan", "yellow"),
        ("terminal16", "green", "red"),
    ],
)
def test_gain_and_loss_keep_their_hue(theme: str, gain: str, loss: str) -> None:
    palette = sixteen(THEMES[theme].palette, PLAIN)
    named = [palette.style(tone).color for tone in ("gain", "loss")]
    assert [colour.name for colour in named if colour is not None] == [gain, loss]


@pytest.mark.parametrize("theme", THEMES)
def test_every_tone_is_one_of_the_terminals_own_colours(theme: str) -> None:
    palette = sixteen(THEMES[theme].palette, PLAIN)
    for tone in TONES:
        style = palette.style(tone)
        for colour in (style.color, style.bgcolor):
            assert colour is None or colour.number is None or colour.number < 16


def test_two_greys_are_not_made_one_colour() -> None:
    grey = THEMES["dark"].palette
    tones = dict(grey.tones) | {"gain": grey.tones["dim"], "loss": grey.tones["faint"]}
    assert sixteen(type(grey)(tones, grey.background, grey.selected), PLAIN) is PLAIN
