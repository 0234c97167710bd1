"""No test asks a real source unless its marker is named."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is live where `-m` does not speak of it: an `-m` of one's own takes the place of the default."""
    if "live" in config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("live")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
