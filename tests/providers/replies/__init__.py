"""Good replies of the networked sources, a module a source: the contract finds them by its name.

`reply` answers a request with this symbol and this number in it, printed on 2026-11-20 at 13:16 in New York or closed
the day before. `SERIES` are the macro series that a source of series is asked for, where they are not the Fed's target
range.
"""
