"""What is well formed in positions of a config and still cannot work."""

from collections.abc import Iterator
from math import fsum

from rotation_tui.config.schema import Config
from rotation_tui.domain.date_order import date_order
from rotation_tui.domain.positions import MOST_POSITIONS, Position, symbol_of

MEANINGS = ("symbol", "quantity", "cost", "total_cost", "currency", "date", "account", "side")
"""What a column of a file of positions can be."""

Problem = tuple[str, str]


def positions(config: Config) -> Iterator[Problem]:
    """Every problem with positions, their files and the tilt to trade to: a key and a sentence each."""
    for number, position in enumerate(config.positions, 1):
        yield from ((f"positions[{number}]{key}", problem) for key, problem in _of_position(position))
    if len({symbol_of(p.symbol) for p in config.positions}) > MOST_POSITIONS:
        yield "positions", f"has more than {MOST_POSITIONS} symbols, and each is fetched all day; keep the largest"
    for number, file in enumerate(config.positions_files, 1):
        key = f"positions_files[{number}]"
        for title, meaning in file.columns.items():
            if meaning not in MEANINGS:
                yield f"{key}.columns", f'"{title}" is to be "{meaning}"; allowed: {", ".join(MEANINGS)}'
        if file.date_format is not None:
            try:
                date_order(file.date_format)
            except ValueError as refused:
                yield f"{key}.date_format", str(refused)
    small, large = config.rebalance.small, config.rebalance.large
    if small is not None and large is not None and symbol_of(small) == symbol_of(large):
        yield "rebalance.large", f"{symbol_of(large)} cannot be on both sides"


def _of_position(position: Position) -> Iterator[Problem]:
    if position.lots and (position.quantity is not None or position.cost is not None):
        yield ".lots", "tell quantity and cost; leave out those of the position"
    elif position.lots:
        if any(lot.quantity == 0 for lot in position.lots):
            yield ".lots", "has a lot of no shares"
        elif fsum(lot.quantity for lot in position.lots) == 0:
            yield ".lots", "come to no shares; leave the position out"
    elif not position.quantity:
        yield ".quantity", "is missing; allowed: shares, below zero where they were sold short, or lots in their place"
