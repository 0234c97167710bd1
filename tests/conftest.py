"""Settings of all tests."""

import os
import signal

from hypothesis import settings

# A slow machine is no fault of the code; and the gate tries the same examples every time, so that it fails for what
# a change did and not for what nobody had tried before. Everywhere else new examples are looked for.
settings.register_profile("here", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") == "true" else "here")

# Started in the background or under nohup, a process ignores these, and so would every program that a test starts
# and then interrupts: a handler of our own is reset to the default in them, an ignored signal stays ignored.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
for _number in (getattr(signal, name, None) for name in ("SIGHUP", "SIGQUIT", "SIGTERM", "SIGTSTP")):
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.SIG_DFL)
