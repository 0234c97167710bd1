"""Two forward multiples beside each other, and what a cut saves: of figures that are told by hand."""

from typing import NamedTuple


class Discount(NamedTuple):
    """How much cheaper small caps are than large ones, in percent; their multiple as a share of the large ones', and
    by how many points of a percent they earn more of their price."""

    percent: float
    relative: float
    yield_gap: float


def discount(small: float, large: float) -> Discount:
    """Of two multiples above 0 (METHODOLOGY.md#claim-c19)."""
    relative = small / large
    return Discount(100 * (1 - relative), relative, 100 / small - 100 / large)


class YearOn(NamedTuple):
    """Both multiples on the earnings of the year after, and the discount that is left."""

    small: float
    large: float
    percent: float


def a_year_on(multiples: tuple[float, float], growth: tuple[float, float]) -> YearOn:
    """Multiples of small and large once earnings have grown by so many percent, at the same prices."""
    small, large = (multiple / (1 + grown / 100) for multiple, grown in zip(multiples, growth, strict=True))
    return YearOn(small, large, discount(small, large).percent)


def saved_by_cut(debt: float, floating_share: float, cut_bp: float) -> float:
    """Interest of a year that a cut saves, in the unit of the debt; the share is of 1."""
    return debt * floating_share * cut_bp / 10_000
