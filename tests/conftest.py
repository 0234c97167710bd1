"""Settings of all tests."""

import os

from hypothesis import settings

# A slow machine is no fault of the code; and the gate tries the same examples every time, so that it fails for what
# a change did and not for what nobody had tried before. Everywhere else new examples are looked for.
settings.register_profile("here", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") == "true" else "here")
