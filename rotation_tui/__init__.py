"""A terminal market monitor for the rotation from large to small caps."""

__version__ = "0.2.0"
