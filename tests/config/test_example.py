"""The example file: every key with its default and the sentence of its declaration."""

import re
from typing import Any

import msgspec
import pytest

from rotation_tui.cli.schemas import descriptions
from rotation_tui.config import schema as declared
from rotation_tui.config.load import parse
from rotation_tui.config.schema import Config, as_plain
from rotation_tui.domain.alert import Alert, ChannelSettings
from rotation_tui.domain.positions import Lot, Position, PositionsFile, RebalanceSettings
from rotation_tui.domain.watchlist import WatchList
from rotation_tui.toml_file.read import shipped

TEXT = shipped("config.example.toml").read_text(encoding="utf-8")
UNCOMMENTED = re.sub(r"^#(?=\[|[a-z_]+ = )", "", TEXT, flags=re.MULTILINE)
TABLES = {
    "Config": "",
    "Display": "display",
    "Poll": "poll",
    "Network": "network",
    "ProviderSettings": "providers.[a-z]+",
    "FeedSettings": "feeds",
    "TickerSettings": "tickers",
    "SpreadSettings": "spreads",
    "SectorSettings": "sectors",
    "Layout": "layout",
    "Risk": "risk",
    "Thresholds": "risk.thresholds.C1",
    "Manual": "risk.manual",
    "Claims": "claims",
    "FundamentalsSettings": "fundamentals",
    "Consensus": "consensus",
    "Alert": "alerts",
    "ChannelSettings": "channels.[a-z]+",
    "WatchList": "watchlists",
    "Position": "positions",
    "Lot": "positions.lots",
    "PositionsFile": "positions_files",
    "RebalanceSettings": "rebalance",
}
ELSEWHERE = {
    "Alert": Alert, "ChannelSettings": ChannelSettings, "Position": Position, "Lot": Lot,
    "PositionsFile": PositionsFile, "RebalanceSettings": RebalanceSettings,
    "WatchList": WatchList,
}  # fmt: skip
"""Tables that are words of the domain."""
DESCRIBED = descriptions()


def _table(struct: str) -> Any:
    return ELSEWHERE.get(struct) or getattr(declared, struct)


FIELDS = [
    (struct, name)
    for struct in TABLES
    for name in _table(struct).__struct_fields__
    if (struct, name) in DESCRIBED and (struct, name) not in {("Risk", "thresholds"), ("Risk", "manual")}
]
"""Fields that are one line; the two left out are tables of their own, which `TABLES` names."""


def test_the_example_is_the_default_config() -> None:
    assert parse(TEXT) == Config()


def test_every_table_of_the_config_is_in_the_example() -> None:
    structs = {name for name, kind in vars(declared).items() if _is_table(kind)} - {"Loaded", "_Table"}
    assert structs == set(TABLES) - set(ELSEWHERE)
    top = {name for name in Config.__struct_fields__ if re.search(rf"^\[\[?{name}\b", UNCOMMENTED, re.M)}
    assert top | {name for struct, name in FIELDS if struct == "Config"} == set(Config.__struct_fields__)


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == declared.__name__


@pytest.mark.parametrize(("struct", "name"), FIELDS)
def test_every_field_is_explained_and_stands_with_its_default(struct: str, name: str) -> None:
    words = " ".join(line.lstrip("# ") for line in TEXT.splitlines())
    assert DESCRIBED[struct, name] in words
    table = TABLES[struct]
    section = TEXT if not table else "".join(re.findall(rf"^#?\[\[?{table}\]\]?$.*?(?=^#?\[|\Z)", TEXT, re.M | re.S))
    default = next(f.default for f in msgspec.structs.fields(_table(struct)) if f.name == name)
    written = re.findall(rf"^(#?){name} = (.*)$", section, re.M)
    assert written
    stands = not table or re.search(rf"^\[\[?{table}\]", TEXT, re.M)  # else the whole table is an example
    if stands and default not in (None, msgspec.NODEFAULT):
        assert "" in {mark for mark, _ in written}


def test_the_commented_keys_can_be_used_as_they_stand() -> None:
    text = UNCOMMENTED.replace('ca_file = "company-ca.pem"', "")
    config = parse(text)
    assert config.network.proxy is not None
    assert config.providers["yahoo"].max_per_hour is not None
    assert [feed.provider for feed in config.feeds][-3:] == ["csv_file", "simulated", "hub"]
    assert config.alerts
    assert config.watchlists[0].entries[1].tag == "rates"
    assert {channel.kind for channel in config.channels.values()} == {"ntfy", "command"}


def test_the_config_as_toml_reads_back_as_the_same_config() -> None:
    tomli_w = pytest.importorskip("tomli_w")
    config = parse(UNCOMMENTED.replace('ca_file = "company-ca.pem"', ""))
    assert parse(tomli_w.dumps(as_plain(config))) == config
