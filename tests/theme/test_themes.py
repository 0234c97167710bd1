"""Every theme that is shipped, held to what a trader must be able to see."""

from collections.abc import Sequence
from itertools import combinations

import pytest
from rich.color import Color, ColorSystem, ColorType
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI
from textual.app import App, ComposeResult
from textual.color import Color as CssColor
from textual.filter import ANSIToTruecolor
from textual.strip import Strip
from textual.widgets import Static

from rotation_tui.terminal.textual_theme import VARIABLE_DEFAULTS, textual_theme
from rotation_tui.theme.load import MarketTheme, load_themes
from rotation_tui.theme.palette import TERMINAL_COLOURS, TONES, colour_of
from rotation_tui.toml_file.read import shipped

SHIPPED = load_themes(None)
EVERY = [pytest.param(theme, id=name) for name, theme in SHIPPED.themes.items()]
IN_HEX = [pytest.param(theme, id=name) for name, theme in SHIPPED.themes.items() if not theme.ansi]
OF_THE_TERMINAL = [pytest.param(theme, id=name) for name, theme in SHIPPED.themes.items() if theme.ansi]

SIGNALS = (
    "text",
    "bright",
    "title",
    "gain",
    "loss",
    "highlight",
    "key",
    "watch",
    "alert",
    "selected",
    "changed",
)
QUIET = ("dim", "header", "flat", "ok", "stale", "unknown", "faint", "spark")


def rgb(colour: Color | None) -> ColorTriplet:
    assert colour is not None
    return colour.get_truecolor()


def pair(style: Style) -> tuple[ColorTriplet, ColorTriplet]:
    return rgb(style.color), rgb(style.bgcolor)


def linear(colour: ColorTriplet) -> list[float]:
    """sRGB to linear light (IEC 61966-2-1)."""
    shares = [channel / 255 for channel in colour]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]


def times(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    """Contrast ratio of WCAG 2: 1 to 21."""
    low, high = sorted(times([(0.2126, 0.7152, 0.0722)], linear(colour))[0] for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
BLINDNESS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))


def seen_distance(one: ColorTriplet, other: ColorTriplet, blindness: str) -> float:
    """CIE76 distance in Lab (D65) of two colours as that blindness leaves them; 2 is just visible."""

    def lab(colour: ColorTriplet) -> tuple[float, float, float]:
        seen = [min(1.0, max(0.0, share)) for share in times(BLINDNESS[blindness], linear(colour))]
        white = (0.9505, 1.0, 1.089)
        shares = [value / reference for value, reference in zip(times(TO_XYZ, seen), white, strict=True)]
        x, y, z = (s ** (1 / 3) if s > 0.008856 else 7.787 * s + 16 / 116 for s in shares)
        return 116 * y - 16, 500 * (x - y), 200 * (y - z)

    return float(sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)) ** 0.5)


def test_every_shipped_theme_loads_without_a_fault_and_says_what_it_is() -> None:
    assert SHIPPED.failed == ()
    assert set(SHIPPED.themes) == {file.stem for file in shipped("themes").glob("*.toml")} >= {"dark", "terminal16"}
    assert all(theme.name == name for name, theme in SHIPPED.themes.items())
    said = [theme.description for theme in SHIPPED.themes.values()]
    assert all(said)
    assert len(said) == len(set(said)), "a copy has a description of its own"


@pytest.mark.parametrize("theme", EVERY)
@pytest.mark.parametrize("tone", TONES)
def test_every_tone_has_both_colours_with_every_modifier(theme: MarketTheme, tone: str) -> None:
    for number in range(8):
        bold, reverse, selected = bool(number & 1), bool(number & 2), bool(number & 4)
        style = theme.palette.style(tone, bold=bold, reverse=reverse, selected=selected)
        assert style.color is not None
        assert style.bgcolor is not None
        assert style.bold or not bold
        assert theme.palette.style(tone, bold=bold, reverse=reverse, selected=selected) is style


@pytest.mark.parametrize("theme", EVERY)
@pytest.mark.parametrize("tone", ["text", "dim", "gain", "loss", "alert"])
def test_a_changed_digit_and_a_selected_row_stand_apart(theme: MarketTheme, tone: str) -> None:
    assert theme.palette.style(tone, selected=True) != theme.palette.style(tone)
    for selected in (False, True):
        plain = theme.palette.style(tone, selected=selected)
        changed = theme.palette.style(tone, reverse=True, selected=selected)
        assert bool(plain.reverse) != bool(changed.reverse)


@pytest.mark.parametrize("theme", EVERY)
def test_gain_loss_and_background_differ(theme: MarketTheme) -> None:
    system = ColorSystem.STANDARD if theme.ansi else ColorSystem.EIGHT_BIT
    colours = [theme.palette.style("gain").color, theme.palette.style("loss").color, theme.palette.background]
    shown = [colour.downgrade(system) for colour in colours if colour is not None]
    assert len({(colour.type, colour.number) for colour in shown}) == 3


@pytest.mark.parametrize("theme", IN_HEX)
@pytest.mark.parametrize("tone", TONES)
def test_256_colours_show_what_truecolor_shows(theme: MarketTheme, tone: str) -> None:
    """Through Textual's own filter and its own writing of escape sequences, as it happens on ssh."""
    line_filter = ANSIToTruecolor(DIMMED_MONOKAI)
    for selected in (False, True):
        style = theme.palette.style(tone, selected=selected)
        [segment] = line_filter.apply([Segment("x", style)], CssColor(0, 0, 0))
        assert segment.style is not None
        assert pair(segment.style) == pair(style)
        small = Strip.render_ansi(segment.style, ColorSystem.EIGHT_BIT)
        assert [int(word) for word in small.split(";")][-6:] == [
            *(38, 5, style.color and style.color.number),
            *(48, 5, style.bgcolor and style.bgcolor.number),
        ]
        for colour in (style.color, style.bgcolor):
            assert colour is not None
            assert colour.triplet == Color.from_ansi(colour.number or 0).get_truecolor()


@pytest.mark.parametrize("number", range(16, 256))
def test_every_entry_of_the_table_is_recognised(number: int) -> None:
    triplet = Color.from_ansi(number).get_truecolor()
    assert colour_of(triplet.hex, ansi=False).number == number


def test_a_colour_outside_the_table_stays_as_it_is() -> None:
    assert colour_of("#0C1016", ansi=False) == Color("#0c1016", ColorType.TRUECOLOR, None, ColorTriplet(12, 16, 22))


@pytest.mark.parametrize("theme", IN_HEX)
def test_modals_show_the_colours_of_the_panes_at_256_colours(theme: MarketTheme) -> None:
    for name, tone in [("foreground", "text"), ("success", "gain"), ("warning", "watch")]:
        css = Color.parse(getattr(textual_theme(theme), name))
        assert css.downgrade(ColorSystem.EIGHT_BIT).number == getattr(theme.palette.style(tone).color, "number", None)
        assert max(abs(a - b) for a, b in zip(rgb(css), rgb(theme.palette.style(tone).color), strict=True)) <= 7
    layers = [getattr(textual_theme(theme), name) for name in ("background", "surface", "panel")]
    numbers = [Color.parse(layer).downgrade(ColorSystem.EIGHT_BIT).number for layer in layers]
    assert numbers[0] == theme.palette.background.number
    assert len(set(numbers)) == 3


@pytest.mark.parametrize("theme", IN_HEX)
@pytest.mark.parametrize("selected", [False, True])
def test_text_can_be_read(theme: MarketTheme, selected: bool) -> None:
    strong = 7.0 if theme.name == "high_contrast" else 4.5
    for tones, least in ((SIGNALS, 4.5 if selected else strong), (QUIET, 4.5)):
        for tone in tones:
            found = contrast(*pair(theme.palette.style(tone, selected=selected)))
            assert found >= least, f"{tone}: {found:.2f}"
    assert contrast(*pair(theme.palette.style("line"))) >= 1.5


@pytest.mark.parametrize("theme", IN_HEX)
def test_quiet_tones_are_apart(theme: MarketTheme) -> None:
    faint, dim, text = (rgb(theme.palette.style(tone).color) for tone in ("faint", "dim", "text"))
    background = rgb(theme.palette.background)
    assert 1.2 * contrast(faint, background) < contrast(dim, background) < contrast(text, background) / 1.2


@pytest.mark.parametrize("theme", OF_THE_TERMINAL)
@pytest.mark.parametrize("tone", TONES)
def test_a_row_selected_by_reverse_video_is_one_block_of_one_colour(theme: MarketTheme, tone: str) -> None:
    assert theme.palette.style(tone, selected=True).color == theme.palette.style("text").color


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_blue_orange_is_told_apart_with_red_green_blindness(blindness: str) -> None:
    def colour(theme: str, tone: str) -> ColorTriplet:
        return rgb(SHIPPED.themes[theme].palette.style(tone).color)

    assert seen_distance(colour("blue_orange", "gain"), colour("blue_orange", "loss"), blindness) > 80
    for one, other in combinations(("gain", "loss", "watch", "text"), 2):
        assert seen_distance(colour("blue_orange", one), colour("blue_orange", other), blindness) > 20
    # The measure itself: the green and red of the default theme are what this theme is there to avoid.
    assert seen_distance(colour("dark", "gain"), colour("dark", "loss"), blindness) < 20


@pytest.mark.parametrize("theme", OF_THE_TERMINAL)
def test_the_terminals_own_colours_stay_names(theme: MarketTheme) -> None:
    for tone in TONES:
        style = theme.palette.style(tone)
        assert {style.color and style.color.name, style.bgcolor and style.bgcolor.name} <= set(TERMINAL_COLOURS)
    assert theme.palette.background.is_default


class Minimal(App[None]):
    """What the real app does with a theme, and nothing else."""

    CSS = "Static { color: $gain; background: $background; border: solid $line; }"

    def compose(self) -> ComposeResult:
        yield Static("+0.92")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(VARIABLE_DEFAULTS)


@pytest.mark.parametrize("theme", EVERY)
async def test_textual_takes_the_theme_with_palette_and_toast(theme: MarketTheme) -> None:
    app = Minimal()
    async with app.run_test(size=(60, 20)) as pilot:
        app.register_theme(textual_theme(theme))
        app.theme = theme.name
        app.notify("yahoo answered 429", severity="warning")
        await pilot.press("ctrl+p")
        await pilot.pause()
        gain = theme.palette.style("gain").color
        assert app.query_one(Static).styles.color.rich_color.downgrade(ColorSystem.EIGHT_BIT).number == (
            gain and gain.number
        )
        app.theme = "ansi-dark"  # defines none of our variables
        await pilot.pause()
