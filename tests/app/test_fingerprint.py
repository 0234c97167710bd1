"""Saved results are shown for the config that they were made with, and for no other."""

import pytest

from rotation_tui.app.fingerprint import earlier_fingerprints, fingerprint
from rotation_tui.config.load import parse
from rotation_tui.config.schema import Config

SPREAD = '[[spreads]]\nid = "pair"\nsmall = "IWM"\nlarge = "SPY"\n'


def test_what_earlier_versions_wrote_for_the_default_config_is_known() -> None:
    assert earlier_fingerprints(Config()) == {1: "eaca8449725303dd", 2: "0d4d3ba0c48cc232"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SPREAD, SPREAD.replace("SPY", "IVV")),
        ('[[feeds]]\nprovider = "simulated"\n', '[[feeds]]\nprovider = "simulated"\nseed = 0\n'),
        ("", "[risk.thresholds.V1]\nwatch = 25\nalert = 35\n"),
        ("", '[risk]\nskip = ["V1"]\n'),
    ],
    ids=["another leg", "a seed of zero", "another limit", "a check less"],
)
def test_another_meaning_has_another_fingerprint(one: str, other: str) -> None:
    assert fingerprint(parse(one)) != fingerprint(parse(other))
    was, now = earlier_fingerprints(parse(one)), earlier_fingerprints(parse(other))
    assert all(was[number] != now[number] for number in was)


def test_what_changes_no_result_changes_no_fingerprint() -> None:
    assert fingerprint(parse('theme = "light"\n[poll]\nopen = 60\n')) == fingerprint(Config())
