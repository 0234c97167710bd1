"""A question in several requests: what is left after a fault of the source is told apart from what it lacks."""

from collections.abc import Mapping

import pytest

from rotation_tui.providers.base import BadReply, Passing, ProviderFault, Unreachable
from rotation_tui.providers.rounds import in_turn


@pytest.mark.parametrize(
    ("fault", "passing", "asked"),
    [
        (Unreachable("no route to host"), {"b", "c"}, 2),
        (BadReply("b is no number"), set(), 3),
    ],
    ids=["of the source", "of the symbol"],
)
async def test_only_the_sources_own_trouble_passes(fault: ProviderFault, passing: set[str], asked: int) -> None:
    seen: list[str] = []

    async def ask(group: str) -> tuple[list[str], Mapping[str, str]]:
        seen.append(group)
        if group == "b":
            raise fault
        return [group], {}

    given, missing = await in_turn("abc", lambda group: [group], ask)
    assert len(seen) == asked
    assert given == [g for g in seen if g != "b"]
    assert {name for name, why in missing.items() if isinstance(why, Passing)} == passing
    assert missing["b"] == str(fault)
