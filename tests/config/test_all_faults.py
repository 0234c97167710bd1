"""Everything that is wrong with a config is told at once, each with its line, and nothing that is not."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.config.load import load, parse
from rotation_tui.config.schema import Config
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.faults import mended, wrong_in

FAULTY = """theme = "drak"
colour = 3
[display]
times = "locale"
ascii = "yes"
[poll]
open = 0.01
[[feeds]]
provider = "yahooo"
[[feeds]]
nam = "x"
[[feeds]]
provider = "fred"
path = "x.csv"
[risk]
mute = { E3 = 5 }
[channels.phone]
kind = "ntfi"
"""


def faults(text: str, path: Path | None = None) -> list[str]:
    with pytest.raises(ConfigFault) as refused:
        parse(text, path)
    return [str(one) for one in refused.value.every]


def test_all_faults_are_told_by_line() -> None:
    said = [fault.split(": ")[:2] for fault in faults(FAULTY, Path("c"))]
    assert said == [
        ["c:1", "theme"],
        ["c:2", "colour"],
        ["c:4", "display.times"],
        ["c:5", "display.ascii"],
        ["c:7", "poll.open"],
        ["c:9", "feeds[1].provider"],
        ["c:10", "feeds[2].provider"],
        ["c:11", "feeds[2].nam"],
        ["c:14", "feeds[3].path"],
        ["c:16", "risk.mute.E3"],
        ["c:18", "channels.phone.kind"],
    ]


def test_what_is_no_toml_is_told_alone_for_nothing_else_can_be_read() -> None:
    assert len(faults("theme = 1\ntheme = 2\n[poll]\nopen = 0\n")) == 1


def test_a_misspelt_key_is_one_fault_and_not_two() -> None:
    assert len(faults('[[tickers]]\nid = "A"\nsymbl = "A"\n')) == 1


def test_a_channel_that_cannot_be_read_makes_no_alert_wrong() -> None:
    said = faults('[[alerts]]\nname = "a"\nwhen = "RUT-SPX.z > 2"\nto = ["p"]\n[channels.p]\nkind = "fax"\n')
    assert [fault.split(": ")[1] for fault in said] == ["channels.p.kind"]


def test_the_map_beside_the_config_is_told_of_as_well(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[poll]\nopen = 0\nclosed = 0\n")
    (tmp_path / "map.toml").write_text("[companies]\nA = 0\nB = -1\n")
    with pytest.raises(ConfigFault) as refused:
        load(tmp_path / "config.toml")
    assert [str(one).split(": ")[1] for one in refused.value.every] == [
        "poll.open", "poll.closed", "companies.A", "companies.B",
    ]  # fmt: skip
    assert "(and 3 more;" in refused.value.brief


NAMES = st.sampled_from(
    ["theme", "display", "poll", "open", "times", "feeds", "provider", "risk", "mute", "E1", "skip", "alerts", "name"]
)
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-3, 400), st.text(max_size=3), st.sampled_from(["local", "RUT.last > 1"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_something_is_found_exactly_where_msgspec_refuses_and_the_rest_can_be_read(raw: dict[str, Any]) -> None:
    found = wrong_in(raw, Config)
    try:
        msgspec.convert(raw, Config)
    except msgspec.ValidationError:
        assert found
    else:
        assert not found
    msgspec.convert(mended(raw, found, Config).raw, Config)
    assert len({one.path for one in found}) == len(found)
