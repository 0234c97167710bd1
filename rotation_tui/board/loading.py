"""What is on its way for the first time: until it is there, the answer is provisional."""

from rotation_tui.board.contract import Loading
from rotation_tui.domain.universe import Universe
from rotation_tui.store.market_store import Snapshot, history_name


def loading(snapshot: Snapshot, universe: Universe) -> Loading | None:
    """None where nothing is on its way, or where the board stands as it was saved."""
    if not snapshot.bars and snapshot.studies.tickers:
        return None
    known = {symbol for symbol, _ in snapshot.bars}
    wanted = dict.fromkeys(i.symbol for i in universe.with_bars)
    coming = tuple(s for s in wanted if s not in known and history_name(s) not in snapshot.missing)
    studied = snapshot.studies.tickers
    if not coming and studied:
        return None
    fresh = tuple(i.symbol for i in universe.instruments if i.symbol in known and i.symbol not in studied)
    if not coming and not fresh:
        return None
    have = sum(symbol in known for symbol in wanted)
    return Loading(have, have + len(coming), tuple(dict.fromkeys((*coming, *fresh))))
