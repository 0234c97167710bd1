"""Who works out studies, checks and claims: this process in a thread, or one of its own (`workers/apart.py`)."""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from rotation_tui.domain.claim import ConsensusEntry
from rotation_tui.domain.results import Studies
from rotation_tui.evaluation.question import Question

if TYPE_CHECKING:
    from rotation_tui.evaluation.audit import Auditor


class NotStudied(Exception):
    """Why a question has no answer, as a sentence; `instead` says what happens in place of another try, if anything."""

    def __init__(self, why: str, instead: str | None = None) -> None:
        super().__init__(why)
        self.instead = instead


class Studying(Protocol):
    """Answers one question at a time; whoever asks meanwhile waits."""

    @property
    def apart(self) -> bool:
        """Whether a question costs the monitor nothing but the wait for its answer."""
        ...

    async def studies(self, question: Question) -> Studies:
        """All results; NotStudied where there are none."""
        ...

    def hold(self, *, held: bool) -> None:
        """Whether more questions follow soon, so that what one took is kept for the next."""
        ...

    async def close(self) -> None:
        """End what is under way."""
        ...


class InThread:
    """Studies in a thread of this process: for one-shot commands, and where no process can be started.

    `consensus` are figures told by hand, `skip` claims that are left out. What the studies are made with is imported
    by the first.
    """

    def __init__(self, consensus: tuple[ConsensusEntry, ...] = (), skip: Collection[str] = ()) -> None:
        self._consensus, self._skip = consensus, skip
        self._auditor: Auditor | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def apart(self) -> bool:
        """A thread holds the interpreter as long as it computes."""
        return False

    async def studies(self, question: Question) -> Studies:
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._evaluated, question)

    def _evaluated(self, question: Question) -> Studies:
        from rotation_tui.evaluation.audit import Auditor
        from rotation_tui.evaluation.evaluate import evaluate

        if self._auditor is None:
            self._auditor = Auditor(self._consensus, self._skip)
        return evaluate(question, self._auditor)

    def hold(self, *, held: bool) -> None:
        """Nothing is started, so nothing ends."""

    async def close(self) -> None:
        """A thread ends by itself."""
