"""A question that takes several requests: asked one after the other, until the source itself is at fault."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeVar

from rotation_tui.providers.base import Passing, ProviderFault

Group = TypeVar("Group")
T = TypeVar("T")

_SAME_ANSWER = 3
"""So many requests in a row with one and the same fault are about the source: faults of a symbol name it."""


async def in_turn(
    groups: Iterable[Group],
    names: Callable[[Group], Iterable[str]],
    ask: Callable[[Group], Awaitable[tuple[Iterable[T], Mapping[str, str]]]],
) -> tuple[list[T], dict[str, str]]:
    """What `ask` gave for each group of names, and for each name that was not given, why.

    After a fault that concerns the source nothing more is asked: what is left misses for that one reason. The
    first fault is raised where nothing at all was given.
    """
    given: list[T] = []
    missing: dict[str, str] = {}
    first: ProviderFault | None = None
    ended, before, alike = False, "", 0
    for group in groups:
        if ended:
            missing |= dict.fromkeys(names(group), Passing(before))
            continue
        try:
            found, lacking = await ask(group)
        except ProviderFault as fault:
            first = first or fault
            alike = alike + 1 if str(fault) == before else 1
            before = str(fault)
            ended = fault.whole or alike >= _SAME_ANSWER
            missing |= dict.fromkeys(names(group), Passing(before) if ended else before)
        else:
            before, alike = "", 0
            given += found
            missing |= lacking
    if first is not None and not given:
        raise first
    return given, missing
