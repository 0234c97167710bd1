"""`rotation-tui serve`: poll once for many terminals."""

import asyncio

from rotation_tui.cli.ending import ERROR, USAGE
from rotation_tui.cli.options import Options
from rotation_tui.cli.output import complain
from rotation_tui.domain.hub import hub_warning


def run(options: Options) -> int:
    """Serve until stopped; the exit code."""
    from rotation_tui.app.roster import path_in
    from rotation_tui.app.scene import Wish
    from rotation_tui.app.serving import Server
    from rotation_tui.app.setup import prepare
    from rotation_tui.app.unwaited import Unwaited
    from rotation_tui.config.changes import hub_of
    from rotation_tui.hub.link import SERVER, HubAddress, NotInstalled, connected

    loaded = options.load()
    feed = hub_of(loaded.config)
    if feed is None or feed.url is None:
        complain('rotation-tui: the config has no [[feeds]] with provider = "hub" and its url, so nobody could be told')
        return USAGE
    certificates = path_in(loaded.config.network.ca_file, loaded.folder)
    address = HubAddress(feed.url, certificates)
    try:
        connected(address, SERVER)
    except NotInstalled as fault:
        complain(f"rotation-tui: {fault}")
        return ERROR
    if (warning := hub_warning(feed.url)) is not None:
        complain(f"rotation-tui: {warning}")

    async def serve() -> None:
        asyncio.get_running_loop().set_default_executor(Unwaited())
        prepared = prepare(loaded, Wish(), apart=True, serves=True)
        await Server(prepared, address, lambda sentence: complain(f"rotation-tui: {sentence}")).run()

    asyncio.run(serve())
    return 0
