"""Whether each real source still sends what its reader reads: `pytest -n 0 -m live`, one request a source.

`ROTATION_TUI_CONTACT` is the mail address that is told to those who answer nobody without one.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.providers.base import ProviderFault, Surroundings, named
from tests.live.asking import answer_of, told
from tests.providers.test_contract import REAL, part_of

pytestmark = pytest.mark.live


@pytest.mark.parametrize("name", REAL)
async def test_a_source_answers_with_a_sane_number(name: str, tmp_path: Path) -> None:
    part = part_of(name)
    endpoint, contact = part.endpoint, os.environ.get("ROTATION_TUI_CONTACT")
    if name == "sec" and endpoint is not None:
        if not contact:
            pytest.skip("the SEC is told a mail address, and ROTATION_TUI_CONTACT names none")
        endpoint = replace(endpoint, user_agent=named(endpoint.user_agent, contact))
    if lacking := [name for name in part.keys if name not in os.environ]:
        pytest.skip(f"it wants a key, and there is no {' and no '.join(lacking)}")
    provider = part.build(Surroundings(endpoint, tmp_path))
    said = ""
    try:
        print(await answer_of(provider, datetime.now(UTC)))
    except ProviderFault as fault:
        said = told(fault)
    finally:
        await provider.close()
    if said:  # here, so that the fault alone is told and not what it came from
        pytest.fail(said, pytrace=False)
