"""The user's own table of tickers: what it may hold, and what is told of one that cannot be used."""

from pathlib import Path

import pytest

from rotation_tui.config.company_map import company_map
from rotation_tui.toml_file.fault import ConfigFault


def test_it_stands_beside_the_config_and_need_not_be_there(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    assert company_map(config) == {}
    (tmp_path / "map.toml").write_text('[companies]\nAAPL = 320193\n"BRK B" = 1067983\n"BRK.B" = 1067983\n')
    assert company_map(config) == {"AAPL": 320193, "BRK B": 1067983, "BRK.B": 1067983}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[companies]\nAAPL = 'Apple'\n", r"map.toml:2: companies.AAPL: \"Apple\" does not fit; allowed: a company's"),
        ("[companies]\nAAPL = 0\n", r"map.toml:2: companies.AAPL: 0 does not fit"),
        ("[companies]\nBRKB = 1\n'BRK.B' = 2\n", r"companies.BRK.B: is the ticker BRKB again, with another company"),
        ("[companies]\n'-' = 1\n", r"companies.-: is no ticker"),
        ("[tickers]\nAAPL = 1\n", r"map.toml:1: tickers: unknown key"),
        ("[companies\n", r"map.toml:1: is not TOML"),
    ],
)
def test_what_cannot_be_used_is_told_with_file_and_line(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(text)
    with pytest.raises(ConfigFault, match=words):
        company_map(tmp_path / "config.toml")
