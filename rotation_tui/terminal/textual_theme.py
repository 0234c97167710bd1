"""Themes for Textual's own parts: modals, toasts and the command palette.

Apart from `theme.load`, so that the first paint needs no Textual.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from textual.theme import Theme

from rotation_tui.theme.load import OPTIONAL_COLOURS, MarketTheme
from rotation_tui.theme.palette import TONES, css_colour

_CSS_TONES: Final = tuple(tone for tone in TONES if tone not in {"text", "selected", "changed"})

_ANSI_VARIABLES: Final = MappingProxyType(
    {"block-cursor-foreground": "ansi_black", "block-cursor-background": "ansi_white"}
)
"""Textual's cursor row: its magenta under default text is unreadable in half of the usual colour schemes."""

VARIABLE_DEFAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {"ansi-background": "ansi_default", "ansi-foreground": "ansi_default"}
    | {tone: "ansi_default" for tone in _CSS_TONES}
)
"""What `App.get_theme_variable_defaults` should answer (as a dict).

Textual's own style sheets use `$ansi-background`, which a theme with `ansi = true` does not define; without
this the switch ends in UnresolvedVariableError. The tones are there so that a style sheet of ours may say
`$gain` while one of Textual's themes is active.
"""


def textual_theme(theme: MarketTheme) -> Theme:

    def of_tone(tone: str) -> str:
        return css_colour(theme.palette.style(tone).color or theme.colours["foreground"])

    css: dict[str, Any] = {key: of_tone(tone) for key, tone in OPTIONAL_COLOURS.items()}
    css |= {key: css_colour(colour) for key, colour in theme.colours.items()}
    variables = {tone: of_tone(tone) for tone in _CSS_TONES} | (dict(_ANSI_VARIABLES) if theme.ansi else {})
    return Theme(name=theme.name, dark=theme.dark, ansi=theme.ansi, variables=variables, **css)
