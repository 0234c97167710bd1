"""Play the providers until ctrl+c: `python -m tests.upstream --port 8900 [--seed N] [--tell yahoo=429]`."""

import argparse
import signal
import threading

from tests.upstream.market import UpstreamMarket
from tests.upstream.replies import NAMED
from tests.upstream.server import Upstream


def main() -> None:
    """Serve; the tables of a config file that point here are printed first."""
    parser = argparse.ArgumentParser(prog="python -m tests.upstream", description=__doc__)
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--hold", action="store_true", help="let no price move")
    parser.add_argument(
        "--tell",
        action="append",
        default=[],
        metavar="PREFIX=FAULT",
        help=f"misbehave below a path, as in yahoo/v7=429; faults: {', '.join(NAMED)}",
    )
    options = parser.parse_args()
    upstream = Upstream(UpstreamMarket(options.seed), options.port)
    for told in options.tell:
        prefix, _, name = told.partition("=")
        if name not in NAMED:
            parser.error(f'no fault "{name}"; there are: {", ".join(NAMED)}')
        upstream.tell(prefix, NAMED[name])
    if options.hold:
        upstream.market.hold()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with upstream:
        print(upstream.config(), flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
