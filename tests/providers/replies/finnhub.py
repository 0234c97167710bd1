"""Finnhub: the last trade of a symbol, and a stream on which one trade is told."""

import json
from datetime import datetime, timedelta

from websockets.asyncio.server import ServerConnection

from tests.providers.local_source import Request
from tests.providers.replies import PRINTED


def reply(request: Request, symbol: str, number: str, printed: datetime = PRINTED) -> str:
    if request.query["symbol"] != symbol:
        return '{"c":0,"d":null,"dp":null,"h":0,"l":0,"o":0,"pc":0,"t":0}'
    return (
        f'{{"c":{number},"d":5.96,"dp":1.96,"h":310.4,"l":201.3,"o":240.7,"pc":238.4,"t":{int(printed.timestamp())}}}'
    )


def tick(symbol: str, number: object, printed: datetime = PRINTED) -> str:
    """One trade."""
    at = (printed - datetime.fromtimestamp(0, printed.tzinfo)) // timedelta(milliseconds=1)
    return f'{{"c":["1","8"],"p":{number},"s":"{symbol}","t":{at},"v":100}}'


def trades(*ticks: str) -> str:
    """A message with these trades."""
    return f'{{"data":[{",".join(ticks)}],"type":"trade"}}'


async def asked(connection: ServerConnection, count: int) -> list[str]:
    """So many symbols that are subscribed to."""
    told = [json.loads(await connection.recv()) for _ in range(count)]
    assert {message["type"] for message in told} == {"subscribe"}
    return [message["symbol"] for message in told]


async def play(connection: ServerConnection, symbol: str, number: str, printed: datetime) -> None:
    await asked(connection, 1)
    await connection.send('{"type":"ping"}')
    await connection.send(trades(tick(symbol, number, printed)))
