"""Results of a session that is told rather than fed: who tells it says when they are made."""

from collections.abc import Awaitable, Callable

from rotation_tui.workers.evaluate import Evaluator


class ToldEvaluator(Evaluator):
    """Makes results anew only where somebody asks for another pair or symbol; `again` does that."""

    again: Callable[[], Awaitable[None]] | None = None

    def up_to_date(self) -> bool:
        """What is told comes with its results."""
        return True

    async def run(self) -> None:
        """Wait for what is asked for; ends only by cancellation."""
        moved = self._context.wakes.bars_moved
        while True:
            await moved.wait()
            moved.clear()
            if self.again is not None:
                await self.again()
