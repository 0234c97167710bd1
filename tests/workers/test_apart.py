"""Studies in a process of their own: whatever becomes of it, a question ends with a reason, and no process is left."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui import __version__
from rotation_tui.domain.results import Studies
from rotation_tui.domain.rules import Rules
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.evaluate import evaluate
from rotation_tui.evaluation.question import Question
from rotation_tui.evaluation.wire import Failed, Logged, Ready, Results, Told, framed
from rotation_tui.store.market_store import Snapshot
from rotation_tui.workers.apart import Apart, Limits
from rotation_tui.workers.studying import NotStudied
from tests.evaluation.test_fundamentals import on_disk
from tests.patience import PATIENCE_S
from tests.workers.fakes import MORNING, NYSE, TUESDAY, UNIVERSE, full_provider, history, trading, until

LONG = Limits(PATIENCE_S, PATIENCE_S)
UNREADABLE = "the study process answers what nobody can read"
THEN = date(2026, 2, 20)


def question(snapshot: Snapshot | None = None) -> Question:
    return Question(snapshot or Snapshot(), UNIVERSE, NYSE, Rules(), MORNING, None)


def filled(*symbols: str) -> Snapshot:
    bars = [history(symbol, TUESDAY) for symbol in symbols or ("IWM", "SPY")]
    return Snapshot(bars={(b.symbol, b.basis): b for b in bars})


def saying(*messages: Told, then: str = "os.read(0, 1)") -> tuple[str, ...]:
    """A process that tells these things, whatever it is asked."""
    said = b"".join(part for message in messages for part in framed(message))
    return raw(said, then)


def raw(said: bytes, then: str = "os.read(0, 1)") -> tuple[str, ...]:
    script = f"import os, sys; os.write(1, bytes.fromhex({said.hex()!r}))\nwhile {then}: pass"
    return (sys.executable, "-S", "-E", "-c", script)


ANSWER = Results(Studies(THEN, MORNING))


@asynccontextmanager
async def asking(command: tuple[str, ...] | None, limits: Limits = LONG) -> AsyncIterator[Apart]:
    apart = Apart(command=command, limits=limits)
    try:
        yield apart
    finally:
        await apart.close()
        assert pid_of(apart) is None


def pid_of(apart: Apart) -> int | None:
    return None if apart._running is None else apart._running._process.pid


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_an_answer_comes_and_the_process_ends_when_it_is_idle() -> None:
    async with asking(saying(Ready(__version__), ANSWER), Limits(PATIENCE_S, 0.01)) as apart:
        assert await apart.studies(question()) == ANSWER.studies
        pid = pid_of(apart)
        assert pid is not None
        await until(lambda: not is_there(pid))
        assert await apart.studies(question()) == ANSWER.studies, "another one is started"


async def test_a_process_that_is_held_stays_until_it_is_let_go() -> None:
    async with asking(saying(ANSWER, ANSWER), Limits(PATIENCE_S, 0.0)) as apart:
        apart.hold(held=True)
        await apart.studies(question())
        pid = pid_of(apart)
        await apart.studies(question())
        assert pid is not None
        assert pid_of(apart) == pid
        apart.hold(held=False)
        await until(lambda: not is_there(pid))


@pytest.mark.parametrize(
    ("command", "why"),
    [
        pytest.param(raw(b"\0\0\0\4junk"), UNREADABLE, id="junk"),
        pytest.param(raw(b"Segmentation fault"), UNREADABLE, id="a length that is none"),
        pytest.param(raw(b"\0\0\0\2\x81\xa1"), UNREADABLE, id="cut"),
        pytest.param(saying(Failed("MemoryError: ")), "MemoryError: ", id="failed"),
        pytest.param(saying(Ready("9.9"), ANSWER), f"rotation-tui on disk is 9.9 now, this monitor {__version__}: "
                     "start it again", id="updated meanwhile"),
        pytest.param(raw(b"", "os.kill(os.getpid(), 9)"), "the study process was killed (SIGKILL)", id="killed"),
        pytest.param(raw(b"\0\0\0\4ju", "sys.exit('no module pandas')"),
                     "the study process ended with code 1: no module pandas", id="ends"),
        pytest.param(raw(b"", "sys.exit(0)"), "the study process ended with code 0", id="ends well"),
    ],
)  # fmt: skip
async def test_what_is_no_answer_is_named_and_the_next_question_asks_another(
    command: tuple[str, ...], why: str
) -> None:
    async with asking(command) as apart:
        for _ in range(2):
            with pytest.raises(NotStudied) as fault:
                await apart.studies(question(filled()))
            assert str(fault.value) == why
            assert fault.value.instead is None
            assert pid_of(apart) is None


async def test_a_process_that_hangs_is_killed_though_it_is_stopped() -> None:
    async with asking(raw(b"", f"os.kill(os.getpid(), {int(signal.SIGSTOP)})"), Limits(0.2, PATIENCE_S)) as apart:
        asked = asyncio.create_task(apart.studies(question()))
        await until(lambda: pid_of(apart) is not None)
        pid = pid_of(apart)
        with pytest.raises(NotStudied, match=r"the study process has not answered for 0\.2 s"):
            await asked
        assert pid is not None
        assert not is_there(pid)


async def test_who_is_not_awaited_any_more_is_ended() -> None:
    async with asking(raw(b"")) as apart:
        asked = asyncio.create_task(apart.studies(question(filled())))
        await until(lambda: pid_of(apart) is not None)
        pid = pid_of(apart)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert pid is not None
        assert not is_there(pid)


async def test_the_end_of_the_monitor_ends_a_question() -> None:
    async with asking(raw(b"")) as apart:
        asked = asyncio.create_task(apart.studies(question()))
        await until(lambda: pid_of(apart) is not None)
        await apart.close()
        with pytest.raises(NotStudied):
            await asked
        with pytest.raises(NotStudied, match="the monitor ends"):
            await apart.studies(question())


async def test_one_that_died_between_two_questions_is_replaced_without_a_word() -> None:
    async with asking(saying(ANSWER, ANSWER)) as apart:
        await apart.studies(question())
        pid = pid_of(apart)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert apart._running is not None
        await until(apart._running.has_ended)
        assert await apart.studies(question()) == ANSWER.studies
        assert pid_of(apart) != pid


async def test_what_cannot_be_started_is_tried_again_and_then_done_without(tmp_path: Path) -> None:
    (tmp_path / "python").write_text("not for us")
    async with asking((str(tmp_path / "python"),)) as apart:
        for at in range(3):
            assert apart.apart
            with pytest.raises(NotStudied, match="cannot be started: Permission denied") as fault:
                await apart.studies(question())
            assert (fault.value.instead is None) is (at < 2)
        assert not apart.apart
        assert (await apart.studies(question(filled()))).as_of == TUESDAY


async def test_what_it_logs_is_in_our_log_and_what_it_prints_holds_nobody_up(caplog: pytest.LogCaptureFixture) -> None:
    chatty = "os.write(2, b'x' * 999999) and os.read(0, 1)"
    told = saying(Logged("rotation_tui.evaluation", 40, "spread IWM-SPY failed %s"), then=chatty)
    async with asking(told, Limits(1.0, PATIENCE_S)) as apart:
        with pytest.raises(NotStudied):
            await apart.studies(question())
    assert ("rotation_tui.evaluation", 40, "spread IWM-SPY failed %s") in caplog.record_tuples


class Failing:
    """Fails as often as it is told to."""

    apart = True

    def __init__(self, *faults: NotStudied) -> None:
        self.faults = list(faults)

    async def studies(self, question: Question) -> Studies:
        if self.faults:
            raise self.faults.pop(0)
        return Studies(THEN, question.now)

    def hold(self, *, held: bool) -> None: ...

    async def close(self) -> None: ...


async def test_the_board_keeps_its_studies_and_says_what_happens_next() -> None:
    studying = Failing()
    async with trading(full_provider(), studying=studying) as desk:
        await desk.settled()
        before = desk.now.studies
        studying.faults = [NotStudied("the study process was killed (SIGKILL)") for _ in range(2)]
        desk.desk.follow(UNIVERSE)
        await until(lambda: desk.now.unstudied == "the study process was killed (SIGKILL)")
        assert desk.now.studies is before
        assert not desk.desk.settled()
        await until(lambda: any("killed (SIGKILL); tried again in" in text for text in desk.event_texts))
        desk.clock.move(seconds=6)
        await until(lambda: not studying.faults)
        desk.clock.move(seconds=30)
        await until(lambda: desk.now.unstudied is None)
        assert desk.event_texts[-1] == "studies are made again"
        waits = [float(text.split()[-2]) for text in desk.event_texts if "tried again" in text]
        assert waits[0] < waits[1], "the longer the more have failed"


async def test_where_there_is_another_way_it_is_taken_at_once() -> None:
    studying = Failing(NotStudied("it cannot be started", "from now on the monitor works them out itself"))
    async with trading(full_provider(), studying=studying) as desk:
        await desk.settled()
        assert any("from now on the monitor works them out itself" in text for text in desk.event_texts)
        assert desk.now.studies.as_of == THEN


# The real process: it loads pandas, half a second each


@pytest.mark.whole
async def test_the_process_says_what_the_thread_says_and_is_sent_only_what_changed() -> None:
    async with asking(None) as apart:
        asked = question(filled())
        assert await apart.studies(asked) == evaluate(asked, Auditor())
        more = replace(asked, snapshot=filled("IWM", "SPY", "QQQ"))
        more = replace(more, snapshot=replace(more.snapshot, bars={**more.snapshot.bars, **asked.snapshot.bars}))
        fewer = replace(asked, snapshot=filled("IWM"), cut_at=NYSE.offset(TUESDAY, -9))
        sent: list[str] = []
        running = apart._running
        assert running is not None
        send = running._send

        async def noted(message: object) -> None:
            sent.append(type(message).__name__)
            await send(message)  # type: ignore[arg-type]

        running._send = noted  # type: ignore[method-assign]
        for now, kinds in ((asked, ["Ask"]), (more, ["GivenBars", "Ask"]), (fewer, ["GivenBars", "Ask"])):
            sent.clear()
            assert await apart.studies(now) == evaluate(now, Auditor())
            assert sent == kinds
        assert apart._running is running


@pytest.mark.whole
async def test_the_process_reads_holdings_where_they_lie_and_works_out_nothing_twice(tmp_path: Path) -> None:
    asked = question(replace(filled(), documents=on_disk(tmp_path).documents))
    async with asking(None) as apart:
        studies = await apart.studies(asked)
        assert studies == evaluate(asked, Auditor())
        assert studies.fundamentals is not None
        shutil.rmtree(tmp_path)
        again = replace(asked, snapshot=replace(asked.snapshot, studies=Studies(fundamentals=studies.fundamentals)))
        assert (await apart.studies(again)).fundamentals == studies.fundamentals
        assert (await apart.studies(asked)).fundamentals is None


@pytest.mark.whole
async def test_a_killed_process_is_named_ctrl_c_is_not_its_own_and_it_has_no_terminal() -> None:
    async with asking(None) as apart:
        apart.hold(held=True)
        await apart.studies(question(filled()))
        pid = pid_of(apart)
        assert pid is not None
        os.kill(pid, signal.SIGINT)
        assert (await apart.studies(question(filled()))).faults == {}
        assert pid_of(apart) == pid
        assert os.getsid(pid) == pid
        os.kill(pid, signal.SIGSTOP)
        asked = asyncio.create_task(apart.studies(question(filled())))
        await asyncio.sleep(0)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(NotStudied, match=r"was killed \(SIGKILL\)"):
            await asked


@pytest.mark.whole
async def test_nothing_outlives_a_monitor_that_was_killed() -> None:
    script = """if True:
        import asyncio, sys
        from rotation_tui.workers.apart import Apart
        from tests.workers.test_apart import pid_of, question
        async def main():
            apart = Apart()
            apart.hold(held=True)
            await apart.studies(question())
            print(pid_of(apart), flush=True)
            await asyncio.sleep(1000)
        asyncio.run(main())
    """
    monitor = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
    assert monitor.stdout is not None
    pid = int(await monitor.stdout.readline())
    assert is_there(pid)
    monitor.kill()
    await until(lambda: not is_there(pid))
    await monitor.wait()
