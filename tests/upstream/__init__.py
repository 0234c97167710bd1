"""The providers, played by one local server from one simulated market; also `python -m tests.upstream`."""
