"""How much of something that is held is small caps: as the trader says, by what funds hold, or by a fund's kind."""

from rotation_tui.domain.positions import PortfolioStudy, SmallPart
from rotation_tui.domain.universe import Universe

SMALL = frozenset({
    "RUT", "IWM", "IWN", "IWO", "IWC", "IJR", "IJS", "IJT", "VB", "VBR", "VBK", "VIOO", "VIOV", "VIOG", "VTWO",
    "VTWV", "VTWG", "SCHA", "SPSM", "SLYV", "SLYG", "AVUV", "DFAS", "DFSV", "FNDA", "PRFZ", "CALF", "RWJ", "XSLV",
    "ESML", "BBSC",
})  # fmt: skip
"""Funds of small companies of the United States by what they track or say of themselves, and the index."""
LARGE = frozenset({
    "SPX", "NDX", "DJI", "SPY", "IVV", "VOO", "SPLG", "SPYM", "QQQ", "QQQM", "DIA", "RSP", "OEF", "MGC", "MGK", "MGV",
    "IWB", "IWF", "IWD", "IWL", "VONE", "VONG", "VONV", "VV", "VUG", "VTV", "SCHX", "SCHG", "SCHV", "SCHD", "SPYG",
    "SPYV", "IVW", "IVE", "VIG", "DGRO", "QUAL", "MTUM", "USMV", "AVLV", "DFUS", "XLB", "XLC", "XLE", "XLF", "XLI",
    "XLK", "XLP", "XLRE", "XLU", "XLV", "XLY",
})  # fmt: skip
"""The same of large companies."""
_CANNOT = 'neither a fund that is known nor told by holdings: side = "small" or "large" in its table settles it'


def part_of(symbol: str, told: str | None, study: PortfolioStudy, universe: Universe) -> SmallPart | str:
    """How many percent of it are small caps, or why nobody can say."""
    if told is not None:
        return SmallPart(100.0 if told == "small" else 0.0, "as you say")
    if (found := study.parts.get(symbol)) is not None:
        return found
    sector = next((s for s in universe.sectors if s.symbol == symbol), None)
    side = "small" if symbol in SMALL else "large" if symbol in LARGE else sector.side if sector is not None else ""
    if not side:
        return _CANNOT
    return SmallPart(100.0 if side == "small" else 0.0, f"a fund of {side} caps as a whole")
