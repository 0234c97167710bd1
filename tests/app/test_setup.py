"""What a run makes of a pair that was typed."""

import pytest

from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import Run, prepare
from rotation_tui.config import Config, Loaded


@pytest.fixture
def run() -> Run:
    return prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None))


@pytest.mark.parametrize(
    ("typed", "why_not"),
    [
        ("IWM/IJR", None),
        ("iwm - ijr", None),
        ("RVX/VIX", None),
        ("IWM/", "is no pair"),
        ("rut/spx", "on the board already"),
        ("IWM/NEVER", "no history of NEVER"),
        ("RUT/VIX", "different units"),
    ],
)
def test_a_typed_pair_is_followed_or_refused_in_words(run: Run, typed: str, why_not: str | None) -> None:
    before = run.frame.universe.spreads
    said = run.follow(typed)
    assert (said is None) is (why_not is None)
    assert why_not is None or why_not in (said or "")
    assert len(run.frame.universe.spreads) == len(before) + (why_not is None)
