"""`rotation-tui serve`: poll once for many terminals."""

import asyncio

from rotation_tui.cli.ending import ERROR, USAGE
from rotation_tui.cli.options import Options
from rotation_tui.cli.output import complain
from rotation_tui.domain.hub import hub_warning


def run(options: Options) -> int:
    """Serve until stopped; the exit code."""
    from rotation_tui.app.at_hub import address_of
    from rotation_tui.app.scene import Wish
    from rotation_tui.app.serving import Server
    from rotation_tui.app.setup import prepare
    from rotation_tui.app.unwaited import Unwaited
    from rotation_tui.hub.link import SERVER, NotInstalled, connected

    loaded = options.load()
    address = address_of(loaded)
    if address is None:
        complain('rotation-tui: the config has no [[feeds]] with provider = "hub" and its url, so nobody could be told')
        return USAGE
    try:
        connected(address, SERVER)
    except NotInstalled as fault:
        complain(f"rotation-tui: {fault}")
        return ERROR
    if (warning := hub_warning(address.url)) is not None:
        complain(f"rotation-tui: {warning}")

    async def serve() -> None:
        asyncio.get_running_loop().set_default_executor(Unwaited())
        prepared = prepare(loaded, Wish(), apart=True, serves=True)
        await Server(prepared, address, lambda sentence: complain(f"rotation-tui: {sentence}")).run()

    asyncio.run(serve())
    return 0
