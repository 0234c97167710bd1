"""`rotation-tui statusline`: the answer in one line for a status bar, from what is known on disk.

Nothing of the board is imported while a monitor keeps the line fresh: a bar asks every few seconds.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from rotation_tui.cli.options import Options
from rotation_tui.cli.output import complain, give, in_json, show
from rotation_tui.config.folders import state_folder
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Leader, Regime
from rotation_tui.store.headline import NAME, Headline, read_headline
from rotation_tui.widgets.figures import age, signed

COMPLETE, OLD, EMPTY = 0, 3, 4
FORMS = ("plain", "tmux", "polybar", "waybar-json")
_WORDS = {Leader.SMALL: "SMALL", Leader.LARGE: "LARGE", Leader.MIXED: "MIXED", Leader.NEITHER: "LEVEL"}
_TONES = {Leader.SMALL: "good", Leader.LARGE: "bad"}
_TMUX = {"good": "colour71", "bad": "colour167", "old": "colour244", "alert": "colour214"}
_POLYBAR = {"good": "#5faf5f", "bad": "#d75f5f", "old": "#808080", "alert": "#ffaf00"}
_CLOCK_SLACK = timedelta(seconds=60)


class _Part(NamedTuple):
    words: str
    tone: str = ""


def run(options: Options, form: str, timeout_s: float | None) -> int:
    """Print the line; the exit code. With a timeout the feeds are asked where what is known is old."""
    folder = state_folder()
    headline, now = read_headline(folder, complain), datetime.now(UTC)
    if headline is None or is_old(headline, now):
        headline = _newer(options, timeout_s) or headline
        now = datetime.now(UTC)
    _print(form, headline, now)
    if headline is None:
        complain(f"rotation-tui: nothing is known: no monitor has written {folder / NAME}; --timeout asks the feeds")
        return EMPTY
    unsure = is_old(headline, now) or headline.state in (State.STALE, State.UNKNOWN) or headline.half_pp is None
    return OLD if unsure else COMPLETE


def is_old(headline: Headline, now: datetime) -> bool:
    """Whether it cannot stand as of now; a time still to come is none that can be trusted either."""
    return now >= headline.old_from or headline.saved_at > now + _CLOCK_SLACK


def _newer(options: Options, timeout_s: float | None) -> Headline | None:
    """What the feeds say, where they may be asked; else what the last known state says, if it can be used."""
    if timeout_s is None and (state_folder() / NAME).exists():
        return None
    from rotation_tui.cli.asked import headline_of_now, headline_of_state

    return headline_of_state(options) if timeout_s is None else headline_of_now(options, timeout_s)


def parts(headline: Headline, now: datetime) -> list[_Part]:
    """The line piece by piece, each with its tone."""
    old, stale = is_old(headline, now), headline.state in (State.STALE, State.UNKNOWN)
    told = [_Part(_WORDS.get(headline.side, "WHO LEADS?"), "old" if old or stale else _TONES.get(headline.side, ""))]
    if headline.pair not in ("", "RUT-SPX"):
        told.append(_Part(headline.pair))
    told += [_Part(f"half {signed(headline.half_pp)}"), _Part(f"YTD {signed(headline.ytd_pp)}")]
    if headline.regime is not Regime.UNKNOWN:
        day = "" if headline.age_sessions is None else f" {headline.age_sessions}d"
        told.append(_Part(f"{headline.regime.value}{day}"))
    told.append(_Part(f"score {signed(headline.score, 0)}"))
    if headline.waiting:
        told.append(_Part(f"!{headline.waiting}", "alert"))
    seen = max(timedelta(0), now - headline.saved_at)
    told.append(_Part(f"{'STALE ' if stale else ''}{'OLD ' if old else ''}{_age(seen)}", "old" if old or stale else ""))
    return told


def _age(seen: timedelta) -> str:
    return f"{seen.total_seconds():.0f}s" if seen < timedelta(minutes=1) else age(seen)


def _plain(told: list[_Part]) -> str:
    return " ".join(part.words for part in told)


def _coloured(
    tones: Mapping[str, str], begin: str, end: str, escape: Callable[[str], str]
) -> Callable[[list[_Part]], str]:
    def line(told: list[_Part]) -> str:
        pieces = (
            f"{begin.format(tones[part.tone])}{escape(part.words)}{end}" if part.tone else escape(part.words)
            for part in told
        )  # fmt: skip
        return " ".join(pieces)

    return line


_LINES: Mapping[str, Callable[[list[_Part]], str]] = {
    "plain": _plain,
    "tmux": _coloured(_TMUX, "#[fg={}]", "#[default]", lambda words: words.replace("#", "##")),
    "polybar": _coloured(_POLYBAR, "%{{F{}}}", "%{F-}", lambda words: words.replace("%", "%%")),
}


def _print(form: str, headline: Headline | None, now: datetime) -> None:
    told = [_Part("WHO LEADS?", "old")] if headline is None else parts(headline, now)
    if form != "waybar-json":
        show(_LINES[form](told) + "\n")
        return
    tone = told[0].tone or "level"
    tip = "nothing is known yet" if headline is None else _tip(headline)
    given = {"text": _plain(told), "tooltip": tip, "class": "unknown" if headline is None else tone}
    give(in_json(json.dumps(given, ensure_ascii=False)) + "\n")


def _tip(headline: Headline) -> str:
    month = f"1M {signed(headline.month_pp)}"
    return f"{headline.pair}, small minus large in pp; {month}; as of {headline.saved_at:%Y-%m-%d %H:%M:%S} UTC"
