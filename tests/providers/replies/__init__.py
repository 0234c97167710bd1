"""Good replies of the networked sources, a module a source: the contract finds them by its name.

`reply` answers a request with this symbol and this number in it: a quote printed at `printed`, which a source of
quotes alone has to take; history closed on CLOSED. `table` answers a request for history or series with these rows, a
day and a number each, in the order given; `minutes` one for prices within a session, with their moments. `SERIES` are
the macro series that a source of series is asked for, where they are not the Fed's target range. A source that is
listened to has `play`, which tells one such print on a connection.

A source of holdings has `holdings`, a whole file of the fund with these members and their weights; one of filings has
`facts`, all rows of one figure (a company, its value and the last day of its period), and `registry`, which company
each ticker is. It needs no `reply` then.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

PRINTED = datetime(2026, 11, 20, 18, 16, tzinfo=UTC)  # a Friday, 13:16 in New York
CLOSED = date(2026, 11, 19)

Rows = Sequence[tuple[date, str]]
Moments = Sequence[tuple[datetime, str]]
Weights = Sequence[tuple[str, str]]
Companies = Sequence[tuple[str, str, date]]
