"""The request budget: what a restart, a second monitor and a broken disk may not change."""

import asyncio
import subprocess
import sys
from pathlib import Path

import filelock
import pytest

from rotation_tui.providers.base import Endpoint, RateLimited
from rotation_tui.providers.budget import FIRST_PAUSE_S, LONGEST_DOUBLED_S, Budget
from tests.patience import PATIENCE_S

START = 1_790_000_000.0


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self, now: float = START) -> None:
        self.now = now
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def budget(folder: Path, time: FakeTime, *, per_hour: int | None = 300, burst: int = 3, key: str = "s@h") -> Budget:
    endpoint = Endpoint("https://h", "ua", 1, per_hour, 1.0, burst)
    return Budget(folder, key, endpoint, clock=time.clock, sleep=time.sleep)


def kept(folder: Path) -> Path:
    (found,) = (folder / "requests").glob("*.json")
    return found


async def test_a_burst_goes_at_once_and_the_rest_at_the_rate(tmp_path: Path) -> None:
    time = FakeTime()
    one = budget(tmp_path, time)
    for _ in range(3):
        await one.admit()
    assert time.now == START
    for _ in range(4):
        await one.admit()
    assert time.now - START == pytest.approx(4, abs=0.01)
    assert one.requests_last_hour() == 7


async def test_waiting_requests_are_served_one_by_one(tmp_path: Path) -> None:
    time = FakeTime()
    one = budget(tmp_path, time)
    await asyncio.gather(*(one.admit() for _ in range(10)))
    assert time.now - START == pytest.approx(7, abs=0.01)


async def test_a_full_hour_refuses_at_once_and_frees_slot_by_slot(tmp_path: Path) -> None:
    time = FakeTime()
    one = budget(tmp_path, time, per_hour=5, burst=5)
    for _ in range(5):
        await one.admit()
        time.now += 60
    with pytest.raises(RateLimited, match="5 requests an hour") as refused:
        await one.admit()
    assert refused.value.pause_s == pytest.approx(3600 - 300)
    assert time.slept == []
    time.now += 3600 - 300 + 1
    await one.admit()
    with pytest.raises(RateLimited):
        await one.admit()


async def test_a_budget_of_none_has_no_hour(tmp_path: Path) -> None:
    time = FakeTime()
    one = budget(tmp_path, time, per_hour=None, burst=1000)
    for _ in range(400):
        await one.admit()
    assert one.requests_last_hour() == 400


@pytest.mark.parametrize("per_hour", [0, 4])
async def test_a_restart_or_a_second_monitor_shares_the_hour(tmp_path: Path, per_hour: int) -> None:
    time = FakeTime()
    first = budget(tmp_path, time, per_hour=per_hour, burst=9)
    for _ in range(per_hour):
        await first.admit()
    second = budget(tmp_path, time, per_hour=per_hour, burst=9)
    assert second.requests_last_hour() == per_hour
    with pytest.raises(RateLimited):
        await second.admit()
    await budget(tmp_path, time, per_hour=4, key="other@h").admit()


async def test_the_bucket_is_shared_as_well(tmp_path: Path) -> None:
    time = FakeTime()
    for _ in range(3):
        await budget(tmp_path, time).admit()
    await budget(tmp_path, time).admit()
    assert time.now - START == pytest.approx(1, abs=0.01)


def test_processes_share_the_hour(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path\n"
        "from rotation_tui.providers.base import Endpoint, RateLimited\n"
        "from rotation_tui.providers.budget import Budget\n"
        "async def main():\n"
        "    b = Budget(Path(sys.argv[1]), 's@h', Endpoint('https://h', 'ua', 1, 50, 1000.0, 1000))\n"
        "    n = 0\n"
        "    for _ in range(40):\n"
        "        try:\n"
        "            await b.admit(); n += 1\n"
        "        except RateLimited: pass\n"
        "    print(n)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(int(process.communicate(timeout=PATIENCE_S)[0]) for process in running) == 50


async def test_pauses_double_up_to_two_hours_and_survive_a_restart(tmp_path: Path) -> None:
    time = FakeTime()
    pauses = []
    for _ in range(6):
        pauses.append(await budget(tmp_path, time).strike("too many"))
        with pytest.raises(RateLimited, match="too many") as refused:
            await budget(tmp_path, time).admit()
        assert refused.value.pause_s == pytest.approx(pauses[-1])
        time.now += pauses[-1]
        await budget(tmp_path, time).admit()
    assert pauses == [FIRST_PAUSE_S, 1800, 3600, LONGEST_DOUBLED_S, LONGEST_DOUBLED_S, LONGEST_DOUBLED_S]
    answered = budget(tmp_path, time)
    await answered.admit()
    await answered.answered()
    assert await budget(tmp_path, time).strike("too many") == FIRST_PAUSE_S


async def test_answers_already_under_way_do_not_double_or_end_a_pause(tmp_path: Path) -> None:
    time = FakeTime()
    one = budget(tmp_path, time)
    await one.strike("too many")
    assert await one.strike("too many") == FIRST_PAUSE_S
    await one.answered()
    time.now += FIRST_PAUSE_S
    assert await one.strike("too many") == 2 * FIRST_PAUSE_S


async def test_what_the_source_asks_for_is_kept(tmp_path: Path) -> None:
    time = FakeTime()
    one = budget(tmp_path, time)
    assert await one.strike("too many", 5.0) == 5.0
    assert await one.pause(60.0, "maintenance") == 60.0
    assert await one.pause(30.0, "shorter") == 60.0
    with pytest.raises(RateLimited, match="maintenance") as refused:
        await one.admit()
    assert refused.value.pause_s == pytest.approx(60)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"\x00\xff", b'{"tokens":"x","refilled_at":0}', b'{"tokens":1e999}', b"[]",
        b'{"x":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}", b'{"tokens":1,"refilled_at":1e300}',
    ],
    ids=["empty", "cut", "binary", "another type", "infinite", "another shape", "deep", "a time beyond all bounds"],
)  # fmt: skip
async def test_a_corrupt_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    time = FakeTime()
    await budget(tmp_path, time).admit()
    kept(tmp_path).write_bytes(content)
    one = budget(tmp_path, time)
    await one.admit()
    assert one.requests_last_hour() == budget(tmp_path, time).requests_last_hour() == 1
    assert kept(tmp_path).with_name(kept(tmp_path).name + ".unreadable").read_bytes() == content


async def test_a_running_monitor_remembers_when_its_file_is_lost(tmp_path: Path) -> None:
    time = FakeTime()
    one = budget(tmp_path, time, per_hour=3)
    for _ in range(3):
        await one.admit()
    kept(tmp_path).unlink()
    with pytest.raises(RateLimited):
        await one.admit()


async def test_without_a_place_to_write_memory_does(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    time = FakeTime()
    one = budget(blocked, time, per_hour=4)
    assert one.requests_last_hour() == 0
    for _ in range(4):
        await one.admit()
    with pytest.raises(RateLimited):
        await one.admit()
    assert await one.strike("too many") == FIRST_PAUSE_S


async def test_a_lock_that_is_never_given_back_does_not_stop_the_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rotation_tui.providers.budget._LOCK_WAIT_S", 0.0)
    time = FakeTime()
    one = budget(tmp_path, time)
    await one.admit()
    with filelock.FileLock(f"{kept(tmp_path)}.lock"):
        await one.admit()
    assert one.requests_last_hour() == 2


async def test_a_first_look_leaves_alone_what_somebody_else_is_writing(tmp_path: Path) -> None:
    time = FakeTime()
    await budget(tmp_path, time).admit()
    file = kept(tmp_path)
    assert budget(tmp_path, time).requests_last_hour() == 1
    with filelock.FileLock(f"{file}.lock"):
        file.write_bytes(file.read_bytes()[:20])
        assert budget(tmp_path, time).requests_last_hour() == 0
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name, f"{file.name}.lock"]


async def test_a_pause_set_by_a_clock_some_hours_ahead_is_as_long_as_it_was_meant(tmp_path: Path) -> None:
    await budget(tmp_path, FakeTime(START + 5 * 3600)).strike("too many")
    right = FakeTime()
    one = budget(tmp_path, right)
    with pytest.raises(RateLimited) as refused:
        await one.admit()
    assert refused.value.pause_s == pytest.approx(FIRST_PAUSE_S)
    right.now += FIRST_PAUSE_S + 1
    await one.admit()


async def test_a_clock_that_was_ahead_neither_blocks_nor_frees(tmp_path: Path) -> None:
    ahead = FakeTime(START + 400 * 86400)
    wrong = budget(tmp_path, ahead, per_hour=3)
    for _ in range(3):
        await wrong.admit()
    await wrong.strike("too many")
    right = FakeTime()
    one = budget(tmp_path, right, per_hour=3)
    with pytest.raises(RateLimited, match="an hour"):
        await one.admit()
    right.now += 3601
    await one.admit()
