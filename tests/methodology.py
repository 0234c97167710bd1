"""The tables of METHODOLOGY.md, made from what the program computes by, so that page and program cannot differ.

`python -m tests.methodology` writes them into the page: each stands below a line `<!-- made: name -->`, up to the
next empty line. What stands outside of them is written by hand.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from rotation_tui import plugins
from rotation_tui.board import leads, marks, since
from rotation_tui.board import sectors as board_sectors
from rotation_tui.checks import base, hysteresis
from rotation_tui.checks.base import GROUPS, Check, CheckKind
from rotation_tui.checks.drivers import DRIVERS
from rotation_tui.checks.evaluate import HISTORY, all_checks
from rotation_tui.claims import earnings, figures, home, margin, outlook, records, sectors
from rotation_tui.claims.audit import all_claims
from rotation_tui.claims.base import ARTICLE_CLOSE, Claim
from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe
from rotation_tui.domain import (
    bars,
    breadth,
    clock,
    holes,
    measures,
    positions,
    quote,
    results,
    rotation,
    sampling,
    verdict,
    window,
)
from rotation_tui.domain.figures import FIGURES, PEAK_YEAR
from rotation_tui.domain.results import MOVES, NEAR_CENTRE
from rotation_tui.domain.series import NEVER, RELEASED, SERIES, TimeSpan
from rotation_tui.domain.window import MONTHS, PERIODS, SESSIONS, Window
from rotation_tui.evidence import evidence, freshness, line
from rotation_tui.panes.base import Pane, Space
from rotation_tui.panes.verdict.words import TERMS
from rotation_tui.store import last_look, shelf
from rotation_tui.studies import breadth as study_breadth
from rotation_tui.studies import (
    leaderboard,
    lines,
    portfolio,
    regime,
    relative_strength,
    rotation_graph,
    rotation_history,
    score,
    seasons,
    spreads,
    tickers,
    widest_since,
)
from rotation_tui.studies import verdict as studies_verdict
from rotation_tui.studies.fundamentals import accounts, basket, formulas, samples
from rotation_tui.widgets.glyphs import UNICODE
from rotation_tui.widgets.keyed import told
from rotation_tui.workers import admission, closes, moves, union
from tests.boards import FULL, NOW

PAGE = Path(__file__).resolve().parents[1] / "METHODOLOGY.md"
_BLOCK = re.compile(r"^<!-- made: (.+?) -->\n(?:.+\n)*", re.M)

Limits = Sequence[tuple[str, str]]


def anchored(anchor: str, text: str) -> str:
    """A cell with a place that can be linked to."""
    return f'<a id="{anchor}"></a>{text}'


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table."""
    cells = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def _percent(share: float) -> str:
    return f"{100 * share:.5g} %"


def _time(span: timedelta) -> str:
    minutes = span.total_seconds() / 60
    return f"{minutes / 60:g} h" if minutes >= 60 else f"{minutes:g} min"


def _span(span: TimeSpan) -> str:
    if not span.count:
        return "same day"
    return f"{span.count} {span.unit if span.count > 1 else span.unit.removesuffix('s')}"


def _defaults(function: Callable[..., Any]) -> Mapping[str, Any]:
    return {name: p.default for name, p in inspect.signature(function).parameters.items()}


def checks_of(group: str) -> list[str]:
    """The checks of a group."""
    header = ("check", "what", "formula", "reads", "unit", "WATCH", "ALERT", "times", "limits are")
    return table(header, (_check(check) for check in all_checks() if check.group == group))


def _check(check: Check) -> list[str]:
    name = anchored(f"check-{check.id.lower()}", f"**{check.id}**")
    reads = " ".join(each.id for each in check.inputs) or "-"
    waits = "" if check.fed else " *No feed yet.*"
    unit = "sd" if check.own_deviations else check.unit
    limits = [_limit(check, check.watch), _limit(check, check.alert)]
    if check.kind is CheckKind.INFO:
        limits = ["-", "-"]
    return [
        name, check.title, check.formula + waits, reads, unit, *limits, str(check.confirm), check.threshold_source
    ]  # fmt: skip


def _limit(check: Check, limit: float | None) -> str:
    if limit is None or check.kind is not CheckKind.NUMERIC:
        return "flag"
    sign = {(True, False): "≥", (True, True): ">", (False, False): "≤", (False, True): "<"}
    return f"{sign[check.higher_is_worse, check.strict]} {limit:g}"


def claims_of(chapter: str) -> list[str]:
    """The claims of a chapter; every definition on a line of its own."""
    header = ("claim", "the article says", "claimed", "judged by", "measures", "reads")
    return table(header, (_claim(claim) for claim in all_claims() if claim.chapter == chapter))


def _claim(claim: Claim) -> list[str]:
    measures = "<br>".join(f"{d.name}: {d.measure}{f' ({d.unit})' if d.unit else ''}" for d in claim.definitions)
    rule = claim.rule or f"{claim.definitions[0].name}"
    name = anchored(f"claim-{claim.id.lower()}", f"**{claim.id}**")
    reads = " ".join(each.id for each in claim.inputs) or "entries by hand"
    return [name, claim.text, claim.claimed, rule, measures, reads]


def article_entries() -> list[str]:
    """What the article said and nobody publishes."""
    header = ("index", "measure", "period", "value", "basis", "said by", "note")
    rows = (
        [e.index, e.measure, e.period, f"{e.value:g}", e.basis, e.source, e.note or "-"]
        for e in figures.ARTICLE_ENTRIES
    )
    return table(header, rows)


def windows() -> list[str]:
    """Where every window starts."""
    return table(
        ("window", "starts from"), ([anchored(f"window-{w.value.lower()}", w.value), _start(w)] for w in Window)
    )


def _start(window_: Window) -> str:
    if window_ in SESSIONS:
        n = SESSIONS[window_]
        return f"the close {n} session{'s' if n > 1 else ''} before the session of the price"
    if window_ in MONTHS:
        n = MONTHS[window_]
        return f"the last close on or before the same day {n} month{'s' if n > 1 else ''} earlier"
    if window_ in PERIODS:
        start = {"MTD": "month", "QTD": "quarter", "HALF": "half-year", "YTD": "year"}[window_.value]
        return f"the last close of the {start} before"
    return "the last close on or before the same day 7 days earlier"


def terms() -> list[str]:
    """The terms of the score."""
    header = ("term", "raw", "weight", "mapped, then clipped to -1..+1", "in the price-only score")
    rows = (
        [anchored(f"term-{name}", name), TERMS[name].long, f"{rule.weight:g}",
         _mapped(rule), "yes" if name in verdict.PRICE_TERMS else "no"]
        for name, rule in score.RULES.items()
    )  # fmt: skip
    return table(header, rows)


def _mapped(rule: score.TermRule) -> str:
    raw = f"(raw - {rule.centre:g})" if rule.centre else "raw"
    return raw if rule.scale == 1 else f"{raw} / {rule.scale:g}"


def presets() -> list[str]:
    """The presets of the relative rotation."""
    header = ("preset", "fast EMA", "slow EMA", "EMA of momentum", "root mean square over", "first point after")
    rows = (
        [p.name, *map(str, (p.fast, p.slow, p.smooth)), f"{p.window} {p.unit}", f"{p.needed} {p.unit}"]
        for p in rotation_graph.PRESETS
    )
    return table(header, rows)


def series() -> list[str]:
    """Macro series: since when a value counts, and how long."""
    header = ("series", "what", "unit", "every", "counts after", "stale after", "lies between")
    every = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter"}
    rows = (
        [f"`{s.series_id}`", s.title, s.unit, every[s.frequency.value], _span(s.lag), _span(s.limit),
         " and ".join(map(_number, s.bounds))]
        for s in SERIES.values()
    )  # fmt: skip
    return table(header, rows)


def releases() -> list[str]:
    """Publications that left their rhythm, those of one day in one row."""
    days: dict[tuple[str, date], list[date]] = {}
    for series_id, late in RELEASED.items():
        for observed, out in late.items():
            if observed in NEVER.get(series_id, ()):
                continue
            days.setdefault((series_id, out), []).append(observed)
    by_days: dict[tuple[date, date, date], list[str]] = {}
    for (series_id, out), observed_ in days.items():
        by_days.setdefault((min(observed_), max(observed_), out), []).append(series_id)
    rows = [
        [str(first) if first == last else f"{first} to {last}", str(out), " ".join(f"`{i}`" for i in ids)]
        for (first, last, out), ids in sorted(by_days.items())
    ]
    rows += [
        [str(day), "never", " ".join(f"`{i}`" for i, gone in NEVER.items() if day in gone)]
        for day in sorted(set().union(*NEVER.values()))
    ]
    return table(("observation of", "came out", "series"), rows)


def sector_funds() -> list[str]:
    """The sector funds of the default config with what they are measured against."""
    header = ("fund", "sector", "tracks", "side", "excess against", "large-cap pair", "named by the article")
    rows = (
        [s.symbol, s.sector, s.tracks, s.side, s.against, s.pair or "-", "yes" if s.thesis else "-"]
        for s in universe(Config()).sectors
    )
    return table(header, rows)


def drivers() -> list[str]:
    """The drivers of the thesis."""
    header = ("driver", "what", "unit", "value", "change")
    rows = (
        [anchored(f"driver-{d.id.lower()}", d.id), d.title, d.unit,
         d.formula or " ".join(each.id for each in d.inputs), d.change.words]
        for d in DRIVERS
    )  # fmt: skip
    return table(header, rows)


def limits(name: str) -> list[str]:
    """One of the tables of limits."""
    return table(("limit", "value"), LIMITS[name])


def measures_of() -> list[str]:
    """What is measured of a fund, each with a place of its own."""
    header = ("measure", "what", "unit", "formula", "made of")
    rows = (
        (anchored(f"measure-{each.id.replace('_', '-')}", f"`{each.id}`"), each.title, each.unit or "-", each.formula,
         ", ".join(figure.id for figure in each.figures) or "weights")
        for each in measures.MEASURES
    )  # fmt: skip
    return table(header, rows)


def figures_of() -> list[str]:
    """What is read of companies' accounts, by which tags."""
    header = ("figure", "tags, the first that a company has", "over")
    return table(
        header,
        ((each.id, " ".join(f"`{tag}`" for tag in each.tags), "; ".join(each.over)) for each in FIGURES),
    )


_BREAKOUT = _defaults(relative_strength.breakout_states)

LIMITS: Mapping[str, Limits] = {
    "breadth": (
        ("members in a sample; all where there are no more", _number(sampling.SAMPLE)),
        ("a share is dim where fewer of the sample are known than", f"{breadth.DIM_BELOW_PCT:g} %"),
        ("and unknown below", f"{breadth.UNKNOWN_BELOW_PCT:g} %"),
        ("good above, poor below (house default)", f"{breadth.GOOD_PCT:g} %, {breadth.POOR_PCT:g} %"),
        ("sessions that are kept", _number(closes.ROWS)),
        ("leaders and laggards that are named", _number(study_breadth.LED)),
    ),
    "positions": (
        ("returns that a regression is over", _number(portfolio.WINDOW)),
        ("with fewer returns it tells nothing", _number(portfolio.LEAST)),
        ("standard errors that both betas together must be above zero by for a share", _number(portfolio._ERRORS)),
        ("symbols that a book may have", _number(positions.MOST_POSITIONS)),
    ),
    "since": (
        ("a visit is over after hours without a key", _number(last_look.AWAY.total_seconds() / 3600)),
        ("places that a sector has to rise or fall by to be told", _number(since.LARGE_MOVE)),
    ),
    "quality": (
        ("coverage, by count and by weight, below which a value is dim", f"{measures.DIM_BELOW:g} %"),
        ("and below which it is unknown", f"{measures.UNKNOWN_BELOW:g} %"),
        ("market value at most so many times what its weight says, or one in so many", _number(samples.FACTOR)),
        ("earnings or loss at most, of the market value", _percent(samples.MOST_YIELD)),
        ("shares that changed by more in a year are those of a split or a merger", _percent(samples.MOST_CHANGE)),
        ("correlation of market values with weights, at least", _number(basket.LEAST_ALIKE)),
        ("measured from so many companies on", _number(basket.LEAST_FOR_ALIKE)),
        ("two ways to twelve months agree within", _percent(formulas.AGREE_WITHIN)),
        ("the newest quarter of twelve months ended at most so many days ago", _number(accounts.OLD_AFTER.days)),
        ("a quarter ends after the one before it by days", " to ".join(map(_number, accounts.APART))),
        ("companies named of each reason to be left out, at most", _number(samples.NAMED)),
        ("the year at the peak of rates", str(PEAK_YEAR)),
    ),
    "leads": (
        ("a margin is level, and no lead, below, in pp", _number(leads.LEVEL_PP)),
        ("RUT-SPX moves on a mean day of 2005-2025, in pp", "0.52"),
        ("a month is level below, in pp", _number(leads.HELD_PP)),
    ),
    "door": (
        ("a price of an index or fund lies between", " and ".join(map(_number, moves.PRICES))),
        ("a volatility index lies between", " and ".join(map(_number, moves.VOLATILITIES))),
        ("shares traded in a day, at most", _number(moves.LARGEST_VOLUME)),
        ("a move from close to close that needs a witness, beyond", _percent(moves.LARGEST_MOVE)),
        (
            "so does one that looks like a split of 3 for 2: to this share of the close before",
            " to ".join(map(_percent, moves._THREE_FOR_TWO)),
        ),
        ("of a volatility index, beyond so many times or one in so many", _number(moves.LARGEST_FACTOR)),
        ("two sources tell the same large move within", _percent(moves.ALIKE)),
        ("a peer bears a large move out from this share of it on", _percent(moves._PEER_SHARE)),
        ("longest time between two closes for a move to be one of a day", f"{moves._ONE_MOVE.days} days"),
        ("closes since an unexplained move for these to be used alone", _number(moves.JUDGED_ROWS)),
        ("a quote's previous close and the history's differ by at most", _percent(admission.LARGEST_DISAGREEMENT)),
        ("a close may lie beyond its own day's high or low by", _percent(moves._ROUNDED)),
        ("a day's high is at most so many times the price", _number(quote.LARGEST_FALL)),
        ("a time may be ahead of this computer's clock by", _time(clock.CLOCK_SLACK)),
        ("rows asked for again at every fetch", _number(shelf.OVERLAP_ROWS)),
        ("two histories agree where shared closes differ by at most", _percent(shelf._TOLERANCE)),
        ("two macro series agree within", f"{union._UNIT:g} of their unit or {_percent(union._RELATIVE)}"),
        ("times that a missing session is asked for again", _number(holes.MOST_ASKED)),
    ),
    "states": (
        ("answer of a fund's source, while open, at most (plus the source's delay)", _time(marks.QUOTE_LIMIT)),
        ("print of an index, while open, at most (plus the delay)", _time(marks.PRINT_LIMIT)),
        ("completed closes are stale beyond", f"{marks.CLOSE_LIMIT} sessions"),
        ("closes that a check or claim reads are stale beyond", _span(freshness.CLOSE)),
        ("an unfinished row becomes final so long after the close", _time(bars._SETTLED)),
        (
            "a feed, or a fund that trades all day, stands still after trading time without a print of",
            _time(quote.STILL_AFTER),
        ),
        ("a fund trades all day, and proves that, from a daily turnover of", f"${_number(quote.TRADED_ALL_DAY)}"),
    ),
    "windows": (
        ("base at most so many days before the day it stands for", _number(window.MAX_BASE_GAP_DAYS)),
        ("an index and its fund differ noticeably beyond, in pp", _number(tickers.APART_PP)),
        ("measured over sessions", _number(tickers.TRACKED_SESSIONS)),
    ),
    "records": (
        ("rest: sessions of the range", _number(tickers.REST_SESSIONS)),
        ("rest: range below", f"{tickers._REST_RANGE_PCT:g} %"),
        (
            "rest: distance from the record",
            f"{tickers._REST_FROM_PCT:g} to {tickers._REST_TO_PCT:g} %",
        ),
        ("record above the close beside a missing session, at most", f"{tickers.REACH_PCT:g} %"),
    ),
    "spreads": (
        ("sessions of the margin whose z and percentile are told", _number(spreads.MARGIN)),
        ("z: window, and known values it needs", f"{spreads.Z_WINDOW}, {spreads.Z_MINIMUM}"),
        ("percentile: most values", _number(spreads.PERCENTILE_ROWS)),
        ("moves in sd: sessions", ", ".join(map(str, MOVES))),
        ("moves in sd: earlier changes they are measured by", _number(spreads.MOVE_WINDOW)),
        ("correlation, beta, tracking volatility: sessions", _number(spreads.YEAR)),
        ("short correlation: sessions", _number(spreads.QUARTER)),
        ("share of these that must be known", _percent(relative_strength.FULL_ENOUGH)),
        ("a standard deviation counts as zero below", f"{relative_strength.FLAT:g}"),
        ("breakout: mean of sessions", _number(_BREAKOUT["n"])),
        ("breakout: buffer", _percent(_BREAKOUT["buffer"])),
        ("breakout: closes in a row", _number(_BREAKOUT["closes"])),
        ("drawdown without the years before", str(spreads.FROM_2020)),
    ),
    "seasons": (
        ("years that a month needs before anything is said of it", _number(seasons.YEARS)),
        ("standard errors from zero beyond which a mean is apart from it", _number(seasons.ERRORS)),
    ),
    "lines": (
        ("pairs and tickers: closes", _number(lines.SESSIONS)),
        ("their base line: closes of the mean", _number(lines.MEAN)),
        ("sessions that one value of the base line is averaged over", _number(lines.STEP)),
        ("sectors: sessions of the line", _number(leaderboard.LINE_SESSIONS)),
        ("sessions that one of its values is averaged over", _number(leaderboard.LINE_STEP)),
        ("checks: values", _number(HISTORY)),
    ),
    "widest": (
        ("over a decade: more than so many years", _number(widest_since._DECADE)),
        ("definitions over a decade that confirm the claim", _number(results.DECADE_CONFIRMED_FROM)),
        ("definitions over a decade, unknown ones counted, that deny it, at most", _number(results.DECADE_DENIED_TO)),
    ),
    "sectors": (
        ("return of the ranks, sessions", _number(leaderboard.WINDOW)),
        ("change of rank since so many sessions", _number(leaderboard.RANK_LAG)),
        ("a fund is gone after sessions without a close", _number(leaderboard.ABSENT_SESSIONS)),
        ("thin below a median turnover a day of", f"${_number(leaderboard.ILLIQUID_BELOW)}"),
        ("sessions of that median, and how many must be known", f"{tickers.VOLUME_SESSIONS}, {tickers.VOLUME_KNOWN}"),
        ("leaders: ranks that count", _number(board_sectors.LEADING)),
    ),
    "rotation": (
        ("completed points of the tail, where no other length was chosen", _number(rotation.TAIL)),
        ("by so many points it can be stepped back", _number(rotation.FURTHEST_BACK)),
        ("a point is centre within this distance of 100 on either axis", _number(NEAR_CENTRE)),
    ),
    "score": (
        ("share of the weight that must be known", _percent(verdict.MIN_COVERAGE)),
        ("terms without which there is no score", ", ".join(verdict.REQUIRED_TERMS)),
        ("mean of trend and absolute, sessions", _number(score.MEAN_SESSIONS)),
        ("days from a month's last known close to its end, at most", _number(window.MAX_BASE_GAP_DAYS)),
    ),
    "regime": (
        ("closes in a row that a condition must hold", _number(regime.CONFIRM)),
        ("up: score at or above", _number(regime.UP)),
        ("emerging: score at or above", _number(regime.EMERGING)),
        ("down: score below", _number(regime.DOWN)),
        ("none: score below", _number(regime.NONE)),
        ("low: score at or below", _number(regime.LOW)),
        ("a reversal rests for sessions", _number(regime.REVERSAL_SESSIONS)),
        ("closes of both legs that the state needs", _number(rotation_history.MIN_CLOSES)),
        ("sessions that an index may be behind its fund", _number(rotation_history.STALE_AFTER)),
    ),
    "sustained": (
        ("sessions of an episode that lasts", _number(studies_verdict.LASTING)),
        ("temporary below sessions", _number(studies_verdict._BRIEF)),
        ("members above their 200-session mean for the sign of breadth", f"{studies_verdict._BREADTH_PCT:g} %"),
        (
            "lengths of the completed episodes of 1988-2025, sessions",
            " ".join(map(str, studies_verdict.EPISODES)),
        ),
    ),
    "checks": (
        ("exit band, as a share of the way from WATCH to ALERT", _percent(hysteresis.EXIT_BAND)),
        ("own deviation: sessions, at most", _number(base.TEN_YEARS)),
        ("own deviation: sessions, at least", _number(base.LEAST_OWN)),
        ("no relation: correlation of 63 pairs below", f"{line.least_relation(63):.3f}"),
        ("no relation: correlation of 252 pairs below", f"{line.least_relation(252):.3f}"),
        ("closes that are read where no more is asked for", _number(evidence.ROWS)),
    ),
    "claims": (
        ("THEN is the close of", str(ARTICLE_CLOSE)),
        ("C01 level", _number(records.LEVEL)),
        ("C02 confirmed: record within sessions, and closer than", f"{records.RECENT}, {records.NEAR_PCT:g} %"),
        ("C02 denied: none for sessions, or as far as", f"{records.YEAR}, {records.FAR_PCT:g} %"),
        ("C03 record close, within", f"{records.RECORD:,.2f}, {records.RECORD_TOLERANCE:g}"),
        ("C04 return, within", f"{records.YEAR_PCT:g} %, {records.TOLERANCE_PP:g} pp"),
        (
            "C05 second half ahead by more than; its sessions at least",
            f"{records.FASTER_PP:g} pp, {records.LEAST_OF_A_HALF}",
        ),
        (
            "C06 small and large, within",
            f"{records.SMALL_HALF_PCT:g} % and {records.LARGE_HALF_PCT:g} %, {records.TOLERANCE_PP:g} pp",
        ),
        ("C09 marked improvement from", f"{margin.IMPROVED_PCT:g} %"),
        ("C15 confirmed from, without swings from loss", f"{earnings.GROWTH_PCT:g} %"),
        ("C15 mixed below, without health care", f"{earnings.EX_HEALTH_PCT:g} %"),
        ("C16 expected gap at least", f"{earnings.GAP_PP:g} pp"),
        ("C21 series of four that must be up", _number(sectors.MACRO_NEEDED)),
        ("C22 speculative beyond", f"{sectors.SPECULATIVE_PP:g} pp"),
        ("C23 oil is elevated from percentile", _number(sectors.ELEVATED_PERCENTILE)),
        ("C25 exposed below a correlation of", _number(home.EXPOSED_BELOW)),
        ("C26 tense from percentile; tense months at least", f"{home.TENSE_PERCENTILE:g}, {home.LEAST_MONTHS}"),
        ("C30 pillars of four that decide", _number(outlook.NEEDED)),
        ("C31 broad above; pairs led from", f"{outlook.BROAD_PCT:g} %, {_percent(round(outlook.PAIRS_SHARE, 4))}"),
        ("an entry by hand shows its age after days", _number(figures.OLD_AFTER_DAYS)),
        ("an entry by hand is unknown after days", _number(figures.UNKNOWN_AFTER_DAYS)),
    ),
}

CHAPTERS = tuple(dict.fromkeys(claim.chapter for claim in all_claims()))


def columns() -> list[str]:
    """Every column of every table on the screen, as the help tells it: as wide as they get, each once."""
    space = Space(_WIDEST, _TALLEST, NOW, UTC, UNICODE, full=True)
    rows: dict[tuple[str, str], list[str]] = {}
    for name in plugins.names("rotation_tui.panes"):
        pane: Pane | None = plugins.own("rotation_tui.panes", name, "PANE")
        for column, words in () if pane is None else pane.draw(FULL, space).legend:
            rows.setdefault((name, f"{column} {words}"), [name, column, told(words)])
    return table(("pane", "column", "what stands in it"), rows.values())


_WIDEST, _TALLEST = 400, 60


MADE: Mapping[str, Callable[[], list[str]]] = {
    **{f"checks {group}": partial(checks_of, group) for group in GROUPS},
    **{f"claims {chapter}": partial(claims_of, chapter) for chapter in CHAPTERS},
    **{f"limits {name}": partial(limits, name) for name in LIMITS},
    "article entries": article_entries,
    "measures": measures_of,
    "figures": figures_of,
    "windows": windows,
    "terms": terms,
    "drivers": drivers,
    "presets": presets,
    "series": series,
    "releases": releases,
    "sector funds": sector_funds,
    "columns": columns,
}
"""Every table by its name."""


def names(page: str) -> list[str]:
    """The tables that a page has."""
    return [match[1] for match in _BLOCK.finditer(page)]


def written(page: str) -> str:
    """The page with every table made anew; KeyError where it wants one that there is not."""
    return _BLOCK.sub(lambda match: "\n".join([f"<!-- made: {match[1]} -->", *MADE[match[1]]()]) + "\n", page)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
