"""Rows of the board: bases of the studies combined with the last prices, in plain Python."""

from datetime import date
from operator import attrgetter

from msgspec.structs import replace

from rotation_tui.board.contract import ExtendedRow, SpreadRow, TickerRow
from rotation_tui.board.marks import (
    Mark,
    Moment,
    base_in,
    closes_of,
    in_range,
    is_current,
    mark_of,
    percent,
    state_of,
    study_state,
)
from rotation_tui.board.records import above_record, highest, is_record, missing_closes
from rotation_tui.board.windows import (
    bases_of,
    marks_of,
    spread_marks,
    spread_windows,
    total_row,
    unknown_windows,
    windows_of,
    without_base,
)
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.results import DEFINITIONS, Breakout, SpreadStudy, TickerStudy, WidestSince
from rotation_tui.domain.session import Phase
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import Spread, Ticker
from rotation_tui.domain.window import Window
from rotation_tui.store.market_store import Snapshot, history_name

_WORST = (State.UNKNOWN, State.STALE, State.DELAYED, State.CLOSED, State.LIVE)


def resting_on(state: State, study: State) -> State:
    """The state of a row whose prices are in `state` and whose other numbers come from a study."""
    return State.STALE if study is State.STALE and state is not State.UNKNOWN else state


def why_stale(session: date | None) -> str:
    """Why what rests on completed bars is not told as of today."""
    return f"stale: closes end {session}"


_OF_THE_ROW = {"id", "small", "large", "bases", "widest_since", "total", "moves", "reasons"}
"""What a pair's row has under a name of its study and not as the study has it."""
STATISTICS = tuple(
    name for name in SpreadRow.__struct_fields__ if name in SpreadStudy.__struct_fields__ and name not in _OF_THE_ROW
)
"""What a pair's row has from its study as it stands, by the name of both."""
_STATISTICS = attrgetter(*STATISTICS)
_SINCE_A_RECORD = ("sessions_since_record", "consolidating")
"""What the sessions after the last known close decide."""


def ticker_row(ticker: Ticker, snapshot: Snapshot, moment: Moment) -> TickerRow:
    symbol = ticker.symbol
    mark, study = mark_of(symbol, snapshot, moment), snapshot.studies.tickers.get(symbol)
    windows, marks = windows_of(mark, study), marks_of(mark, study, moment)
    reasons = without_base(study, mark.session) if study is not None and mark is not None else {}
    if windows["1D"] is None and mark is not None:
        windows["1D"] = _change_by_quote(mark, snapshot, symbol, moment)
        if windows["1D"] is not None and reasons.pop("1D", None) is not None:
            marks = {**marks, "1D": _by_quote(symbol, snapshot)}
    record = study.record if study is not None else None
    year = study.year_range if study is not None else None
    made_of = study.last_session if study is not None else None
    trust = study_state(made_of, moment)
    # where the closes end before today nobody knows whether a record came since
    lately = record if trust is not State.STALE else None
    missing = missing_closes(mark, study, moment) if lately else None
    at_record = is_record(mark, record, trust, moment, whole=missing is None)
    above = above_record(mark, record, trust, moment, whole=missing is None)
    unknown = _SINCE_A_RECORD if at_record is not None else ("is_record", *_SINCE_A_RECORD)
    if missing is not None:
        marks = {**marks, "record": f"* {missing}"}
        if mark is not None:
            told = {"is_record": at_record, "above_record": above}
            reasons = reasons | {name: missing for name, value in told.items() if value is None}
    return TickerRow(
        id=ticker.id,
        symbol=symbol,
        name=ticker.instrument.name,
        last=mark.price if mark else None,
        change_pct=windows["1D"],
        windows=windows,
        record_close=record.close if record else None,
        record_date=record.session if record else None,
        from_record_pct=percent(mark.price, record.close) if mark and record else None,
        is_record=at_record,
        as_of=mark.as_of if mark else None,
        source=mark.source if mark else None,
        delay_s=mark.delay_s if mark else None,
        state=state_of(mark, moment),
        marks=marks,
        basis=study.basis if study else None,
        checked_at=mark.checked_at if mark else None,
        session=mark.session if mark else None,
        extended=_extended(mark, moment),
        sessions_since_record=lately.sessions_since if lately else None,
        record_intraday=highest(record, mark, snapshot.quotes.get(symbol)),
        consolidating=lately.consolidating if lately else None,
        why=why_unknown(symbol, snapshot) if mark is None else None,
        spark=study.spark if study else (),
        study_as_of=made_of,
        study_state=trust,
        current=is_current(mark, moment),
        bases=bases_of(study, mark.session, moment) if study and mark else {},
        reasons=(dict.fromkeys(unknown, why_stale(made_of)) if record is not lately else {}) | reasons or None,
        above_record=above,
        note=_apart(study),
        mean_200d=study.mean_200d if study else None,
        mean_line=study.mean_line if study else (),
        from_200d_pct=percent(mark.price, study.mean_200d) if mark and study and study.mean_200d else None,
        from_year_high_pct=percent(mark.price, year[1]) if mark and year else None,
        from_year_low_pct=percent(mark.price, year[0]) if mark and year else None,
        year_range_pct=in_range(mark, year),
        volume=study.volume if study else None,
        median_dollar_volume=study.median_dollar_volume if study else None,
        ex_date=study.dividend.session if study and study.dividend else None,
        dividend=study.dividend.amount if study and study.dividend else None,
        streamed=mark.streamed if mark else None,
    )


def looked_row(symbol: str, snapshot: Snapshot, moment: Moment) -> TickerRow:
    """A symbol beside the tickers, under the name that its source has for it; `why` is about its history too."""
    quote = snapshot.quotes.get(symbol)
    name = quote.name if quote is not None else None
    row = ticker_row(Ticker(symbol, Instrument.of(symbol, name or "")), snapshot, moment)
    lacking = snapshot.missing.get(history_name(symbol)) if row.study_as_of is None else None
    return row if lacking is None else replace(row, why=lacking)


def _apart(study: TickerStudy | None) -> str | None:
    """That an index and its fund do not say the same."""
    if study is None or study.tracking is None:
        return None
    apart = study.tracking.apart_pp
    return f"{abs(apart):.2f} pp {'above' if apart > 0 else 'below'} {study.tracking.other} over 21 sessions"


def _change_by_quote(mark: Mark, snapshot: Snapshot, symbol: str, moment: Moment) -> float | None:
    """Day change from the source's own previous close, where it says of which session that is."""
    quote = snapshot.quotes.get(symbol)
    if mark.is_close or quote is None or quote.previous_close is None:
        return None
    if quote.previous_session != moment.calendar.previous(quote.session):
        return None
    return percent(mark.price, quote.previous_close)


def _by_quote(symbol: str, snapshot: Snapshot) -> str:
    quote = snapshot.quotes[symbol]
    return f"* from the close of {quote.previous_session} as {quote.source} quotes it: the history has none"


def _pair_by_quotes(
    study: SpreadStudy, small: Mark, large: Mark, snapshot: Snapshot, moment: Moment
) -> tuple[float | None, str]:
    """Day change of a pair where its closes lack the session before: of each leg by its history, else by its quote."""
    changes: list[float] = []
    said = ""
    for symbol, mark in ((study.small, small), (study.large, large)):
        leg = snapshot.studies.tickers.get(symbol)
        base = None if leg is None or leg.basis is not study.basis else base_in(leg.bases, Window.D1, mark.session)
        change = None if base is None else percent(mark.price, base.close)
        if change is None and study.basis is Basis.PRICE:
            change = _change_by_quote(mark, snapshot, symbol, moment)
            said = said if change is None else _by_quote(symbol, snapshot)
        if change is None:
            return None, ""
        changes.append(change)
    return changes[0] - changes[1], said


def _extended(mark: Mark | None, moment: Moment) -> ExtendedRow | None:
    """Price outside regular hours, for as long as it is newer than the regular one."""
    if mark is None or mark.extended is None or mark.extended.as_of <= mark.as_of:
        return None
    extended = mark.extended
    phase = moment.state.phase
    if phase is Phase.OPEN or (mark.unheard and phase is not Phase.CLOSED):
        return None
    return ExtendedRow(extended.phase, extended.price, percent(extended.price, mark.price), extended.as_of)


def why_unknown(symbol: str, snapshot: Snapshot) -> str:
    """Why there is no price: refused, not to be had, or not arrived yet."""
    if symbol in snapshot.quarantined:
        return f"in quarantine: {snapshot.quarantined[symbol]}"
    if symbol in snapshot.missing:
        return snapshot.missing[symbol]
    return "waiting for a first answer"


def spread_row(spread: Spread, snapshot: Snapshot, moment: Moment) -> SpreadRow:
    """One pair: live over the windows, and the study's statistics on completed bars."""
    study = snapshot.studies.spreads.get(spread.id)
    small, large = (mark_of(leg, snapshot, moment) for leg in (spread.small, spread.large))
    behind = _behind(spread, small, large)
    if study is not None and small and large and (small.session != large.session or not _on_basis(study, snapshot)):
        # one leg has not traded yet
        small, large = closes_of(study, study.last_session, moment) or (None, None)
    known = small is not None and large is not None and small.session == large.session
    if study is None:
        return _spread_without_study(spread, snapshot)
    trust = study_state(study.last_session, moment)
    stale = trust is State.STALE
    prices = min(state_of(small, moment), state_of(large, moment), key=_WORST.index)
    windows, marks, reasons = unknown_windows(), {}, dict(study.reasons)
    if small and large and known:
        windows, marks = spread_windows(study, small, large), spread_marks(study, small.session, moment, behind)
        if windows["1D"] is None:
            windows["1D"], said = _pair_by_quotes(study, small, large, snapshot, moment)
            if windows["1D"] is not None:
                marks = {**marks, "1D": said}
                reasons.pop("1D", None)
        if study.last_session < small.session and moment.state.phase is not Phase.OPEN:
            marks = {**marks, "statistics": f"* closes to {study.last_session}"}
    ratio = small.price / large.price if small and large and known else None
    return SpreadRow(
        id=spread.id,
        small=spread.small,
        large=spread.large,
        windows=windows,
        marks=marks,
        widest_since=dict(study.widest_since),
        as_of=small.session if small and known else study.last_session,
        state=resting_on(prices, trust) if known else State.UNKNOWN,
        total=total_row(study, moment),
        moves={str(n): move for n, move in study.moves.items()},
        reasons=reasons,
        why=_why_no_pair(spread, snapshot) if not known else why_stale(study.last_session) if stale else None,
        study_as_of=study.last_session,
        study_state=trust,
        current=is_current(small, moment) and is_current(large, moment),
        bases=bases_of(study, small.session, moment) if small and known else {},
        printed=min(small.as_of, large.as_of) if small and large else None,
        ratio_now=ratio,
        ratio_now_vs_200d_pct=percent(ratio, study.ratio_mean_200d) if ratio and study.ratio_mean_200d else None,
        **dict(zip(STATISTICS, _STATISTICS(study), strict=True)),
    )


def _spread_without_study(spread: Spread, snapshot: Snapshot) -> SpreadRow:
    why = snapshot.studies.faults.get(f"spread {spread.id}") or _why_no_pair(spread, snapshot)
    return SpreadRow(
        id=spread.id, small=spread.small, large=spread.large, windows=unknown_windows(), z=None, percentile=None,
        ratio=None, ratio_vs_200d_pct=None, breakout=Breakout.UNKNOWN, drawdown_pct=None, beta=None,
        correlation=None, streak=None, months_won_of_6=None, widest_since=_never_searched(why), basis=None, as_of=None,
        state=State.UNKNOWN, why=why,
    )  # fmt: skip


def _never_searched(why: str) -> dict[str, WidestSince]:
    return {name: WidestSince(None, None, None, None, None, False, None, why) for name in DEFINITIONS}


def _why_no_pair(spread: Spread, snapshot: Snapshot) -> str:
    pair = (spread.small, spread.large)
    refused = next((leg for leg in pair if leg in snapshot.quarantined), None)
    if refused is not None:
        return f"{refused} {why_unknown(refused, snapshot)}"
    legs = [leg for leg in pair if leg not in snapshot.studies.tickers]
    if not legs:
        return "its legs have no common session"
    why = next((snapshot.missing[leg] for leg in legs if leg in snapshot.missing), None)
    return f"no history of {' and '.join(legs)}" + (" yet" if why is None else f": {why}")


def _behind(spread: Spread, small: Mark | None, large: Mark | None) -> str | None:
    """Which leg has no price of the session that the other one has."""
    if small is None or large is None or small.session == large.session:
        return None
    late = spread.small if small.session < large.session else spread.large
    return f"{late} has no price of {max(small.session, large.session)}"


def _on_basis(study: SpreadStudy, snapshot: Snapshot) -> bool:
    """Whether the prices of both legs are of the pair's basis: one leg may have a history of prices besides."""
    legs = (snapshot.studies.tickers.get(leg) for leg in (study.small, study.large))
    return all(leg is None or leg.basis is study.basis for leg in legs)
