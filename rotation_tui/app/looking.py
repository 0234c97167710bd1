"""What was typed to be looked at: a symbol or a pair, whether or not the config has it."""

from collections.abc import Set

from rotation_tui.board.lines import parsed
from rotation_tui.domain.instrument import ALLOWED, canonical, is_symbol, unlike
from rotation_tui.domain.refusal import RefusedValueError, plain_text


def legs_of(text: str, known: Set[str]) -> tuple[str, ...]:
    """The symbol that was typed, or both of a pair; RefusedValueError with a sentence where it is neither.

    Shares have hyphens in their names as well (BRK-B): it parts a pair between symbols that are `known`, or where a
    blank stands beside it.
    """
    said = plain_text(text.strip(), 40)
    pair = parsed(said)
    if "/" not in said and pair is not None and " " not in said and not known >= set(pair):
        pair = None
    if pair is None and ("/" in said or not said):
        raise RefusedValueError(f'"{said}" is no pair: two symbols, as IWM/SPY')
    legs = pair or (canonical(said),)
    for leg in legs:
        if not is_symbol(leg):
            raise RefusedValueError(f'"{leg}" is no symbol: {ALLOWED}, or a pair as IWM/SPY')
    if pair is not None and (mixed := unlike(*pair)) is not None:
        raise RefusedValueError(mixed)
    return legs
