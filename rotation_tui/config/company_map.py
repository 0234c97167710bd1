"""The user's own table of tickers: which company one is that the SEC's list does not have, or has otherwise."""

from pathlib import Path
from typing import Annotated

import msgspec

from rotation_tui.toml_file.fault import ConfigFault, together
from rotation_tui.toml_file.place import line_of
from rotation_tui.toml_file.read import decoded, text_of

_Number = Annotated[
    int, msgspec.Meta(ge=1, le=9_999_999_999, description="a company's number at the SEC (CIK), as 320193")
]


class CompanyMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What map.toml holds: `[companies]`, tickers with the numbers of their companies."""

    companies: dict[str, _Number] = {}


def company_map(config_file: Path) -> dict[str, int]:
    """Companies by ticker out of the map.toml beside the config file, none where there is no such file.

    Raises ConfigFault.
    """
    file = config_file.absolute().parent / "map.toml"
    try:
        text = text_of(file)
    except ConfigFault as fault:
        if isinstance(fault.__cause__, FileNotFoundError):
            return {}
        raise
    companies = decoded(text, CompanyMap, file).companies
    spelt: dict[str, str] = {}
    faults: list[ConfigFault] = []
    for ticker, cik in companies.items():
        plain = "".join(filter(str.isalnum, ticker.upper()))
        key = f"companies.{ticker}"
        if not plain:
            faults.append(ConfigFault(file, key, "is no ticker", line_of(key, text)))
        first = spelt.setdefault(plain, ticker)
        if companies[first] != cik:
            problem = f"is the ticker {first} again, with another company"
            faults.append(ConfigFault(file, key, problem, line_of(key, text)))
    if faults:
        raise together(faults)
    return companies
