"""Threads that the end does not wait for."""

import asyncio
import threading
import time

import pytest

from rotation_tui.app.unwaited import Unwaited


def test_the_end_waits_for_no_thread_that_hangs_and_many_may_hang() -> None:
    released = threading.Event()

    async def main() -> list[int]:
        asyncio.get_running_loop().set_default_executor(Unwaited())
        for _ in range(50):
            asyncio.get_running_loop().run_in_executor(None, released.wait)
        return await asyncio.gather(*(asyncio.to_thread(pow, n, 2) for n in range(9)))

    began = time.monotonic()
    assert asyncio.run(main()) == [n * n for n in range(9)]
    assert time.monotonic() - began < 60
    released.set()


def test_a_fault_in_a_thread_is_raised_where_it_is_waited_for() -> None:
    async def main() -> None:
        asyncio.get_running_loop().set_default_executor(Unwaited())
        await asyncio.to_thread(int, "no number")

    with pytest.raises(ValueError, match="no number"):
        asyncio.run(main())


def test_what_is_nearly_done_is_done_at_the_end() -> None:
    done: list[int] = []

    def work() -> None:
        time.sleep(0.05)
        done.append(1)

    async def main() -> None:
        asyncio.get_running_loop().set_default_executor(Unwaited())
        asyncio.get_running_loop().run_in_executor(None, work)

    asyncio.run(main())
    assert done == [1]
