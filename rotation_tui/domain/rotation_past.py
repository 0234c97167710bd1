"""The whole past of a relative rotation: columns that are packed, since there are hundreds of them."""

from dataclasses import dataclass

from rotation_tui.domain.packed import pack


@dataclass(frozen=True, slots=True)
class RotationPast:
    """Completed points of a symbol against a benchmark by one preset, oldest first, then the running week's.

    `ordinals` are their sessions as ordinals of dates. `why` says why there are none.
    """

    preset: str
    symbol: str
    benchmark: str
    ordinals: tuple[float, ...] = ()
    strengths: tuple[float, ...] = ()
    momenta: tuple[float, ...] = ()
    running: bool = False
    why: str | None = None


pack(RotationPast, "ordinals", "strengths", "momenta")
