"""What the verdict's terms, counters and ways out mean in words."""

import textwrap
from collections.abc import Sequence

from msgspec import Struct

from rotation_tui.board.leads import LEVEL_PP
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import (
    MIN_COVERAGE,
    REQUIRED_TERMS,
    Leader,
    Leads,
    Regime,
    RunCounter,
    Side,
    Term,
    Verdict,
    WayOut,
)
from rotation_tui.domain.wording import counted
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import printable
from rotation_tui.widgets.glyphs import Glyphs

INDEXES = "RUT-SPX"
"""The pair the verdict is about wherever both indexes have closes."""


class TermWords(Struct, frozen=True):
    """A term in few words and in more, how its raw value is written, its map to -1..+1, and what it needs."""

    short: str
    long: str
    unit: str
    mapping: str
    needs: str


TERMS = {
    "trend": TermWords("ratio to 200d mean", "log ratio less its mean of 200 sessions", "log", "raw / 5 %",
                       "needs 200 closes"),
    "mom6": TermWords("spread, 126 sessions", "small minus large, log, over 126 sessions", "log", "raw / 10 %",
                      "needs 127 closes"),
    "mom3": TermWords("spread, 63 sessions", "small minus large, log, over 63 sessions", "log", "raw / 7 %",
                      "needs 64 closes"),
    "persist": TermWords("months won of six", "completed months that small caps won, of the last six", "of 6",
                         "(won - 3) / 3", "needs six whole months"),
    "absolute": TermWords("small to 200d mean", "small caps, log, less their own mean of 200 sessions", "log",
                          "raw / 10 %", "needs 200 closes"),
    "breadth": TermWords("members above 200d", "members of the Russell 2000 above their mean of 200 sessions", "%",
                         "(raw - 50) / 30", "needs members' closes"),
    "sectors": TermWords("sector pairs led, 63d", "sector pairs that small caps lead over 63 sessions", "share",
                         "(raw - 50 %) / 50 %", "needs half the pairs"),
    "backdrop": TermWords("risk checks, mean", "mean of the risk checks with a vote: OK +1, WATCH 0, ALERT -1", "",
                          "as it is", "needs a known check"),
}  # fmt: skip
_SAID = {Side.AT_LEAST: "at {} or more", Side.AT_MOST: "at {} or less", Side.BELOW: "below {}"}
_SIGNS = {Side.AT_LEAST: "≥", Side.AT_MOST: "≤", Side.BELOW: "<"}


_SIDES = {Leader.SMALL: "small", Leader.LARGE: "large", Leader.NEITHER: "level", Leader.UNKNOWN: "unknown"}
_WHO = {Leader.SMALL: "small caps lead", Leader.LARGE: "large caps lead", Leader.NEITHER: "neither side leads"}


def who_leads(leads: Leads) -> str:
    """Who leads by which margins, and what the last month did to it, as one line."""
    reasons = leads.reasons or {}
    if leads.side is Leader.UNKNOWN:
        return f"unknown: {reasons.get('side', 'no margins')}"
    mixed = f"mixed, {_SIDES.get(leads.half_side)} over the half and {_SIDES.get(leads.year_side)} over the year"
    margins = f"half {figures.signed(leads.half_pp)}, year {figures.signed(leads.ytd_pp)}"
    month = f"month {figures.signed(leads.month_pp)} pp" + (f", {leads.course.value}" if leads.course else "")
    old = ", STALE" if leads.state is State.STALE else ""
    return f"{_WHO.get(leads.side, mixed)}: {margins}, {month}{old}"


def lead_facts(leads: Leads) -> list[tuple[str, str]]:
    """What opens on who leads."""
    reasons = leads.reasons or {}

    def margin(value: float | None, field: str) -> str:
        return f"{figures.signed(value, 2)} pp" if value is not None else f"? ({reasons.get(field, 'not known')})"

    course = leads.course.value if leads.course else f"? ({reasons.get('course', 'not known')})"
    return [
        ("leads", who_leads(leads)),
        ("pair", f"{leads.pair or '?'}, small minus large, price return at the prices of now"),
        ("half", f"{margin(leads.half_pp, 'half_pp')}: {_SIDES[leads.half_side]}"),
        ("year", f"{margin(leads.ytd_pp, 'ytd_pp')}: {_SIDES[leads.year_side]}"),
        ("last month", f"{margin(leads.month_pp, 'month_pp')}: {course}"),
        ("rule", f"a side leads where half and year agree; below {LEVEL_PP:g} pp a margin is level"),
        ("state", leads.state.value),
    ]


def words_of(term: str) -> TermWords:
    """The words for a term; a plain set for one that has none."""
    return TERMS.get(term, TermWords(term, term, "", "?", "not known"))


def raw_value(term: Term) -> str:
    """The raw value in its own unit; log spreads in percent."""
    if term.raw is None:
        return figures.UNKNOWN
    match words_of(term.id).unit:
        case "log":
            return f"{figures.signed(100 * term.raw)} %"
        case "of 6":
            return f"{term.raw:.0f} of 6"
        case "%":
            return f"{term.raw:.0f} %"
        case "share":
            return f"{100 * term.raw:.0f} %"
    return figures.signed(term.raw, 2)


def condition(counter: RunCounter, glyphs: Glyphs) -> str:
    """A counter's condition in signs: "≥40", in ASCII ">=40"."""
    sign = _SIGNS[counter.side] if glyphs.braille else counter.side.value
    return f"{sign}{figures.amount(counter.threshold, 0)}"


def way_out(way: WayOut, counters: Sequence[RunCounter]) -> str:
    """What must happen for a change: "ROTATION after 5 closes at 40 or more, 2 so far"."""
    later = "" if not way.rests else f", in {way.rests + 1} closes at the earliest"
    counter = next((c for c in counters if c.id == way.counter), None)
    if counter is None:
        return f"{way.to.value} otherwise{later}" if way.counter is None else way.to.value
    said = _SAID[counter.side].format(figures.amount(counter.threshold, 0))
    return f"{way.to.value} after {counter.needed} closes {said}, {counter.closes} so far{later}"


def what_next(verdict: Verdict) -> str:
    """All ways out of the regime."""
    return "; ".join(way_out(way, verdict.counters) for way in verdict.ways_out)


def why_no_score(verdict: Verdict) -> str | None:
    """Why there is no score, None where there is one."""
    if verdict.score is not None:
        return None
    if not verdict.terms:
        return verdict.sustained or "no terms yet"
    unknown = {t.id for t in verdict.terms if t.raw is None}
    lacking = [term for term in REQUIRED_TERMS if term in unknown]
    if verdict.coverage < MIN_COVERAGE:
        known = int(100 * verdict.coverage)
        return f"{known} % of the weight is known, {100 * MIN_COVERAGE:.0f} % is needed"
    return f"nothing without {' and '.join(lacking)}" if lacking else "not known"


def ages_of(verdict: Verdict) -> tuple[str, ...]:
    """Since when the regime holds, in more words and in fewer; nothing where it is not known."""
    if verdict.regime is Regime.UNKNOWN:
        return ("",)
    if verdict.since is None:
        return "  as long as there is history", ""
    sessions = "" if verdict.age_sessions is None else counted(verdict.age_sessions, "session")
    return f"  since {verdict.since}{', ' if sessions else ''}{sessions}", f"  {sessions}"


def briefly(verdict: Verdict) -> str:
    """Sustained or temporary with what is unknown counted, not listed."""
    head, listed, _ = verdict.sustained.partition("; unknown")
    unknown = sum(sign.holds is None for sign in verdict.signs)
    return f"{head}; {unknown} unknown" if listed and unknown else head


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` characters, at least one."""
    return textwrap.wrap(printable(text), max(10, width)) or [""]
