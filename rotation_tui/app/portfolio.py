"""What the trader holds as far as the config alone tells it, and what a demo holds in its place."""

from typing import Final

from rotation_tui.config.schema import Config
from rotation_tui.domain.positions import Lot, Portfolio, Position, RebalanceSettings, held_in, merged

EXAMPLE: Final = (
    Position(symbol="IWM", quantity=60, cost=198.4),
    Position(symbol="IJR", quantity=45, cost=112.7),
    Position(symbol="PSCF", quantity=40, cost=52.3),
    Position(symbol="SPY", lots=(Lot(quantity=38, cost=571.25), Lot(quantity=7, cost=640.1))),
    Position(symbol="QQQ", quantity=18, cost=602.5),
    Position(symbol="XLK", quantity=-8, cost=131.9),
)
"""What a demo holds: made up, and nothing of what its user does."""
EXAMPLE_TILT: Final = RebalanceSettings(target_small=40.0)


def portfolio_of(config: Config) -> Portfolio:
    """What is held as far as it is known without a file."""
    return Portfolio(merged(held_in(config.positions)), config.rebalance, example=config.positions is EXAMPLE)
