"""What the live tests say of a good answer, of a wrong one, and where there is no network: tried on this computer."""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.providers.base import ProviderFault, RateLimited, Surroundings, Unreachable
from tests.live.asking import answer_of, told
from tests.providers.keyed import KEYS
from tests.providers.local_source import Answer, serving
from tests.providers.promises import NOW
from tests.providers.test_contract import CASES, NUMBERS, PAPERS, REAL, REPLIES, good, part_of

HOME = Path(__file__).resolve().parents[2]
_OUTSIDE = re.compile("PROXY|^PYTEST", re.I)


PRICED = tuple(dict.fromkeys(name for name, question in CASES if question not in PAPERS))
"""Sources of prices and series."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for key, value in KEYS.items():
        monkeypatch.setenv(key, value)


async def asked(name: str, number: str, folder: Path, now: datetime = NOW) -> tuple[str, int]:
    """What a source on this computer that sends `number` is told to have said, and how often it was asked."""
    reply = REPLIES[name]
    async with serving(lambda request: Answer(reply(request, "IWM", number).encode())) as source:
        provider = source.provider(part_of(name), folder)
        try:
            return await answer_of(provider, now), len(source.seen)
        finally:
            await provider.close()


@pytest.mark.parametrize("name", PRICED)
async def test_each_source_is_asked_once_and_its_number_is_told(name: str, tmp_path: Path) -> None:
    answer, requests = await asked(name, "4.25", tmp_path)
    assert " 4.25 " in answer
    assert requests == 1


@pytest.mark.parametrize("name", PRICED)
async def test_an_answer_that_stands_still_is_no_good_one(name: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"a price of|stale|is empty"):
        await asked(name, "4.25", tmp_path, NOW + timedelta(days=30))


@pytest.mark.parametrize(
    ("name", "question", "said"), [("ishares", "holdings", "IWM has 2 members"), ("sec", "facts", "of 1 companies")]
)
async def test_holdings_and_filings_are_asked_for_once(name: str, question: str, said: str, tmp_path: Path) -> None:
    reply = good(name, question)
    async with serving(lambda request: reply(request, "", NUMBERS.get(question, "4.25"))) as source:
        provider = source.provider(part_of(name), tmp_path)
        assert said in await answer_of(provider, NOW)
        assert len(source.seen) == 1
        if question == "holdings":
            with pytest.raises(AssertionError, match="stale"):
                await answer_of(provider, NOW + timedelta(days=30))
        await provider.close()


@pytest.mark.parametrize("name", ["fred", "newyorkfed"])
async def test_a_number_that_cannot_be_is_no_good_answer(name: str, tmp_path: Path) -> None:
    with pytest.raises((AssertionError, ProviderFault), match="9999"):
        await asked(name, "9999.0", tmp_path)


async def test_a_source_that_cannot_be_reached_is_told_by_name(tmp_path: Path) -> None:
    async with serving(lambda _: Answer()) as gone:
        pass
    part = part_of("newyorkfed")
    assert part.endpoint is not None
    provider = part.build(Surroundings(replace(part.endpoint, base_url=gone.url), tmp_path))
    with pytest.raises(Unreachable) as caught:
        await answer_of(provider, NOW)
    await provider.close()
    assert told(caught.value).startswith("unreachable: 127.0.0.1 ")
    assert told(RateLimited("later")) == "rate limited: later"


def pytest_run(*arguments: str) -> str:
    """What a run of the live tests says, with every way to the network shut."""
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy"), "http://127.0.0.1:9")
    options = ("-n", "0", "-p", "no:cacheprovider", *arguments, "tests/live/test_sources.py")
    env = {name: value for name, value in os.environ.items() if not _OUTSIDE.search(name)} | nowhere
    env |= {"COLUMNS": "200", "ROTATION_TUI_CONTACT": "somebody@example.com"}
    command = [sys.executable, "-m", "pytest", *options]
    return subprocess.run(command, cwd=HOME, env=env, capture_output=True, text=True, check=False).stdout


@pytest.mark.whole
def test_without_a_network_every_source_fails_by_the_name_of_its_fault() -> None:
    said = pytest_run("-m", "live", "-q")
    failures = [line for line in said.splitlines() if line.startswith("FAILED")]
    assert len(failures) == len(REAL), said
    assert all(" - Failed: unreachable: " in line for line in failures), said


@pytest.mark.whole
@pytest.mark.parametrize("chosen", [[], ["-m", "not slow and not terminal and not whole"]])
def test_no_source_is_asked_where_nobody_says_live(chosen: list[str]) -> None:
    said = pytest_run(*chosen)
    assert f"{len(REAL)} deselected" in said
    assert "passed" not in said
    assert "failed" not in said
