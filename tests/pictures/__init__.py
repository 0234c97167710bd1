"""The pictures in README, and what makes them: `python -m tests.pictures`."""
