"""Alpaca: a snapshot, and a session of its stream in which one trade is told."""

from datetime import datetime, timedelta

import msgspec
from websockets.asyncio.server import ServerConnection

from tests.providers.local_source import Request
from tests.providers.replies import PRINTED

CONNECTED = '[{"T":"success","msg":"connected"}]'
AUTHENTICATED = '[{"T":"success","msg":"authenticated"}]'


def stamp(at: datetime) -> str:
    """A time as Alpaca writes it, to the nanosecond."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}000Z"


def reply(_: Request, symbol: str, number: str, printed: datetime = PRINTED) -> str:
    day = printed.replace(hour=5, minute=0)
    return (
        f'{{"{symbol}":{{"latestTrade":{{"t":"{stamp(printed)}","x":"V","p":{number},"s":100,"c":["@"],"i":39884,"z":"B"}},'
        f'"latestQuote":null,"minuteBar":null,"dailyBar":{{"t":"{day:%Y-%m-%dT%H:%M:%SZ}","o":240.1,"h":246.0,"l":239.5,'
        f'"c":244.0,"v":31749,"n":186,"vw":243.1}},"prevDailyBar":{{"t":"{day - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}",'
        '"o":238.0,"h":241.0,"l":237.2,"c":240.5,"v":73839,"n":609,"vw":239.4}}}'
    )


def trade(symbol: str, number: object, printed: datetime = PRINTED, i: int = 6142, c: str = '["@","I"]') -> str:
    """One trade of the stream."""
    return f'{{"T":"t","S":"{symbol}","i":{i},"x":"V","p":{number},"s":90,"c":{c},"z":"B","t":"{stamp(printed)}"}}'


async def greet(connection: ServerConnection) -> list[str]:
    """Open a session as Alpaca does; the symbols that are wanted."""
    await connection.send(CONNECTED)
    told = msgspec.json.decode(await connection.recv())
    assert told["action"] == "auth"
    await connection.send(AUTHENTICATED)
    wanted = msgspec.json.decode(await connection.recv())
    assert wanted["action"] == "subscribe"
    await connection.send(subscribed(wanted["trades"]))
    return list(wanted["trades"])


def subscribed(symbols: list[str]) -> str:
    """What Alpaca says of what it will tell."""
    named = msgspec.json.encode(symbols).decode()
    return (
        f'[{{"T":"subscription","trades":{named},"quotes":[],"bars":[],"updatedBars":[],"dailyBars":[],"statuses":[],'
        f'"lulds":[],"corrections":{named},"cancelErrors":{named}}}]'
    )


async def play(connection: ServerConnection, symbol: str, number: str, printed: datetime) -> None:
    await greet(connection)
    await connection.send(f"[{trade(symbol, number, printed)}]")
