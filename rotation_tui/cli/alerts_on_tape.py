"""What alerts would have told of a recorded session, at each of its states."""

import asyncio
from pathlib import Path

import msgspec

from rotation_tui.alerts.watch import Lookout, time_of
from rotation_tui.cli.options import Options
from rotation_tui.cli.output import complain, give, in_json, tell
from rotation_tui.cli.replay import NO_TAPE, prepared_replay
from rotation_tui.domain.alert import Firing
from rotation_tui.domain.wording import counted
from rotation_tui.tape.frames import NoTape

DONE, NONE = 0, 2


def tried_on_tape(options: Options, path: Path, form: str) -> int:
    """Print what would have been told; the exit code."""
    try:
        return asyncio.run(_tried(options, path, form))
    except NoTape as fault:
        complain(f"rotation-tui: {fault}")
    except OSError as fault:
        complain(f"rotation-tui: {path} cannot be read: {fault.strerror or fault}")
    return NO_TAPE


async def _tried(options: Options, path: Path, form: str) -> int:
    from rotation_tui.app.unwaited import Unwaited

    asyncio.get_running_loop().set_default_executor(Unwaited())
    run, played = prepared_replay(options, path)
    run.alerting.say_to(lambda sentence: complain(f"rotation-tui: {sentence}"))
    rules = run.alerting.rules()
    if not rules:
        complain("rotation-tui: there is no alert; [[alerts]] in the config has them")
        return NONE
    lookout, found = Lookout(rules), list[Firing]()
    await run.desk.open()
    try:
        async for _ in played.through():
            board = run.board()
            fired, _ = lookout.look(board, time_of(board))
            found += [firing for firing, _, _ in fired]
    finally:
        await run.desk.close()
    if form == "json":
        give(in_json(msgspec.json.encode(found).decode()) + "\n")
        return DONE
    for firing in found:
        tell(f"{firing.at:%Y-%m-%d %H:%M:%S} UTC  {firing.line}")
    silent = len(rules) - len({firing.alert for firing in found})
    span = f"{played.begins:%Y-%m-%d %H:%M} to {played.ends:%Y-%m-%d %H:%M} UTC"
    tell(
        f"{counted(len(found), 'alert')} in {counted(played.states, 'state')}, {span}; {counted(silent, 'rule')} silent"
    )
    return DONE
