"""A stream of Alpaca's at a pace, in a process: `python -m tests.benchmarks.streamer SHIFT RATE IWM=240.5 ...`.

It prints its port. A line "IWM 241" on its input is told at once, and answered with the moment at which it was sent;
from "pace 1" on the symbols of the command line are told RATE times a second, one after the other, a frame each.
"""

import asyncio
import itertools
import random
import sys
import time
from datetime import UTC, datetime, timedelta

from websockets.asyncio.server import ServerConnection, serve

from tests.providers.replies.alpaca import greet, trade

_BEAT_S = 0.002


async def main(shift_s: float, rate: float, prices: dict[str, float]) -> None:
    """Serve until the input ends."""
    shift, sessions = timedelta(seconds=shift_s), list[ServerConnection]()
    pace = [0.0]

    async def play(connection: ServerConnection) -> None:
        await greet(connection)
        sessions.append(connection)
        await connection.wait_closed()
        sessions.remove(connection)

    async def flood() -> None:
        rng, symbols, sent = random.Random(5), itertools.cycle(prices), 0.0
        while True:
            before = time.monotonic()
            await asyncio.sleep(_BEAT_S)
            sent += pace[0] * (time.monotonic() - before)
            at = datetime.now(UTC) + shift
            while sent >= 1:
                sent -= 1
                symbol = next(symbols)
                price = round(prices[symbol] * (1 + rng.uniform(-0.001, 0.001)), 2)
                for connection in sessions:
                    await connection.send(f"[{trade(symbol, price, at)}]")

    # as the fastest of servers: what is packed costs both ends as much as it saves on the line
    async with serve(play, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        flooding = asyncio.create_task(flood())
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := (await reader.readline()).decode().split():
            if line[0] == "pace":
                pace[0] = rate * float(line[1])
                print(len(sessions), flush=True)
                continue
            frame = f"[{trade(line[0], line[1], datetime.now(UTC) + shift)}]"
            sent_at = time.monotonic()
            for connection in sessions:
                await connection.send(frame)
            print(sent_at, flush=True)
        flooding.cancel()


if __name__ == "__main__":
    told = dict(pair.split("=") for pair in sys.argv[3:])
    asyncio.run(main(float(sys.argv[1]), float(sys.argv[2]), {symbol: float(price) for symbol, price in told.items()}))
