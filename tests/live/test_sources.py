"""Whether each real source still sends what its reader reads: `pytest -n 0 -m live`, one request a source."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rotation_tui.providers.base import ProviderFault, Surroundings
from tests.live.asking import answer_of, told
from tests.providers.test_contract import NETWORKED, part_of

pytestmark = pytest.mark.live


@pytest.mark.parametrize("name", NETWORKED)
async def test_a_source_answers_with_a_sane_number(name: str, tmp_path: Path) -> None:
    part = part_of(name)
    provider = part.build(Surroundings(part.endpoint, tmp_path))
    said = ""
    try:
        print(await answer_of(provider, datetime.now(UTC)))
    except ProviderFault as fault:
        said = told(fault)
    finally:
        await provider.close()
    if said:  # here, so that the fault alone is told and not what it came from
        pytest.fail(said, pytrace=False)
